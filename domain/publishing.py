"""Stage `statement`: sending approved bytes out.

What belongs here: the decision to publish, through the gate. What never does: the gate's questions
(domain/statement_gate.py), carrying (workflows/publish.py), what came of it
(domain/publication.py), or approval.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.conditions import MISSING, is_on_record, who_brings
from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import Role
from domain.plan_terms import GATE_KEYS
from domain.publication import stands_otherwise
from domain.stages import Stage
from domain.state import Incident, Mark
from domain.state.statement import (
    SENDABLE,
    TAKEN,
    AllowedGap,
    PlaceState,
    Release,
    Statement,
    Status,
)
from domain.statement_gate import GateCheck, gaps, gate
from domain.statement_lookup import (
    audience_of,
    find_statement,
    open_blocks,
    require_same,
    require_status,
    with_statement,
)
from domain.statement_places import Place, places_of, usual_places
from domain.values import PublicText
from domain.wire import added

PUBLISHERS = (Role.PR_LEAD, Role.SPOKESPERSON)
AHEAD_AT_MOST: Final = timedelta(days=30)
# ---------------------------------------------------------------- events


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGap:
    """What the record said was missing at a question of the gate when it was let go by."""

    item: str
    missing: tuple[str, ...]


@event("GapsAllowed", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class GapsAllowed:
    """The commander lets questions of the gate go by, for exactly these bytes, with a reason.

    `known` is what was missing then: what the record finds later is not let go by.
    """

    statement: str
    version: int
    sha256: str
    items: tuple[str, ...]
    reason: PublicText
    by: str
    known: tuple[KnownGap, ...] = added(())


@event("StatementPublishing", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPublishing:
    """A person sends approved bytes out; `entry` is where the words stand, `gate` the answers."""

    statement: str
    version: int
    sha256: str
    entry: int
    places: tuple[Place, ...]
    gate: tuple[GateCheck, ...]
    by: str
    order: int = 1


@event("StatementScheduled", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementScheduled:
    """A person decided that approved bytes go out at a time; until then nobody reads them."""

    statement: str
    version: int
    sha256: str
    places: tuple[Place, ...]
    confirmed: tuple[str, ...]
    release_at: datetime
    by: str


# ---------------------------------------------------------------- commands


@command(
    "allow_gaps",
    stage=Stage.STATEMENT,
    roles=[Role.INCIDENT_COMMANDER],
    title="Go on with a gap",
    item="statement",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AllowGaps:
    """Let questions of the gate go by; never the approvals, never personal data."""

    statement: str = ask("Statement", max=20)
    sha256: str = ask("Hash of the text you read", max=64)
    items: tuple[str, ...] = ask("Which questions?", some=True, choices_from="gate")
    reason: PublicText = ask("Why can it not wait?", max=2000)


@command(
    "publish_statement",
    stage=Stage.STATEMENT,
    roles=PUBLISHERS,
    title="Publish exactly this text",
    help="It goes out at once, or at the time you give. A mistake is corrected by another text; "
    "this one stays visible.",
    item="statement",
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PublishStatement:
    """Bring approved bytes out."""

    statement: str = ask("Statement", max=20)
    sha256: str = ask("Hash of the text you read", max=64)
    places: tuple[Place, ...] = ask(
        "Where does it go out?",
        default=(),
        ticked=True,
        help="It goes out only at what is ticked here.",
    )
    confirmed: tuple[str, ...] = ask(
        "Which of these do you confirm yourself?", default=(), choices_from="gate"
    )
    release_at: datetime | None = ask(
        "At what time? (leave empty for now)", default=None, added=True
    )


# ---------------------------------------------------------------- decide


@decides(AllowGaps)
def allow_gaps(incident: Incident, act: Act, said: AllowGaps) -> tuple[GapsAllowed, ...]:
    """Let gaps go by, for these bytes only."""
    now = find_statement(incident, said.statement)
    require_status(now, (Status.IN_REVIEW, *SENDABLE))
    require_same(now, said.sha256)
    items = _gate_items(said.items)
    fixed = [i.en for i in incident.rules.plan.gate if i.key in items and not i.may_be_overridden]
    if fixed:
        raise Refused(
            f"Nobody may go on without this: {'; '.join(fixed)}.",
            "See to it, then publish.",
            code="never_overridden",
        )
    return (
        GapsAllowed(
            statement=now.id,
            version=now.version,
            sha256=now.sha256,
            items=items,
            reason=said.reason,
            by=act.who,
            known=_known_gaps(incident, now, act.at, items),
        ),
    )


def _known_gaps(
    incident: Incident, statement: Statement, at: datetime, items: tuple[str, ...]
) -> tuple[KnownGap, ...]:
    """Name what the record says is missing now, wherever the text will go."""
    checks = gate(incident, replace(statement, gaps=()), at, frozenset(), places=())
    return tuple(
        KnownGap(item=check.key, missing=check.open) for check in checks if check.key in items
    )


def _gate_items(said: Iterable[str]) -> tuple[str, ...]:
    items = tuple(dict.fromkeys(said))
    for item in items:
        if item not in GATE_KEYS:
            raise Refused(
                f"The gate has no question {item!r:.40}.",
                f"Choose among: {', '.join(GATE_KEYS)}.",
                code="no_gate_item",
            )
    return items


@decides(PublishStatement)
def publish_statement(
    incident: Incident, act: Act, said: PublishStatement
) -> tuple[StatementPublishing | StatementScheduled, ...]:
    """Send approved bytes to their places, through the gate; at once, or at a time ahead."""
    made = sent_out(incident, said, act.at, act.who)
    if said.release_at is None:
        return (made,)
    return (_scheduled(incident, act, said, said.release_at, made),)


def sent_out(
    incident: Incident, said: PublishStatement, at: datetime, by: str
) -> StatementPublishing:
    """Send approved bytes out as of a moment. Raises Refused: something keeps them back."""
    now = find_statement(incident, said.statement)
    require_status(now, SENDABLE)
    require_same(now, said.sha256)
    _require_record(incident, now)
    _require_right(now, said.places or _usual(incident, now))
    blocks = open_blocks(incident, now)
    if blocks:
        raise Refused(
            f"A wording rule blocks this text now: “{blocks[0].matched}”. {blocks[0].reason}",
            "Ask for changes, or let legal override it while it is in review.",
            code="wording_blocked",
        )
    confirmed = frozenset(_gate_items(said.confirmed))
    checks = gate(incident, now, at, confirmed, said.places or None)
    if gaps(checks):
        missing = [item.en for item in incident.rules.plan.gate if item.key in gaps(checks)]
        raise Refused(
            f"The gate is not passed; not confirmed yet: {'; '.join(missing)}.",
            "Confirm what is true; for the rest ask the commander to go on with a gap.",
            code="gate",
        )
    return StatementPublishing(
        statement=now.id,
        version=now.version,
        sha256=now.sha256,
        entry=now.entry,
        places=_places(incident, now, said.places),
        gate=checks,
        by=by,
        order=now.orders + 1,
    )


def _scheduled(
    incident: Incident, act: Act, said: PublishStatement, at: datetime, made: StatementPublishing
) -> StatementScheduled:
    now = find_statement(incident, said.statement)
    if now.status not in (Status.APPROVED, Status.SCHEDULED):
        raise Refused(
            f"{now.id} is on its way already.",
            "Send it to further places at once: leave the time empty.",
            code="on_its_way",
        )
    if not act.at < at <= act.at + AHEAD_AT_MOST:
        raise Refused(
            "A text is scheduled for a time ahead, within 30 days.",
            "Give such a time, or leave it empty: then it goes out now.",
            code="not_ahead",
        )
    return StatementScheduled(
        statement=now.id,
        version=now.version,
        sha256=now.sha256,
        places=made.places,
        confirmed=_gate_items(said.confirmed),
        release_at=at,
        by=act.who,
    )


def _require_record(incident: Incident, statement: Statement) -> None:
    """Refuse a text that must wait for something (plan: `only_after`)."""
    needs = incident.rules.plan.statement(statement.kind).only_after
    if needs and not any(is_on_record(incident, need) for need in needs):
        missing = (MISSING[need].sentence for need in needs)
        raise Refused(
            " ".join(("This text cannot go out yet.", *missing)),
            "Record that first; until then a holding statement can go out."
            if len(needs) == 1
            else "One of these is enough, once it is recorded; until then a holding statement can "
            "go out.",
            code="too_early",
            who_could=tuple(sorted({role for need in needs for role in who_brings(need)})),
        )
    ends = incident.recall.ends
    if statement.kind == "closing" and incident.recall.is_decided:
        going_on = [
            market
            for market in incident.recall.coverage.markets
            if market not in ends or ends[market].granted_on is None
        ]
        if going_on:
            raise Refused(
                f"The authority has not terminated the recall in {', '.join(going_on)}.",
                "Close in public after the last termination; publish an update until then.",
                code="too_early",
            )


def publishable(incident: Incident, statement: Statement) -> bool:
    """Say whether a text waits for nothing on the record, and has a place left to go to."""
    try:
        _require_record(incident, statement)
    except Refused:
        return False
    return bool(free_places(incident, statement))


def free_places(incident: Incident, statement: Statement) -> tuple[Place, ...]:
    """List the places that the readers of a text look at, and where it is neither out nor sent.

    A text that is said to be wrong goes nowhere else.
    """
    audience = audience_of(incident, statement.kind, statement.about)
    free = tuple(place for place in places_of(audience) if not _is_taken(statement, place))
    return tuple(place for place in free if not _is_further(statement, place))


def _is_further(statement: Statement, place: Place) -> bool:
    """Say whether a text that is said to be wrong would reach new readers at a place.

    Where other words than those approved stand it was already: it may be put right there.
    """
    before = statement.places.get(place)
    return bool(statement.flags) and not (before is not None and stands_otherwise(before))


def next_places(incident: Incident, statement: Statement) -> tuple[Place, ...]:
    """List where a text goes when nobody says otherwise: the usual places that are still free."""
    free = (p for p in _usual(incident, statement) if not _is_taken(statement, p))
    return tuple(place for place in free if not _is_further(statement, place))


def _usual(incident: Incident, statement: Statement) -> tuple[Place, ...]:
    audience = audience_of(incident, statement.kind, statement.about)
    original = incident.statement.statements.get(statement.about)
    reach = _reach(original) if original is not None else ()
    return tuple(dict.fromkeys((*reach, *usual_places(audience))))


def _places(
    incident: Incident, statement: Statement, chosen: tuple[Place, ...]
) -> tuple[Place, ...]:
    """Say where it goes: where its readers look, and at least where the original stood."""
    audience = audience_of(incident, statement.kind, statement.about)
    original = incident.statement.statements.get(statement.about)
    reach = _reach(original) if original is not None else ()
    wanted = tuple(dict.fromkeys(chosen or _usual(incident, statement)))
    wrong = [place for place in wanted if place not in places_of(audience)]
    if wrong:
        raise Refused(
            f"The readers of this text do not look at: {', '.join(wrong)}.",
            f"Choose among: {', '.join(places_of(audience))}.",
            code="wrong_place",
        )
    places = tuple(place for place in wanted if not _is_taken(statement, place))
    if not places:
        raise Refused(
            "It is out at these places, or on its way.", "Choose another place.", code="on_its_way"
        )
    known = {*places, *(Place(name) for name in statement.places)}
    if missing := [place for place in reach if place not in known]:
        raise Refused(
            f"The text it is about also stood at: {', '.join(missing)}.",
            "A correction reaches at least as far as what it corrects.",
            code="smaller_reach",
        )
    return places


def _require_right(statement: Statement, places: Iterable[Place]) -> None:
    """Refuse to bring a text that is said to be wrong to further readers."""
    free = (place for place in places if not _is_taken(statement, place))
    if any(_is_further(statement, place) for place in free):
        raise Refused(
            f"{statement.id} is said to be wrong: it goes nowhere else.",
            "Correct it, or say why the flag does not hold; then it may go on.",
            code="said_to_be_wrong",
        )


def _reach(original: Statement) -> tuple[Place, ...]:
    """List where a text went, also where other words were seen than those that were sent."""
    return tuple(
        Place(place.place)
        for place in original.places.values()
        if place.state in TAKEN or stands_otherwise(place)
    )


def _is_taken(statement: Statement, place: Place) -> bool:
    before = statement.places.get(place)
    return before is not None and before.state in TAKEN


# ---------------------------------------------------------------- evolve


@evolves(GapsAllowed)
def _gaps_allowed(incident: Incident, told: GapsAllowed, _mark: Mark) -> Incident:
    before = incident.statement.statements[told.statement].gaps
    known = {gap.item: gap.missing for gap in told.known}
    new = tuple(
        AllowedGap(item=item, reason=told.reason, by=told.by, known=known.get(item))
        for item in told.items
    )
    kept = tuple(gap for gap in before if gap.item not in told.items)
    return with_statement(incident, told.statement, gaps=(*kept, *new))


@evolves(StatementPublishing)
def _publishing(incident: Incident, told: StatementPublishing, mark: Mark) -> Incident:
    now = incident.statement.statements[told.statement]
    ordered = {str(p): PlaceState(place=p, state="ordered", at=mark.at) for p in told.places}
    waiting = (Status.APPROVED, Status.SCHEDULED)
    return with_statement(
        incident,
        told.statement,
        status=Status.PUBLISHING if now.status in waiting else now.status,
        release=None,
        orders=told.order,
        sent_at=mark.at if now.status in waiting else now.sent_at,
        places={**now.places, **ordered},
    )


@evolves(StatementScheduled)
def _is_scheduled(incident: Incident, told: StatementScheduled, mark: Mark) -> Incident:
    release = Release(
        at=told.release_at,
        places=tuple(map(str, told.places)),
        confirmed=told.confirmed,
        by=told.by,
        seq=mark.seq,
    )
    return with_statement(incident, told.statement, status=Status.SCHEDULED, release=release)


# ---------------------------------------------------------------- what it causes


@causes(StatementPublishing)
def _bring_out(_incident: Incident, told: StatementPublishing, mark: Mark) -> Iterable[Effect]:
    yield Effect(
        name="publish",
        target=f"{told.statement}/{told.version}",
        seq=mark.seq,
        body={
            "statement": told.statement,
            "version": told.version,
            "sha256": told.sha256,
            "entry": told.entry,
            "order": told.order,
            "places": [str(place) for place in told.places],
        },
    )
