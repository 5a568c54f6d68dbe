"""The auditor's ten questions as saved views: the answer first, then what it rests on.

What belongs here: the pages, and what may be chosen within a question. What never does: an answer
(services/questions), its words (question_said.py), or files (api/routes/questions.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import HTMLResponse, Response

from api.bodies import read_time
from api.pages.frame import Guest
from api.pages.incident import require, tabs
from api.pages.lens import Drawn
from api.pages.looking import View, look
from api.pages.question_said import said
from api.pages.question_tables import drawn_tables
from api.typed import instant_of, local_text
from domain.errors import Malformed
from services.questions import asking
from services.questions.asking import QUESTIONS, Answered
from services.questions.rows import Chosen

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

Name = Annotated[str, Query(max_length=120)]

WHERE: Final = {
    1: "report#times",
    2: "report#grade",
    3: "recall#scope",
    4: "recall#decision",
    5: "at",
    6: "notice#duties",
    7: "recall#consignees",
    8: "statement",
    9: "audit#departures",
    10: "audit#whole",
}
"""Where in the incident the ground of each answer lives, beside its saved view."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen within a question, as it was typed."""

    at: str = ""
    consignee: str = ""
    statement: str = ""
    version: int = 0
    language: str = ""
    sentence: str = ""

    def chosen(self, view: View | None = None) -> Chosen:
        """Read it. Raises Malformed for a moment that is none."""
        return Chosen(
            at=_moment(self.at, view),
            consignee=self.consignee,
            statement=self.statement,
            version=self.version,
            language=self.language,
            sentence=self.sentence.strip(),
        )


def asked(
    at: Annotated[str, Query(max_length=40)] = "",
    consignee: Name = "",
    statement: Annotated[str, Query(max_length=20)] = "",
    version: Annotated[int, Query(ge=0, le=10**6)] = 0,
    language: Annotated[str, Query(max_length=12)] = "",
    sentence: Annotated[str, Query(max_length=2000)] = "",
) -> Asked:
    """Take what may be chosen within a question."""
    return Asked(at, consignee, statement, version, language, sentence)


Choice = Annotated[Asked, Depends(asked)]


@router.get("/incidents/{incident}/audit/questions/{number}")
def question(
    guest: Guest, incident: str, number: Annotated[int, Path(ge=0, le=99)], choice: Choice
) -> Response:
    """Answer one of the ten questions about an incident. Raises NotFound."""
    view = require(look(guest, incident))
    fault, chosen = "", Chosen()
    try:
        chosen = choice.chosen(view)
    except Malformed as error:
        fault = view.lens.both(error)
    told = asking.answer(guest.house, guest.who.actor, view.row.id, number, chosen)
    base = f"/api/incidents/{view.row.id}/questions/{number}"
    query = guest.request.url.query if not fault else ""
    export = f"{base}?format=csv" + (f"&{query}" if query else "")
    return view.show(
        "question.html",
        number=number,
        question=view.lens.words.of("audit_question", str(number)),
        said=said(view.lens, told),
        tables=drawn_tables(view.lens, view.address, told.answer.tables, told.opened, export),
        choice=_form(view, told, choice, fault),
        export=export,
        json=f"{base}?{query}" if query else base,
        all_csv=f"/api/incidents/{view.row.id}/questions?format=zip",
        every=question_links(view, number),
        ground=_ground(view, number, told),
        tabs=tabs(view, "audit"),
    )


def question_links(view: View, current: int = 0) -> list[Drawn]:
    """Give the ten questions with the addresses of their saved views."""
    return [
        {
            "number": number,
            "text": view.lens.words.of("audit_question", str(number)),
            "href": f"{view.address}/audit/questions/{number}",
            "current": number == current,
        }
        for number in QUESTIONS
    ]


def _ground(view: View, number: int, told: Answered) -> str:
    """Give where in the incident an answer is looked at further."""
    if number == 5:
        return f"{view.address}/at?at={told.answer.facts['size'] or view.state.size}"
    return f"{view.address}/{WHERE[number]}"


def _moment(text: str, view: View | None) -> datetime | None:
    """Read a moment: an instant with its zone, or as a form sends it, by the reader's clock."""
    if not text:
        return None
    return read_time(instant_of(text, view.lens.zone) if view is not None else text, "at")


# ---------------------------------------------------------------- what may be chosen


def _form(view: View, told: Answered, choice: Asked, fault: str) -> Drawn | None:
    """Give the form of a question in which something is chosen."""
    number = told.answer.number
    if number == 5:
        at: datetime = told.answer.facts["at"]
        return {
            "kind": "at",
            "at": local_text(at, view.lens.zone),
            "fault": fault,
            "zone": view.lens.zone_name,
        }
    if number == 7:
        names = [str(one) for one in told.answer.table("consignees").column("consignee")]
        options = [
            {
                "value": one,
                "label": view.lens.named("consignee", one),
                "chosen": one == told.answer.facts["consignee"],
            }
            for one in names
        ]
        return {"kind": "consignee", "options": options}
    if number == 8:
        return {"kind": "text", **_texts(view, told, choice)}
    return None


def _texts(view: View, told: Answered, choice: Asked) -> Drawn:
    """Give the texts, versions and languages that may be chosen."""
    facts = told.answer.facts
    texts = told.answer.table("texts")
    languages = facts.get("languages", ())
    return {
        "texts": [
            {
                "value": one,
                "label": f"{one} · {_kind(view, kind)}",
                "chosen": one == facts.get("text"),
            }
            for one, kind in zip(texts.column("text"), texts.column("kind"), strict=True)
        ],
        "languages": [
            {"value": one, "label": view.lens.language(one), "chosen": one == choice.language}
            for one in languages
        ],
        "version": choice.version or "",
        "versions": facts.get("versions", 0),
        "sentence": choice.sentence,
    }


def _kind(view: View, kind: str) -> str:
    plan = view.lens.plan
    row = plan.statements.get(kind) if plan else None
    return view.lens.words.pick(row.title_en, row.title_zh) if row else kind
