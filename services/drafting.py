"""First drafts for who works in a house: the same as the performer's (activities/drafting.py).

What belongs here: the desk that a house drafts at. What never does: a template, or a value.
"""

from collections.abc import Iterable

from activities import drafting
from activities.derived import Desk, asked
from activities.drafting import (
    Lacking,
    Suggestion,
    about_of,
    kinds,
    languages_of,
    needed,
    own_forms,
    with_kind,
)
from domain.state import Incident
from domain.statement_text import QuotedFact, Rendition
from services.house import House

__all__ = [
    "Lacking",
    "Suggestion",
    "about_of",
    "asked",
    "desk_of",
    "kinds",
    "lacking",
    "languages_of",
    "listed",
    "needed",
    "own_forms",
    "suggest",
    "with_kind",
]


def desk_of(house: House) -> Desk:
    """Give the desk of a house."""
    return Desk(house.engine, house.settings.public_url or "")


def lacking(
    house: House, incident: Incident, kind: str, markets: Iterable[str]
) -> tuple[Lacking, ...]:
    """Say what a text of a kind has to tell in some markets, and nobody has recorded yet."""
    return drafting.lacking(desk_of(house), incident, kind, markets)


def suggest(  # noqa: PLR0913 - as the draft itself
    house: House,
    incident: Incident,
    kind: str,
    language: str,
    about: str = "",
    markets: Iterable[str] = (),
    *,
    referring: bool = False,
) -> Suggestion:
    """Draft a text in a language; raises NotFound when there is no template for it."""
    return drafting.suggest(
        desk_of(house), incident, kind, language, about, markets, referring=referring
    )


def listed(
    house: House, incident: Incident, texts: Iterable[Rendition], about: str = ""
) -> tuple[QuotedFact, ...]:
    """Quote what texts refer to and nobody records in an incident."""
    return drafting.listed(desk_of(house), incident, texts, house.now(), about)
