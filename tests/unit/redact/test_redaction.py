"""What must never be stored: whole values by their key, and secrets within text."""

import pytest

from raygate.redact.redaction import MAX_KEYS, Redaction
from raygate.redact.secret_text import without_secrets
from raygate.repeated import last_and_first, pairs_of
from raygate.span import Attributes, Resource
from tests.builders import a_link, a_span, an_event

SECRET_KEYS = [
    "aws.auth.account.access_key",
    "aws.remote.resource.account.access_key",
    "AWS.Auth.Account.Access_Key",
    "http.request.header.authorization",
    "http.request.header.Authorization",
    "http.request.header.cookie",
    "http.request.header.proxy-authorization",
    "http.request.header.proxy_authorization",
    "http.request.header.x-api-key",
    "http.request.header.x_api_key",
    "http.response.header.set-cookie",
    "http.response.header.set_cookie",
    "rpc.grpc.request.metadata.authorization",
    "authorization",
    "password",
    "db.password",
    "tenant.pin",
]


@pytest.mark.parametrize("key", SECRET_KEYS)
@pytest.mark.parametrize("value", ["hunter2", ["a", "b"], 42, {"k": "v"}])
def test_the_value_of_a_secret_key_is_replaced(key, value):
    redaction = Redaction(("tenant.pin",))
    assert redaction.attributes({"a": 1, key: value}) == {"a": 1, key: "[redacted]"}
    assert redaction.count == 1


@pytest.mark.parametrize("value", ["", None, [], {}, b"", "[redacted]"])
def test_an_empty_value_of_a_secret_key_is_left_alone(value):
    given: Attributes = {"password": value}
    assert Redaction(()).attributes(given) is given


@pytest.mark.parametrize(
    "key", ["http.request.header.x-foo", "cookie.consent", "http.cookie.count", "passwords", "aws.access_key_count"]
)
def test_a_key_that_only_looks_alike_is_left_alone(key: str):
    given: Attributes = {key: "value"}
    redaction = Redaction(())
    assert redaction.attributes(given) is given
    assert redaction.attributes(given) is given


def test_a_named_key_is_one_key_and_no_pattern():
    assert Redaction(("card.number",)).attributes({"card.number": "1", "card.number.kind": "2"}) == {
        "card.number": "[redacted]",
        "card.number.kind": "2",
    }


def test_any_number_of_keys_is_seen_and_not_so_many_are_remembered():
    redaction = Redaction(("only.here",))
    for number in range(MAX_KEYS + 10):
        redaction.attributes({f"key{number}": 1})
    assert len(redaction.harmless) <= MAX_KEYS
    assert redaction.attributes({"only.here": 1}) == {"only.here": "[redacted]"}


REPLACED = [
    ("https://u:p@api.example/x?a=b#c", "https://redacted@api.example/x?a=b#c"),
    ("https://ghp_token@api.example/x", "https://redacted@api.example/x"),
    ("postgresql://app:hunter2@db:5432/shop", "postgresql://app:redacted@db:5432/shop"),
    ("jdbc:mysql://app:hunter2@db/shop", "jdbc:mysql://app:redacted@db/shop"),
    ("redis://:hunter2@cache:6379/0", "redis://:redacted@cache:6379/0"),
    ("amqp://a:p@ss@host/v", "amqp://a:redacted@host/v"),
    ("amqp://a:p/a#s?s@host/v", "amqp://a:redacted@host/v"),
    ("mongodb://u:p@h1:27017,h2:27017/x", "mongodb://u:redacted@h1:27017,h2:27017/x"),
    ('["ftp://a:b@h","ftp://c:d@i"]', '["ftp://a:redacted@h","ftp://c:redacted@i"]'),
    ("app:hunter2@tcp(db:3306)/shop", "app:[redacted]@tcp(db:3306)/shop"),
    ("dsn a:b@unix(/x)/y c:d@tcp6([::1])/z", "dsn a:[redacted]@unix(/x)/y c:[redacted]@tcp6([::1])/z"),
    ("jdbc:oracle:thin:scott/tiger@//h:1521/x", "jdbc:oracle:thin:scott/[redacted]@//h:1521/x"),
    ("Server=h;Uid=a;Pwd=hunter 2&3;Database=x", "Server=h;Uid=a;Pwd=[redacted];Database=x"),
    ("Password=hunter 2;Server=h", "Password=[redacted];Server=h"),
    ("Server=h; Password = hunter 2", "Server=h; Password = [redacted]"),
    ("Server=h;Password='a;b';Timeout=1", "Server=h;Password=[redacted];Timeout=1"),
    ("Driver=x;PWD={a;b};Timeout=1", "Driver=x;PWD=[redacted];Timeout=1"),
    ("host=h password=hunter2 dbname=x", "host=h password=[redacted] dbname=x"),
    ("host=h password='a b' dbname=x", "host=h password=[redacted] dbname=x"),
    ("jdbc:postgresql://h/x?user=a&password=b#c&ssl=1", "jdbc:postgresql://h/x?user=a&password=[redacted]&ssl=1"),
    ("jdbc:x://h?sslpassword=b", "jdbc:x://h?sslpassword=[redacted]"),
    ("jdbc:x://h?pa\u017f\u017fword=b", "jdbc:x://h?pa\u017f\u017fword=[redacted]"),
    ("connect \u212aEY=1 ACCOUNT\u212aEY=b", "connect \u212aEY=1 ACCOUNT\u212aEY=[redacted]"),
    ("password=a&user=b", "password=[redacted]&user=b"),
    ("connect(password='a', port=1)", "connect(password=[redacted], port=1)"),
    ("run(pwd=abc, port=1)", "run(pwd=[redacted], port=1)"),
    ("java -Djavax.trustStorePassword=abc -jar x", "java -Djavax.trustStorePassword=[redacted] -jar x"),
    ("UPDATE u SET password = 'it''s' WHERE id = 1", "UPDATE u SET password = [redacted] WHERE id = 1"),
    ("Server=h;Password==x;Timeout=1", "Server=h;Password=[redacted];Timeout=1"),
    ("AccountName=a;AccountKey=abc==;X=1", "AccountName=a;AccountKey=[redacted];X=1"),
    ("/x?X-Amz-Signature=abc&X-Amz-Date=1", "/x?X-Amz-Signature=[redacted]&X-Amz-Date=1"),
    ("a=1&x-amz-security-token=abc%2F#f", "a=1&x-amz-security-token=[redacted]#f"),
    (
        "https://s3/x?AWSAccessKeyId=AKIA&Signature=a&Expires=1",
        "https://s3/x?AWSAccessKeyId=[redacted]&Signature=[redacted]&Expires=1",
    ),
    ("https://blob/x?sv=1&sig=abc%3D&se=2", "https://blob/x?sv=1&sig=[redacted]&se=2"),
    ("/cb?access_token=abc&state=x", "/cb?access_token=[redacted]&state=x"),
    (f"a=b password{' ' * 8}={' ' * 8}hunter2", f"a=b password{' ' * 8}={' ' * 8}[redacted]"),
    ("x-amz-security-token=a;sharedaccesskey=b", "x-amz-security-token=[redacted];sharedaccesskey=[redacted]"),
    ("pwd=pwd=a pwd=b", "pwd=[redacted] pwd=[redacted]"),
    ("=====pwd=a =b", "=====pwd=[redacted] =b"),
    ("=a==b= pwd        =c", "=a==b= pwd        =[redacted]"),
]


@pytest.mark.parametrize(("text", "expected"), REPLACED)
def test_a_secret_within_text_is_replaced_and_the_rest_stays(text, expected):
    assert without_secrets(text) == expected
    assert without_secrets(text + " " * 2000).rstrip() == expected


@pytest.mark.parametrize(("text", "expected"), REPLACED)
@pytest.mark.parametrize("other", ["x", "\N{KELVIN SIGN}", "/orders/{id}", b"bytes"])
def test_a_look_at_all_attributes_at_once_misses_no_secret(text, expected, other):
    given: Attributes = {"k": text, "other": other}
    redaction = Redaction(())
    for _ in range(2):  # at the second time the keys are known
        assert redaction.span(a_span(given)).attributes == given | {"k": expected}


@pytest.mark.parametrize(("_", "text"), REPLACED)
def test_what_has_been_replaced_is_not_replaced_again(_, text):
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "a@b.example",
        "https://example.com/@user?mail=a@b.example",
        "https://example.com:8443/a@b",
        "http://[::1]:80/a@b",
        "mongodb://h1:27017,h2:27017/x?m=a@b",
        "postgresql://app@db/shop",
        "user@tcp(h)/x and a:@tcp(h) and @tcp(h) x @tcp(h)",
        "git@github.com:a/b.git",
        "see ://x:y@z",
        "SELECT * FROM u WHERE password = ? AND id = $1",
        "SELECT * FROM u WHERE password=%s",
        "SET password = :new_password, pwd = @pwd",
        "?signature_version=4&design=1&sigma=2",
        "password=",
        "password= ",
        f"password{' ' * 9}=a",
        f"password={' ' * 9}a",
        "=password",
        "/x?password=&a=1",
        "a=1&b=2",
    ],
)
def test_text_without_a_secret_is_the_same_object(text):
    assert without_secrets(text) == text
    given: Attributes = {"k": text}
    assert Redaction(()).attributes(given) is given


def test_secrets_are_found_wherever_values_are():
    secret = "redis://:hunter2@cache"
    span = a_span(
        {"list": ["x", secret, {"map": {"deep": secret, "cookie": "c"}}], "number": 1},
        name=f"GET {secret}",
        status_message=f"cannot reach {secret}",
        events=[an_event("start"), an_event("retry", {"url": secret}), an_event(secret)],
        links=[a_link(), a_link({"authorization": "Bearer x"})],
    )
    redaction = Redaction(())
    clean = redaction.span(span)
    assert "hunter2" not in str(clean)
    assert clean.attributes == {
        "list": ["x", "redis://:redacted@cache", {"map": {"deep": "redis://:redacted@cache", "cookie": "[redacted]"}}],
        "number": 1,
    }
    assert clean.name == "GET redis://:redacted@cache"
    assert clean.links[1].attributes == {"authorization": "[redacted]"}
    assert clean.links[0] is span.links[0]
    assert clean.events[0] is span.events[0]
    assert redaction.count == 8
    assert "hunter2" in str(span)


def test_what_stands_between_the_first_and_the_last_of_repeated_keys_goes():
    last, first = last_and_first([("password", "a"), ("password", "secret"), ("password", "")])
    clean, resource = Redaction(()).span(a_span(last, first=first)), Redaction(()).resource(Resource(last, first))
    assert (
        pairs_of(clean.attributes, clean.first) == pairs_of(resource.attributes, resource.first) == [("password", "")]
    )


def test_first_values_of_repeated_keys_are_no_way_out():
    clean = Redaction(()).span(a_span({"password": "b"}, first={"password": "a"}))
    assert clean.attributes == clean.first == {"password": "[redacted]"}
    resource = Redaction(()).resource(Resource({"password": "b"}, {"password": "a"}, 2))
    assert resource.attributes == resource.first == {"password": "[redacted]"}
    assert resource.dropped_attributes_count == 2


def test_a_secret_that_only_the_first_value_holds_is_no_way_out_either():
    last: Attributes = {"peer.service": "cache"}
    first: Attributes = {"peer.service": "redis://:hunter2@cache"}
    clean, resource = Redaction(()).span(a_span(last, first=first)), Redaction(()).resource(Resource(last, first))
    assert clean.first == resource.first == {"peer.service": "redis://:redacted@cache"}
    assert clean.attributes == resource.attributes == last


def test_a_span_without_secrets_is_the_same_object():
    span = a_span(
        {"a": "b", "list": ["x", 1, {"k": None}]}, events=[an_event("e", {"k": "v"})], links=[a_link({"k": 1})]
    )
    assert Redaction(()).span(span) is span
    resource = Resource({"a": "b"})
    assert Redaction(()).resource(resource) is resource
