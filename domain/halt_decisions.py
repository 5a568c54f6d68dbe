"""Stage `halt`: the levels that the plan asks people about, and a "no" that stays on the record.

What belongs here: asking in time, deciding against a level, asking again when it got worse. What
never does: ordering (domain/halt.py), or a halt by silence: the trade hears of one by people, or by
the plan's own row for the grade (reference 4.2, 4.3, 4.5).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.clock import Limit
from domain.dispatch import Act, Due, decides, evolves, watches
from domain.errors import Refused
from domain.halt import HALT_ROLES, ground_of, halted_lots, halted_products, stands
from domain.message import ask, command, event
from domain.plan_meaning import STEP_OF
from domain.severity import Grade, HaltLevel
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.halt import LeftOff
from domain.steps import since_rise, started_at
from domain.values import PublicText


@event("HaltDecidedAgainst", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class HaltDecidedAgainst:
    """A level that the plan asked about is left off, with a reason, for what is known now."""

    level: HaltLevel
    grade: Grade
    ground: str
    reason: PublicText
    by: str
    signers: tuple[Signature, ...]


@command(
    "decide_against_halt",
    stage=Stage.HALT,
    roles=HALT_ROLES,
    act=lambda said: None if said.level == HaltLevel.H0 else f"halt_{said.level.lower()}",
    title="Decide: do not halt this level",
    help="It is asked again when the grade rises or better evidence comes in.",
    meaning="On what is known now, this level need not stop",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAgainstHalt:
    """Leave off a level that the plan asks about; whoever may order it may say no."""

    level: HaltLevel = ask("Which level is left off?", widget="halt_level")
    reason: PublicText = ask("Why need it not stop?", max=2000)


@decides(DecideAgainstHalt)
def decide_against_halt(
    incident: Incident, act: Act, said: DecideAgainstHalt
) -> tuple[HaltDecidedAgainst, ...]:
    """Say no to a level that the plan asks about now; what stands is lifted, not decided away."""
    asked = levels_asked(incident)
    if said.level not in asked:
        raise Refused(
            f"The plan does not ask about {said.level} now.",
            f"It asks about: {', '.join(asked) or 'nothing'}.",
            code="not_asked",
        )
    return (
        HaltDecidedAgainst(
            level=said.level,
            grade=incident.report.grade,
            ground=ground_of(incident, said.level),
            reason=said.reason,
            by=act.who,
            signers=act.signers,
        ),
    )


@evolves(HaltDecidedAgainst)
def _left_off(incident: Incident, told: HaltDecidedAgainst, mark: Mark) -> Incident:
    kept = LeftOff(
        level=told.level,
        seq=mark.seq,
        at=mark.at,
        grade=str(told.grade),
        ground=told.ground,
        reason=told.reason,
        by=told.by,
    )
    others = (each for each in incident.halt.left_off if each.level != told.level)
    return with_stage(incident, "halt", left_off=(*others, kept))


@watches(Stage.HALT)
def levels_due(incident: Incident) -> Iterator[Due]:
    """Levels that the plan asks about, each with the plan's time; silence only escalates."""
    for level, limit in _asked(incident):
        started = started_at(incident, STEP_OF.get(level, "order_trade"))
        if limit is None or started is None:
            continue
        start_at = since_rise(incident, started)
        yield Due(
            key=f"order_halt:{level}:{incident.report.grade}",
            stage=Stage.HALT,
            title=f"Decide: halt {level}, or say why not",
            roles=incident.rules.plan.level(level).deciders,
            start_at=start_at,
            due_at=incident.rules.due_at(start_at, limit),
            act="order_halt",
            item=str(level),
        )


def levels_asked(incident: Incident) -> tuple[HaltLevel, ...]:
    """Name the levels that wait for a decision."""
    return tuple(level for level, _ in _asked(incident))


def _asked(incident: Incident) -> Iterator[tuple[HaltLevel, Limit | None]]:
    """Give the levels that wait for a decision at this grade, with the time for each, if any.

    Where all sale resumed by decision, a level that was stopped before is decided; one that nobody
    ever decided on still waits: that other goods sell again says nothing about it.
    """
    plan, report = incident.rules.plan, incident.report
    closed = incident.review.closed_at is not None
    if not report.is_accepted or closed:
        return
    decided = {one.level for one in incident.halt.orders} if incident.halt.resumed_at else set()
    row = plan.grades[report.grade]
    what = (halted_products(incident), halted_lots(incident))
    for level in plan.levels_with(row.halt_by_decision):
        if level is HaltLevel.H0 or level in decided or stands(incident, level, *what):
            continue
        if _is_left_off(incident, level):
            continue
        at_once = level <= row.halt_on_acceptance or ground_of(incident, level)
        step = plan.step(STEP_OF[level], report.grade) if level in STEP_OF and at_once else None
        yield level, step or row.halt_decision_within


def _is_left_off(incident: Incident, level: HaltLevel) -> bool:
    """Say whether people said no to a level, and nothing has become worse since."""
    said = next((each for each in incident.halt.left_off if each.level == level), None)
    if said is None:
        return False
    worse = incident.report.grade > Grade(said.grade)
    return not worse and (bool(said.ground) or not ground_of(incident, level))
