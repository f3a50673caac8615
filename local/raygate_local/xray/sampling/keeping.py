"""How sampling rules and groups are kept.

Gives   `ALONE`: held by an operation that looks and then writes, since operations run side by side. `ARN`: what the
        names of things on this machine begin with; they belong to no account.
"""

import threading
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

ALONE: Final = threading.RLock()
ARN: Final = "arn:aws:xray:us-east-1:000000000000"
