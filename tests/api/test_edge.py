"""The last resort: what nobody expected is told without a word of the inside, and logged."""

import asyncio
import logging
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request

from api import errors
from api.edge import Edge, Figures
from domain.errors import BrokenSetup, LedgerConflict, NotConfirmed, Refused, TooMany

SECRET = "/srv/andon/keys and SELECT * FROM people"


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
    }

    @app.get("/api/{kind}")
    def fail(kind: str) -> None:
        raise raised[kind]

    @app.post("/api/echo")
    async def echo(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    errors.install(app)
    app.add_middleware(Edge, figures=Figures(), https=True)
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


def test_what_nobody_expected_stands_whole_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "andon.api"):
        ask("GET", "/api/unexpected")
    assert SECRET in caplog.text


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
