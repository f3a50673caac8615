"""Whether a document that was made elsewhere has the form that ours have: then `fit` and `refit` can work on it.

Takes   a document; members that it does not have are fine.
Gives   `is_well_formed`.
Note    A cause may be the identifier of an exception of another subsegment: there is nothing in it to repair.
Source  X-Ray developer guide, "Segment documents".
"""

from typing import Any, Final

MAPS: Final = ("annotations", "metadata", "aws")
LISTS_OF_AWS: Final = ("table_names", "cloudwatch_logs")


def is_well_formed(document: dict[str, Any]) -> bool:
    """Whether its members are of the types of X-Ray's guide, as far as they are ever touched."""
    return (
        all(isinstance(document.get(member, {}), dict) for member in MAPS)
        and all(isinstance(members, dict) for members in document.get("metadata", {}).values())
        and all(isinstance(document.get("aws", {}).get(member, []), list) for member in LISTS_OF_AWS)
        and _are_links(document.get("links", []))
        and _is_cause(document.get("cause", {}))
    )


def _are_links(links: object) -> bool:
    return isinstance(links, list) and all(
        isinstance(link, dict) and isinstance(link.get("attributes", {}), dict) for link in links
    )


def _is_cause(cause: object) -> bool:
    if not isinstance(cause, dict):
        return isinstance(cause, str)
    exceptions = cause.get("exceptions", [])
    return isinstance(exceptions, list) and all(
        isinstance(one, dict) and isinstance(one.get("truncated", 0), int) for one in exceptions
    )
