"""The report of a duty for programs: as canonical JSON, and as PDF.

What belongs here: these two answers. What never does: filling it (services/packets.py). What a
person would fill in on the page is left open here: a program files its own document.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.access import Reader, TheHouse
from api.openapi import problems
from domain.canonical import sha256_hex
from domain.errors import Refused
from domain.packet_terms import Packet
from domain.packets import packet_bytes
from domain.regulation_terms import FilingKind
from services import packets, reading
from services.house import House
from services.packets import Asked
from services.people import Signed

router = APIRouter(prefix="/api/incidents/{incident}/notice/{duty}", tags=["incidents"])

Language = Annotated[
    list[str] | None,
    Query(max_length=2, description="Languages, the authority's first; its own if none."),
]
Form = Annotated[str, Query(max_length=60, description="Another form of this market.")]
Kind = Annotated[FilingKind | None, Query(description="Which report it is; the next one if none.")]


@router.get("/packet", operation_id="packet", responses=problems(401, 404, 409, 422))
def as_json(  # noqa: PLR0913 - what the framework hands in
    *,
    house: TheHouse,
    who: Reader,
    incident: str,
    duty: str,
    lang: Language = None,
    kind: Kind = None,
    form: Form = "",
) -> Response:
    """Give the report of a duty, with what it lacks; the ETag is the SHA-256 of these bytes."""
    content = packet_bytes(
        _made(house, who, incident, duty, Asked(form=form, kind=kind, languages=lang or ()))
    )
    return Response(
        content,
        media_type="application/json",
        headers={"ETag": f'"{sha256_hex(content)}"', "Cache-Control": "no-store"},
    )


@router.get("/packet.pdf", operation_id="packet_pdf", responses=problems(401, 404, 409, 422))
def as_pdf(  # noqa: PLR0913 - what the framework hands in
    *,
    house: TheHouse,
    who: Reader,
    incident: str,
    duty: str,
    lang: Language = None,
    kind: Kind = None,
    form: Form = "",
) -> Response:
    """Give the report of a duty as PDF; it names the hash of the same report as JSON."""
    made = _made(house, who, incident, duty, Asked(form=form, kind=kind, languages=lang or ()))
    content = packets.pdf(house, made)
    if content is None:
        raise packets.cannot_be_set()
    return Response(content, media_type="application/pdf", headers={"Cache-Control": "no-store"})


def _made(house: House, who: Signed, incident: str, duty: str, asked: Asked) -> Packet:
    state = reading.see(house, who.actor, incident).state
    if state is None:
        raise Refused(f"{incident} is received and being recorded.", "Ask again in a moment.")
    about = packets.duty_of(state, duty)
    packets.require_languages(packets.form_of(state, about, asked.form), asked.languages)
    return packets.prepare(house, who.actor, state, about, asked)
