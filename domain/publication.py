"""Stage `statement`: what stands where, by the publisher's report and by people's eyes.

What belongs here: outcomes at places, publishing by hand. What never does: the decision to publish
(domain/publishing.py). What is read back is compared with what was approved: anything else is not
"published", and is on the record.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from domain.bounces import missed_effect, with_bounced
from domain.canonical import sha256_hex
from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.errors import Refused
from domain.mailed import Fate, NotMailed
from domain.message import ask, command, event
from domain.people import Role
from domain.stages import Stage
from domain.state import Incident, Mark
from domain.state.statement import SENDABLE, TAKEN, PlaceState, Statement, Status
from domain.statement_lookup import find_statement, told_effect, with_statement
from domain.statement_places import Place, is_by_hand
from domain.statement_text import languages_seen
from domain.values import BlobId, PublicText
from domain.wire import added

BY_HAND = (
    Role.PR_LEAD,
    Role.PR_OFFICER,
    Role.SPOKESPERSON,
    Role.CHANNEL_LEAD,
    Role.SERVICE_LEAD,
    Role.SUPPLY_CHAIN,
    Role.LEGAL,
)
WATCHING = (
    Role.PR_LEAD,
    Role.PR_OFFICER,
    Role.SPOKESPERSON,
    Role.LEGAL,
    Role.INCIDENT_COMMANDER,
)

DIFFERS = "What stands there is not what was approved."

STANDING = (
    Status.APPROVED,
    Status.SCHEDULED,
    Status.PUBLISHING,
    Status.PUBLISHED,
    Status.CORRECTED,
)
"""While a text is here its words are those that should stand where it went."""

STOOD_AT_MOST = 6_000
"""Characters of foreign words that are kept: enough to see what somebody changed."""

# ---------------------------------------------------------------- events


@event("StatementHandedOver", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementHandedOver:
    """The exact text lies ready for a place that people reach by hand.

    `sent_to` are outlets of that place (a mailing list, a webhook) that took it by themselves,
    `not_sent_to` those that did not, or of which nobody knows. People look at what stands there.
    `mailed` are newsrooms whose e-mail a server took, `not_mailed` the others it was meant for.
    """

    statement: str
    version: int
    sha256: str
    place: Place
    sent_to: tuple[str, ...] = added(())
    not_sent_to: tuple[str, ...] = added(())
    mailed: tuple[str, ...] = added(())
    not_mailed: tuple[NotMailed, ...] = added(())


@event("StatementPublished", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPublished:
    """The text stands at a place and was compared with what was approved.

    By the publisher: `read_back` is the hash of what was read there. By hand: a person saw it,
    `seen_sha256` is over what they pasted, `screenshot` the picture they took, and
    `rest_not_meant` says that no other language of the text was meant for this place.
    """

    statement: str
    version: int
    sha256: str
    place: Place
    by_hand: bool
    link: str
    read_back: str
    by: str
    languages: tuple[str, ...]
    seen_sha256: str = ""
    screenshot: str | None = None
    rest_not_meant: bool = added(default=False)


@event("PublicationFailed", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationFailed:
    """A place could not be reached, or something else than the approved text stands there.

    `stood` is what a person found there instead, as far as it is kept.
    """

    statement: str
    version: int
    sha256: str
    place: Place
    by_hand: bool
    differs: bool
    error: PublicText
    link: str
    read_back: str
    by: str
    stood: PublicText = added(PublicText(""))


# ---------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What the publisher found at one place; `error` is empty when it could do its work.

    `sent_to` and `not_sent_to` name outlets of a place that people reach by hand, `mailed` and
    `not_mailed` newsrooms of the press list.
    """

    place: str
    link: str
    read_back: str
    error: str
    sent_to: tuple[str, ...] = added(())
    not_sent_to: tuple[str, ...] = added(())
    mailed: tuple[str, ...] = added(())
    not_mailed: tuple[NotMailed, ...] = added(())


@command(
    "report_publication", stage=Stage.STATEMENT, roles=[Role.PERFORMER], title="Publisher's report"
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPublication:
    """What became of one version at its places."""

    statement: str
    version: int
    places: tuple[Placed, ...]


@command(
    "confirm_published_by_hand",
    stage=Stage.STATEMENT,
    roles=BY_HAND,
    title="It stands there now",
    help="Paste the text as people see it, every language that stands there, one below the other; "
    "it is compared with what was approved.",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPublishedByHand:
    """A person brought the text to a place and looked at what stands there."""

    statement: str = ask("Statement", max=20)
    place: Place = ask("Where?")
    link: str = ask("Link, or how it went out", max=2000)
    text_seen: PublicText = ask("The text as it stands there")
    screenshot: BlobId | None = ask("Screenshot", default=None)
    rest_not_meant: bool = ask(
        "The other languages of the text are not meant for this place", default=False, added=True
    )


# ---------------------------------------------------------------- decide


@decides(ReportPublication)
def report_publication(incident: Incident, act: Act, said: ReportPublication) -> tuple[Any, ...]:
    """Record what the publisher found; what it reads back decides, not what it tried."""
    now = incident.statement.statements.get(said.statement)
    if now is None or now.version != said.version:
        return ()
    return tuple(
        _outcome(now, placed, act)
        for placed in said.places
        if placed.place in now.places and now.places[placed.place].state == "ordered"
    )


def _outcome(statement: Statement, placed: Placed, act: Act) -> Any:
    place = Place(placed.place)
    if placed.error:
        return _fault(statement, placed, act, placed.error)
    if is_by_hand(place):
        return StatementHandedOver(
            statement=statement.id,
            version=statement.version,
            sha256=statement.sha256,
            place=place,
            sent_to=placed.sent_to,
            not_sent_to=placed.not_sent_to,
            mailed=placed.mailed,
            not_mailed=placed.not_mailed,
        )
    if placed.read_back != statement.sha256:
        return _fault(statement, placed, act, DIFFERS, differs=True)
    return StatementPublished(
        statement=statement.id,
        version=statement.version,
        sha256=statement.sha256,
        place=place,
        by_hand=False,
        link=placed.link,
        read_back=placed.read_back,
        by=act.who,
        languages=statement.languages,
    )


def _fault(
    statement: Statement, placed: Placed, act: Act, error: str, *, differs: bool = False
) -> PublicationFailed:
    return PublicationFailed(
        statement=statement.id,
        version=statement.version,
        sha256=statement.sha256,
        place=Place(placed.place),
        by_hand=is_by_hand(placed.place),
        differs=differs,
        error=PublicText(error[:500]),
        link=placed.link,
        read_back=placed.read_back,
        by=act.who,
    )


@decides(ConfirmPublishedByHand)
def confirm_published_by_hand(
    incident: Incident, act: Act, said: ConfirmPublishedByHand
) -> tuple[Any, ...]:
    """Compare what a person sees with what was approved; a difference is on the record too."""
    now = find_statement(incident, said.statement)
    place = now.places.get(said.place)
    if place is None or not is_by_hand(said.place) or place.state == "ordered":
        raise Refused(
            f"{now.id} was not handed over for {said.place}.",
            "Publish it there first; the exact text then lies ready.",
            code="not_handed_over",
        )
    languages = languages_seen(said.text_seen, now.texts, drill=bool(incident.drill))
    if not languages:
        seen = Placed(place=said.place, link=said.link, read_back="", error="")
        fault = _fault(now, seen, act, DIFFERS, differs=True)
        return (replace(fault, stood=PublicText(said.text_seen[:STOOD_AT_MOST])),)
    settles = said.rest_not_meant and bool(unseen_languages(now, place))
    if place.state == "published" and set(languages) <= set(place.languages) and not settles:
        raise Refused(
            f"{now.id} stands at this place already, in these words.",
            "Confirm another place or language; all places stand on the page of the text.",
            code="stands_already",
        )
    return (
        StatementPublished(
            statement=now.id,
            version=now.version,
            sha256=now.sha256,
            place=said.place,
            by_hand=True,
            link=said.link,
            read_back="",
            by=act.who,
            languages=languages,
            seen_sha256=sha256_hex(said.text_seen.encode()),
            screenshot=said.screenshot,
            rest_not_meant=said.rest_not_meant,
        ),
    )


def unseen_languages(text: Statement, place: PlaceState) -> tuple[str, ...]:
    """Name the languages of a text that nobody saw at a place where others of it stand.

    None where somebody said that they are not meant for it, or where a newer text took its place.
    """
    settled = place.rest_not_meant or not place.languages or place.state != "published"
    if settled or text.status is not Status.PUBLISHED or not is_by_hand(place.place):
        return ()
    return tuple(one for one in text.languages if one not in place.languages)


def stands_otherwise(place: PlaceState) -> bool:
    """Say whether other words than those approved were last seen at a place."""
    return place.state == "failed" and (bool(place.stood) or place.error == DIFFERS)


def places_to_put_right(text: Statement) -> tuple[PlaceState, ...]:
    """List where other words than those approved were seen, and can still be put right.

    Our own page is sent again; where people bring a text they look again. What a correction stands
    on our page for is not sent again.
    """
    if text.status not in STANDING:
        return ()
    again = text.status in SENDABLE
    found = (place for place in text.places.values() if stands_otherwise(place))
    return tuple(place for place in found if again or is_by_hand(place.place))


def languages_not_out(text: Statement) -> tuple[str, ...]:
    """Name the languages of a text that is out in others, and that nobody can read anywhere yet.

    The publisher brings all of a text; people who bring it by hand say which of it they saw.
    """
    out = [place for place in text.places.values() if place.state == "published"]
    if not out or not all(place.languages for place in out):
        return ()
    seen = {language for place in out for language in place.languages}
    return tuple(one for one in text.languages if one not in seen)


# ---------------------------------------------------------------- evolve


def _with_place(
    incident: Incident, statement_id: str, place: str, mark: Mark, **changes: Any
) -> Incident:
    """Change where a text stands at one place, and with it where the text stands at all."""
    now = incident.statement.statements[statement_id]
    before = now.places.get(place) or PlaceState(place=place, state="ordered", at=mark.at)
    places = {**now.places, place: replace(before, at=mark.at, **changes)}
    status, published_at = now.status, now.published_at
    states = {each.state for each in places.values()}
    if status in (Status.PUBLISHING, Status.APPROVED, Status.SCHEDULED) and "published" in states:
        # Also where somebody first found other words there, and then the right ones.
        status, published_at = Status.PUBLISHED, published_at or mark.at
    elif status is Status.PUBLISHING and states.isdisjoint(TAKEN):
        status = Status.APPROVED
    return with_statement(
        incident, statement_id, places=places, status=status, published_at=published_at
    )


@evolves(StatementHandedOver)
def _handed_over(incident: Incident, told: StatementHandedOver, mark: Mark) -> Incident:
    before = incident.statement.statements[told.statement].places.get(told.place)
    # A report may be quicker than the publisher, who waits for every other newsroom.
    early = [one for one in before.not_mailed if one.fate is Fate.BOUNCED] if before else []
    mailed, missed = with_bounced(told.mailed, told.not_mailed, early)
    return _with_place(
        incident,
        told.statement,
        told.place,
        mark,
        state="handed_over",
        sent_to=told.sent_to,
        not_sent_to=told.not_sent_to,
        mailed=mailed,
        not_mailed=missed,
    )


@evolves(StatementPublished)
def _published(incident: Incident, told: StatementPublished, mark: Mark) -> Incident:
    before = incident.statement.statements[told.statement].places.get(told.place)
    settled = told.rest_not_meant or (before is not None and before.rest_not_meant)
    languages = {*(before.languages if before else ()), *told.languages}
    return _with_place(
        incident,
        told.statement,
        told.place,
        mark,
        state="published",
        link=told.link,
        read_back=told.read_back or told.seen_sha256,
        error="",
        stood="",
        languages=tuple(sorted(languages)),
        rest_not_meant=settled,
    )


@evolves(PublicationFailed)
def _failed(incident: Incident, told: PublicationFailed, mark: Mark) -> Incident:
    # Where something else stands, what was seen there before stands in no language any more.
    gone: dict[str, Any] = {"languages": (), "rest_not_meant": False} if told.differs else {}
    return _with_place(
        incident,
        told.statement,
        told.place,
        mark,
        state="failed",
        link=told.link,
        read_back=told.read_back,
        error=told.error,
        stood=told.stood,
        **gone,
    )


# ---------------------------------------------------------------- what it causes


@causes(StatementHandedOver)
def _ask_hands(incident: Incident, told: StatementHandedOver, mark: Mark) -> Iterable[Effect]:
    roles = (Role.PR_LEAD, Role.PR_OFFICER, Role.SPOKESPERSON)
    text = incident.statement.statements[told.statement]
    yield told_effect(text, mark, "publish_by_hand", roles, place=str(told.place))
    if told.not_sent_to:
        missing = f"Not sent, or nobody knows: {', '.join(told.not_sent_to)}."
        yield told_effect(
            text, mark, "publication_failed", WATCHING, place=str(told.place), error=missing[:500]
        )
    if told.not_mailed:
        yield missed_effect(text, mark, told.not_mailed)


@causes(StatementPublished)
def _tell_out(incident: Incident, told: StatementPublished, mark: Mark) -> Iterable[Effect]:
    yield told_effect(
        incident.statement.statements[told.statement],
        mark,
        "statement_published",
        WATCHING,
        place=str(told.place),
        link=told.link,
    )


@causes(PublicationFailed)
def _tell_failed(incident: Incident, told: PublicationFailed, mark: Mark) -> Iterable[Effect]:
    yield told_effect(
        incident.statement.statements[told.statement],
        mark,
        "publication_failed",
        WATCHING,
        place=str(told.place),
        error=told.error,
    )
