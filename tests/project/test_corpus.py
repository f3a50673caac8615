"""The captured requests are whole: their bodies have the lengths that were announced."""

import pytest

from tests.corpus import Captured, captured, case_body, golden, http_cases


def announced(request: Captured) -> int:
    return sum(request.chunks) if request.framing == "chunked" else int(request.header("content-length") or 0)


def test_every_body_has_the_length_that_was_announced():
    assert [request.file for request in captured() if len(request.body) != announced(request)] == []


@pytest.mark.parametrize("settings", ["default", "index-all", "indexed", "log-groups"])
def test_every_captured_request_has_its_documents(settings):
    assert golden(settings).keys() == {request.file for request in captured()}


def test_a_chunked_request_goes_out_in_its_chunks():
    request = next(request for request in captured() if len(request.chunks) > 1)
    first = b"\r\n\r\n%x\r\n%s\r\n" % (request.chunks[0], request.body[: request.chunks[0]])
    assert first in request.wire()
    assert request.wire().endswith(b"\r\n0\r\n\r\n")


def test_every_case_has_a_body_in_bytes():
    assert {type(case_body(case)) for case in http_cases()} == {bytes}
