"""Who may act, and how several people sign one act.

What belongs here: the role check, the four-eyes mechanism driven by the plan's table of acts, and
refusals as entries. What never does: what an act means (its stage knows that).

An act whose plan row names signers is proposed first (`ActProposed`), signed by different people
who fill the open slots (`ActSigned`), and takes effect with the last signature. Whoever could fill
a slot, and always the quality-safety responsible person, may decline it instead. What the row needs
on the record, and whom it bars (domain/conditions.py), is asked when the act is proposed, again
when it takes effect, and of each signer on the way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from domain.agenda import deputies_now
from domain.conditions import require_needs, require_unbarred
from domain.dispatch import (
    DECIDES,
    MARKET_OF,
    MORE_SLOTS,
    Act,
    Due,
    Effect,
    causes,
    decides,
    evolves,
    watches,
)
from domain.errors import NotAllowed, Refused
from domain.markets import is_within
from domain.message import (
    ask,
    command,
    command_from_wire,
    command_spec,
    event,
    find_command,
    to_wire,
)
from domain.named import only_signer, require_named
from domain.people import EVERYONE, RESPONSIBLE_IN, SYSTEM_ROLES, TEAM, Actor, Role
from domain.plan_rows import ActRule
from domain.rules import Rules
from domain.severity import Grade
from domain.stages import Stage
from domain.state import Mark, PendingAct, Signature, StreamState
from domain.values import Json, PublicText

S = TypeVar("S", bound=StreamState)

REFUSAL_QUIET = timedelta(hours=1)


# ---------------------------------------------------------------- events


@event("ActRefused", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class ActRefused:
    """Somebody tried an act that the plan or the state forbids."""

    command: str
    by: str
    reason: str
    sentence: str
    hint: str
    who_could: tuple[str, ...]
    more: int = 0


@event("ActProposed", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class ActProposed:
    """An act waits for more signatures."""

    act: str
    key: str
    title: str
    command: Json
    first: Signature
    slots: tuple[tuple[Role, ...], ...]
    silence: str
    due_at: datetime | None


@event("ActSigned", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class ActSigned:
    """One more signature under a proposed act; `slot` is the one it filled."""

    act: str
    signature: Signature
    slot: int
    dissent: PublicText = PublicText("")
    complete: bool = False


@event("ActDeclined", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class ActDeclined:
    """A person who could sign refuses to, or the proposer takes the proposal back."""

    act: str
    by: str
    role: str
    reason: PublicText
    veto: bool = False
    withdrawn: bool = False


@event("ActLapsed", stage=Stage.PEOPLE)
@dataclass(frozen=True, slots=True, kw_only=True)
class ActLapsed:
    """A proposed act that the state, or a plan adopted meanwhile, no longer allows as it stands."""

    act: str
    sentence: str


# ---------------------------------------------------------------- commands


@command(
    "sign_act",
    stage=Stage.PEOPLE,
    roles=TEAM,
    title="Sign this act",
    item="act",
    meaning="I approve this act as it stands here",
    in_cases=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SignAct:
    """Put one's signature under a proposed act."""

    act: str = ask("Act")
    dissent: PublicText = ask(
        "Reservations to keep on the record", default=PublicText(""), max=2000
    )


@command(
    "decline_act",
    stage=Stage.PEOPLE,
    roles=TEAM,
    title="Decline this act",
    item="act",
    in_cases=True,
    own_hand=True,
)
@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineAct:
    """Refuse to sign a proposed act, or take back one's own."""

    act: str = ask("Act")
    reason: PublicText = ask("Reason", max=2000)


# ---------------------------------------------------------------- who may


def may(stream: StreamState, act: Act, roles: Iterable[Role]) -> bool:
    """Say whether the actor may act for one of `roles` now.

    A deputy may while the holder is marked absent, or while something asked of the role is
    overdue (domain/agenda.py, `deputies_now`).
    """
    wanted = frozenset(roles)
    if act.actor.holds(wanted):
        return True
    if not act.actor.stands_in_for(wanted):
        return False
    return act.actor.stands_in_for(wanted & deputies_now(stream))


def require(stream: StreamState, act: Act, roles: Iterable[Role]) -> None:
    """Refuse with NotAllowed, naming who could, unless the actor may act for one of `roles`."""
    allowed = frozenset(roles)
    if may(stream, act, allowed):
        return
    names = tuple(sorted(allowed - SYSTEM_ROLES))
    raise NotAllowed(
        "This act belongs to other roles.",
        "It can be done by: " + ", ".join(name.replace("_", " ") for name in names) + ".",
        who_could=names,
    )


def proposers(stream: StreamState, act: Act) -> frozenset[Role]:
    """Say which roles may give this command now: the plan's row, else the registry's."""
    spec = command_spec(act.command)
    key = spec.act(act.command)
    if key is None:
        return spec.roles
    return frozenset(stream.rules.plan.act(key, stream.grade).proposers) or spec.roles


def may_ever(rules: Rules, actor: Actor, command: Any) -> bool:
    """Say whether an actor may give this command at any grade, be it as a deputy.

    Whoever may not is refused for the role, whatever else stands in the command.
    """
    spec = command_spec(command)
    key = spec.act(command)
    rows = [rules.plan.act(key, grade).proposers for grade in Grade] if key else [()]
    roles = frozenset(role for row in rows for role in row or spec.roles)
    return actor.is_system or actor.holds(roles) or actor.stands_in_for(roles)


# ---------------------------------------------------------------- several signatures


def propose_or_do(stream: StreamState, act: Act) -> tuple[Any, ...]:
    """Lead a command to its events, or to a proposal when the plan asks for more signatures."""
    spec = command_spec(act.command)
    key = spec.act(act.command)
    rule = stream.rules.plan.act(key, stream.grade) if key else None
    own = own_signature(stream, act, proposers(stream, act), spec.meaning or spec.title)
    done = _effective(stream, replace(act, signers=(own,)), rule)
    slots = () if rule is None else slots_of(stream, rule, act.command)
    if rule is None or not slots or act.actor.is_system:
        return done
    require_named(act, act.command)
    _refuse_second_proposal(stream, key or "", act.command)
    within = rule.within_for(stream.grade)
    return (
        ActProposed(
            act=f"A{stream.acts_proposed + 1}",
            key=key or "",
            title=spec.title,
            command=to_wire(act.command),
            first=own,
            slots=slots,
            silence=str(rule.silence),
            due_at=stream.rules.due_at(act.at, within) if within else None,
        ),
    )


def _effective(stream: StreamState, act: Act, rule: ActRule | None) -> tuple[Any, ...]:
    """Lead a command to its events, with the signatures it has, if its row of the plan allows."""
    if rule is not None and not act.actor.is_system:
        people = {act.who, act.actor.id, *(signature.person for signature in act.signers)}
        require_unbarred(stream, rule.barred, act.command, people, proposers(stream, act))
        require_needs(stream, rule.needs, act.command)
    return tuple(DECIDES[type(act.command)](stream, act, act.command))


def slots_of(stream: StreamState, rule: ActRule, proposed: Any) -> tuple[tuple[Role, ...], ...]:
    """Give the roles of every signature an act needs: the plan's row, then what its case adds."""
    more = MORE_SLOTS.get(type(proposed))
    further = tuple(more(stream, proposed)) if more else ()
    market = _market_of(stream, proposed)
    return tuple(_of_market(roles, market) for roles in (*_rows(rule), *further))


def _market_of(stream: StreamState, command: Any) -> str:
    """Give the market in which an act stands; nothing where it stands in none."""
    market_of = MARKET_OF.get(type(command))
    return market_of(stream, command) if market_of else ""


def _market_of_pending(stream: StreamState, pending: PendingAct) -> str:
    """Give the market of a proposed act; only those that stand in one are read back."""
    spec = find_command(pending.command["type"])
    if spec is None or spec.type not in MARKET_OF:
        return ""
    return _market_of(stream, command_from_wire(pending.command))


def _rows(rule: ActRule) -> Iterable[tuple[Role, ...]]:
    return (slot.roles for slot in rule.signers)


def _of_market(roles: tuple[Role, ...], market: str) -> tuple[Role, ...]:
    """Leave out the responsible persons of other markets; where nobody is left, all may sign."""
    own = tuple(
        role
        for role in roles
        if not market or role not in RESPONSIBLE_IN or is_within(market, (RESPONSIBLE_IN[role],))
    )
    return own or roles


def _refuse_second_proposal(stream: StreamState, key: str, proposed: Any) -> None:
    wire = to_wire(proposed)
    for pending in stream.pending.values():
        if pending.key == key and pending.command == wire:
            raise Refused(
                f"The same act already waits for signatures as {pending.id}.",
                "Sign or decline that one.",
                code="already_proposed",
            )


def own_signature(stream: StreamState, act: Act, roles: Iterable[Role], meaning: str) -> Signature:
    """Make the actor's signature in the role that lets them act."""
    wanted = frozenset(roles)
    held = [role for role in act.actor.roles if role in wanted]
    stood_in = [role for role in act.actor.deputy_for if role in wanted]
    role = str(held[0]) if held else f"deputy:{stood_in[0]}" if stood_in else "system"
    return Signature(
        person=act.actor.id,
        role=role,
        at=act.at,
        meaning=meaning,
        on_behalf_of=act.actor.on_behalf_of,
    )


def _pending(stream: StreamState, act_id: str) -> PendingAct:
    pending = stream.pending.get(act_id)
    if pending is None:
        raise Refused(
            f"No act {act_id} waits for signatures.",
            "It may have been signed or declined meanwhile: look at the list again.",
            code="nothing_pending",
        )
    return pending


def _roles_of(pending: PendingAct) -> frozenset[Role]:
    """Give every role that may still sign."""
    return frozenset(role for slot in pending.slots for role in slot)


def _free_slot(stream: StreamState, act: Act, pending: PendingAct) -> int:
    if any(act.actor.id in (s.person, s.on_behalf_of) for s in pending.signatures):
        raise NotAllowed(
            "You have signed this act already.",
            "Another person must sign: four eyes.",
            code="four_eyes",
            who_could=tuple(sorted(_roles_of(pending))),
        )
    for number, roles in enumerate(pending.slots):
        if may(stream, act, roles):
            return number
    require(stream, act, _roles_of(pending))
    raise AssertionError("require refuses whoever fits no slot")


@decides(SignAct)
def sign_act(stream: StreamState, act: Act, sign: SignAct) -> tuple[Any, ...]:
    """Fill a slot; with the last one the act takes effect, or lapses when the state has moved."""
    pending = _pending(stream, sign.act)
    slot = _free_slot(stream, act, pending)
    original = command_from_wire(pending.command)
    rule = stream.rules.plan.act(pending.key, stream.grade)
    require_named(act, original)
    people, open_roles = {act.who, act.actor.id}, _roles_of(pending)
    require_unbarred(stream, rule.barred, original, people, open_roles)
    mine = own_signature(stream, act, pending.slots[slot], "I approve this act as it stands")
    complete = len(pending.slots) == 1
    signed = ActSigned(
        act=sign.act, signature=mine, slot=slot, dissent=sign.dissent, complete=complete
    )
    if not complete:
        return (signed,)
    whole = replace(act, command=original, signers=(*pending.signatures, mine))
    try:
        return (signed, *_effective(stream, whole, rule))
    except Refused as refusal:
        return (signed, ActLapsed(act=sign.act, sentence=refusal.sentence))


@decides(DeclineAct)
def decline_act(stream: StreamState, act: Act, decline: DeclineAct) -> tuple[ActDeclined, ...]:
    """Refuse to sign: slot holders and the quality-safety responsible person; or withdraw."""
    pending = _pending(stream, decline.act)
    withdrawn = act.actor.id == pending.proposed_by
    veto_roles = frozenset({Role.QUALITY_SAFETY_RESPONSIBLE})
    if not withdrawn:
        require(stream, act, _roles_of(pending) | veto_roles)
    return (
        ActDeclined(
            act=decline.act,
            by=act.who,
            role=own_signature(stream, act, EVERYONE, "").role,
            reason=decline.reason,
            veto=not withdrawn and act.actor.holds(veto_roles),
            withdrawn=withdrawn,
        ),
    )


# ---------------------------------------------------------------- evolve


@evolves(ActRefused)
def _refused(stream: S, refused: ActRefused, mark: Mark) -> S:
    key = refusal_key(refused)
    quiet_from = mark.at - REFUSAL_QUIET
    kept = {k: at for k, at in stream.refusals.items() if at > quiet_from}
    return replace(
        stream,
        refusals={**kept, key: mark.at},
        refusals_counted=stream.refusals_counted + 1 + refused.more,
    )


def refusal_key(refused: ActRefused) -> str:
    """Name a refusal for the rule "one entry per actor, command and reason in an hour"."""
    return f"{refused.by}|{refused.command}|{refused.reason}"


def is_repeated_refusal(stream: StreamState, happened: Any, at: datetime) -> bool:
    """Say whether a refusal was recorded within the hour and is only to be counted."""
    if not isinstance(happened, ActRefused):
        return False
    last = stream.refusals.get(refusal_key(happened))
    return last is not None and at - last < REFUSAL_QUIET


@evolves(ActProposed)
def _proposed(stream: S, proposed: ActProposed, mark: Mark) -> S:
    pending = PendingAct(
        id=proposed.act,
        key=proposed.key,
        title=proposed.title,
        command=proposed.command,
        proposed_at=mark.at,
        proposed_by=mark.actor,
        signatures=(proposed.first,),
        slots=proposed.slots,
        silence=proposed.silence,
        due_at=proposed.due_at,
    )
    return replace(
        stream,
        pending={**stream.pending, proposed.act: pending},
        acts_proposed=stream.acts_proposed + 1,
    )


@evolves(ActSigned)
def _signed(stream: S, signed: ActSigned, _mark: Mark) -> S:
    if signed.complete:
        return _without(stream, signed.act)
    pending = stream.pending[signed.act]
    slots = tuple(s for n, s in enumerate(pending.slots) if n != signed.slot)
    changed = replace(pending, slots=slots, signatures=(*pending.signatures, signed.signature))
    return replace(stream, pending={**stream.pending, signed.act: changed})


@evolves(ActDeclined)
def _declined(stream: S, declined: ActDeclined, _mark: Mark) -> S:
    return _without(stream, declined.act)


@evolves(ActLapsed)
def _lapsed(stream: S, lapsed: ActLapsed, _mark: Mark) -> S:
    return _without(stream, lapsed.act)


def _without(stream: S, act_id: str) -> S:
    rest = {key: value for key, value in stream.pending.items() if key != act_id}
    return replace(stream, pending=rest)


@watches(Stage.PEOPLE, of=StreamState)
def _signatures_due(stream: StreamState) -> Iterable[Due]:
    for pending in stream.pending.values():
        if pending.due_at is None:
            continue
        yield Due(
            key=f"sign:{pending.id}",
            stage=Stage.PEOPLE,
            title=pending.title,
            roles=tuple(sorted(_roles_of(pending))),
            person=only_signer(pending),
            start_at=pending.proposed_at,
            due_at=pending.due_at,
            act="sign_act",
            item=pending.id,
            market=_market_of_pending(stream, pending),
        )


@causes(ActProposed, of=StreamState)
def _show_to_readers(stream: StreamState, proposed: ActProposed, mark: Mark) -> Iterable[Effect]:
    """Show the act to those who read it before it is signed (plan: `readers`)."""
    readers = stream.rules.plan.act(proposed.key, stream.grade).readers
    if readers:
        yield Effect(
            name="tell",
            target=f"read:{proposed.act}",
            seq=mark.seq,
            body={
                "kind": "act_to_read",
                "roles": [str(role) for role in readers],
                "act": proposed.act,
                "title": proposed.title,
            },
        )
