"""What holds for any span: no secret gets through, the rest survives, nothing that is shared is changed."""

from copy import deepcopy
from dataclasses import fields
from urllib.parse import quote

from hypothesis import assume, given
from hypothesis import strategies as st

from raygate.enrich import conventions, enrich, explain, resource
from raygate.redact.secret_text import without_secrets
from raygate.settings import Settings
from raygate.span import Attributes, Event, Resource, Span, copy_of
from tests.builders import START_NS, a_span

EXTENDED = Settings()
ADOT = Settings(mapping="adot")

KEYS = sorted(
    {key for row in conventions.ROWS for key in (*row.reads, *row.needs, *row.unless)}
    | {key for row in resource.ROWS for key in (*row.reads, *row.writes)}
    | {"password", "http.request.header.cookie", "exception.type", "exception.message", "exception.stacktrace"}
)
WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
PASSWORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=6, max_size=20)
UNUSUAL = st.sampled_from(
    ["mysql", "h2", "aws-api", "SQS/Send", "200", "_OTHER", "http://u:pw@h:1/x", "a:80", "client"]
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), UNUSUAL, st.binary(max_size=4)
)
VALUES = st.recursive(SCALARS, lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(WORDS, deeper, max_size=3))
ATTRIBUTES: st.SearchStrategy[Attributes] = st.dictionaries(st.sampled_from(KEYS) | WORDS, VALUES, max_size=8)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    attributes, of_resource = draw(ATTRIBUTES), draw(ATTRIBUTES)
    names = st.sampled_from(["exception", "message", "log"])
    events = [Event(draw(names), START_NS, draw(ATTRIBUTES)) for _ in range(draw(st.integers(0, 2)))]
    return a_span(
        attributes,
        first=draw(st.sampled_from([attributes, {"http.method": "GET", **attributes}])),
        kind=draw(st.integers(-1, 6)),
        status_code=draw(st.integers(0, 2)),
        events=events,
        resource=Resource(of_resource, of_resource),
    )


@given(spans())
def test_enriching_replaces_the_parts_of_a_span_and_changes_none_of_them(span):
    before, parts = deepcopy(span), copy_of(span)
    enrich([span], EXTENDED)
    assert repr(parts) == repr(before)


@given(spans())
def test_a_span_that_no_row_names_keeps_its_parts_and_any_other_does_not(span):
    (enriched,) = enrich([copy_of(span)], EXTENDED).spans
    # Marks of the steps, not parts of what was sent.
    parts = {one.name for one in fields(span)} - {"keys", "cleared_by"}
    kept = all(getattr(enriched, part) is getattr(span, part) for part in parts)
    assert kept == (explain(span, EXTENDED) == [])


@given(spans(), st.sampled_from([EXTENDED, ADOT]))
def test_the_keys_that_a_span_is_known_by_are_those_that_it_has(span, settings):
    (enriched,) = enrich([span], settings).spans
    assert enriched.keys is None or enriched.keys.keys == tuple(enriched.attributes)


@given(spans())
def test_nothing_is_lost(span):
    (enriched,) = enrich([copy_of(span)], EXTENDED).spans
    for field in ("trace_id", "span_id", "parent_span_id", "start_ns", "end_ns", "links", "status_code", "scope"):
        assert getattr(enriched, field) == getattr(span, field)
    assert span.attributes.keys() <= enriched.attributes.keys()
    assert span.first.keys() <= enriched.first.keys()
    assert span.resource.attributes.keys() <= enriched.resource.attributes.keys()
    assert (enriched.first is enriched.attributes) == (span.first is span.attributes)


@given(spans())
def test_redacting_twice_finds_nothing_more(span):
    settings = Settings(mapping="adot", redact_keys=("a",))
    once = enrich([span], settings).spans
    assert enrich(once, settings).redacted == 0


@given(st.sampled_from(["postgresql", "mysql", "redis", "amqp", "https", "jdbc:mariadb"]), WORDS, PASSWORDS, WORDS)
def test_the_password_of_a_url_does_not_get_through_and_the_rest_does(scheme, user, password, path):
    secret = quote(password, safe="!$&'()*+,;=:")
    rest = f"@db.example:5432/{path}?ssl=true#end"
    clean = without_secrets(f"{scheme}://{user}:{secret}{rest}")
    shown = "redacted" if scheme == "https" else f"{user}:redacted"
    assert clean == f"{scheme}://{shown}{rest}"


@given(st.sampled_from(["Password", "Pwd", "password", "sslpassword"]), PASSWORDS, st.booleans())
def test_the_password_of_a_connection_string_does_not_get_through_and_the_rest_does(name, password, is_last):
    needs_quotes = ";" in password or password[0] in "\"'{" or password[-1] in "\"'"
    secret = '"' + password.replace('"', '""') + '"' if needs_quotes else password
    assume(
        not (needs_quotes and password.endswith("\\"))
    )  # whether it escapes the quote, each reader decides otherwise
    before, after = "Server=tcp:db,1433;User ID=app;", "" if is_last else ";Encrypt=True"
    assert without_secrets(f"{before}{name}={secret}{after}") == f"{before}{name}=[redacted]{after}"


@given(st.sampled_from(["X-Amz-Signature", "X-Amz-Security-Token", "AWSAccessKeyId", "sig", "password"]), PASSWORDS)
def test_the_secret_of_a_query_does_not_get_through_and_the_rest_does(name, password):
    secret = quote(password, safe="")
    clean = without_secrets(f"https://s3.example/b/k?a=1&{name}={secret}&z=2")
    assert clean == f"https://s3.example/b/k?a=1&{name}=[redacted]&z=2"


@given(st.text(), st.sampled_from(["://", "://a:b@", "password=", "oracle:thin:a/", "sig=", "@tcp("]))
def test_any_text_is_read_and_reading_it_again_changes_nothing(text, part):
    clean = without_secrets(text + part + text)
    assert isinstance(clean, str)
    assert without_secrets(text) == text or "=" in text or "@" in text


@given(ATTRIBUTES, WORDS)
def test_a_named_key_has_no_value_afterwards(attributes, key):
    settings = Settings(mapping="adot", redact_keys=(key,))
    (enriched,) = enrich([a_span({**attributes, key: "4242-4242"})], settings).spans
    assert enriched.attributes[key] == "[redacted]"
