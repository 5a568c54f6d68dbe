"""What people do in a measurement: report, decide, and wait until all is quiet.

What belongs here: calls through the HTTP API with their times, and looks at the ledger. What never
does: a figure.
"""

import asyncio
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from bench.installation import Installation
from domain.people import Role
from storage import incidents

CRITICAL = {"worst_outcome": "life_threatening", "people": 1, "whereabouts": "consumers"}
"""The plan itself stops H1 to H3 on this."""

GENERAL = {"worst_outcome": "mild", "people": 1, "whereabouts": "consumers"}
"""The plan stops nothing before somebody accepts the report."""

WORDS = "My face swelled up an hour after I used it; the doctor asked for the lot number. " * 4
QUIET_S = 0.15
LOOK_S = 0.05
PATIENCE_S = 120.0
PRESSES = 10

State = dict[str, Any]


@dataclass(frozen=True)
class Reported:
    """A report that was taken: its number, when it was sent and when the answer came."""

    id: str
    sent: float
    answered: float


async def report(place: Installation, answers: dict[str, Any]) -> Reported:
    """Report a problem with one product and lot through the API."""
    lot = place.company.lots[0]
    body = {
        "first_known_at": datetime.now(UTC).isoformat(),
        "first_known_country": "CN",
        "products": [lot.product],
        "lots": [lot.id],
        "words": WORDS,
        "first_known_by": "Somebody at the counter",
        "answers": answers,
    }
    sent = time.perf_counter()
    answer = await place.api.post(
        "/api/incidents", json=body, headers=place.as_(Role.SERVICE_AGENT) | _key()
    )
    answered = time.perf_counter()
    answer.raise_for_status()
    return Reported(answer.json()["id"], sent, answered)


async def act(place: Installation, role: Role, incident: str, path: str, **body: Any) -> float:
    """Do one act (`report/accept_report`) as somebody who holds a role; give what it took.

    Who is told "not confirmed yet" presses again with the same key, as people do: that takes time.
    """
    sent, headers = time.perf_counter(), place.as_(role) | _key()
    answer = await place.api.post(f"/api/incidents/{incident}/{path}", json=body, headers=headers)
    for _ in range(PRESSES):
        if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            break
        answer = await place.api.post(
            f"/api/incidents/{incident}/{path}", json=body, headers=headers
        )
    took = time.perf_counter() - sent
    if answer.is_error:
        raise RuntimeError(f"{path} was refused: {answer.text}")
    return took


def _key() -> dict[str, str]:
    return {"idempotency-key": uuid.uuid4().hex}


def state_of(place: Installation, incident: str) -> State | None:
    """Give the recorded state as JSON values; None while the report is being recorded."""
    stored = incidents.load_state(place.house.engine, incident)
    return None if stored is None else json.loads(stored.state)


async def until(
    place: Installation, incident: str, there: Callable[[State], bool], look_s: float = LOOK_S
) -> State:
    """Wait until the recorded state is as asked; the database is asked every `look_s` seconds."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            state = state_of(place, incident)
            if state is not None and there(state):
                return state
            await asyncio.sleep(look_s)


async def quiet(place: Installation, incident: str) -> State:
    """Wait until every order was answered, all is recorded, and nothing moved for a moment."""
    size = 0
    while True:
        state = await until(place, incident, every_order_answered)
        if state["size"] == size:
            return state
        size = state["size"]
        await asyncio.sleep(QUIET_S)


def every_order_answered(state: State) -> bool:
    """Say whether no channel is left that was only ordered."""
    return all(halt["state"] != "ordered" for halt in state["halt"]["channels"].values())
