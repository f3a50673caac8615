"""`raygate serve` with its data folder loses nothing either: when X-Ray misbehaves, and when it is killed."""

from collections.abc import Iterator

import pytest

from tests.faults.days import Day, check_end
from tests.faults.killer import Killer, When
from tests.faults.load import generated
from tests.faults.scenarios import SCENARIOS
from tests.faults.senders import Ledger
from tests.faults.served import deliver_rest, kept_in, live_served, post_to
from tests.faults.xray import XRay, xray_there
from tests.process.serving import TIMEOUT_S, running

REQUESTS = 30
SERVED = ("unknown codes", "everything at once")
MOMENTS: list[tuple[int, When]] = [(1, "before"), (1, "after"), (5, "before"), (6, "after")]
"""With five tries a request the sixth call is the worker's."""


@pytest.fixture(scope="module")
def xray() -> Iterator[XRay]:
    with xray_there() as server:
        yield server


@pytest.mark.parametrize("name", SERVED)
def test_nothing_acknowledged_is_missing(name, xray, tmp_path):
    day = live_served(name, [*generated(name, REQUESTS)], xray, tmp_path)
    assert day.ledger.acknowledged
    assert day.missing == 0


def test_killed_at_its_calls_of_x_ray_it_goes_on_at_the_next_start(xray, tmp_path):
    xray.begin(SCENARIOS["all calls fail"], "serve")
    ledger, environ = Ledger([*generated("serve", len(MOMENTS))]), {"AWS_ENDPOINT_URL_XRAY": xray.url}
    for number, (at, when) in enumerate(MOMENTS):
        with running("--data", str(tmp_path), environ=environ, accidents=True) as server:
            xray.killer = Killer(at, when, server.process.pid)
            send = post_to(server)
            ledger.note(number, send(ledger.exports[number]), 0.0)
            server.process.wait(TIMEOUT_S)
    xray.killer = Killer()
    xray.heal()
    with running("--data", str(tmp_path), environ=environ, accidents=True) as server:
        for number, export in enumerate(ledger.exports):
            if number not in ledger.acknowledged:
                ledger.note(number, post_to(server)(export), 0.0)
    deliver_rest(tmp_path, xray, environ)
    assert ledger.acknowledged >= {number for number, export in enumerate(ledger.exports) if export.keys}
    check_end(Day("killed", "serve", ledger), kept_in(tmp_path, xray), xray)
