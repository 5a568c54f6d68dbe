"""The ledger of an incident: pages for readers, and the stored bytes for whoever verifies.

What belongs here: the two forms of the answer. What never does: changing a byte of an entry.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from api.access import Reader, TheHouse
from api.errors import Json
from api.openapi import problems
from domain.errors import Malformed
from services import ledgers, vaulting
from services.house import House
from services.ledgers import LedgerPage
from services.people import Signed
from services.read_log import Read

router = APIRouter(prefix="/api/incidents", tags=["ledger"])

JSON_LINES = "application/jsonl"


@router.get("/{incident}/ledger", responses=problems(401, 404, 422))
def ledger(  # noqa: PLR0913 - what the framework hands in
    *,
    request: Request,
    house: TheHouse,
    who: Reader,
    incident: str,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    opened: Annotated[
        bool, Query(alias="open", description="Add the private texts your roles may read.")
    ] = False,
) -> Response:
    """Give entries after a number; `Accept: application/jsonl` streams them as the bytes they are.

    Private texts stand in entries as references; `open=1` adds `texts`, by reference.
    """
    asked = Asked("incident", incident, opened=opened)
    if wants_bytes(request, asked):
        return stored_bytes(ledgers.stored_bytes(house, who.actor, incident, after))
    page = ledgers.page(house, who.actor, incident, after=after, limit=limit)
    return told_page(house, who, asked, page)


# ---------------------------------------------------------------- both kinds of stream


@dataclass(frozen=True)
class Asked:
    """Whose ledger is asked for: the word for the stream, its number, and whether with words."""

    word: str
    stream: str
    opened: bool


def wants_bytes(request: Request, asked: Asked) -> bool:
    """Say whether the stored bytes are asked for. Raises Malformed when with words."""
    wanted = JSON_LINES in request.headers.get("accept", "")
    if wanted and asked.opened:
        raise Malformed(
            "The stored bytes hold references, not words.",
            f"Leave out open=1, or do not ask for {JSON_LINES}.",
        )
    return wanted


def stored_bytes(lines: Iterator[bytes]) -> Response:
    """Stream the entries as the bytes they are, one a line."""
    return StreamingResponse(lines, media_type=JSON_LINES)


def told_page(house: House, who: Signed, asked: Asked, page: LedgerPage) -> Response:
    """Give a page of entries, with the private texts that the reader may open when asked for."""
    told: dict[str, Any] = {
        asked.word: asked.stream,
        "size": page.size,
        "root": page.root,
        "entries": page.entries,
        "next_after": page.next_after,
    }
    if asked.opened:
        read = Read(what="entries", incident=asked.stream, item=_numbers(page))
        told["texts"] = vaulting.open_texts(house, who.actor, page.texts, read)
    return Json(told)


def _numbers(page: LedgerPage) -> str:
    """Name the entries of a page, for the read log."""
    numbers = [entry["seq"] for entry in page.entries]
    return f"{numbers[0]}-{numbers[-1]}" if numbers else ""
