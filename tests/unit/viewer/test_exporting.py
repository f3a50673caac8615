"""Files out: each form holds the trace, and nothing that a sender wrote is ever more than text."""

import base64
import csv
import hashlib
import io
import json
import re

import pytest

from raygate.settings import Settings
from raygate_local.viewer import exchange_api
from raygate_local.viewer.trace_api import NoSources
from raygate_local.xray.store import Store
from tests.process.viewer.traces import HOSTILE, a_trace_id, an_id, broken, document, hostile, order
from tests.unit.viewer.asking import Client

ORDER, BROKEN, MARKUP = a_trace_id(1), a_trace_id(3), a_trace_id(4)
CELLS = a_trace_id(6)


@pytest.fixture(scope="module")
def store():
    one = Store.open()
    formula = document(CELLS, 1, None, (0, 1), name="=1+2", user="=cmd", metadata={"default": {"fence": "`" * 5}})
    url = {"request": {"method": "GET", "url": "https://shop/`````"}}
    named = document(CELLS, 2, 1, (0, 1), http=url, type="subsegment", namespace="remote")
    for documents in (order(), broken(), hostile(), [formula, named]):
        one.put([json.dumps(each) for each in documents])
    yield one
    one.close()


@pytest.fixture(scope="module")
def client(store):
    return Client(exchange_api.routes(store, NoSources(), Settings()))


def export(client, trace_id, form):
    answer = client.get(f"/api/traces/{trace_id}/export/{form}")
    assert answer.status == 200
    return answer


def within(pattern, text, flags=0):
    found = re.search(pattern, text, flags)
    assert found
    return found.group(1)


@pytest.mark.parametrize("form", ["xray", "csv", "markdown", "html"])
def test_a_file_is_saved_under_the_traces_id_by_either_form_of_it(client, form):
    answer = export(client, ORDER.replace("-", "")[1:], form)
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{ORDER}.')
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content == export(client, ORDER, form).content


def test_x_ray_json_holds_each_document_as_it_came(client, store):
    (trace,) = json.loads(export(client, ORDER, "xray").content)["Traces"]
    assert trace["Id"] == ORDER
    assert {one["Document"] for one in trace["Segments"]} == {one.text for one in store.trace(ORDER).stored.values()}


def test_csv_has_a_line_for_each_row(client):
    text = export(client, ORDER, "csv").content.decode("utf-8-sig")
    lines = {one["id"]: one for one in csv.DictReader(io.StringIO(text))}
    assert len(lines) == 17
    payment = lines[an_id(31)]
    assert (payment["parent_id"], payment["status"], payment["http_status"]) == (an_id(30), "fault", "500")
    assert float(payment["duration_ms"]) == pytest.approx(303, abs=0.001)


def test_a_spreadsheet_calculates_nothing(client):
    text = export(client, CELLS, "csv").content.decode("utf-8-sig")
    names = [one["name"] for one in csv.DictReader(io.StringIO(text))]
    assert names[0] == "'=1+2"


def test_markdown_tells_what_failed_and_draws_the_waterfall(client):
    text = export(client, ORDER, "markdown").content.decode()
    assert f"trace    {ORDER}" in text
    assert "CardDeclined: the bank did not answer" in text
    assert "█" in text
    assert max(map(len, text.splitlines())) < 200


def test_nothing_ends_the_fence_of_the_markdown(client):
    first, *_, last = [one for one in export(client, CELLS, "markdown").content.decode().splitlines() if "```" in one]
    assert first == f"{last}text"
    assert len(last) > 5


def test_the_page_holds_its_own_policy_and_nothing_from_elsewhere(client):
    page = export(client, ORDER, "html").content.decode()
    policy = within(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    for tag, member in (("script", "script-src"), ("style", "style-src")):
        inside = within(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{member} 'sha256-{digest}'" in policy
    assert not re.search(r'(?:src|href)="', page)


def test_markup_stays_within_the_data(client):
    page = export(client, MARKUP, "html").content.decode()
    assert HOSTILE not in page
    assert page.count("<script") == page.count("</script>") == 2
    data = json.loads(within(r'id="data">(.*?)</script>', page, re.DOTALL))
    assert data["documents"][0]["annotations"]["key"] == HOSTILE


def test_where_no_span_is_kept_otlp_says_so(client):
    answer = client.get(f"/api/traces/{ORDER}/export/otlp")
    assert answer.status == 409
    assert answer.json()["message"].endswith("export X-Ray JSON.")
    assert client.get(f"/api/traces/{ORDER}/export").json()["spans"] == 0


@pytest.mark.parametrize(
    "path", ["1-0-0/export", "1-0-0/export/csv", f"{ORDER}/export/pdf"], ids=["trace", "form", "other"]
)
def test_what_is_not_there_is_said(client, path):
    answer = client.get(f"/api/traces/{path}")
    assert answer.status == 404
    assert answer.json()["message"].startswith("There is no ")
