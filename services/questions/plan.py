"""Question 9: was the plan approved, trained and drilled before, followed now, where departed from.

What belongs here: the versions in force, what the company's log says of adopting, training and
drilling, the last exercises with how many times they kept, and every departure. What never does: a
score of its own: times are measured by services/measuring.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from services.adoptions import ADOPTED, put_into_use
from services.questions.departures import counted, departures, departures_table
from services.questions.rows import Answer, Exercise, Record, Table, Value, table
from storage.company import LogLine

TRAINED: Final = frozenset({"TrainingRecorded", "TrainingHeld", "PeopleTrained", "PlanTrained"})
DRILLED: Final = frozenset(
    {"DrillPlayed", "DrillScored", "DrillHeld", "DrillRecorded", "ExerciseHeld", "ExerciseScored"}
)
"""Lines of the company's log that tell of the plan, by their kind."""

READS: Final = ADOPTED | TRAINED | DRILLED

_WHAT: Final = (
    "case",
    "what",
    "subject",
    "exercise",
    "incident",
    "name",
    "title",
    "plan",
    "version",
)
_SCORE: Final = ("score", "result", "late", "kept", "outcome")


def was_it_followed(record: Record) -> Answer:
    """Answer question 9: the plan's version, adoption, training, exercises, and departures."""
    rules = record.state.rules
    began = record.entries[0].recorded_at if record.entries else record.now
    adopted = [one for one in record.log if one.type in ADOPTED]
    own = put_into_use(adopted, _first_rules(record))
    by = own.body.get("by") if own else None
    before = [one for one in record.exercises if one.created_at <= began]
    last = max(before or record.exercises, key=lambda one: one.created_at, default=None)
    numbers = counted(departures(record.entries, record.moved))
    trained, drilled = (_lines(record, kinds) for kinds in (TRAINED, DRILLED))
    return Answer(
        number=9,
        facts={
            "plan_version": rules.plan.version,
            "rules": rules.hash,
            **_adoption(record, own),
            "trained": len(trained.rows),
            "exercises": len(record.exercises) + len(drilled.rows),
            **_exercised(last, is_before=bool(before)),
            **{f"departures_{kind}": number for kind, number in numbers.items()},
        },
        tables=(
            departures_table(record.entries, record.moved),
            table("plans", "at version rules before by:people", _plans(record, by)),
            table(
                "adopted",
                "line at version rules by:person before",
                [(_adopted(one), ()) for one in adopted],
            ),
            Table(key="trained", columns=trained.columns, rows=trained.rows),
            table(
                "exercises",
                "exercise:incident at grade closed times late",
                [
                    ((one.id, one.created_at, one.grade, one.closed, one.times, one.late), ())
                    for one in record.exercises
                ],
            ),
            Table(key="drilled", columns=drilled.columns, rows=drilled.rows),
        ),
    )


def _adoption(record: Record, own: LogLine | None) -> dict[str, Value]:
    """Say who adopted the plan by its own text, and when it came into use by the company's log."""
    plan = record.state.rules.plan
    began = record.entries[0].recorded_at if record.entries else record.now
    return {
        "text_adopted_on": plan.adopted_on,
        "text_adopted_by": plan.adopted_by,
        "adopted_at": own.at if own else None,
        "adopted_by": own.body.get("by") if own else None,
        "adopted_before": own is not None and own.at <= began,
        "changes_since": len(record.state.people.adoptions),
    }


def _exercised(last: Exercise | None, *, is_before: bool) -> dict[str, Value]:
    """Give the exercise that is told of: the last one before, or else the first since."""
    return {
        "last_exercise": last.id if last else "",
        "last_exercise_at": last.created_at if last else None,
        "last_exercise_before": last is not None and is_before,
        "last_exercise_times": last.times if last else None,
        "last_exercise_late": last.late if last else None,
    }


def _first_rules(record: Record) -> str:
    return record.entries[0].plan if record.entries else record.state.rules.hash


def _plans(record: Record, by: str | None) -> Iterator[tuple[tuple[Value, ...], Iterable[int]]]:
    """Give the rules the incident began with, then each that it adopted."""
    adoptions = record.state.people.adoptions
    if record.entries:
        version = adoptions[0].old_version if adoptions else record.state.rules.plan.version
        at = record.entries[0].recorded_at
        yield (at, version, record.entries[0].plan, "", (by,) if by else ()), (1,)
    for one in adoptions:
        yield (one.at, one.version, one.rules, one.old_rules, (one.by, *one.seconded)), (one.seq,)


def _adopted(line: LogLine) -> tuple[Value, ...]:
    said: Mapping[str, Value] = line.body
    return (
        line.seq,
        line.at,
        str(said.get("version", "")),
        str(said.get("rules", "")),
        str(said.get("by", "")),
        str(said.get("before", "")),
    )


def _lines(record: Record, kinds: frozenset[str]) -> Table:
    """Give lines of the company's log of some kinds, whatever release wrote them."""
    return table(
        "lines",
        "line at what:log_line of who:people score",
        [
            (
                (
                    line.seq,
                    line.at,
                    line.type,
                    _first_of(line, _WHAT),
                    _people(line),
                    _first_of(line, _SCORE),
                ),
                (),
            )
            for line in record.log
            if line.type in kinds
        ],
    )


def _first_of(line: LogLine, names: Iterable[str]) -> str:
    return next((str(line.body[name]) for name in names if line.body.get(name)), "")


def _people(line: LogLine) -> tuple[str, ...]:
    for name in ("people", "persons", "attendees", "person", "by"):
        said = line.body.get(name)
        if isinstance(said, list | tuple):
            return tuple(map(str, said))
        if isinstance(said, str) and said:
            return (said,)
    return ()
