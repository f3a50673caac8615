"""The page's files, under an address that changes with them.

Takes   the folder `static/`: modules and styles as they were written, and in `lib/` the libraries that were installed.
Gives   `prefix`, `/viewer/<hash>`; `response`, a file that may be kept for ever when asked for by its own hash.
Absent  whatever is not below the folder, or of a kind that no page loads: 404.
Note    Every module is below one prefix, so that modules find each other by relative paths.
"""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

STATIC: Final = Path(__file__).with_name("static")

KINDS: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
FOR_EVER: Final = "public, max-age=31536000, immutable"


def prefix() -> str:
    """Where the files are now."""
    return f"/viewer/{_version()}"


async def response(request: Request) -> Response:
    """One file."""
    path = STATIC / request.path_params["path"]
    if path.suffix not in KINDS or not path.resolve().is_relative_to(STATIC.resolve()) or not path.is_file():
        return PlainTextResponse("There is no such file.\n", 404)
    is_current = request.path_params["version"] == _version()
    headers = {"cache-control": FOR_EVER if is_current else "no-store", "x-content-type-options": "nosniff"}
    return FileResponse(path, headers=headers, media_type=KINDS[path.suffix])


def _version() -> str:
    files = sorted(path for path in STATIC.rglob("*") if path.suffix in KINDS)
    return _hash(tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=4)
def _hash(files: tuple[tuple[Path, int], ...]) -> str:
    """Of what is in the files; they are read again only when one has changed."""
    digest = hashlib.sha256()
    for path, _ in files:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
