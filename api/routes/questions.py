"""The auditor's ten questions for programs and spreadsheets: JSON, CSV, an archive of all.

What belongs here: the routes. What never does: an answer (services/questions), or a page.
"""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.access import Reader, TheHouse
from api.errors import Json
from api.openapi import problems
from api.pages.frame import Visit, lens_of
from api.pages.incident import require
from api.pages.lens import Lens
from api.pages.looking import look
from api.pages.question_files import csv_of_answer, csv_of_table, zip_of_answers
from api.pages.question_said import said
from api.pages.questions import Asked, asked
from api.tabular import CSV, ZIP
from services.house import House
from services.people import Signed
from services.questions import asking
from services.questions.rows import Table

router = APIRouter(prefix="/api/incidents", tags=["audit"])

AsTable = Annotated[
    Literal["json", "csv"], Query(alias="format", description="JSON for programs, or CSV.")
]
OneTable = Annotated[
    str, Query(max_length=40, description="Of a CSV: one table of the answer by its key; else all.")
]
AT_MOST: Final = 99


@router.get("/{incident}/questions", responses=problems(401, 404, 422))
def all_questions(
    *,
    request: Request,
    house: TheHouse,
    who: Reader,
    incident: str,
    form: Annotated[
        Literal["json", "zip"],
        Query(alias="format", description="One JSON document, or an archive of CSV files."),
    ] = "json",
) -> Response:
    """Answer all ten of the auditor's questions about an incident at once."""
    lens = _lens(request, house, who, incident)
    every = asking.answers(house, who.actor, incident)
    if form == "zip":
        return _file(zip_of_answers(lens, incident, every), ZIP, f"{incident}-questions.zip")
    told = [
        {
            "text": lens.words.of("audit_question", str(one.answer.number)),
            "said": said(lens, one),
            **one.document(),
        }
        for one in every
    ]
    return Json({"incident": incident, "questions": told})


@router.get("/{incident}/questions/{number}", responses=problems(401, 404, 422))
def one_question(  # noqa: PLR0913 - what the framework hands in
    *,
    request: Request,
    house: TheHouse,
    who: Reader,
    incident: str,
    number: Annotated[int, Path(ge=0, le=AT_MOST)],
    choice: Annotated[Asked, Depends(asked)],
    form: AsTable = "json",
    table: OneTable = "",
) -> Response:
    """Answer one of the auditor's ten questions: `said` in words, `answer` as facts, its tables.

    Question 5 takes `at` (an instant), question 7 `consignee`, question 8 `statement`, `version`,
    `language` and `sentence`. Each row names the `entries` it rests on.
    """
    view = require(look(Visit(request, house, who, lens_of(house, who, request)), incident))
    told = asking.answer(house, who.actor, incident, number, choice.chosen(view))
    lens = view.lens
    if form == "csv":
        name = f"{incident}-question-{number}" + (f"-{table}" if table else "")
        return _file(csv_of_answer(lens, incident, told, table), CSV, f"{name}.csv")
    words = lens.words.of("audit_question", str(number))
    return Json({"incident": incident, "text": words, "said": said(lens, told), **told.document()})


@router.get("/{incident}/departures", responses=problems(401, 404, 422))
def departures(
    *, request: Request, house: TheHouse, who: Reader, incident: str, form: AsTable = "json"
) -> Response:
    """List every departure from the plan: late, overridden, by silence, entered late, refused.

    Each with the reason that was given and the rule it departed from.
    """
    found = asking.departed(house, who.actor, incident)
    return _table(_lens(request, house, who, incident), incident, found, form)


@router.get("/{incident}/privilege-log", responses=problems(401, 404, 422))
def privilege_log(
    *, request: Request, house: TheHouse, who: Reader, incident: str, form: AsTable = "json"
) -> Response:
    """List what is under privilege: number, date, author, kind, who may open it; never a word."""
    found = asking.privileged(house, who.actor, incident)
    return _table(_lens(request, house, who, incident), incident, found, form)


def _table(lens: Lens, incident: str, found: Table, form: str) -> Response:
    if form == "csv":
        return _file(csv_of_table(lens, found, {}), CSV, f"{incident}-{found.key}.csv")
    return Json({"incident": incident, **asking.shown(found)})


def _lens(request: Request, house: House, who: Signed, incident: str) -> Lens:
    """Give the reader's lens with the incident's rules. Raises NotFound."""
    return require(look(Visit(request, house, who, lens_of(house, who, request)), incident)).lens


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)
