"""Whatever a client sends: a sentence, never a 500, and nothing changed."""

import http.client
import json
import socket
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.bodies import JSON_LIMIT, parse_object
from domain.errors import AndonError
from tests.api.serving import Served
from tests.api.test_incidents import problem

pytestmark = pytest.mark.xdist_group("hostile")

WHOLE = json.dumps(problem())
RAW: dict[str, tuple[bytes, int, str]] = {
    "broken JSON": (b'{"products": [', 422, "not_json"),
    "no object": (b"[]", 422, "not_json"),
    "a lone word": (b"nonsense", 422, "not_json"),
    "null": (b"null", 422, "not_json"),
    "invalid UTF-8": (WHOLE.encode().replace(b"CN", b"\xff\xfe"), 422, "not_utf8"),
    "UTF-16": (WHOLE.encode("utf-16"), 422, "not_utf8"),
    "byte order mark": (b"\xef\xbb\xbf" + WHOLE.encode(), 422, "not_json"),
    "NaN": (b'{"people": NaN}', 422, "not_whole"),
    "Infinity": (b'{"people": -Infinity}', 422, "not_whole"),
    "a fraction": (b'{"people": 1.5}', 422, "not_whole"),
    "a huge number": (b'{"people": ' + b"9" * 5000 + b"}", 422, "malformed"),
    "a field twice": (b'{"lots": [], "lots": ["x"]}', 422, "malformed"),
    "deep nesting": (b'{"a":' * 500 + b"1" + b"}" * 500, 422, "too_deep"),
    "endless nesting": (b"[" * 200_000, 422, "too_deep"),
    "half a character": (WHOLE.replace("My face", "\\ud800").encode(), 422, "malformed"),
    "half a character in a reference": (
        WHOLE.replace("dew-cream", "\\udfff").encode(), 422, "malformed"),
    "half a character in a name": (b'{"\\ud800": 1}', 422, "malformed"),
    "NUL": (WHOLE.replace("My face", "\\u0000").encode(), 422, "malformed"),
    "NUL in a reference": (WHOLE.replace("dew-cream", "\\u0000").encode(), 422, "malformed"),
    "NUL in a name": (b'{"\\u0000": 1}', 422, "malformed"),
    "unknown product": (WHOLE.replace("dew-cream", "mousse").encode(), 422, "malformed"),
    "no lot of that number": (json.dumps(problem(lots=["L0"])).encode(), 422, "malformed"),
    "empty products": (json.dumps(problem(products=[])).encode(), 422, "malformed"),
    "ten megabytes of text": (json.dumps(problem(words="x" * 10**7)).encode(), 413, "too_large"),
    "300 KB of text": (json.dumps(problem(words="x" * 300_000)).encode(), 413, "too_large"),
    "30 KB of text": (json.dumps(problem(words="x" * 30_000)).encode(), 422, "malformed"),
    "nothing": (b"", 422, "malformed"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code"), RAW.values(), ids=RAW.keys())
def test_a_bad_body_is_told_and_changes_nothing(
    body: bytes, status: int, code: str, served: Served
) -> None:
    agent, kind = served.person("an.qi").client, {"Content-Type": "application/json"}
    answer = served.unchanged_by(lambda: agent.post("/api/incidents", content=body, headers=kind))
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["detail"]
    assert told["hint"]


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "", "application/xml"])
def test_another_kind_of_body_is_refused(kind: str, served: Served) -> None:
    answer = served.person("an.qi").client.post(
        "/api/incidents", content=WHOLE, headers={"Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "content_type")


def test_a_body_without_a_length_is_counted(served: Served) -> None:
    def endless() -> Any:
        for _ in range(40):
            yield b" " * (JSON_LIMIT // 20)

    answer = served.person("an.qi").client.post(
        "/api/incidents", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


ADDRESSES = [
    ("GET", "/api/nothing", 404),
    ("GET", "/api/incidents/%00", 404),
    ("GET", "/api/incidents/%ED%A0%80", 404),
    ("GET", "/api/incidents/" + "x" * 3000, 404),
    ("GET", "/api/incidents/INC-2026-0001'--", 404),
    ("GET", "/api/incidents/..%2f..%2fetc", 404),
    ("GET", "/api/incidents?offset=-1", 422),
    ("GET", "/api/incidents?limit=1e9", 422),
    ("GET", "/api/incidents?closed=perhaps", 422),
    ("GET", "/api/incidents?closed=1", 200),
    ("GET", "/api/incidents/INC-2026-9999/ledger?after=" + "9" * 99, 422),
    ("GET", "/api/incidents/INC-2026-9999/ledger?after=9007199254740992", 404),
    ("GET", "/api/blobs/zz", 404),
    ("GET", "/api/blobs/" + "0" * 64, 404),
    ("PUT", "/api/incidents", 405),
    ("DELETE", "/api/incidents/INC-2026-0001", 405),
    ("POST", "/api/incidents/INC-2026-0001/halt/no_such_act", 404),
    ("POST", "/api/incidents/INC-2026-0001/halt/pass_time", 404),
    ("POST", "/api/incidents/INC-2026-0001/nowhere/order_halt", 404),
    ("GET", "/api/incidents/", 404),
]


@pytest.mark.parametrize(("method", "path", "status"), ADDRESSES)
def test_an_address_that_is_nothing(method: str, path: str, status: int, served: Served) -> None:
    answer = served.person("gao.yuan").client.request(method, path)
    assert answer.status_code == status, answer.text
    if status != 200:
        assert answer.json()["code"]
        assert answer.json()["hint"]


HEADERS = [
    {b"Idempotency-Key": b"\xff"},
    {b"Andon-Happened-At": b"\xe9\x80"},
    {b"Andon-On-Behalf-Of": b"\xff\xfe"},
    {b"Accept-Language": b"\xff;q=x,,;;,*;q=nan"},
    {b"If-None-Match": b'W/"\xff"'},
    {b"Cookie": b'andon=\xff; ;;=; a="b'},
    {b"Origin": b"null"},
    {b"Content-Length": b"0"},
    {b"X-Forwarded-For": b"' or 1=1"},
    {b"Accept": b"application/jsonl;;;;q=\xff"},
]  # fmt: skip


@pytest.mark.parametrize("headers", HEADERS, ids=lambda each: next(iter(each)).decode())
@pytest.mark.parametrize("path", ["/api/incidents", "/api/board", "/api/sessions/current"])
def test_no_header_makes_an_error_of_ours(
    headers: dict[bytes, bytes], path: str, served: Served
) -> None:
    asker = served.person("gao.yuan").client
    for method in ("GET", "POST"):
        answer = asker.request(method, path, headers=headers)
        assert answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    "authorization", ["Basic YTpi", "Bearer", "Bearer x", "Bearer andon_\u00ff"]
)
def test_credentials_that_are_none(authorization: str, served: Served) -> None:
    with served.visitor() as visitor:
        answer = visitor.get(
            "/api/incidents", headers={b"Authorization": authorization.encode("latin-1")}
        )
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


RAW_REQUESTS = {
    "no host": b"GET /health/live HTTP/1.0\r\n\r\n",
    "odd host": b"GET /api/incidents/ HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n",
    "length that is none": b"POST /api/incidents HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "binary": b"\x00\x01\x02\r\n\r\n",
    "endless header": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("request_bytes", RAW_REQUESTS.values(), ids=RAW_REQUESTS.keys())
def test_bytes_that_are_hardly_http(request_bytes: bytes, served: Served) -> None:
    said = b""
    line = socket.create_connection(("127.0.0.1", served.settings.port), timeout=10)
    with line, suppress(ConnectionError):  # it may hang up in the middle
        line.sendall(request_bytes)
        said = line.recv(4096)
    assert b" 500 " not in said.split(b"\r\n")[0]


def test_ten_megabytes_are_refused_before_they_are_read(served: Served) -> None:
    line = http.client.HTTPConnection("127.0.0.1", served.settings.port, timeout=10)
    line.putrequest("POST", "/api/incidents")
    line.putheader("Content-Type", "application/json")
    line.putheader("Content-Length", str(10**7))
    line.endheaders()  # not one byte of the body follows
    assert line.getresponse().status == 413
    line.close()


# ---------------------------------------------------------------- made by hypothesis


@given(text=st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_an_object_or_a_sentence(text: str) -> None:
    with suppress(AndonError):
        assert isinstance(parse_object(text), dict)
