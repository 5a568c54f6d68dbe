"""Stage `statement`: newsrooms that an e-mail did not reach, though a mail server had taken it.

What belongs here: putting on record what delivery reports say, telling PR which newsrooms lack a
text. What never does: reading a report (integrations/bounces.py), or sending again: people reach
those newsrooms another way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.mailed import Fate, NotMailed
from domain.message import command, event
from domain.people import Role
from domain.stages import Stage
from domain.state import Incident, Mark
from domain.state.statement import PlaceState, Statement
from domain.statement_lookup import told_effect, with_statement
from domain.statement_places import Place

NAMED_AT_MOST: Final = 500
"""Characters of the names in a message; all of them stand on the page of the text."""

_TO_PR: Final = (Role.PR_LEAD, Role.PR_OFFICER, Role.SPOKESPERSON)


@event("MailNotArrived", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class MailNotArrived:
    """Other servers report that the e-mail with a text did not arrive at these newsrooms."""

    statement: str
    version: int
    place: Place
    newsrooms: tuple[NotMailed, ...]


@command("report_bounces", stage=Stage.STATEMENT, roles=[Role.PERFORMER], title="Delivery reports")
@dataclass(frozen=True, slots=True, kw_only=True)
class ReportBounces:
    """What delivery reports say of one version: which newsrooms it did not reach, and why."""

    statement: str
    version: int
    place: Place
    newsrooms: tuple[NotMailed, ...]


@decides(ReportBounces)
def report_bounces(incident: Incident, _act: Act, said: ReportBounces) -> tuple[Any, ...]:
    """Record newsrooms that are not known yet to lack this version."""
    now = incident.statement.statements.get(said.statement)
    if now is None:
        return ()
    place = _standing(now, said.version, said.place)
    known = {one.newsroom for one in place.not_mailed if one.fate is Fate.BOUNCED} if place else ()
    fresh = {one.newsroom: one for one in said.newsrooms if one.newsroom not in known}
    if not fresh:
        return ()
    return (
        MailNotArrived(
            statement=said.statement,
            version=said.version,
            place=said.place,
            newsrooms=tuple(replace(one, fate=Fate.BOUNCED) for one in fresh.values()),
        ),
    )


def _standing(text: Statement, version: int, place: Place) -> PlaceState | None:
    """Give where a version stands; a report about an earlier version changes nothing there."""
    return text.places.get(place) if text.version == version else None


def with_bounced(
    mailed: Iterable[str], missed: Iterable[NotMailed], late: Iterable[NotMailed]
) -> tuple[tuple[str, ...], tuple[NotMailed, ...]]:
    """Give which newsrooms have a text and which lack it, once more of them are known to lack it.

    A newsroom stands in one of the two, with what was learned of it last.
    """
    lacking = {one.newsroom: one for one in (*missed, *late)}
    return tuple(name for name in mailed if name not in lacking), tuple(lacking.values())


@evolves(MailNotArrived)
def _not_arrived(incident: Incident, told: MailNotArrived, _mark: Mark) -> Incident:
    text = incident.statement.statements[told.statement]
    place = _standing(text, told.version, told.place)
    if place is None:
        return incident
    mailed, missed = with_bounced(place.mailed, place.not_mailed, told.newsrooms)
    changed = replace(place, mailed=mailed, not_mailed=missed)
    return with_statement(incident, text.id, places={**text.places, str(told.place): changed})


@causes(MailNotArrived)
def _tell_missed(incident: Incident, told: MailNotArrived, mark: Mark) -> Iterable[Effect]:
    yield missed_effect(incident.statement.statements[told.statement], mark, told.newsrooms)


def missed_effect(text: Statement, mark: Mark, missed: Iterable[NotMailed]) -> Effect:
    """Tell PR which newsrooms lack a text, or may lack it."""
    names = ", ".join(one.newsroom for one in missed)
    named = names if len(names) <= NAMED_AT_MOST else f"{names[:NAMED_AT_MOST]}…"
    return told_effect(text, mark, "newsrooms_missed", _TO_PR, newsrooms=named)
