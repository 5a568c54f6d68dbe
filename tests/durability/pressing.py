"""One press of one person, over HTTP, and what they were told.

What belongs here: an act's request and its answer. What never does: pressing again (home.py), what
is pressed (story.py), whether it came out right (agreement.py).
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx2

from domain.message import CASE_COMMANDS, COMMANDS
from domain.people import Actor
from domain.values import is_case

SOON_S = 12.0
"""A press without an answer is pressed again after this long: services give up after 8 s."""

EVIDENCE = "keep_evidence"
REPORT = "report_problem"
OPEN_CASE = "open_case"
OPENINGS = {REPORT: "/api/incidents", OPEN_CASE: "/api/cases"}
AGAIN = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Pressed:
    """One act as the person saw it: how often it was pressed, and the answer."""

    key: str
    command: str
    stream: str
    presses: int
    status: int
    told: dict[str, Any]
    took_s: float

    @property
    def is_done(self) -> bool:
        """Say whether it was done."""
        return 200 <= self.status < 300


@dataclass
class Desk:
    """Where people press: an address that may not answer, and their tokens."""

    url: str
    tokens: dict[str, str]
    client: httpx2.AsyncClient = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Open a client that trusts no surroundings."""
        self.client = httpx2.AsyncClient(base_url=self.url, timeout=SOON_S, trust_env=False)

    @property
    def port(self) -> int:
        """Give the port of the address."""
        return int(self.url.rpartition(":")[2])

    async def press(
        self, who: Actor, command: str, body: dict[str, Any], *, key: str, stream: str
    ) -> tuple[int, dict[str, Any]] | None:
        """Press once; None when nobody answered, or asked to press again."""
        headers = {"authorization": f"Bearer {self.tokens[who.id]}", "idempotency-key": key}
        path, content = _request(command, body, stream)
        try:
            answer = await self.client.post(path, headers=headers, **content)
        except httpx2.HTTPError:
            return None
        return None if answer.status_code in AGAIN else (answer.status_code, answer.json())


def _request(command: str, body: dict[str, Any], stream: str) -> tuple[str, dict[str, Any]]:
    if command == EVIDENCE:
        return f"/api/blobs?name={quote(body['name'])}", {"content": body["content"].encode()}
    if command in OPENINGS:
        return OPENINGS[command], {"json": body}
    of_case = is_case(stream)
    spec = (CASE_COMMANDS if of_case else COMMANDS)[command]
    rest = {name: value for name, value in body.items() if name != spec.item}
    item = f"/{quote(str(body[spec.item]), safe='')}" if spec.item else ""
    place = f"/api/cases/{stream}" if of_case else f"/api/incidents/{stream}/{spec.stage}"
    return f"{place}{item}/{command}", {"json": rest}
