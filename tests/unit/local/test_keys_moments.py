"""Times on a command line."""

import pytest

from raygate_local.moments import LAST, MomentError, date, moment, seconds

NOW = 1_800_000_000  # 2027-01-15 08:00 UTC


@pytest.mark.parametrize(
    ("text", "expected"), [("0h", 0), ("90s", 90), ("5m", 300), ("24h", 86_400), ("90d", 7_776_000), ("2w", 1_209_600)]
)
def test_a_duration_is_a_number_and_a_unit(text, expected):
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "h", "24", "-1h", "1.5h", "24 h", "1y", "1h30m", "٣h", "9" * 10 + "d"])
def test_anything_else_is_no_duration(text):
    with pytest.raises(MomentError, match=f"^A duration looks like 24h or 90d, not {text!r}.$"):
        seconds(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("90d", "2027-04-15 08:00 UTC"),
        ("2027-01-31", "2027-01-31 00:00 UTC"),
        ("2027-01-31T12:30", "2027-01-31 12:30 UTC"),
        ("2027-01-31T12:30Z", "2027-01-31 12:30 UTC"),
        ("2027-01-31T12:30+02:00", "2027-01-31 10:30 UTC"),
        ("9999-12-31T23:59:59Z", "9999-12-31 23:59 UTC"),
    ],
)
def test_a_moment_is_a_duration_from_now_or_a_date(text, shown):
    assert date(moment(text, NOW)) == shown


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("soon", "A time looks like 90d or 2027-01-31, not 'soon'"),
        ("2027-02-30", "A time looks like"),
        ("", "A time looks like"),
        ("90", "A time looks like"),
        ("2027-01-15", "The time '2027-01-15' is not in the future"),
        ("0001-01-01T00:00+14:00", "The time .* is not in the future"),
        ("0d", "The time '0d' is not in the future"),
        ("999999999w", "'999999999w' is too far away"),
        ("9999-12-31T23:59:59-14:00", ".* is too far away"),
    ],
)
def test_a_moment_has_to_be_a_time_to_come(text, message):
    with pytest.raises(MomentError, match=f"^{message}"):
        moment(text, NOW)


def test_a_moment_beyond_the_calendar_stays_a_number():
    assert date(LAST + 1) == str(LAST + 1)
