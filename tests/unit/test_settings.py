"""What a deployment may say about who sends."""

import pytest

from raygate.errors import SettingsError
from raygate.settings import Settings


def test_keys_are_asked_for_unless_somebody_says_otherwise():
    assert Settings.from_environ({}).auth == "keys"


@pytest.mark.parametrize(
    ("environ", "auth"), [({}, "none"), ({"RAYGATE_AUTH": " "}, "none"), ({"RAYGATE_AUTH": "jwt"}, "jwt")]
)
def test_a_caller_may_have_defaults_of_its_own_and_the_environment_comes_first(environ, auth):
    assert Settings.from_environ(environ, auth="none").auth == auth


def test_origins_and_headers_are_lists():
    settings = Settings.from_environ(
        {
            "RAYGATE_CORS_ALLOWED_ORIGINS": "https://app.example.com, http://*.local:3000",
            "RAYGATE_CORS_ALLOWED_HEADERS": "x-mine,X-Yours",
        }
    )
    assert settings.cors_allowed_origins == ("https://app.example.com", "http://*.local:3000")
    assert settings.cors_allowed_headers == ("x-mine", "X-Yours")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAYGATE_AUTH", "open"),
        ("RAYGATE_AUTH", "NONE"),
        ("RAYGATE_CORS_ALLOWED_ORIGINS", "*"),
        ("RAYGATE_CORS_ALLOWED_ORIGINS", "null"),
        ("RAYGATE_CORS_ALLOWED_ORIGINS", "https://app.example.com/"),
        ("RAYGATE_CORS_ALLOWED_HEADERS", "x mine"),
        ("RAYGATE_CORS_ALLOWED_HEADERS", "x-mine\r\nset-cookie: a"),
        ("RAYGATE_ANNOTATE_TENANT", "maybe"),
        ("RAYGATE_DELIVERY", "later"),
        ("RAYGATE_ARCHIVE", "sometimes"),
    ],
)
def test_a_bad_value_is_an_error_that_names_its_setting(name, value):
    with pytest.raises(SettingsError, match=name):
        Settings.from_environ({name: value})


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"RAYGATE_DELIVERY": "buffered"}, ("RAYGATE_DELIVERY=buffered", "RAYGATE_QUEUE_URL")),
        ({"RAYGATE_DELIVERY": "buffered", "RAYGATE_BUCKET": "b"}, ("RAYGATE_DELIVERY=buffered", "RAYGATE_QUEUE_URL")),
        ({"RAYGATE_ARCHIVE": "true"}, ("RAYGATE_ARCHIVE=true", "RAYGATE_BUCKET")),
        ({"RAYGATE_ARCHIVE": "1", "RAYGATE_QUEUE_URL": "https://x/q"}, ("RAYGATE_ARCHIVE=true", "RAYGATE_BUCKET")),
    ],
)
def test_a_setting_that_needs_another_is_an_error_that_names_both(environ, named):
    with pytest.raises(SettingsError) as caught:
        Settings.from_environ(environ)
    assert all(name in str(caught.value) for name in named)


def test_a_setting_with_what_it_needs_is_taken():
    settings = Settings.from_environ(
        {
            "RAYGATE_DELIVERY": "buffered",
            "RAYGATE_QUEUE_URL": "https://x/q",
            "RAYGATE_ARCHIVE": "true",
            "RAYGATE_BUCKET": "b",
        }
    )
    assert (settings.delivery, settings.queue_url, settings.archive, settings.bucket) == (
        "buffered",
        "https://x/q",
        True,
        "b",
    )
