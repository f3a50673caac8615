"""Who is this, and may they send: credentials → tenant.

`guard_of` makes the `Guard` that a deployment's settings ask for. `Presented` goes in, `Principal` comes out.
"""

from raygate.keys.guard import guard_of
from raygate.keys.presented import Guard, Presented, Principal

__all__ = ["Guard", "Presented", "Principal", "guard_of"]
