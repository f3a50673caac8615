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


documents = st.lists(st.tuples(st.integers(0, 20), st.sampled_from([DELIVERED, REFUSED, THROTTLED, AWAY])), max_size=40)


@given(documents=documents, rejections=st.integers(0, 5))
def test_the_states_add_up(documents, rejections):
    owners, fates = [owner for owner, _ in documents], [fate for _, fate in documents]
    states = tally(owners, fates, [Rejection("bad", 99)] * rejections)
    sums = Counter(states["rejected"]).total() + states["delivered"] + states["returned"]
    assert sums == len(set(owners)) + rejections
    assert bool(states["unavailable"]) == bool(states["returned"])
