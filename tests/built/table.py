"""The table of keys, over HTTP: as much of DynamoDB as the function asks of it.

Takes   records.
Gives   `serving`: an address for `AWS_ENDPOINT_URL_DYNAMODB`, where `GetItem` answers.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from raygate.keys.record import Record
from raygate.keys.table_store import item_of

GET_ITEM = "DynamoDB_20120810.GetItem"


@contextmanager
def serving(name: str, records: Sequence[Record]) -> Iterator[str]:
    """A table of that name with these records, on a free port."""
    items = {record.hash: item_of(record.fields()) for record in records}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            is_known = self.headers["X-Amz-Target"] == GET_ITEM and asked["TableName"] == name
            item = items.get(asked["Key"]["hash"]["S"]) if is_known else None
            body = json.dumps({"Item": item} if item else {}).encode()
            self.send_response(200 if is_known else 400)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
