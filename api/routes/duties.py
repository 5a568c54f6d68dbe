"""What is owed to authorities in all incidents, as JSON.

What belongs here: the list; its page is api/pages/duty_list.py. What never does: what stands open,
or the duties of one incident with their steps (its state has them).
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.access import Reader, TheHouse
from api.errors import Json
from api.openapi import problems
from api.pages.duty_asked import ALL, DAY_PATTERN, OVERDUE, OWN, Asked
from api.pages.duty_list import document
from api.pages.frame import lens_of

router = APIRouter(prefix="/api/duties", tags=["incidents"])


class Wished(BaseModel):
    """Which duties are asked for, and how many at a time."""

    mine: bool = Field(False, description="Only what the asker's roles and markets are asked for.")
    market: str = Field(
        ALL, max_length=5, description="A market or a country of it, by its code: EU, ASEAN, DE."
    )
    incident: str = Field(ALL, max_length=40, description="One incident, by its number.")
    overdue: bool = Field(
        False,
        description="Only what is past a due time that is more than the company's own target.",
    )
    day: str = Field(
        "",
        pattern=DAY_PATTERN,
        description="Only what is due on this day (2026-12-31): the authority's own day where the "
        "limit ends with one, else by the company's clock.",
    )
    limit: int = Field(200, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)

    @property
    def asked(self) -> Asked:
        """Give the filters as the page has them."""
        return Asked(
            mine=OWN if self.mine else ALL,
            market=self.market,
            incident=self.incident,
            time=OVERDUE if self.overdue else ALL,
            day=self.day,
        )


@router.get("", responses=problems(401, 422))
def duties(
    request: Request, house: TheHouse, who: Reader, wished: Annotated[Wished, Query()]
) -> Response:
    """Give open duties and acts of authorities without an answer, as an incident has them.

    Real incidents before exercises, then by `tier`: 0 what must be reported or answered, and what
    may have to be by a limit that runs; 1 what is only asked for; 2 what may be reportable without
    a limit of its own, and rules that nobody verified. In each what is due next, then by incident
    and number. `count` is of all that were asked for, `overdue` of what is late by more than our
    own target, `own_target_passed` of duties that have no fixed limit and whose own target has
    passed: our earlier targets before a limit are not counted. `next_offset` is null on the last
    page.
    """
    lens = lens_of(house, who, request)
    found = wished.asked.find(house, who.actor, lens, limit=wished.limit, offset=wished.offset)
    counted, after = found.counted, wished.offset + len(found.rows)
    return Json(
        {
            "count": counted.all,
            "overdue": counted.late,
            "own_target_passed": counted.passed,
            "exercises": counted.exercises,
            "next_offset": after if found.rows and after < counted.all else None,
            "duties": [document(one, house.now()) for one in found.rows],
        }
    )
