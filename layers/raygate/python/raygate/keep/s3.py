"""The bucket behind `Bucket`: Amazon S3.

Takes   keys and objects. Of the metadata `content-type` and `content-encoding` are the object's own headers, the rest
        is user metadata.
Gives   the same back; of an object that somebody else put there, user metadata of those two names goes before.
Raises  `KeepError` with S3's code, or for no answer in time.
Source  S3 API reference, PutObject, GetObject, ListObjectsV2, DeleteObject.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from raygate.keep.stores import KeepError, Object
from raygate.lanes import Lanes

T = TypeVar("T")

MISSING: Final = frozenset({"NoSuchKey", "404", "NotFound"})
HEADERS: Final = {"content-type": "ContentType", "content-encoding": "ContentEncoding"}
NO_TYPE: Final = frozenset({"", "binary/octet-stream", "application/octet-stream"})
"""What S3 calls an object of which nobody said what it is."""

_LANES: Final = Lanes("bucket")


class S3Bucket:
    """One bucket, by its name; botocore's client is made at the first need."""

    def __init__(self, name: str, client: Callable[[], Any]) -> None:
        self.name = name
        self.client = client

    def put(self, key: str, stored: Object, timeout_s: float) -> None:
        """Store it, durable when this returns."""
        headers = {HEADERS[name]: value for name, value in stored.metadata.items() if name in HEADERS and value}
        others = {name: value for name, value in stored.metadata.items() if name not in HEADERS}
        call = partial(self._put, Key=key, Body=stored.body, Metadata=others, **headers)
        late: KeepError | None = KeepError("the bucket did not answer in time")
        (error,) = _LANES.run([partial(_error_of, call)], late, timeout_s)
        if error:
            raise error

    def get(self, key: str) -> Object | None:
        """What lies there; None when nothing does."""
        try:
            answer = self.client().get_object(Bucket=self.name, Key=key)
            return Object(answer["Body"].read(), _metadata(answer))
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in MISSING:
                return None
            raise _failed(error) from error
        except (BotoCoreError, ResponseParserError, OSError) as error:
            raise _failed(error) from error

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """All keys that begin so, in order, from the first one behind `after`."""
        # Page by page by hand: botocore's paginators are not among what the function is built with.
        more: dict[str, str] = {"StartAfter": after} if after else {}
        while True:
            page = self._call("list_objects_v2", Prefix=prefix, **more)
            yield from (entry["Key"] for entry in page.get("Contents") or ())
            if not page.get("IsTruncated"):
                return
            more = {"ContinuationToken": page["NextContinuationToken"]}

    def delete(self, key: str) -> None:
        """Remove it."""
        self._call("delete_object", Key=key)

    def _put(self, **arguments: Any) -> None:
        """Only what comes with the mark of what was stored is S3's answer: a proxy says 200 as well."""
        if not self._call("put_object", **arguments).get("ETag"):
            raise KeepError("the bucket failed: the answer is not its own")

    def _call(self, operation: str, **arguments: Any) -> Mapping[str, Any]:
        try:
            answer: Mapping[str, Any] = getattr(self.client(), operation)(Bucket=self.name, **arguments)
            return answer
        except (ClientError, BotoCoreError, ResponseParserError) as error:
            raise _failed(error) from error


def _error_of(call: Callable[[], object]) -> KeepError | None:
    try:
        call()
    except KeepError as error:
        return error
    return None


def _failed(error: Exception) -> KeepError:
    code = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else type(error).__name__
    return KeepError(f"the bucket failed: {code}")


def _metadata(answer: Mapping[str, Any]) -> dict[str, str]:
    headers = {name: answer.get(member) or "" for name, member in HEADERS.items()}
    if headers["content-type"] in NO_TYPE:
        headers["content-type"] = ""
    named = {name.lower(): value for name, value in (answer.get("Metadata") or {}).items()}
    return {name: value for name, value in (headers | named).items() if value}
