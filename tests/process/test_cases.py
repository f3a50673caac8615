"""The conformance cases of an OTLP/HTTP traces endpoint, over real sockets to real processes.

Each is sent as it stands. X-Ray is played by a server that keeps what it is sent, or fails as the case says.
"""

from collections.abc import Iterator

import pytest

from tests.conformance.rules import RULES
from tests.corpus import http_cases
from tests.fake_xray import Store
from tests.process.endpoints import CONFIGURATIONS, FAULTS, KEY, Endpoints, endpoints, names
from tests.process.exchange import ask, check_case

ORDER = list(CONFIGURATIONS)
CASES = sorted(
    (*http_cases(), *RULES), key=lambda case: (ORDER.index(names(case)[0]), case.get("fault") == "deadline-near")
)
"""By configuration, so that a worker that runs a part of them starts few processes; the slowest last."""

UNEXPECTED = next(case for case in CASES if case.get("fault") == "unexpected-exception")


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    with endpoints(tmp_path_factory.mktemp("keys")) as started:
        yield started


def test_no_case_is_left_out():
    assert len(CASES) == 166 + len(RULES)
    assert {case["fault"] for case in CASES if "fault" in case} == set(FAULTS)
    assert {name for case in CASES for name in names(case)} == set(CONFIGURATIONS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_request_gets_the_answer_of_its_case(case, places: Endpoints):
    for name in names(case):
        store = Store()
        places.xray.play(store, *FAULTS.get(case.get("fault", ""), ()))
        check_case(case, places[name].address, store, KEY if name == "auth" else "")


def test_what_nobody_foresaw_is_an_accident_and_nothing_less(places: Endpoints):
    server = places["fault"]
    places.xray.play(Store(), *FAULTS["unexpected-exception"])
    assert ask(server.address, UNEXPECTED).status == 503
    assert "TypeError" in server.errors()
