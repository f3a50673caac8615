"""A message that is too large for the queue ↔ a small one that says where its body lies in the bucket.

Gives   `claim`: the message without its body, with the key of the object that holds it; `redeem`: the whole one again.
Raises  `MessageError` when what the message names is not there: nothing can be made of it. `KeepError` when the bucket
        cannot be reached, which may pass.
Rules   The claimed object is not deleted when its message is done: a message may be delivered twice, and the bucket
        forgets claims by itself.
"""

from typing import Final

from raygate.keep.message import MessageError, Packed
from raygate.keep.stores import Bucket, KeepError, Object

CLAIM: Final = "raygate-claim"
"""The attribute that holds the key."""
FOLDER: Final = "claims/"


def claim(packed: Packed, key: str) -> tuple[Packed, Object]:
    """The message that goes to the queue, and the object that has to lie under the key before that."""
    return Packed("claim", {**packed.attributes, CLAIM: key}), Object(packed.body.encode("ascii"))


def redeem(packed: Packed, bucket: Bucket | None) -> Packed:
    """The whole message; it is its own claim when it makes none."""
    attributes = dict(packed.attributes)
    key = next((attributes.pop(name) for name in packed.attributes if name.lower() == CLAIM), None)
    if key is None:
        return packed
    if not key.startswith(FOLDER):
        raise MessageError("the claim is not for an object among the claims")
    if bucket is None:
        raise KeepError("the message's body lies in a bucket, and none is set")
    stored = bucket.get(key)
    if stored is None:
        raise MessageError("the object that the message claims is not there")
    try:
        return Packed(stored.body.decode("ascii"), attributes)
    except UnicodeDecodeError as error:
        raise MessageError("the object that the message claims is no message's body") from error
