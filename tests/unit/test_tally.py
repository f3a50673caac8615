"""Each span in exactly one state."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.deliver import Fate
from raygate.request import Rejection
from raygate.tally import tally

DELIVERED = Fate("delivered")
REFUSED = Fate("refused", "InvalidSegment")
THROTTLED = Fate("throttled", "ThrottledException", is_retryable=True)
QUEUED = Fate("queued", "ThrottledException")
PARKED = Fate("parked", "InvalidSegment")
AWAY = Fate("unavailable", "EndpointConnectionError", is_retryable=True)


@pytest.mark.parametrize(
    ("fates", "delivered", "rejected", "returned"),
    [
        ([DELIVERED, DELIVERED], 1, 0, 0),
        ([DELIVERED, REFUSED], 0, 1, 0),
        ([REFUSED, REFUSED], 0, 1, 0),
        ([REFUSED, THROTTLED], 0, 0, 1),
        ([AWAY, DELIVERED], 0, 0, 1),
    ],
)
def test_a_span_of_two_documents_is_counted_once(fates, delivered, rejected, returned):
    states = tally([7, 7], fates, [])
    assert (states["delivered"], states["rejected"].total(), states["returned"]) == (delivered, rejected, returned)


def test_reasons_are_those_of_x_ray_and_of_the_steps_before():
    states = tally([0, 1], [REFUSED, DELIVERED], [Rejection("traceId is all zeros", 5)] * 2)
    assert states["rejected"] == {"traceId is all zeros": 2, "X-Ray refused the document: InvalidSegment": 1}
    assert states["unavailable"] == ""


@pytest.mark.parametrize(
    ("fates", "throttled", "why"),
    [
        ([THROTTLED, DELIVERED], True, "X-Ray is throttling (ThrottledException)"),
        ([THROTTLED, AWAY], False, "X-Ray cannot take spans now (EndpointConnectionError)"),
    ],
)
def test_a_rate_is_told_only_when_nothing_is_worse(fates, throttled, why):
    states = tally([0, 1], fates, [])
    assert (states["throttled"], states["unavailable"]) == (throttled, why)


@pytest.mark.parametrize(
    ("fates", "state"),
    [
        ([DELIVERED, QUEUED], "queued"),
        ([DELIVERED, PARKED], "parked"),
        ([QUEUED, PARKED], "parked"),
        ([PARKED, REFUSED], "rejected"),
        ([QUEUED, REFUSED], "rejected"),
        ([PARKED, THROTTLED], "returned"),
        ([QUEUED, AWAY], "returned"),
    ],
)
def test_a_span_is_where_the_worst_of_its_documents_is(fates, state):
    states = tally([7, 7], fates, [])
    counts = {
        "queued": states["queued"],
        "parked": states["parked"].total(),
        "rejected": states["rejected"].total(),
        "returned": states["returned"],
    }
    assert {name for name, count in counts.items() if count} == {state}


def test_parked_spans_are_counted_by_x_rays_reason():
    assert tally([0, 1], [PARKED, PARKED], [])["parked"] == {"InvalidSegment": 2}


FATES = [DELIVERED, QUEUED, PARKED, REFUSED, THROTTLED, AWAY]
documents = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(FATES)), max_size=40)


@given(documents=documents, rejections=st.integers(0, 5))
def test_the_states_add_up(documents, rejections):
    owners, fates = [owner for owner, _ in documents], [fate for _, fate in documents]
    states = tally(owners, fates, [Rejection("bad", 99)] * rejections)
    kept = states["delivered"] + states["queued"] + states["parked"].total()
    sums = Counter(states["rejected"]).total() + kept + states["returned"]
    assert sums == len(set(owners)) + rejections
    assert bool(states["unavailable"]) == bool(states["returned"])
