"""The places of texts that the agreed line fills: its words, who speaks, what is not said, answers.

What belongs here: quoting them as they stand now, so that texts follow them. What never does:
which line stands, or its words in a language (domain/agreed.py).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from domain.agreed import LINE, agreed_line, do_not_say_in, line_in, speaker_in
from domain.agreed_answers import answers_in
from domain.fact_values import Value, ValueKind, kept_of
from domain.markets import with_region
from domain.state import Incident
from domain.state.statement import AgreedLine
from domain.statement_facts import LISTED, as_listed
from domain.statement_text import QuotedFact, Rendition


class _Place(NamedTuple):
    kind: ValueKind
    said_in: Callable[[AgreedLine, str], Value]


_PLACES: Final[Mapping[str, _Place]] = {
    LINE: _Place(ValueKind.TEXT, line_in),
    "speaker": _Place(ValueKind.TEXT, speaker_in),
    "do_not_say": _Place(ValueKind.POINTS, do_not_say_in),
    "answers": _Place(ValueKind.TEXT, answers_in),
}

AGREED: Final = frozenset(_PLACES)
"""The names of these places."""


def as_agreed(
    incident: Incident,
    texts: Iterable[Rendition],
    listed: Iterable[QuotedFact],
    markets: tuple[str, ...],
) -> tuple[QuotedFact, ...]:
    """Give what texts for some markets tell beside facts, the agreed line as it stands now.

    `listed` came with an act, or is what a text told before: the line may have changed since.
    """
    came = {fact.key: fact for fact in listed}
    ours = _quoted(incident, [text.language for text in texts], markets)
    kept = (fact for fact in came.values() if fact.key not in AGREED or fact.status != LISTED)
    return (*kept, *(_unless_same(came.get(fact.key), fact) for fact in ours))


def _unless_same(came: QuotedFact | None, ours: QuotedFact) -> QuotedFact:
    """Keep what came where it says the same: a text that tells nothing new keeps its hash."""
    return came if came is not None and came.told == ours.told else ours


def _quoted(incident: Incident, languages: list[str], markets: tuple[str, ...]) -> list[QuotedFact]:
    line = agreed_line(incident)
    if line is None:
        return []
    quotes, spoken = [], {one: with_region(one, markets) for one in languages}
    for key, place in _PLACES.items():
        said = {
            one: kept_of(value)
            for one, tag in spoken.items()
            if (value := place.said_in(line, tag))
        }
        if said:
            quotes.append(as_listed(key, place.kind, said, line.at, of=len(set(languages))))
    return quotes
