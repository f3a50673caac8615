"""What a person typed, or a file that was named, cannot be understood: the command line ends with 2."""

from raygate.errors import RaygateError


class UnreadableError(RaygateError):
    """One sentence that names the value."""
