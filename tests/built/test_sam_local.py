"""The SAM CLI runs every event of `events/`, with a container engine of our own in private namespaces.

Where none can be had, as without root, without Linux or off CI, the summary says NOT RUN and why; `test_events.py` has
run the same events under the emulator then.
"""

import json
from typing import Final

import pytest

from tests.built.engine import with_engine
from tests.built.image import for_lambda
from tests.built.test_events import FILES, check

pytestmark = pytest.mark.built

PATIENCE_S: Final = 300


def test_every_event_is_done_in_a_container(tmp_path):
    image = tmp_path / "image.tar"
    for_lambda(image)
    said = with_engine("invoke_all.py", image, within_s=PATIENCE_S)
    told = {one["event"]: one["result"] for one in map(json.loads, said.splitlines())}
    assert list(told) == FILES
    for event, result in told.items():
        assert not result.keys() & {"failed", "errorType"}, (event, result)
        check(event, result)
