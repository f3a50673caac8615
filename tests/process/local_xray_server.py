"""The local X-Ray alone, with a folder: started by a test, and killed by it. It prints its address."""

import sys
from contextlib import closing
from pathlib import Path

from raygate_local import listening
from raygate_local.xray.app import create
from raygate_local.xray.store import Store

with closing(Store.open(Path(sys.argv[1]))) as store, closing(listening.bind("127.0.0.1", 0, "")) as socket:
    listening.serve(
        [listening.Site(create(store), socket)],
        lambda: print(listening.url(socket), flush=True),  # noqa: T201 what the test reads
    )
