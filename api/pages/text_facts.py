"""The facts of a text as each of its languages tells them, beside what they are now.

What belongs here: the rows of that table. What never does: how a fact is written in a language
(domain/references.py), or what becomes of a text whose facts moved (domain/statement_follow.py).
"""

from dataclasses import replace
from itertools import groupby

from api.pages import blocks
from api.pages.fact_words import fact_name, fact_told, fact_unit
from api.pages.lens import Drawn
from api.pages.looking import View
from domain.fact_languages import is_foreign
from domain.fact_values import SEVERAL
from domain.facts import all_facts
from domain.markets import base_language
from domain.references import MARKETS, PRODUCTS, fact_in
from domain.state.statement import Statement
from domain.statement_facts import LISTED, clock_of, quoted, with_names
from domain.statement_text import QuotedFact


def facts_told(view: View, one: Statement) -> Drawn:
    """Give the facts that a text tells, as its languages tell them, and what has moved since."""
    lens, known = view.lens, all_facts(view.state)
    rows: list[list[blocks.Cell]] = []
    for told in one.facts:
        fact = known.get(told.key)
        now = with_names(quoted(fact), told) if fact else None
        same = now is None or now.told == told.told
        status = str(fact.status) if fact else told.status
        rows.append(
            [
                fact_name(lens, told.key, fact.name if fact else ""),
                _as_told(view, one, told),
                {"text": lens("the same"), "tone": "done"}
                if same or now is None
                else {**_as_told(view, one, now), "tone": "critical"},
                lens.words.of("FactStatus", status),
                lens.moment(told.as_of),
            ]
        )
    return blocks.table(
        lens("Facts it tells"),
        lens.each("Fact", "In the text", "As it is now", "Status", "As of"),
        rows,
        empty=lens("It tells no recorded fact."),
        id="facts",
    )


def _as_told(view: View, one: Statement, fact: QuotedFact) -> Drawn:
    """Give a fact as the languages of a text tell it: once where all do alike, else by language."""
    lens, in_own = view.lens, fact_told(view.lens, fact)
    if fact.key in (PRODUCTS, MARKETS) and (fact.kind not in SEVERAL or not _is_worded(fact)):
        return {"text": in_own}
    said = [(language, _in(view, one, fact, language)) for language in one.languages]
    own = base_language(lens.words.language.replace("_", "-"))
    if own not in map(base_language, one.languages):
        said.append((own, in_own))
    by_words = sorted(said, key=lambda pair: [words for _, words in said].index(pair[1]))
    groups = [(words, [name for name, _ in same]) for words, same in groupby(by_words, _words)]
    if len(groups) == 1:
        return {"text": groups[0][0]}
    lines = [
        lens.named_line(lens.listed(map(lens.language, names)), words) for words, names in groups
    ]
    return {"text": "", "lines": lines}


def _words(pair: tuple[str, str]) -> str:
    return pair[1]


def _is_worded(fact: QuotedFact) -> bool:
    """Say whether ids and codes have words in the languages of a text: the list's, or a name's."""
    return fact.key == MARKETS or bool(fact.said_in) or fact.status == LISTED


def _in(view: View, one: Statement, fact: QuotedFact, language: str) -> str:
    """Write a fact in a language as the text does; the mark of what is preliminary is a column."""
    lens = view.lens
    if is_foreign(language, fact):
        return lens("nobody has said it in this language")
    clock = clock_of(view.state, one.markets)
    told = fact_in(language, replace(fact, status=LISTED), clock)
    return f"{lens.listed(told.splitlines())} {fact_unit(lens, fact.value, fact.unit)}".strip()
