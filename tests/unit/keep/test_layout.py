"""Where things lie: by kind, tenant and hour."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raygate.keep.layout import archive_key, claim_key, hours, parked_key, tenant_part

HOUR_MS = 3_600_000
AT_MS = int(datetime(2025, 8, 29, 18, 34, 40, tzinfo=UTC).timestamp() * 1_000) + 250


def test_keys_are_paths_of_tenant_and_hour():
    assert parked_key("shop", AT_MS, "1-68b1f2c0-5f84", "a1b2") == "parked/shop/2025/08/29/18/1-68b1f2c0-5f84-a1b2.json"
    assert archive_key("shop", AT_MS, "name") == "archive/shop/2025/08/29/18/name.jsonl.gz"
    assert claim_key(AT_MS, "name") == "claims/2025/08/29/name"


@pytest.mark.parametrize(
    ("tenant", "part"),
    [
        ("", "-"),
        ("-", "%2D"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("team-a.b_c", "team-a.b_c"),
        ("a/b", "a%2Fb"),
        ("a~ ü", "a%7E%20%C3%BC"),
    ],
)
def test_a_tenant_is_one_part_of_a_path(tenant, part):
    assert tenant_part(tenant) == part


@given(st.lists(st.text(max_size=128), min_size=2, max_size=2, unique=True))
def test_two_tenants_never_share_a_folder(tenants):
    one, other = map(tenant_part, tenants)
    assert one != other
    assert "/" not in one


@given(st.text(max_size=128), st.text(max_size=64), st.text(max_size=64))
def test_no_key_is_longer_than_s3_allows(tenant, trace_id, document_id):
    assert len(parked_key(tenant, AT_MS, trace_id, document_id).encode()) <= 1024


def test_the_hours_of_a_span_of_time_are_those_that_it_touches():
    from_ms = AT_MS // HOUR_MS * HOUR_MS
    assert list(hours("archive", "shop", from_ms, from_ms + HOUR_MS)) == ["archive/shop/2025/08/29/18/"]
    assert len(list(hours("archive", "shop", AT_MS, AT_MS + HOUR_MS))) == 2
    assert list(hours("parked", "", AT_MS, AT_MS)) == ["parked/-/2025/08/29/18/"]
    assert list(hours("parked", "", from_ms, from_ms)) == []


@given(st.integers(0, 48 * HOUR_MS), st.integers(0, 48 * HOUR_MS), st.integers(0, 48 * HOUR_MS))
def test_what_was_received_in_a_span_of_time_lies_in_one_of_its_hours(start, length, after):
    received_ms = AT_MS + start + after % (length + 1)
    prefixes = list(hours("archive", "shop", AT_MS + start, AT_MS + start + length + 1))
    assert sum(archive_key("shop", received_ms, "x").startswith(prefix) for prefix in prefixes) == 1
