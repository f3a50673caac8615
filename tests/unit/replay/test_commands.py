"""What is written on the command line becomes a request, and X-Ray's codes become words."""

from typing import Any

import click
import pytest

from raygate.replay.asked import Archive, as_json
from raygate.segment.refit import STEPS
from raygate_local.replaying.asking import asked
from raygate_local.replaying.codes import CODES, UNKNOWN, explained
from raygate_local.replaying.words import NOTHING, lines

WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "Say what to replay"),
    ({"tenant": "shop"}, "Say what to replay"),
    ({"parked": True, "dead_letters": True}, "One replay at a time: say what to replay"),
    ({"dead_letters": True, "tenant": "shop"}, "--tenant does not go with a replay of dead-letters."),
    ({"key": "a", "code": "b", "begin": "2h"}, "--from, --code does not go with a replay of object."),
    ({"begin": "soon"}, "A time looks like 2h or 2026-11-22T12:00, not 'soon'."),
]


@pytest.mark.parametrize(("given", "told"), WRONG, ids=[told for _, told in WRONG])
def test_options_that_say_nothing_are_refused_in_a_sentence(given, told):
    with pytest.raises(click.UsageError) as caught:
        asked(given)
    assert told in caught.value.message


@pytest.mark.parametrize(
    ("given", "request_"),
    [
        ({"parked": True, "tenant": "", "code": "C"}, {"replay": "parked", "tenant": "", "code": "C"}),
        ({"dead_letters": True, "rate": 7}, {"replay": "dead-letters", "rate": 7}),
        ({"key": "a b", "bucket": "x"}, {"replay": "object", "key": "a b", "bucket": "x"}),
        ({"resume": "one", "rate": 7}, {"replay": "resume", "id": "one", "rate": 7}),
        (
            {"begin": "2026-11-22", "end": "2026-11-22T06:00+01:00"},
            {"replay": "archive", "from": "2026-11-22T00:00:00Z"},
        ),
    ],
    ids=lambda value: value.get("replay") if "replay" in value else None,
)
def test_options_are_the_members_of_a_request(given, request_):
    request, name = asked(given)
    assert request_.items() <= as_json(request).items()
    assert name.startswith(f"{request.replay}-20")


def test_a_duration_is_so_long_ago_and_the_end_is_now():
    request, _ = asked({"begin": "2h"})
    assert isinstance(request, Archive)
    assert (request.end_ms or 0) - request.begin_ms == 7_200_000


@pytest.mark.parametrize("code", [*CODES, "InvalidPrecursorIds", "MissingParentId", "Whatever", ""])
def test_every_code_has_a_meaning_and_an_advice(code):
    meaning, advice = explained(code)
    assert meaning.endswith(".")
    assert advice.endswith((".", "`."))
    assert "{" not in advice
    assert (meaning == UNKNOWN.meaning) == (code in {"Whatever", ""})


def test_a_code_that_names_a_member_names_it_in_words():
    assert explained("InvalidPrecursorIds").meaning == "The document's member `precursor_ids` is not as X-Ray wants it."


def test_what_raygate_mends_by_itself_is_among_the_codes_that_say_so():
    known = " ".join(CODES).lower()
    assert [word for word in STEPS if word in known]


def test_a_result_reads_as_a_sum():
    numbers = dict.fromkeys(("delivered", "parked", "rejected", "skipped", "left", "unreadable", "objects_left"), 0)
    done = numbers | {"state": "done", "found": 1_204, "delivered": 1_200, "parked": 3, "rejected": 1}
    assert list(lines(done | {"reasons": {"no\x1bid": 1}})) == [
        "1,204 spans found = 1,200 delivered + 3 parked + 1 rejected.",
        "  1 of them: no?id",
    ]
    assert list(lines(numbers | {"state": "done", "found": 0})) == [NOTHING]
    stopped = numbers | {"state": "interrupted", "found": 5, "left": 5, "why": "it was stopped", "id": "one"}
    assert list(lines(stopped))[1:] == [
        "Interrupted: it was stopped; 0 objects not read.",
        "Go on with: raygate replay --resume one",
    ]
