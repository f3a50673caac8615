"""Which X-Ray is chosen, and that boto finds it."""

import os

import pytest
from botocore.session import Session

from raygate_local import target

URL = {"AWS_ENDPOINT_URL_XRAY": "http://127.0.0.1:3000"}


def access_key() -> str:
    credentials = Session().get_credentials()
    assert credentials
    return credentials.access_key


@pytest.mark.parametrize(
    ("asked", "environ", "kind"),
    [
        (None, {}, "local"),
        (None, URL, "url"),
        (None, {"AWS_ENDPOINT_URL_XRAY": ""}, "local"),
        ("local", URL, "local"),
        ("aws", URL, "aws"),
        ("aws", {}, "aws"),
    ],
)
def test_an_option_counts_more_than_the_environment(asked, environ, kind):
    assert target.choose(asked, environ) == kind


def test_the_local_xray_is_reached_whatever_boto_was_told(monkeypatch):
    told = {"AWS_PROFILE": "nobody", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_SESSION_TOKEN": "old"}
    for name, value in {**told, **URL}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    target.prepare("local", "http://127.0.0.1:8080", os.environ)
    client = Session().create_client("xray", region_name=os.environ["AWS_REGION"])
    assert client.meta.endpoint_url == "http://127.0.0.1:8080"
    assert access_key() == "local"


def test_another_xray_needs_no_account(monkeypatch):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_ACCESS")}
    monkeypatch.setattr(os, "environ", environ | URL)
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    target.prepare("url", "", os.environ)
    assert os.environ["AWS_REGION"] == target.PRETEND_REGION
    assert access_key() == "local"


@pytest.mark.parametrize("address", ["localhost:8080", "xray"])
def test_an_address_without_a_scheme_is_named(address):
    with pytest.raises(target.TargetError, match=f"AWS_ENDPOINT_URL_XRAY must be .* not '{address}'"):
        target.prepare("url", "", {"AWS_ENDPOINT_URL_XRAY": address})


STORES = {"AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:9324"}


def test_with_a_queue_on_aws_its_credentials_are_kept_beside_a_local_xray(monkeypatch):
    told = {"AWS_ACCESS_KEY_ID": "mine", "AWS_SECRET_ACCESS_KEY": "mine", "AWS_REGION": "eu-central-1"}
    monkeypatch.setattr(os, "environ", os.environ | told)
    target.prepare("local", "http://127.0.0.1:8080", os.environ, keeps_on_aws=True)
    assert (access_key(), os.environ["AWS_REGION"]) == ("mine", "eu-central-1")


@pytest.mark.parametrize(("stores", "why"), [({}, target.NO_CREDENTIALS), (STORES, "")])
def test_a_queue_on_aws_needs_credentials_and_one_elsewhere_does_not(stores, why, monkeypatch):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_ACCESS")}
    monkeypatch.setattr(os, "environ", environ | stores)
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    if why:
        with pytest.raises(target.TargetError) as told:
            target.prepare("local", "http://127.0.0.1:8080", os.environ, keeps_on_aws=True)
        assert str(told.value) == why
    else:
        target.prepare("local", "http://127.0.0.1:8080", os.environ, keeps_on_aws=True)
        assert access_key() == "local"
