"""The last resort: what nobody expected is told without a word of the inside, and logged."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request
from starlette.responses import StreamingResponse

from api import errors
from api.bodies import FORM_LIMIT, JSON, JSON_LIMIT
from api.edge import Edge, Figures
from api.pages.problems import problem_page
from domain.errors import BrokenSetup, LedgerConflict, NotConfirmed, Refused, TooMany
from services.sending import not_confirmed
from services.settings import Settings
from tests.api.browsing import read_page

SECRET = "/srv/andon/keys and SELECT * FROM people"
TOLD: list[str] = []
"""What the endless stream has sent, so that a test can see that it was left."""


def application() -> FastAPI:
    """Give an application whose routes fail in every way."""
    app = FastAPI(openapi_url=None)
    raised = {
        "unexpected": ValueError(SECRET),
        "conflict": LedgerConflict("Entry 7 exists with other bytes.", "Stop and look."),
        "broken": BrokenSetup("The blob is damaged.", "Restore it."),
        "refused": Refused("Not now.", "Later.", who_could=("legal",)),
        "away": NotConfirmed("Not yet.", "Again."),
        "many": TooMany("Too many.", "Wait."),
        "again": not_confirmed(),
    }

    @app.get("/api/{kind}")
    def fail(kind: str) -> None:
        raise raised[kind]

    @app.get("/pages/{kind}")
    @app.post("/pages/{kind}")
    def fail_as_a_page(kind: str) -> None:
        raise raised[kind]

    @app.post("/api/echo")
    @app.post("/pages/form/echo")
    async def echo(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    @app.get("/api/endless/stream")
    async def endless() -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            while True:
                TOLD.append("line")
                yield "data: 1\n\n"

        return StreamingResponse(lines(), media_type="text/event-stream")

    errors.install(app, page=problem_page)
    app.add_middleware(Edge, figures=Figures(), https=True, page=problem_page)
    return app


def ask(method: str, path: str, **more: Any) -> httpx2.Response:
    """Ask the application without a socket."""

    async def asked() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=application())
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, **more)

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("unexpected", 500, "unexpected"),
        ("conflict", 500, "ledger_conflict"),
        ("broken", 500, "broken_setup"),
        ("refused", 409, "refused"),
        ("away", 503, "not_confirmed"),
        ("many", 429, "too_many"),
    ],
)
def test_each_kind_of_failure_has_its_status(
    kind: str, status: int, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "andon.api"):
        answer = ask("GET", f"/api/{kind}")
    told = answer.json()
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert SECRET not in answer.text
    assert bool(caplog.records) == (status == 500)


def test_what_is_not_confirmed_says_when_and_how_to_send_it_again() -> None:
    answer = ask("GET", "/api/again")
    assert int(answer.headers["retry-after"]) > 0
    assert answer.json()["hint"].startswith("Nothing is lost")
    assert "counts once" in answer.json()["hint"]
    assert "the same Idempotency-Key" in answer.json()["hint"]


def test_what_nobody_expected_stands_whole_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "andon.api"):
        ask("GET", "/api/unexpected")
    assert SECRET in caplog.text


REFERENCE = re.compile(r"\b[0-9A-F]{4}-[0-9A-F]{4}\b")


@pytest.mark.parametrize("kind", ["unexpected", "conflict", "broken"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_person_is_told_of_a_failure_on_a_page_with_its_number(
    kind: str, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "andon.api"):
        answer = ask(method, f"/pages/{kind}", headers={"Accept-Language": "en"})
    page = read_page(answer)
    found = REFERENCE.search(page.text)
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/html")
    assert "Something went wrong on our side" in page.text
    assert found
    assert found.group() in caplog.text
    assert SECRET not in answer.text
    assert page.link("To the board") == "/"
    assert page.forbidden == []


def test_a_failure_about_an_incident_leads_back_to_it_in_the_readers_language() -> None:
    page = read_page(ask("GET", "/pages/unexpected?x=1", headers={"Accept-Language": "zh-CN"}))
    assert "我们这边出了问题" in page.text
    assert page.link("重试") == "/pages/unexpected?x=1"
    assert 'lang="zh-CN"' in page.html


def test_a_program_is_told_the_number_of_a_failure_too(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "andon.api"):
        told = ask("GET", "/api/unexpected").json()
    assert REFERENCE.fullmatch(told["reference"])
    assert told["reference"] in caplog.text


def test_who_could_is_told_beside_a_refusal() -> None:
    assert ask("GET", "/api/refused").json()["who_could"] == ["legal"]


def test_over_https_the_browser_is_told_to_stay_there() -> None:
    assert "max-age" in ask("GET", "/api/refused").headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("length", "status"), [("5", 200), ("-1", 422), ("many", 422), ("9" * 30, 413), ("٣", 422)]
)
def test_the_announced_length_is_looked_at_first(length: str, status: int) -> None:
    headers = {b"content-length": length.encode("utf-8")}
    assert ask("POST", "/api/echo", content=b"12345", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("path", "limit", "words"),
    [
        (
            "/api/echo",
            JSON_LIMIT,
            ("One request holds at most 1 MB", "one act holds at most 256 KB"),
        ),
        ("/pages/form/echo", FORM_LIMIT, ("One form holds at most 16 MB", "15 MB")),
    ],
    ids=["a program", "a form"],
)
def test_what_is_too_large_is_told_which_limit_it_met(
    path: str, limit: int, words: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []

    def noted(_request: Request, problem: dict[str, Any]) -> Any:
        told.append(problem)
        return errors.answer(problem)

    monkeypatch.setattr("tests.api.test_edge.problem_page", noted)
    answer = ask("POST", path, headers={b"content-length": str(limit + 1).encode()})
    assert answer.status_code == 413
    said = f"{answer.json()['detail']} {answer.json()['hint']}"
    assert all(part in said for part in words)
    assert bool(told) == path.startswith("/pages")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/refused", 409), ("/api/nothing/at/all", 404), ("/api/unexpected", 500)],
)
def test_head_is_answered_as_get_is_without_the_body(path: str, status: int) -> None:
    head, get = ask("HEAD", path), ask("GET", path)
    assert (head.status_code, get.status_code) == (status, status)
    assert head.content == b""
    assert get.content
    assert head.headers["content-type"] == get.headers["content-type"]


def test_head_of_a_stream_ends() -> None:
    TOLD.clear()
    answer = ask("HEAD", "/api/endless/stream")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.content == b""
    assert len(TOLD) < 10


def test_a_body_that_does_not_arrive_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.edge.JSON", replace(JSON, within_s=0.05))

    async def half() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=application(), raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post("/api/echo", content=half())

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.json()["code"]) == (408, "too_slow")
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    ("public", "host", "status"),
    [
        (None, "localhost:8000", 200),
        (None, "127.0.0.1:8000", 200),
        (None, "[::1]:8000", 200),
        (None, "evil.example", 421),
        ("https://andon.example.com", "ANDON.example.com", 200),
        ("https://andon.example.com", "evil.example:443", 421),
    ],
)
def test_a_name_that_is_not_ours_is_not_answered(
    public: str | None, host: str, status: int
) -> None:
    app = FastAPI(openapi_url=None)

    @app.get("/api/there")
    def there() -> str:
        return "there"

    hosts = Settings(public_url=public).hosts
    app.add_middleware(Edge, figures=Figures(), https=False, hosts=hosts)

    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/api/there", headers={"Host": host})

    assert asyncio.run(ask()).status_code == status
