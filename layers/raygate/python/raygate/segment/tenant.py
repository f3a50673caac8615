"""The tenant as an annotation, where a deployment wants it: `annotation.raygate_tenant = "shop"` finds its traces.

Takes   a document of the mapping, and the tenant of the request.
Gives   a copy with the annotation. It stands first, so it is not the one that is left out when there are too many.
Rules   The name is ours: what a sender wrote under it is replaced, and taken away when nobody is asked who they are.
"""

from typing import Any, Final

ANNOTATION: Final = "raygate_tenant"


def with_tenant(document: dict[str, Any], tenant: str) -> dict[str, Any]:
    """Say whose document it is."""
    ours = {ANNOTATION: tenant} if tenant else {}
    theirs = {key: value for key, value in document.get("annotations", {}).items() if key != ANNOTATION}
    annotations = ours | theirs
    return document | {"annotations": annotations} if annotations or "annotations" in document else document
