"""The search for programs: entries of all incidents that the asker may see.

What belongs here: the route. What never does: finding (services/searching.py), or the page.
"""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.access import Reader, TheHouse
from api.errors import Json
from api.openapi import problems
from api.pages.frame import lens_of
from api.pages.lens import Lens
from api.pages.searching import question_of
from api.pages.telling import sentence_of
from domain.message import event_spec
from domain.wire import instant_text
from services import searching
from services.searching import Hit

router = APIRouter(prefix="/api/search", tags=["audit"])

Where = Literal["all", "product", "lot", "person", "rule", "decision", "text"]


class Wished(BaseModel):
    """What is searched, in which kind, of which incident, and where to go on."""

    q: str = Field("", max_length=1000, description="Words, or the beginning of a lot's number.")
    within: Where = Field("all", alias="in", description="Of what: all, or one of the kinds.")
    incident: str = Field("", max_length=40, description="One incident, by its number.")
    after: str = Field("", max_length=24, description="`next` of the page before.")


@router.get("", responses=problems(401, 422))
def search(
    request: Request, house: TheHouse, who: Reader, wished: Annotated[Wished, Query()]
) -> Response:
    """Give entries that fit, of incidents and after-sales cases that you may see.

    The newest ledger first, in each the newest entry first. `why` says in which kind an entry fits,
    `text` is what fits in it. Words fit by their beginnings, all of them in one entry; private
    texts are never searched. `next` is null on the last page; a page may be empty and go on.
    `behind` counts entries so new that they are in no index and were not looked through.
    """
    lens = lens_of(house, who, request)
    question = question_of(wished.q.strip(), wished.within, wished.incident, wished.after)
    found = searching.find(house, who.actor, question)
    return Json(
        {
            "q": wished.q,
            "in": wished.within,
            "hits": [_document(lens, one) for one in found.hits],
            "next": searching.place_of(found.next) or None,
            "behind": found.behind,
        }
    )


def _document(lens: Lens, hit: Hit) -> dict[str, Any]:
    entry = hit.entry
    spec = event_spec(entry.event)
    return {
        "incident": entry.incident,
        "seq": entry.seq,
        "stage": str(spec.stage),
        "type": spec.name,
        "recorded_at": instant_text(entry.recorded_at),
        "actor": entry.actor.on_behalf_of or entry.actor.id,
        "why": str(hit.why),
        "text": hit.text,
        "sentence": sentence_of(lens, entry.event),
    }
