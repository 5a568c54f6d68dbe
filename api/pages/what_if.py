"""What if? Plain questions about what may happen, answered with the clocks of the law of then.

What belongs here: the page, its questions, and making supposed acts of the answers. What never
does: recording anything, or a rule: the form is read by GET, and the address is the whole of it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from api.pages.clocks_supposed import next_due, table
from api.pages.frame import Guest
from api.pages.incident import require, tabs
from api.pages.lens import Drawn
from api.pages.looking import View, look
from api.pages.unruled import unheard
from api.typed import instant_of
from domain.authorities import RecordAuthorityAct
from domain.cases import RegisterCase
from domain.errors import AndonError, Malformed
from domain.grading import AssessSeverity
from domain.product_class import ClassProduct
from domain.recall import DecideRecall, RecallDecided
from domain.recall_terms import Depth, RecallAction
from domain.regulation_terms import AuthorityActKind, ProductClass
from domain.severity import Evidence, Fault, Intent, Outcome
from domain.values import ProductId, PublicText
from domain.what_if import Step
from domain.wire import read_instant
from services.supposing import suppose, supposed_act

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

LONGEST: Final = 80
"""Characters of one answer in the address; nothing that can be chosen is longer."""

SUPPOSED: Final = PublicText("Only supposed.")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: the fields of its answer, and how an act is made of them."""

    title: str
    fields: tuple[str, ...]
    step: Callable[["Answers"], Step]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answers:
    """What was chosen, by field, and the incident that it is about."""

    view: View
    raw: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.raw.get(name, "")

    def at(self, name: str) -> datetime:
        """Give a time that was typed, now where nothing was. Raises Malformed."""
        typed, lens = self[name], self.view.lens
        if not typed:
            return self.view.visit.house.now()
        try:
            return read_instant(instant_of(typed, lens.zone))
        except (ValueError, OverflowError) as error:
            raise Malformed(
                f"The time {typed:.40} cannot be read.",
                "Write it such as 2026-11-22T14:00.",
            ) from error

    def one_of(self, kind: type[StrEnum], name: str) -> Any:
        """Give what was chosen of a closed list. Raises Malformed."""
        if self[name] not in set(kind):
            raise Malformed(
                f"{self[name]:.40} is none of the answers.", "Choose one that is offered."
            )
        return kind(self[name])

    def country(self, name: str) -> str:
        """Give a country that was chosen. Raises Malformed."""
        if self[name] not in self.view.lens.countries(()):
            raise Malformed(f"There is no country {self[name]:.40}.", "Choose one that is offered.")
        return self[name]

    def product(self, name: str) -> ProductId:
        """Give a product of the incident. Raises Malformed."""
        products = self.view.state.report.products
        if self[name] not in products:
            raise Malformed(
                f"{self[name]:.60} is no product of this incident.", "Choose one that is offered."
            )
        return ProductId(self[name])

    def step(self, command: Any, at: datetime, *events: Any) -> Step:
        """Give an act at a time."""
        view = self.view
        act = supposed_act(view.visit.house, view.actor, command, at)
        return Step(act=act, events=events)


# ---------------------------------------------------------------- acts of the answers


def _hurt(told: Answers) -> Step:
    known = told.at("known_at")
    command = RegisterCase(
        outcomes=(told.one_of(Outcome, "outcome"),),
        awareness_at=known,
        country=told.country("hurt_in"),
        product=told.product("hurt_by"),
    )
    return told.step(command, known)


def _answered(told: Answers) -> Step:
    kinds: dict[str, type[StrEnum]] = {
        "worst_outcome": Outcome,
        "fault": Fault,
        "evidence": Evidence,
        "intent": Intent,
    }
    changed = {name: told.one_of(kind, name) for name, kind in kinds.items() if told[name]}
    answers = replace(told.view.state.report.answers, **changed)
    return told.step(AssessSeverity(answers=answers), told.at("answered_at"))


def _recalled(told: Answers) -> Step:
    """Suppose the decision itself: what has to be on the record before it is supposed as well."""
    action, recall = told.one_of(RecallAction, "recall"), told.view.state.recall
    command = DecideRecall(action=action, depth=Depth.CONSUMER, reason=SUPPOSED, options=SUPPOSED)
    decided = RecallDecided(
        kind=str(action),
        depth=Depth.CONSUMER,
        scope_version=recall.scope.version if recall.scope else 0,
        reason=SUPPOSED,
        options=SUPPOSED,
        basis=(),
        dissent=PublicText(""),
        signers=(),
        before=recall.decision,
    )
    return told.step(command, told.at("recall_at"), *(() if recall.is_decided else (decided,)))


def _ordered(told: Answers) -> Step:
    received = told.at("received_at")
    command = RecordAuthorityAct(
        authority=SUPPOSED,
        market=told.country("authority_in"),
        kind=told.one_of(AuthorityActKind, "authority_act"),
        received_at=received,
        words=SUPPOSED,
    )
    return told.step(command, received)


def _classed(told: Answers) -> Step:
    command = ClassProduct(
        product=told.product("classed"),
        market=told.country("classed_in"),
        product_class=told.one_of(ProductClass, "product_class"),
        reason=SUPPOSED,
    )
    return told.step(command, told.at(""))


QUESTIONS: Final = (
    Question(
        title="A person is hurt",
        fields=("hurt_in", "outcome", "hurt_by", "known_at"),
        step=_hurt,
        needs=("hurt_in", "outcome", "hurt_by"),
    ),
    Question(
        title="The answers to the severity questions change",
        fields=("worst_outcome", "fault", "evidence", "intent", "answered_at"),
        step=_answered,
    ),
    Question(
        title="A recall is decided",
        fields=("recall", "recall_at"),
        step=_recalled,
        needs=("recall",),
    ),
    Question(
        title="An authority acts",
        fields=("authority_in", "authority_act", "received_at"),
        step=_ordered,
        needs=("authority_in", "authority_act"),
    ),
    Question(
        title="A product counts as something else in a market",
        fields=("classed", "classed_in", "product_class"),
        step=_classed,
        needs=("classed", "classed_in", "product_class"),
    ),
)
"""What may be supposed; a question without an answer supposes nothing."""

LOCAL_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
TIMES: Final = ("known_at", "answered_at", "recall_at", "received_at")


def steps_of(told: Answers) -> tuple[Step, ...]:
    """Make supposed acts of what was chosen, the earliest first. Raises Malformed."""
    found = [one.step(told) for one in QUESTIONS if _is_answered(told, one)]
    return tuple(sorted(found, key=lambda step: step.act.at))


def _is_answered(told: Answers, one: Question) -> bool:
    """Say whether a question has an answer, and insist that it is whole. Raises Malformed."""
    chosen = [name for name in one.fields if told[name] and name not in TIMES]
    missing = [name for name in one.needs if not told[name]]
    if chosen and missing:
        raise Malformed(
            "This question is answered in part only.", "Choose all of it, or nothing of it."
        )
    return bool(chosen)


# ---------------------------------------------------------------- the page


@router.get("/incidents/{incident}/notice/what-if")
def page(guest: Guest, incident: str) -> Response:
    """Show the questions, and what would follow from the answers; nothing is recorded."""
    view = require(look(guest, incident))
    asked = guest.request.query_params
    raw = {name: asked.get(name, "")[:LONGEST] for one in QUESTIONS for name in one.fields}
    told = Answers(view, raw)
    found, refused = _answer(told)
    return view.show(
        "what_if.html",
        status=422 if refused and not found else 200,
        questions=[_drawn(told, one) for one in QUESTIONS],
        action=f"{view.address}/notice/what-if",
        found=found,
        refused=refused,
        tabs=tabs(view, "notice"),
    )


def _answer(told: Answers) -> tuple[Drawn | None, str]:
    """Give now beside then, or in a sentence why it cannot be told; nothing where none is asked."""
    view = told.view
    try:
        steps = steps_of(told)
        if not steps:
            return None, ""
        supposed = suppose(view.state, steps)
    except AndonError as error:
        return None, view.lens.both(error)
    if supposed.refused is not None:
        return None, view.lens.both(supposed.refused)
    return {
        "unheard": unheard(replace(view, state=supposed.incident)),
        "table": table(view, supposed.changes),
        "now": next_due(view, view.state),
        "then": next_due(view, supposed.incident),
    }, ""


def _drawn(told: Answers, one: Question) -> Drawn:
    lens = told.view.lens
    return {
        "title": lens(one.title),
        "fields": [_field(told, name) for name in one.fields],
        "open": any(told[name] for name in one.fields),
    }


def _field(told: Answers, name: str) -> Drawn:
    lens = told.view.lens
    drawn: Drawn = {"name": name, "label": lens(LABELS[name]), "value": told[name]}
    if name in TIMES:
        # What is no time is shown as it was typed: a field for times would drop it.
        kind = "datetime" if not told[name] or LOCAL_TIME.fullmatch(told[name]) else "text"
        return {**drawn, "kind": kind, "zone": lens.zone_name}
    none = {"value": "", "label": lens("Not supposed")}
    return {**drawn, "kind": "select", "choices": [none, *_choices(told.view, name)]}


LABELS: Final = {
    "hurt_in": "In which country or region does the person live?",
    "outcome": "What happened to the person?",
    "hurt_by": "Which product?",
    "known_at": "When did our company learn of this person?",
    "worst_outcome": "What is the worst that happened?",
    "fault": "What is wrong with the product?",
    "evidence": "How do we know?",
    "intent": "Did somebody do it on purpose?",
    "answered_at": "When are they answered so?",
    "recall": "What is to be done?",
    "recall_at": "When is it decided?",
    "authority_in": "In which country or region?",
    "authority_act": "What did it do?",
    "received_at": "When did it reach us?",
    "classed": "Which product?",
    "classed_in": "In which country or region?",
    "product_class": "What is it there?",
}

_LISTS: Final[dict[str, type[StrEnum]]] = {
    "outcome": Outcome,
    "worst_outcome": Outcome,
    "fault": Fault,
    "evidence": Evidence,
    "intent": Intent,
    "recall": RecallAction,
    "authority_act": AuthorityActKind,
    "product_class": ProductClass,
}


def _choices(view: View, name: str) -> Iterable[Drawn]:
    lens = view.lens
    if name in _LISTS:
        return [{"value": str(one), "label": lens.word(one)} for one in _LISTS[name]]
    if name in ("hurt_by", "classed"):
        products = view.state.report.products
        return [{"value": str(one), "label": lens.named("product", one)} for one in products]
    ours = dict.fromkeys((*view.state.report.answers.markets, *view.state.recall.coverage.markets))
    return [{"value": code, "label": lens.market(code)} for code in lens.countries(ours)]
