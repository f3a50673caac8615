"""X-Ray's own documents in place of spans: what its SDKs send, and its daemon passes on. A document is a span here.

Takes   the body of a PutTraceSegments, or the documents themselves.
Gives   `texts_of`: the documents of a body. `run_documents`: `Taken`, each document in exactly one state.
"""

from raygate.documents.body import texts_of
from raygate.documents.run import Taken, Unprocessed, run_documents

__all__ = ["Taken", "Unprocessed", "run_documents", "texts_of"]
