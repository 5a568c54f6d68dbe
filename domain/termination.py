"""Stage `recall`: the authority's letter that ends a recall in a market, from when on it counts.

What belongs here: recording it, here or as an act of the authority in stage `notice`, which ends
the recall in the same act; keeping a letter that came before the recall is completed by us, so that
it ends the recall as soon as it is; keeping one for a single country of a market that stands for
many (EU), which ends nothing by itself; and asking for who may say so where somebody else took it
in.
What never does: a letter older than the recall, or than its scope as it last grew: it speaks of
another one, and whoever knows better records the termination itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.acts import may, own_signature
from domain.authorities import AuthorityActReceived
from domain.dispatch import Act, Effect, causes, decides, evolves, follows
from domain.errors import Refused
from domain.markets import regimes_of
from domain.message import COMMANDS, ask, command, event
from domain.people import Role
from domain.recall_end import RecallEnded, completed_end, end_in
from domain.recall_terms import EndStep
from domain.regulation_terms import AuthorityActKind
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.recall import KeptLetter, RecallState
from domain.values import BlobId, PublicText
from domain.wire import added

TERMINATION_ROLES = (Role.REGULATORY_AFFAIRS, Role.LEGAL)
"""Who may say that the authority has ended a recall."""

RECORD = "record_termination"


@event("TerminationKept", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class TerminationKept:
    """The authority's letter is here and ends nothing yet.

    It ends the recall in `market` as soon as that is completed by us; where `confirm` names roles,
    one of them has to say first that it does. `act` is the authority's act that brought it. Where
    `market` is a country of a market of the scope (`within`: DE in the EU), that one stays open
    until its own termination is recorded.
    """

    market: str
    authority: str
    letter_sha256: str
    dated_on: date
    received_at: datetime
    act: str
    confirm: tuple[Role, ...]
    signers: tuple[Signature, ...]
    within: str = added("")


@command(RECORD, stage=Stage.RECALL, item="market",
         roles=TERMINATION_ROLES, title="The authority terminated",
         help="This ends the recall there and the periodic reports to the authority about it. "
              "Before the recall is completed by us there, the letter is kept and counts from "
              "then on.",
         )  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTermination:
    """What the authority wrote, with its letter."""

    market: str = ask("Market", max=2)
    authority: str = ask("Which authority?", max=120)
    letter: BlobId = ask("The authority's letter, as a file")
    granted_on: date = ask("Date of the letter", past=True)


# ---------------------------------------------------------------- decide


@decides(RecordTermination)
def record_termination(
    incident: Incident, act: Act, said: RecordTermination
) -> tuple[RecallEnded | TerminationKept, ...]:
    """Record what the authority wrote, asked for or not; keep it where we have not completed."""
    if said.granted_on > (act.at + timedelta(days=1)).date():
        raise Refused("This letter is from the future.", "Correct the date.", code="bad_date")
    kept = TerminationKept(
        market=said.market,
        authority=said.authority,
        letter_sha256=said.letter,
        dated_on=said.granted_on,
        received_at=act.at,
        act="",
        confirm=(),
        signers=act.signers,
        within=_group_of(incident.recall, said.market),
    )
    if kept.within and _has_ended(incident.recall, kept.within):
        raise _terminated_already()
    if kept.within or _is_open(incident, said.market):
        _require_newer(incident, kept)
        return (kept,)
    end = completed_end(incident, said.market)
    if end.step == EndStep.TERMINATED:
        raise _terminated_already()
    return (_terminated(incident, act, kept),)


def _terminated_already() -> Refused:
    return Refused("It is terminated already.", "Look at its entry.", code="terminated")


def _require_newer(incident: Incident, kept: TerminationKept) -> None:
    """Refuse to keep a letter that could never end the recall that runs."""
    if not _is_about_this(incident, kept):
        raise Refused(
            "This letter is older than the recall as it stands.",
            "Complete the recall there first; then record the letter if it is about it all the "
            "same.",
            code="old_letter",
        )


@follows(AuthorityActReceived)
def letter_terminates(
    incident: Incident, received: AuthorityActReceived, act: Act
) -> tuple[RecallEnded | TerminationKept, ...]:
    """Let the authority's letter end the recall, or keep it and say what it waits for."""
    if received.kind is not AuthorityActKind.TERMINATION:
        return ()
    if received.document is None or received.dated_on is None:
        return ()
    said, by_right = COMMANDS[RECORD].title, may(incident, act, TERMINATION_ROLES)
    kept = TerminationKept(
        market=received.market,
        authority=received.authority,
        letter_sha256=received.document,
        dated_on=received.dated_on,
        received_at=received.received_at,
        act=received.act,
        confirm=() if by_right else TERMINATION_ROLES,
        signers=(own_signature(incident, act, TERMINATION_ROLES, said),) if by_right else (),
        within=_group_of(incident.recall, received.market),
    )
    end = incident.recall.ends.get(received.market)
    waits = bool(end or kept.within) or _is_open(incident, received.market)
    is_over = _has_ended(incident.recall, kept.within or received.market)
    if is_over or not waits or not _is_about_this(incident, kept):
        return ()
    known = letter_for(incident.recall, received.market)
    if not by_right and known is not None and not known.confirm:
        return ()  # what those who may say so have said is not asked of them again
    return (_terminated(incident, act, kept) if by_right and end else kept,)


@follows(RecallEnded)
def kept_letter_counts(incident: Incident, ended: RecallEnded, act: Act) -> tuple[RecallEnded, ...]:
    """End the recall by the letter that is here already, now that it is completed by us."""
    kept = letter_for(incident.recall, ended.market)
    if ended.step != EndStep.COMPLETED or kept is None or kept.confirm:
        return ()
    return (_terminated(incident, act, kept),)


def letter_for(recall: RecallState, market: str) -> KeptLetter | None:
    """Give the kept letter that is about the recall of a market as it runs now."""
    found = (one for one in recall.letters if one.market == market)
    return next((one for one in found if _is_newer(recall.since, one)), None)


def letters_within(recall: RecallState, market: str) -> tuple[KeptLetter, ...]:
    """Give the kept letters that end the recall in a country of a market, and not in all of it."""
    return tuple(one for one in _within(recall, market) if not one.confirm)


def to_confirm_within(recall: RecallState, market: str) -> tuple[KeptLetter, ...]:
    """Give the letters for a country of a market that nobody confirmed yet."""
    return tuple(one for one in _within(recall, market) if one.confirm)


def _within(recall: RecallState, market: str) -> Iterable[KeptLetter]:
    """Give the kept letters for a country of a market, while that is not terminated itself."""
    here = () if _has_ended(recall, market) else recall.letters
    there = (one for one in here if market in regimes_of(one.market) - {one.market})
    return (one for one in there if _is_newer(recall.since, one))


def _group_of(recall: RecallState, market: str) -> str:
    """Name the market of the recall that holds a country which is none itself; else nothing."""
    own = {*recall.coverage.markets, *recall.ends} if recall.is_decided else frozenset[str]()
    return "" if market in own else next(iter(own & regimes_of(market)), "")


def _has_ended(recall: RecallState, market: str) -> bool:
    end = recall.ends.get(market)
    return end is not None and end.step == EndStep.TERMINATED


def _is_open(incident: Incident, market: str) -> bool:
    return incident.recall.is_decided and market in incident.recall.open_markets


def _is_about_this(incident: Incident, kept: TerminationKept) -> bool:
    return _is_newer(incident.recall.since, kept)


def _is_newer(since: datetime | None, letter: TerminationKept | KeptLetter) -> bool:
    """Say whether a letter is not older than what it would end."""
    if since is None:
        return False
    # A day of slack: the letter bears the date of the authority's own clock.
    return letter.received_at >= since and letter.dated_on >= (since - timedelta(days=1)).date()


def _terminated(incident: Incident, act: Act, letter: TerminationKept | KeptLetter) -> RecallEnded:
    """Make the end by a letter: signed by who said that it ends the recall."""
    end = completed_end(incident, letter.market)
    step = (letter.market, EndStep.TERMINATED)
    made = end_in(incident, act, step, end.silent, end.unmet, PublicText(""))
    return replace(
        made,
        signers=letter.signers,
        authority=letter.authority,
        letter_sha256=letter.letter_sha256,
        granted_on=letter.dated_on,
    )


# ---------------------------------------------------------------- evolve


@evolves(TerminationKept)
def _kept(incident: Incident, told: TerminationKept, _mark: Mark) -> Incident:
    """Keep one letter for each market, the newest."""
    kept = KeptLetter(
        market=told.market,
        authority=told.authority,
        letter_sha256=told.letter_sha256,
        dated_on=told.dated_on,
        received_at=told.received_at,
        act=told.act,
        confirm=told.confirm,
        signers=told.signers,
    )
    others = tuple(one for one in incident.recall.letters if one.market != told.market)
    return with_stage(incident, "recall", letters=(*others, kept))


@causes(TerminationKept)
def _ask_to_confirm(_incident: Incident, told: TerminationKept, mark: Mark) -> Iterable[Effect]:
    """Ask those who may say so whether the letter ends the recall."""
    if told.confirm:
        yield Effect(
            name="tell",
            target=f"termination-{told.market}",
            seq=mark.seq,
            body={
                "kind": "termination_to_confirm",
                "roles": [str(role) for role in told.confirm],
                "market": told.market,
            },
        )
