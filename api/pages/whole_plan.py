"""A version of the plan as a page: every table, with where each line comes from.

What belongs here: telling a plan's rows to a reader. What never does: what an incident makes of
them (api/pages/plan.py), or a rule. Citations stand as the company wrote them.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse, Response

from api.pages import blocks
from api.pages.adopted_words import adopted_in_text, in_use_since
from api.pages.frame import Guest
from api.pages.lens import Drawn, Lens
from api.plan_words import TABLES
from api.word_lists import STAGE
from domain.clock import Limit
from domain.in_words import without_brackets
from domain.plan import Plan
from domain.plan_rows import LevelRule, Slot, StatementKindPlan, StatementTiming, StepTime, ToldWhen
from domain.plan_terms import Applies, Silence
from domain.severity import Attention, Grade
from domain.stages import Stage
from services import adoptions
from services.house import House

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

GRAVEST_FIRST: Final = tuple(reversed(Grade))


@router.get("/plan")
def plan(guest: Guest, rules: Annotated[str, Query(max_length=64)] = "") -> Response:
    """Show the plan of new incidents, or a version that is kept under its hash."""
    found = guest.house.rules(rules) if rules else guest.house.current_rules()
    lens, shown = guest.lens, found.plan
    about = [
        lens("Version %(version)s", version=shown.version),
        adopted_in_text(lens, shown.adopted_on, shown.adopted_by),
        in_use_since(lens, *_in_use(guest.house, found.hash)),
        lens("to be reviewed by %(day)s", day=lens.day(shown.review_on)),
        lens("working days of %(calendar)s", calendar=lens.place(shown.calendar)),
    ]  # fmt: skip
    return guest.show(
        "plan.html",
        title=lens.words.pick(shown.title_en, shown.title_zh),
        about=" · ".join(about),
        blocks=[draw(lens, shown) for draw in _TABLES],
    )


# ---------------------------------------------------------------- small things


def _in_use(house: House, rules: str) -> tuple[datetime | None, str]:
    """Give when rules came into use here, and by whom, as the company's log has it."""
    line = adoptions.of_rules(house, rules)
    return (line.at, str(line.body.get("by", ""))) if line else (None, "")


def _both(lens: Lens, row: Any, name: str = "title") -> str:
    return str(lens.words.pick(getattr(row, f"{name}_en"), getattr(row, f"{name}_zh")))


def _source(lens: Lens, row: Any) -> Drawn:
    return {"text": lens.word(row.basis), "sub": row.citation}


def _limits(lens: Lens, within: Mapping[str, Limit], before: str = "") -> list[str]:
    """Give a time for each grade, the gravest first; a dash where the plan sets none."""
    told = [lens.limit(within[grade]) if grade in within else "–" for grade in GRAVEST_FIRST]
    return [f"{before} {text}".strip() if text != "–" else text for text in told]


def _limit(lens: Lens, limit: Limit | None) -> str:
    return "–" if limit is None else lens.limit(limit)


def _words(lens: Lens, members: Iterable[Any]) -> str:
    return lens.listed(lens.word(member) for member in members) or "–"


def _roles(lens: Lens, roles: Iterable[str]) -> str:
    return lens.roles(map(str, roles)) or "–"


def _grades(lens: Lens) -> list[str]:
    return [lens.word(grade) for grade in GRAVEST_FIRST]


def _slots(lens: Lens, slots: Iterable[Slot]) -> str:
    return lens.listed(_slot(lens, slot) for slot in slots) or "–"


def _slot(lens: Lens, slot: Slot) -> str:
    """Name a signature; by which roles and how often only where its label does not say it."""
    label, roles = _both(lens, slot, "label"), _roles(lens, slot.roles)
    often = "" if slot.applies is Applies.ONCE else lens.word(slot.applies)
    about = _several(lens, ["" if roles == label else roles, often])
    return (
        lens("%(label)s (%(about)s)", label=label, about=without_brackets(about))
        if about
        else label
    )


def _several(lens: Lens, parts: Iterable[str]) -> str:
    """Join what has commas of its own."""
    return ("；" if lens.words.is_chinese else "; ").join(part for part in parts if part)


def _of(lens: Lens, name: str, text: str) -> str:
    return lens("%(name)s: %(text)s", name=name, text=text)


def _table(lens: Lens, name: str, columns: Iterable[str], rows: Iterable[Any]) -> Drawn:
    return blocks.table(lens(TABLES[name]), columns, list(rows), id=name)


# ---------------------------------------------------------------- the tables


def _of_roles(lens: Lens, plan: Plan) -> Drawn:
    rows = (
        [
            _both(lens, row),
            _both(lens, row, "duty"),
            lens("needed") if row.deputy_needed else "–",
            _source(lens, row),
        ]
        for row in plan.roles.values()
    )
    return _table(lens, "roles", lens.each("Role", "What the role is for", "Deputy", "Basis"), rows)


def _of_grades(lens: Lens, plan: Plan) -> Drawn:
    columns = lens.each(
        "Grade",
        "Stages",
        "Halt",
        "Team",
        "Meetings and reports",
        "Texts",
        "Depth of the review",
        "Basis",
    )
    return _table(lens, "grades", columns, (_grade(lens, plan, grade) for grade in GRAVEST_FIRST))


def _grade(lens: Lens, plan: Plan, grade: Grade) -> list[Any]:
    row = plan.grades[grade]
    stages = (
        _of(lens, lens(STAGE[stage]), lens.word(row.stages[stage]))
        for stage in Stage
        if stage in row.stages
    )
    halts = lens(
        "report: %(report)s; acceptance: %(acceptance)s; by decision: %(decision)s, in %(limit)s",
        report=row.halt_on_report, acceptance=row.halt_on_acceptance,
        decision=row.halt_by_decision, limit=_limit(lens, row.halt_decision_within),
    )  # fmt: skip
    rhythm = lens(
        "first within %(first)s, then every %(every)s; situation report every %(report)s",
        first=_limit(lens, row.first_meeting_within), every=_limit(lens, row.meeting_every),
        report=_limit(lens, row.situation_report_every),
    )  # fmt: skip
    share = row.internal_target
    target = f"{share.part}/{share.of}" if share else "–"
    depth = lens(
        "%(depth)s; own share of a legal limit %(share)s; reminders at night %(night)s",
        depth=lens.word(row.review), share=target,
        night=lens("wait") if row.quiet_hours else lens("come"),
    )  # fmt: skip
    texts = lens.listed(_both(lens, plan.statement(kind)) for kind in row.statements) or "–"
    return [_both(lens, row), _several(lens, stages), halts, _roles(lens, row.team), rhythm, texts,
            depth, _source(lens, row)]  # fmt: skip


def _of_attention(lens: Lens, plan: Plan) -> Drawn:
    rows = (
        [
            _both(lens, row),
            lens.listed(_both(lens, plan.statement(kind)) for kind in row.statements) or "–",
        ]
        for row in (plan.attention[one] for one in Attention)
    )
    return _table(lens, "attention", lens.each("Public attention", "Texts"), rows)


def _of_halt(lens: Lens, plan: Plan) -> Drawn:
    columns = lens.each("Level", "What stops", "Who decides", "Before acceptance", "Second person",
                        "Reason", "Basis")  # fmt: skip
    rows = (_level(lens, plan, name, row) for name, row in plan.halt.items())
    return _table(lens, "halt", columns, rows)


def _level(lens: Lens, plan: Plan, name: str, row: LevelRule) -> list[Any]:
    stops = {
        "text": _both(lens, row, "stops"),
        "sub": _several(
            lens,
            [
                lens.listed([*map(lens.word, row.channels), *map(str, row.includes)]),
                _both(lens, row, "felt_by"),
            ],
        ),
    }
    before = [
        _of(lens, lens.word(grade), lens.word(row.before_confirmation[grade]))
        for grade in GRAVEST_FIRST
        if grade in row.before_confirmation
    ]
    enough = [*map(lens.word, row.evidence_enough), *map(lens.word, row.faults_enough)]
    texts = (_both(lens, plan.statement(kind)) for kind in row.texts_ready)
    second: Drawn = {"text": _roles(lens, row.second_person_roles)}
    if row.second_person_within:
        second["sub"] = lens.limit(row.second_person_within)
    return [
        f"{name} {_both(lens, row, 'name')}",
        stops,
        _roles(lens, row.deciders),
        {"text": _several(lens, before) or "–", "sub": lens.listed(enough)},
        second,
        {"text": _both(lens, row, "reason"), "sub": lens.listed(texts)},
        _source(lens, row),
    ]


def _of_acts(lens: Lens, plan: Plan) -> Drawn:
    columns = lens.each("Act", "Proposed by", "Signed by", "Waits for", *_grades(lens),
                        "Silence", "Basis")  # fmt: skip
    return _table(lens, "acts", columns, (_act(lens, plan, key) for key in plan.acts))


def _act(lens: Lens, plan: Plan, key: str) -> list[Any]:
    row = plan.acts[key]
    by_grade = [
        _of(lens, lens.word(Grade(grade)), _roles(lens, roles))
        for grade, roles in row.proposers_at.items()
    ]
    waits = [
        *map(lens.word, row.needs),
        *(lens("not %(who)s", who=lens.word(bar)) for bar in row.barred),
    ]
    above = row.above
    further = (
        f" + {lens.number(plan.remedies.amount(above.limit))}: {_slots(lens, above.signers)}"
        if above
        else ""
    )
    shown = _roles(lens, row.readers) if row.readers else ""
    again = [text for text in _limits(lens, row.escalate_every, lens("again every")) if text != "–"]
    silence = [lens.word(Silence(row.silence)), *again[:1]]
    if row.review_within:
        silence.append(lens("reviewed within %(limit)s", limit=lens.limit(row.review_within)))
    step = _both(lens, plan.times[row.step]) if row.step else ""
    return [
        {"text": _both(lens, row), "sub": step},
        {"text": _roles(lens, row.proposers), "sub": _several(lens, by_grade)},
        {"text": _slots(lens, row.signers) + further, "sub": shown},
        lens.listed(waits) or "–",
        *_limits(lens, row.within),
        lens.listed(silence),
        _source(lens, row),
    ]


def _of_times(lens: Lens, plan: Plan) -> Drawn:
    columns = lens.each("Step", *_grades(lens), "Counted from", "Responsible", "Basis")
    return _table(lens, "times", columns, (_step(lens, row) for row in plan.times.values()))


def _step(lens: Lens, row: StepTime) -> list[Any]:
    limits = [
        lens("by decision") if grade in row.on_decision else text
        for grade, text in zip(GRAVEST_FIRST, _limits(lens, row.within), strict=True)
    ]
    every = [text for text in _limits(lens, row.then_every, lens("again every")) if text != "–"]
    about = lens.listed([*every[:1], *map(lens.word, row.confirms)])
    return [
        {"text": _both(lens, row), "sub": about},
        *limits,
        lens.word(row.counted_from),
        lens.role(row.responsible),
        _source(lens, row),
    ]


def _of_texts(lens: Lens, plan: Plan) -> Drawn:
    columns = lens.each(
        "Text",
        "Written for",
        "Authors",
        "Approvals",
        "When it is asked for",
        "Counted from",
        "Basis",
    )
    rows = (_text(lens, row) for row in plan.statements.values())
    return _table(lens, "statements", columns, rows)


def _text(lens: Lens, row: StatementKindPlan) -> list[Any]:
    approvals = _slots(lens, row.approvals)
    if row.as_original:
        approvals = lens("as the text it corrects")
    after = lens("only after: %(needs)s", needs=_words(lens, row.only_after))
    return [
        {"text": _both(lens, row), "sub": after if row.only_after else ""},
        _words(lens, row.audience),
        _roles(lens, row.authors),
        {"text": approvals, "sub": _fast_lane(lens, row)},
        _several(lens, (_timing(lens, level, each) for level, each in row.timing.items())),
        lens.word(row.counted_from),
        _source(lens, row),
    ]


def _fast_lane(lens: Lens, row: StatementKindPlan) -> str:
    """Say who approves words that were approved beforehand, in which languages there are any."""
    if row.fast_lane is None or not row.pre_approved:
        return ""
    return lens(
        "where only facts are filled in (%(languages)s): %(who)s",
        languages=lens.listed(lens.language(one.language) for one in row.pre_approved),
        who=_slots(lens, row.fast_lane) if row.fast_lane else lens("nobody"),
    )


def _timing(lens: Lens, level: str, timing: StatementTiming) -> str:
    limits = {
        "decided": timing.decided,
        "ready": timing.ready,
        "out": timing.out,
        "every": timing.every,
        "later": timing.later_every,
    }
    words = dict(zip(limits, lens.each("decided", "ready", "out", "again", "later"), strict=True))
    told = [f"{words[name]} {lens.limit(limit)}" for name, limit in limits.items() if limit]
    head = _of(lens, lens.words.of("StatementLevel", level), lens.word(timing.when))
    return (
        lens("%(label)s (%(about)s)", label=without_brackets(head), about=lens.listed(told))
        if told
        else head
    )


def _of_told(lens: Lens, plan: Plan) -> Drawn:
    rows = (
        [
            {"text": _both(lens, row, "name"), "sub": lens.word(row.kind)},
            _several(lens, (_told_when(lens, one) for one in row.when)),
            {"text": lens.limit(row.within), "sub": lens.word(row.counted_from)},
            _roles(lens, row.roles),
            _source(lens, row),
        ]
        for row in plan.told
    )
    columns = lens.each("Who", "When", "Within", "Told by", "Basis")
    return _table(lens, "told", columns, rows)


def _told_when(lens: Lens, when: ToldWhen) -> str:
    """Say what must hold together before somebody is told."""
    parts = [
        lens("grade %(grade)s or graver", grade=lens.word(when.grade)) if when.grade else "",
        lens("a recall is decided") if when.recall else "",
        lens("a halt stands: %(levels)s", levels=lens.listed(map(str, when.halted)))
        if when.halted
        else "",
        lens("people are hurt") if when.hurt else "",
        lens("the cause came from a supplier") if when.supplier else "",
        lens("shares of the company are traded") if when.listed else "",
    ]
    return lens.listed(part for part in parts if part)


def _of_ladder(lens: Lens, plan: Plan) -> Drawn:
    rows = (
        [
            {"text": _both(lens, rung), "sub": lens.word(rung.act)},
            f"{rung.percent} %",
            f"{rung.percent_critical or rung.percent} %",
            f"{rung.percent_law or rung.percent} %",
            "–" if rung.acknowledge_minute is None else str(rung.acknowledge_minute),
        ]
        for rung in plan.ladder
    )
    columns = lens.each("Step of the escalation", "Share of the time", "At grade critical",
                        "Over a limit of the law", "Minute without acknowledgement")  # fmt: skip
    return _table(lens, "ladder", columns, rows)


def _of_gate(lens: Lens, plan: Plan) -> Drawn:
    rows = (
        [
            lens.words.pick(item.en, item.zh),
            lens("may go by, with a reason") if item.may_be_overridden else lens("must be yes"),
            _limit(lens, item.fresh_within),
        ]
        for item in plan.gate
    )
    return _table(lens, "gate", lens.each("Question", "If not", "Facts no older than"), rows)


def _of_numbers(lens: Lens, plan: Plan) -> Drawn:
    numbers, remedies, quiet = plan.severity, plan.remedies, plan.quiet
    money = [f"{lens.number(n)} ({lens.currency(remedies.currency)})" for n in
             (remedies.medical_cost_limit, remedies.settlement_limit)]  # fmt: skip
    texts = [
        (lens("Set of rules"), numbers.rule_set),
        (lens("Serious cases that make it critical"), str(numbers.critical_serious_cases)),
        (lens("People of a cluster"), str(numbers.cluster_people)),
        (lens("Days of a cluster"), str(numbers.cluster_days)),
        (lens("Refund within"), _limit(lens, remedies.refund_within)),
        (lens("Exchange within"), _limit(lens, remedies.exchange_within)),
        (lens("Limit of medical cost, smallest unit"), money[0]),
        (lens("Limit of settlements, smallest unit"), money[1]),
        (lens("Basis"), _of(lens, lens.word(remedies.basis), remedies.citation)),
    ]
    if quiet is not None:
        hours = f"{quiet.from_hour}–{quiet.until_hour}"
        source = _of(lens, lens.word(quiet.basis), quiet.citation)
        texts += [(lens("Quiet hours"), f"{hours} ({source})")]
    approve = zip(_grades(lens), _limits(lens, plan.approve_statement_within), strict=True)
    lines = [_of(lens, grade, limit) for grade, limit in approve]
    rows: list[Drawn] = [{"label": label, "text": text} for label, text in texts]
    rows.append({"label": lens(TABLES["approve_statement_within"]), "lines": lines})
    return blocks.pairs(lens("Numbers and promises"), rows, id="numbers")


_TABLES: Final[tuple[Callable[[Lens, Plan], Drawn], ...]] = (
    _of_roles,
    _of_grades,
    _of_attention,
    _of_halt,
    _of_acts,
    _of_times,
    _of_texts,
    _of_told,
    _of_ladder,
    _of_gate,
    _of_numbers,
)
