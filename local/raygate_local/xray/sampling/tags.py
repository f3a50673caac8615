"""The tags that a rule or a group was made with.

Takes   the store and an ARN.
Gives   `tag`: keeps its tags, or forgets them with what they belonged to.
"""

from collections.abc import Sequence
from typing import Final

from raygate_local.xray.sampling.keeping import Json
from raygate_local.xray.store import Store

TAGS: Final = "tags"


def tag(store: Store, arn: str, tags: Sequence[Json] | None) -> None:
    """None: what had them is gone."""
    if tags:
        store.records(TAGS)[arn] = {one["Key"]: one["Value"] for one in tags}
    elif tags is None:
        store.records(TAGS).pop(arn, None)
