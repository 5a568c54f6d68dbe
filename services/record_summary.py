"""What was known after each entry of an incident, in short: for a reader who steps through time.

What belongs here: a few plain values per stage, and which of them an entry changed. What never
does: a word of a language, a rule, or reading storage. It is computed by the fold that everything
else stands on (domain/plot.py), so that it can be computed again and compared.

Values are small and stand under keys, so that an entry changes few: `grade`, `role/commander`,
`duty/D3`. A value that is gone is None. The times in them are instants as entries have them; what
is overdue at an entry follows from its own time and is not said here.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from domain.channels import UNANSWERED, standing
from domain.incident import evolve
from domain.ledger import read_numbered
from domain.on_its_way import way_tally
from domain.overview import stage_words
from domain.people import Role
from domain.sold_again import lots_stopped, sold_again
from domain.state import Incident, PendingAct
from domain.state.notice import AuthorityAct, Duty
from domain.state.statement import Statement, Status
from domain.values import Json
from domain.wire import instant_text

Changes = dict[str, Any]
"""Values that an entry changed by their keys; None for what is gone."""

IN_FORCE: Final = (Status.PUBLISHED,)
"""A text that is out and that no other text corrected, replaced or took back."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the viewer is told of one entry beside its bytes: what it changed, and how it is told.

    `tell` names the sentence that tells its event where an event has several
    (`ReportDecided:silence`); it is the caller's word and may be empty.
    """

    changes: Changes
    tell: str = ""


def told_after_each(
    empty: Incident, leaves: Iterable[bytes], tell: Callable[[Any], str] = lambda _event: ""
) -> Iterator[Told]:
    """Fold entries over an incident and say after each of them what changed.

    `empty` is the incident before its first entry, with its rules and those that it may adopt.

    Raises:
        NotWhole: bytes are no entry, or stand under another number.
    """
    incident, summary = empty, Summary()
    for leaf in leaves:
        entry = read_numbered(incident.id, incident.size + 1, leaf)
        incident = evolve(incident, entry.event, entry.mark())
        yield Told(summary.changed(incident, entry.at), tell(entry.event))


class Summary:
    """The values of one incident as they were last said; states never change in place.

    A part of the state that is the same object as before says what it said before.
    """

    def __init__(self) -> None:
        """Have said nothing yet."""
        self._seen: dict[str, tuple[object, ...]] = {}
        self._said: dict[str, Json] = {}
        self._channels = _Silence()

    def changed(self, incident: Incident, at: datetime) -> Changes:
        """Say what is otherwise than it was said last; `at` is the time of the entry."""
        changes: Changes = {}
        for name, parts, rows in _PARTS:
            found = parts(incident)
            before = self._seen.get(name)
            if before is None or any(a is not b for a, b in zip(before, found, strict=True)):
                self._seen[name] = found
                self._note(changes, name, rows(incident))
        if self._channels.moved(incident, at):
            self._note(changes, "channels", {"channels": self._channels.counts(incident, at)})
        return changes

    def _note(self, changes: Changes, name: str, rows: Mapping[str, Json]) -> None:
        """Compare the rows of one part with those it had."""
        said = self._said.setdefault(name, {})
        for key in [key for key in said if key not in rows]:
            del said[key]
            changes[key] = None
        for key, row in rows.items():
            if said.get(key) != row:
                said[key] = row
                changes[key] = row


@dataclass
class _Silence:
    """Channels by where they stand: silence comes with the clock, without any event."""

    of: object = None
    dues: list[datetime] = field(default_factory=list)
    passed: int = 0

    def moved(self, incident: Incident, at: datetime) -> bool:
        """Say whether a channel changed, or another one's time to answer passed."""
        channels = incident.halt.channels
        if channels is not self.of:
            waiting = (one for one in channels.values() if one.state in UNANSWERED)
            self.dues = sorted(one.answer_due_at for one in waiting if one.answer_due_at)
            moved = bool(channels) or self.of is not None
        else:
            moved = bisect_left(self.dues, at) != self.passed
        self.of, self.passed = channels, bisect_left(self.dues, at)
        return moved

    def counts(self, incident: Incident, at: datetime) -> Json:
        """Count channels by state (domain/channels.py, `standing`)."""
        return dict(Counter(standing(one, at) for one in incident.halt.channels.values()))


# ---------------------------------------------------------------- what is said of each part


def _grade(incident: Incident) -> dict[str, Json]:
    report = incident.report
    return {
        "grade": {
            "grade": str(report.grade),
            "attention": str(report.attention),
            "assessed": len(report.assessments),
        },
        "report": {
            "status": report.status,
            "products": list(report.products),
            "lots": list(report.lots),
            "lots_unknown": report.lots_unknown,
            "markets": list(report.markets or report.answers.markets),
            "reports": len(report.reports),
            "hurt": report.people_hurt,
            "cases": len(report.cases),
            "silence": report.by_silence,
        },
    }


def _team(incident: Incident) -> dict[str, Json]:
    people, lead = incident.people, str(Role.INCIDENT_COMMANDER)
    commander = incident.report.commander
    led: dict[str, Json] = {}
    if commander and lead not in people.roles:
        led[f"role/{lead}"] = {
            "person": commander, "deputy": None, "accepted": True, "carried_by": commander,
            "absent": lead in people.absences,
        }  # fmt: skip
    return led | {
        f"role/{role}": {
            "person": one.person,
            "deputy": one.deputy,
            "accepted": one.accepted_at is not None,
            "carried_by": one.carried_by,
            "absent": role in people.absences,
        }
        for role, one in people.roles.items()
    }


def _facts(incident: Incident) -> dict[str, Json]:
    return {
        f"fact/{key}": {
            "name": one.name,
            "value": one.value,
            "unit": one.unit,
            "status": str(one.status),
            "as_of": instant_text(one.as_of),
        }
        for key, one in incident.investigation.facts.items()
    }


def _cause(incident: Incident) -> dict[str, Json]:
    known = incident.investigation
    finding = known.finding
    return {
        "cause": {
            "evidence": len(known.evidence),
            "tests": len(known.tests),
            "results": sum(one.verdict is not None for one in known.tests.values()),
            "evaluated": known.has_evaluation,
            "evaluation_signed": known.evaluation_signed,
            "finding": "" if finding is None else str(finding.outcome),
            "interim": finding is not None and finding.interim,
        }
    }


def _halt(incident: Incident) -> dict[str, Json]:
    halt = incident.halt
    return {
        "halt": {
            "levels": list(halt.levels),
            **({"lots": list(lots_stopped(incident))} if sold_again(incident) else {}),
            "orders": sum(one.lifted_at is None for one in halt.orders),
            "lines": len(halt.lines),
            "intercepted": way_tally(halt).units,
            "drifts": halt.drifts,
        }
    }


def _recall(incident: Incident) -> dict[str, Json]:
    recall = incident.recall
    scope, plan = recall.scope, recall.plan
    return {
        "recall": {
            "decision": recall.decision,
            "depth": str(recall.depth or ""),
            "scope": scope.version if scope else 0,
            "lots": len(scope.lots) if scope else 0,
            "unbounded": scope is not None and scope.unbounded,
            "markets": list(scope.markets) if scope else [],
            "plan": plan.version if plan else 0,
            "finish_at": _instant(plan.finish_at if plan else None),
            "received": sum(one.units for one in recall.counts),
            "disposals": recall.disposals,
            "ended": sorted(recall.ends),
        }
    }


def _consignees(incident: Incident) -> dict[str, Json]:
    listed = [one for one in incident.recall.consignees.values() if one.listed and not one.let_go]
    return {
        "consignees": {
            "listed": len(listed),
            "told": sum(one.first_told_at is not None for one in listed),
            "answered": sum(one.answered_at is not None for one in listed),
            "bounced": sum(one.bounced for one in listed),
            "taken_over": sum(one.taken_over_by is not None for one in listed),
        }
    }


def _texts(incident: Incident) -> dict[str, Json]:
    texts = incident.statement.statements
    known: dict[str, Json] = {
        f"text/{key}": _text(one) for key, one in texts.items() if one.status in IN_FORCE
    }
    ways = Counter(str(one.status) for one in texts.values())
    return {
        **known,
        "texts": {"by": dict(ways), "enquiries": len(incident.statement.enquiries)},
    }


def _text(one: Statement) -> Json:
    return {
        "kind": one.kind,
        "version": one.version,
        "languages": {text.language: text.title for text in one.texts},
        "published_at": _instant(one.published_at),
        "sha256": one.sha256,
        "wrong_since": _instant(one.wrong_since),
    }


def _duties(incident: Incident) -> dict[str, Json]:
    duties = incident.notice.duties
    found = {f"duty/{key}": _duty(one) for key, one in duties.items() if one.is_open}
    ways = Counter(str(one.status) for one in duties.values())
    return {**found, "duties": {"by": dict(ways), "filings": _filings(duties.values())}}


def _filings(duties: Iterable[Duty]) -> int:
    return sum(len(one.filings) for one in duties)


def _duty(one: Duty) -> Json:
    return {
        "title": {"en": one.title_en, "zh": one.title_zh},
        "authority": {"en": one.authority_en, "zh": one.authority_zh},
        "market": one.place or one.market,
        "subject": one.subject,
        "due_at": _instant(one.due_at),
        "law": one.law,
        "possible": one.possible,
        "told": str(one.status) == "told",
    }


def _asked(incident: Incident) -> dict[str, Json]:
    acts = incident.notice.acts
    return {f"asked/{key}": _act(one) for key, one in acts.items() if one.waits}


def _act(one: AuthorityAct) -> Json:
    return {
        "authority": one.authority,
        "kind": str(one.kind),
        "number": one.number,
        "due_at": _instant(one.answer_due_at),
    }


def _partners(incident: Incident) -> dict[str, Json]:
    return {
        f"partner/{one.plan_row}/{one.seq}": {
            "name": {"en": one.name_en, "zh": one.name_zh},
            "due_at": _instant(one.due_at),
        }
        for one in incident.notice.to_tell
        if one.waits
    }


def _pending(incident: Incident) -> dict[str, Json]:
    return {f"act/{key}": _waiting(one) for key, one in incident.pending.items()}


def _waiting(one: PendingAct) -> Json:
    return {
        "command": str(one.command.get("type", "")),
        "title": one.title,
        "signed": len(one.signatures),
        "missing": len(one.slots),
        "due_at": _instant(one.due_at),
    }


def _review(incident: Incident) -> dict[str, Json]:
    review = incident.review
    return {
        "review": {
            "actions": dict(Counter(one.state for one in review.actions.values())),
            "lessons": len(review.lessons),
            "closed_at": _instant(review.closed_at),
            "reopened": review.reopened,
        }
    }


def _stages(incident: Incident) -> dict[str, Json]:
    return {"stages": {str(stage): word for stage, word in stage_words(incident).items()}}


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)


Parts = Callable[[Incident], tuple[object, ...]]
Rows = Callable[[Incident], dict[str, Json]]

_PARTS: Final[tuple[tuple[str, Parts, Rows], ...]] = (
    ("grade", lambda i: (i.report,), _grade),
    ("team", lambda i: (i.people.roles, i.people.absences, i.report.commander), _team),
    ("facts", lambda i: (i.investigation.facts,), _facts),
    ("cause", lambda i: (i.investigation,), _cause),
    ("halt", lambda i: (i.halt,), _halt),
    ("recall", lambda i: (i.recall,), _recall),
    ("consignees", lambda i: (i.recall.consignees,), _consignees),
    ("texts", lambda i: (i.statement,), _texts),
    ("duties", lambda i: (i.notice.duties,), _duties),
    ("asked", lambda i: (i.notice.acts,), _asked),
    ("partners", lambda i: (i.notice.to_tell,), _partners),
    ("pending", lambda i: (i.pending,), _pending),
    ("review", lambda i: (i.review,), _review),
    (
        "stages",
        lambda i: (
            i.report,
            i.investigation,
            i.halt.levels,
            i.halt.orders,
            i.recall,
            i.statement,
            i.notice,
            i.review,
        ),
        _stages,
    ),
)
"""Each part: what of the state it is read from, and its rows."""
