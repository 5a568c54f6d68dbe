"""Signing in over HTTP: cookies, forged requests, bearer tokens, too many guesses."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.responses import Response

from api.access import set_session
from domain.people import Actor, Role
from services import people
from services.house import House
from services.people import Signed
from services.settings import Settings
from tests.api.serving import Served
from tests.api.test_incidents import problem

pytestmark = pytest.mark.xdist_group("api")


def test_the_answer_says_who_and_the_cookie_is_for_no_script(served: Served) -> None:
    with served.visitor() as visitor:
        answer = visitor.post(
            "/api/sessions", json={"name": "an.qi", "password": served.passwords["an.qi"]}
        )
        told = visitor.get("/api/sessions/current").json()
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 201
    assert (told["id"], told["roles"]) == ("an.qi", ["service_agent"])
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Secure" not in cookie
    assert served.passwords["an.qi"] not in answer.text


def test_over_https_the_cookie_is_for_this_host_and_https_alone() -> None:
    settings, response = Settings(public_url="https://andon.example.com"), Response()
    now = datetime.now(UTC)
    signed = Signed(
        id="x", name_en="", name_zh="", language="en", actor=Actor(id="x", roles=(Role.STAFF,))
    )
    set_session(response, settings, people.Opened(secret="s", signed=signed, expires_at=now))
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-andon=s;")
    assert "Secure" in cookie
    assert "Path=/;" in cookie + ";"


def test_a_mail_address_is_a_name_too(served: Served) -> None:
    with served.visitor() as visitor:
        answer = visitor.post(
            "/api/sessions",
            json={"name": "An.Qi@example.com", "password": served.passwords["an.qi"]},
        )
    assert answer.status_code == 201


def test_unknown_people_and_wrong_passwords_are_answered_alike(served: Served) -> None:
    with served.visitor() as visitor:
        wrong = visitor.post("/api/sessions", json={"name": "mei.lin", "password": "guess"})
        unknown = visitor.post("/api/sessions", json={"name": "mei.lan", "password": "guess"})
        odd = visitor.post(
            "/api/sessions",
            content=rb'{"name": "a\u0000b", "password": "\ud800"}',
            headers={"Content-Type": "application/json"},
        )
    assert (wrong.status_code, wrong.text) == (401, unknown.text)
    assert odd.status_code == 401
    assert "set-cookie" not in wrong.headers


@pytest.mark.parametrize(
    "body",
    [{}, {"name": "an.qi"}, {"name": 1, "password": 2}, {"name": "a", "password": "b", "c": 1}],
)
def test_a_sign_in_that_cannot_be_read(body: dict[str, object], served: Served) -> None:
    with served.visitor() as visitor:
        answer = visitor.post("/api/sessions", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_too_many_guesses_are_told_to_wait(served: Served) -> None:
    with served.visitor() as visitor:
        answers = [
            visitor.post("/api/sessions", json={"name": "lei.gang", "password": f"guess {n}"})
            for n in range(people.GUESSES_PER_NAME + 1)
        ]
        right = visitor.post(
            "/api/sessions", json={"name": "lei.gang", "password": served.passwords["lei.gang"]}
        )
    assert {answer.status_code for answer in answers[:-1]} == {401}
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "too_many")
    assert int(answers[-1].headers["retry-after"]) > 0
    assert right.status_code == 429


def test_who_says_that_they_come_from_elsewhere_is_not_believed(served: Served) -> None:
    with served.visitor() as visitor:
        answers = [
            visitor.post(
                "/api/sessions",
                json={"name": "he.miao", "password": f"guess {n}"},
                headers={"X-Forwarded-For": f"10.0.0.{n}"},
            )
            for n in range(people.GUESSES_PER_NAME + 1)
        ]
    assert answers[-1].status_code == 429


def test_a_session_that_was_ended_is_no_session(served: Served) -> None:
    with served.visitor() as visitor:
        visitor.headers["Origin"] = served.url
        visitor.post(
            "/api/sessions", json={"name": "du.juan", "password": served.passwords["du.juan"]}
        )
        cookies = dict(visitor.cookies)
        assert visitor.delete("/api/sessions/current").status_code == 204
    with served.visitor() as thief:
        thief.cookies.update(cookies)
        assert thief.get("/api/sessions/current").status_code == 401


ORIGINS = {
    "our own page": ({"Origin": "{url}"}, 201),
    "another site": ({"Origin": "https://evil.example.com"}, 403),
    "a page without origin": ({"Origin": "null"}, 403),
    "the same host on another port": ({"Origin": "http://127.0.0.1:1"}, 403),
    "the browser says same origin": ({"Sec-Fetch-Site": "same-origin"}, 201),
    "the browser says cross site": ({"Sec-Fetch-Site": "cross-site"}, 403),
    "a client with the session's token": ({"X-CSRF-Token": "{csrf}"}, 201),
    "a client with another token": ({"X-CSRF-Token": "x"}, 403),
    "nothing at all": ({}, 403),
}


@pytest.mark.parametrize(("headers", "status"), ORIGINS.values(), ids=ORIGINS.keys())
def test_a_cookie_alone_changes_nothing(
    headers: dict[str, str], status: int, served: Served
) -> None:
    asker = served.person("an.qi")
    sent = {name: value.format(url=served.url, csrf=asker.csrf) for name, value in headers.items()}
    with served.visitor() as browser:
        browser.cookies.update(asker.client.cookies)
        answer = browser.post("/api/incidents", json=problem(), headers=sent)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "forged"


def test_a_token_needs_neither_cookie_nor_origin(served: Served) -> None:
    house = _house(served)
    token = people.issue_token(house, "an.qi", "the hotline's program", timedelta(hours=1))
    spent = people.issue_token(house, "an.qi", "an old program", timedelta(seconds=-1))
    with served.visitor() as program:
        good = {"Authorization": f"Bearer {token}"}
        assert program.post("/api/incidents", json=problem(), headers=good).status_code == 201
        told = program.get("/api/sessions/current", headers=good).json()
        bad = program.get("/api/incidents", headers={"Authorization": f"Bearer {spent}"})
    assert (told["id"], told["csrf"]) == ("an.qi", "")
    assert bad.status_code == 401
    assert bad.headers["www-authenticate"].startswith("Bearer")


def _house(served: Served) -> House:
    assert served.app is not None
    house: House = served.app.state.house
    return house


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/incidents"),
        ("POST", "/api/incidents"),
        ("GET", "/api/board"),
        ("GET", "/api/board/stream"),
        ("GET", "/api/incidents/INC-2026-0001"),
        ("GET", "/api/incidents/INC-2026-0001/ledger"),
        ("POST", "/api/incidents/INC-2026-0001/report/accept_report"),
        ("POST", "/api/blobs"),
        ("GET", "/api/sessions/current"),
    ],
)
def test_a_visitor_is_asked_to_sign_in(method: str, path: str, served: Served) -> None:
    with served.visitor() as visitor:
        answer = visitor.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_every_answer_carries_the_headers_that_keep_it_safe(served: Served) -> None:
    paths = ("/api/board", "/api/nothing", "/health/live", "/api/openapi.json")
    for path in paths:
        headers = served.person("gao.yuan").get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
