"""Filters that are completed, and filters that are made of values."""

import shlex

import pytest

from raygate_local.xray.filters import (
    FilterError,
    Vocabulary,
    between,
    both,
    command,
    complete,
    edge,
    equals,
    excludes,
    facts_of,
    parse,
    quote,
    service,
)
from raygate_local.xray.filters import vocabulary as words
from raygate_local.xray.filters.keywords import KEYWORDS, STEPS, Scope
from tests.unit.local_xray.documents import a_document
from tests.unit.local_xray.filtering import FACTS

TEXTS = ("=", "!=", "CONTAINS", "BEGINSWITH", "ENDSWITH")
WORDS = Vocabulary.of([*FACTS.values(), FACTS["cart"]], ["Default", "slow"])


def written(text):
    """What the text could become; the cursor is where | is, else at the end."""
    before, _, after = text.partition("|")
    return [one.apply(before + after) for one in complete(before + after, len(before), WORDS)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fau", ["fault", "rootcause.fault.service", "rootcause.fault.entity", "rootcause.fault.exception"]),
        ("FAU", ["fault", "rootcause.fault.service", "rootcause.fault.entity", "rootcause.fault.exception"]),
        ("http.m", ["http.method"]),
        ("fault AND http.cl", ["fault AND http.clientip"]),
        ("annotation[t", ["annotation[tenant.id]"]),
        ("annotation.t", ["annotation[tenant.id]"]),
        ("tena", ["annotation[tenant.id]"]),
        ("annotation[cou] = 3|", []),
        ("annotation[cou|] = 3", ["annotation[coupon] = 3"]),
        ("ht|tp.url = 3", [f"{name} = 3" for name in KEYWORDS if name.startswith("http.")]),
        ("responsetime ", [f"responsetime {one}" for one in ("=", "!=", "<", "<=", ">", ">=", "AND", "OR")]),
        ("fault ", ["fault =", "fault !=", "fault AND", "fault OR"]),
        ("http.method ", [f"http.method {one}" for one in (*TEXTS, "AND", "OR")]),
        ("http.method beg", ["http.method BEGINSWITH"]),
        ("fault = ", ["fault = true", "fault = false"]),
        ("http.method = ", ['http.method = "GET"', 'http.method = "POST"']),
        ("http.method = P", ['http.method = "POST"']),
        ('http.method = "P', ['http.method = "POST"']),
        ('http.method = "P|"', ['http.method = "POST"']),
        ('http.method = "P|" AND ok', ['http.method = "POST" AND ok']),
        ("http.status > 4", ["http.status > 429"]),
        ("annotation[items] > ", ["annotation[items] > 3", "annotation[items] > 12"]),
        ("annotation[items] CONTAINS ", ['annotation[items] CONTAINS "3"']),
        ('http.url = "bills', ['http.url = "https://shop.test/api/bills?x=\\"y\\\\z\\""']),
        ('service("w', ['service("web"', 'service("worker"']),
        ("service(id(", [f"service(id({one}" for one in ("name:", "type:", "account.id:")]),
        ('service(id(name: "x", ', [f'service(id(name: "x", {one}' for one in ("type:", "account.id:")]),
        ('service(id(type: "AWS::La', ['service(id(type: "AWS::Lambda"', 'service(id(type: "AWS::Lambda::Function"']),
        ("service(id(account.id: ", ['service(id(account.id: "111122223333"']),
        ('service("shop") { thr', ['service("shop") { throttle']),
        ('service("shop") { serv', []),
        ('service("shop")', ['service("shop"){', 'service("shop")AND', 'service("shop")OR']),
        ('edge("web", "https:', ['edge("web", "https://sqs.test/1/jobs"']),
        ("group.name = ", ['group.name = "Default"', 'group.name = "slow"']),
        ("rootcause.fault.e", ["rootcause.fault.entity", "rootcause.fault.exception"]),
        ("rootcause.responsetime.entity { cov", ["rootcause.responsetime.entity { coverage"]),
        ("(fault ", [f"(fault {one}" for one in ("=", "!=", "AND", "OR", ")")]),
        ("nonsense & ", []),
        ("fault) ", []),
        ("rootcause.json = #", []),
    ],
)  # fmt: skip
def test_a_text_is_completed(text, expected):
    assert written(text) == expected


def test_everything_is_offered_where_nothing_is_written():
    offered = written("")
    asked = {name for name, keyword in KEYWORDS.items() if Scope.TRACE in keyword.scopes}
    assert asked <= set(offered)
    assert {"service(", "edge(", "rootcause.json", "group.name", "annotation[items]", *STEPS} <= set(offered)


def test_the_most_frequent_values_come_first():
    assert written("service(")[0] == 'service("shop"'
    assert written("user = ")[0] == 'user = "ada"'


def test_what_is_put_in_can_be_read():
    for text in ("http.url = ", "user != ", "annotation[coupon] ENDSWITH ", "type = ", "message CONTAINS "):
        assert written(text)
        assert all(parse(one) for one in written(text))


def test_a_vocabulary_has_bounds(monkeypatch):
    monkeypatch.setattr(words, "MOST_VALUES", 3)
    monkeypatch.setattr(words, "MOST_KEYS", 8)
    many = [facts_of([a_document(user=f"u{one}", annotations={f"k{one}": "v" * 400})]) for one in range(20)]
    known = Vocabulary.of(many)
    assert known.values("user") == ["u0", "u1", "u2"]
    assert len(known.keys()) < 9
    assert known.values("annotation.k0") == []
    assert known.traces == 20


@pytest.mark.parametrize("value", ['"', "\\", '\\"', "a\nb", 'x" OR ok OR user = "', "é", "", "]", "{}"])
def test_a_value_is_quoted_so_that_it_stands_for_itself(value):
    facts = facts_of([a_document(http={"request": {"url": value}})])
    assert parse(equals("http.url", value)).matches(facts)
    assert not parse(excludes("http.url", value)).matches(facts)
    assert not parse(equals("http.url", value + "!")).matches(facts)
    assert parse(f"http.url = {quote(value)}") == parse(equals("http.url", value))


def test_filters_are_made_of_what_was_seen():
    assert equals("annotation.tenant.id", "acme") == 'annotation[tenant.id] = "acme"'
    assert excludes("fault", value=True) == "!(fault = true)"
    assert between("responsetime", 0.5, 2) == "responsetime >= 0.5 AND responsetime <= 2"
    assert service("shop", inner="fault OR error") == 'service("shop") { fault OR error }'
    assert service("f", "AWS::Lambda::Function") == 'service(id(name: "f", type: "AWS::Lambda::Function"))'
    assert edge("shop", "billing", "http.status = 503") == 'edge("shop", "billing") { http.status = 503 }'


def test_filters_are_put_together():
    assert both() == both("", " ") == ""
    assert both("fault", "") == "fault"
    assert both("fault OR error", "ok AND partial") == "(fault OR error) AND ok AND partial"
    with pytest.raises(FilterError):
        both("fault", "falt")


def test_the_same_question_can_be_put_to_x_ray_itself():
    text = equals("user", "o'neil $HOME")
    assert shlex.split(command(text, 0, 60)) == [
        *("aws", "xray", "get-trace-summaries", "--start-time", "1970-01-01T00:00:00Z"),
        *("--end-time", "1970-01-01T00:01:00Z", "--filter-expression", text),
    ]
    assert "--filter-expression" not in command("", 0, 60)
