"""The page around every page: it loads the modules, and they draw what the address names.

Takes   nothing that was sent: no value of a trace is ever written into it.
Gives   `page`, the HTML with a policy that lets the browser load our own files and nothing else.
Note    A browser takes its import map only from within the page. It is the one inline script, and the policy names its
        hash; nothing else inline runs.
"""

import base64
import hashlib
import json
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from raygate_local.viewer import assets

MODULES: Final = {
    "preact": "lib/preact.mjs",
    "preact/hooks": "lib/hooks.mjs",
    "htm": "lib/htm.mjs",
    "uplot": "lib/uplot.mjs",
    "@dagrejs/dagre": "lib/dagre.mjs",
}

PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Raygate</title>
<link rel="icon" href="{prefix}/icon.svg">
<script src="{prefix}/theme.js"></script>
<link rel="stylesheet" href="{prefix}/base.css">
<script type="importmap">{modules}</script>
<script type="module" src="{prefix}/app.js"></script>
</head>
<body>
<div id="app"></div>
<noscript>This page needs JavaScript. Without it: the AWS CLI works with this address as its --endpoint-url.</noscript>
</body>
</html>
"""


async def page(_: Request) -> Response:
    """Any page."""
    return shell(200)


def shell(status: int) -> Response:
    """The shell with this status: a page that is not there is said so in it."""
    prefix = assets.prefix()
    modules = json.dumps({"imports": {name: f"{prefix}/{path}" for name, path in MODULES.items()}})
    digest = base64.b64encode(hashlib.sha256(modules.encode()).digest()).decode()
    return HTMLResponse(PAGE.format(prefix=prefix, modules=modules), status, _headers(digest))


def _headers(digest: str) -> dict[str, str]:
    return {
        "content-security-policy": f"default-src 'self'; script-src 'self' 'sha256-{digest}'; object-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }
