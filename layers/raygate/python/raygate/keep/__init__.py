"""keep: what X-Ray does not have yet, and what it refused: kept where it is durable.

Queue   documents that could not be delivered now, and requests that are to be converted later.
Bucket  parked documents, archived requests, and what is too large for the queue.
Rules   Nothing here knows SQS or S3 by name, except `sqs.py` and `s3.py`: a laptop keeps the same in one file.
"""

from raygate.keep.message import Accepted, Kept, MessageError, Packed, Undelivered, pack, unpack
from raygate.keep.stores import NOWHERE, Bucket, KeepError, Object, Queue, Stores

__all__ = [
    "NOWHERE",
    "Accepted",
    "Bucket",
    "KeepError",
    "Kept",
    "MessageError",
    "Object",
    "Packed",
    "Queue",
    "Stores",
    "Undelivered",
    "pack",
    "unpack",
]
