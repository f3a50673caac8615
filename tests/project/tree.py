"""The project's own files, for tests about them: what git would track, in a copy without git too."""

from fnmatch import fnmatch
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).parents[2]

IGNORED: Final = [
    ".git",
    *(line.strip("/") for line in (PROJECT / ".gitignore").read_text().splitlines() if line and line[0] != "#"),
]
"""Names of files and folders; there are no patterns of whole paths in .gitignore."""


def tracked(pattern: str) -> list[Path]:
    """The files that match, without what tools make."""
    return sorted(path for path in PROJECT.glob(pattern) if not _is_made(path.relative_to(PROJECT)) and path.is_file())


def everything() -> list[Path]:
    """All files. Looks into no folder at the top that a tool made: they are large."""
    tops = [path.name for path in PROJECT.iterdir() if not _is_made(Path(path.name))]
    return sorted(path for top in tops for path in [*tracked(top), *tracked(f"{top}/**/*")])


def _is_made(path: Path) -> bool:
    return any(fnmatch(part, ignored) for part in path.parts for ignored in IGNORED)
