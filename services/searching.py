"""Searching all ledgers that somebody may see: by product, lot, person, rule, kind of act, words.

What belongs here: who may see what, which terms are asked for, and reading the entries again. What
never does: what a term is (search_terms.py), or words of a page. A ledger that somebody may not see
gives nothing at all: no hit, no number, no hint.

The index only says where to look: every hit was found again in the bytes of its entry. What the
index does not hold yet is looked through by itself, as far as a bound allows.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from domain.errors import Malformed, NotFound, NotWhole
from domain.ledger import Entry, read_numbered
from domain.message import event_spec
from domain.people import SEES_INCIDENTS, Actor
from domain.values import is_case
from services import cases, reading, search_terms
from services.house import House
from services.search_terms import LOTS, PRODUCTS, RULE_WORDS, RULES, folded, holds_word, words_in
from storage import cases as case_rows
from storage import catalog, incidents, people, search, streams
from storage.search import BLOCK, Block, Term

HITS: Final = 40
"""Hits of one page."""

BLOCKS: Final = 250
"""Blocks that one page looks at at most: some 4,000 entries."""

SECONDS: Final = 1.0
"""So long one page looks for hits; then the next one goes on where it was."""

FRESH: Final = 1500
"""Entries that are looked through without an index."""

TOP: Final = 999_999_999
"""Above every ledger's number: a page that begins there goes on with fresh hits, `block` of which
were on the pages before it, and then at the top of the index. What was indexed meanwhile is told
twice rather than never."""

LONGEST: Final = 200
LEAST: Final = 2
"""Letters of a name by which a product or a person is looked for; of Chinese one sign."""

WORDS_AT_MOST: Final = 8
NAMED_AT_MOST: Final = 25
"""Products, people and kinds of acts whose names fit; of more the first are looked for."""

RULE_TYPES: Final = frozenset({"DutyArisen", "RuleJudged", "DutyDue", "DutyOverdue"})
"""Types of entries in which a rule of law is told."""


class Kind(StrEnum):
    """In what is searched, and so why an entry is found."""

    PRODUCT = "product"
    LOT = "lot"
    PERSON = "person"
    RULE = "rule"
    DECISION = "decision"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: words, in which kinds, of which incident ("" all), and where to go on.

    `types` are the kinds of acts whose words fit; whoever shows entries knows what they are called.
    `said` are those that are told in such words in some cases: of these an entry fits where `says`
    has it so.
    """

    text: str
    kinds: tuple[Kind, ...] = tuple(Kind)
    types: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    says: Callable[[Entry], bool] = field(default=lambda _entry: False, compare=False)
    incident: str = ""
    before: Block | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entry that fits: why, and the text in it that does, where there is one."""

    entry: Entry
    why: Kind
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of hits: `next` is where the following page begins, None at the end.

    `looked_at` are the entries that were read for it; `behind` are those that are in no index yet
    and were not looked through, of ledgers that the reader may see.
    """

    hits: tuple[Hit, ...]
    next: Block | None
    looked_at: int = 0
    behind: int = 0


def find(house: House, actor: Actor, question: Question) -> Found:
    """Give a page of hits, the newest ledger first, in each the newest entry first."""
    asked = _Asked(house, question)
    sight = _Sight(house, actor, question.incident)
    if sight.sees_nothing or not asked.choices:
        return Found(hits=(), next=None)
    passed = _passed(question.before)
    if passed is None:
        return _indexed(house, sight, asked, [], 0, None)
    every, behind = _fresh(house, sight, asked)
    fresh = every[passed:]
    after = Block(TOP, passed + HITS)
    found = _indexed(house, sight, asked, fresh[:HITS], behind, after)
    # Fresh ones are left, and the index holds nothing: they too are reached.
    return replace(found, next=after) if len(fresh) > HITS and found.next is None else found


def _passed(before: Block | None) -> int | None:
    """Say how many fresh hits stood on the pages before; None where all of them did."""
    if before is None:
        return 0
    return before.block if before.stream == TOP else None


def read_place(text: str) -> Block | None:
    """Read where a page begins, as `place_of` wrote it. Raises Malformed."""
    if not text:
        return None
    stream, _, block = text.partition("-")
    if not (stream.isascii() and stream.isdigit() and block.isascii() and block.isdigit()):
        raise Malformed("This page cannot be found again.", "Search anew.")
    if len(stream) > len("2147483647") - 1 or len(block) > len("2147483647") - 1:
        raise Malformed("This page cannot be found again.", "Search anew.")
    return Block(int(stream), int(block))


def place_of(block: Block | None) -> str:
    """Write where a page begins."""
    return "" if block is None else f"{block.stream}-{block.block}"


# ---------------------------------------------------------------- who sees what


class _Sight:
    """The ledgers that one reader may see, by name and by their number in the index."""

    def __init__(self, house: House, actor: Actor, incident: str) -> None:
        self._house = house
        self._actor = actor
        self._seen: dict[str, bool] = {}
        self.reached = search.reached(house.bulk)
        self._only = self._names(incident)

    def _names(self, incident: str) -> Collection[str] | None:
        """Give the names that may be looked at, None for all there are."""
        if self._actor.is_from_outside:
            return ()
        if incident:
            return [incident] if self.sees(incident) else ()
        if self._actor.holds(SEES_INCIDENTS):
            return None
        who = self._actor.on_behalf_of or self._actor.id
        own = [row.id for row in incidents.reported_by(self._house.engine, who)]
        return own + [row.id for row in case_rows.opened_by(self._house.engine, who)]

    @property
    def sees_nothing(self) -> bool:
        """Say whether there is nothing to look at."""
        return self._only is not None and not self._only

    @cached_property
    def ids(self) -> list[int] | None:
        """Give the numbers that may be looked at, None for all."""
        if self._only is None:
            return None
        return [self.reached[name].id for name in self._only if name in self.reached]

    @cached_property
    def names(self) -> Mapping[int, str]:
        """Give the ledgers by their numbers."""
        return {one.id: name for name, one in self.reached.items()}

    def unindexed(self) -> Iterator[tuple[str, int, int]]:
        """Give ledgers that have entries which are in no index: name, first and last of them."""
        for name, size in reversed(search.sizes(self._house.engine).items()):
            if self._only is not None and name not in self._only:
                continue
            known = self.reached.get(name)
            done = known.size if known and known.made_by == search_terms.MADE_BY else 0
            if done < size:
                yield name, done + 1, size

    def sees(self, stream: str) -> bool:
        """Say whether the reader may see a ledger, asked of its own row."""
        if stream not in self._seen:
            self._seen[stream] = self._may(stream)
        return self._seen[stream]

    def _may(self, stream: str) -> bool:
        try:
            if is_case(stream):
                cases.visible_case(self._house, self._actor, stream)
            else:
                reading.visible(self._house, self._actor, stream)
        except NotFound:
            return False
        return True


# ---------------------------------------------------------------- what is asked


@dataclass
class _Asked:
    """A question as terms for the index, and as a test for an entry."""

    house: House
    question: Question
    text: str = field(init=False)
    words: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.text = folded(_storable(self.question.text[:LONGEST])).strip()
        self.words = list(dict.fromkeys(words_in(self.text)))[:WORDS_AT_MOST]

    def _asks(self, kind: Kind) -> bool:
        return kind in self.question.kinds

    @cached_property
    def products(self) -> frozenset[str]:
        """Give the products whose id or name fits."""
        if not self._asks(Kind.PRODUCT) or not self.text:
            return frozenset()
        listed = catalog.list_items(self.house.engine, "product")
        named = ((one.id, one.name_en, one.name_zh) for one in listed)
        return self._named(named)

    @cached_property
    def people(self) -> frozenset[str]:
        """Give the people whose id or name fits, those who left too."""
        if not self._asks(Kind.PERSON) or not self.text:
            return frozenset()
        listed = people.list_people(self.house.engine, active_only=False)
        named = ((one.id, one.name_en, one.name_zh) for one in listed)
        return self._named(named)

    def _named(self, named: Iterable[tuple[str, ...]]) -> frozenset[str]:
        if len(self.text) < LEAST and self.text.isascii():
            return frozenset()
        fits = (names[0] for names in named if any(self.text in folded(one) for one in names))
        return frozenset(sorted(fits)[:NAMED_AT_MOST])

    @cached_property
    def types(self) -> frozenset[str]:
        """Give the types of entries that are asked for."""
        return frozenset(self.question.types) if self._asks(Kind.DECISION) else frozenset()

    @cached_property
    def said(self) -> frozenset[str]:
        """Give the types of entries that are told in such words in some cases."""
        return frozenset(self.question.said) if self._asks(Kind.DECISION) else frozenset()

    @cached_property
    def choices(self) -> list[list[Term]]:
        """Give the choices of terms, one of which stands in the block of whatever fits."""
        if not self.text:
            return []
        found = [[Term(search_terms.id_term(one))] for one in {*self.products, *self.people}]
        if self.text and (self._asks(Kind.LOT) or self._asks(Kind.RULE)):
            found.append([Term(search_terms.id_term(self.text), begins=True)])
        found += [[Term(f"t{one}")] for one in sorted(self.types | self.said)]
        asked = (one for word in self.words for one in search_terms.asked_terms(word))
        by_words = [Term(one.text, one.begins) for one in asked]
        if by_words and self._asks(Kind.TEXT):
            found.append(by_words)
        elif by_words and self._asks(Kind.RULE):
            found += [[Term(f"t{one}"), *by_words] for one in sorted(RULE_TYPES)]
        return found

    def may_fit(self, content: bytes) -> bool:
        """Say whether the bytes of an entry can hold what is asked: nearly always they cannot."""
        said = folded(content.decode("utf-8", "replace"))
        named = {self.text, *map(folded, {*self.products, *self.people, *self.types, *self.said})}
        if any(_is_escaped(one) or one in said for one in named):
            return True
        return bool(self.words) and all(word in said for word in self.words)

    def hit(self, entry: Entry) -> Hit | None:
        """Say whether an entry fits, and why: a name before words."""
        name = event_spec(entry.event).name
        leaves = list(search_terms.leaves_of(entry))
        for leaf in leaves:
            why = self._named_in(leaf.field, leaf.text)
            if why is not None:
                return Hit(entry=entry, why=why, text=leaf.text)
        if name in self.types or (name in self.said and self.question.says(entry)):
            return Hit(entry=entry, why=Kind.DECISION)
        if self._asks(Kind.RULE) and name in RULE_TYPES:
            told = [leaf.text for leaf in leaves if leaf.field in RULE_WORDS]
            if self._says(told):
                return Hit(entry=entry, why=Kind.RULE, text=self._best(told))
        if self._asks(Kind.TEXT):
            told = [leaf.text for leaf in leaves]
            if self._says(told):
                return Hit(entry=entry, why=Kind.TEXT, text=self._best(told))
        return None

    def _named_in(self, field_name: str, text: str) -> Kind | None:
        if field_name in LOTS and self._asks(Kind.LOT) and self._begins(text):
            return Kind.LOT
        if field_name in PRODUCTS and text in self.products:
            return Kind.PRODUCT
        if field_name in RULES and self._asks(Kind.RULE) and self._begins(text):
            return Kind.RULE
        return Kind.PERSON if text in self.people else None

    def _begins(self, text: str) -> bool:
        return folded(text).startswith(self.text)

    def _says(self, texts: Sequence[str]) -> bool:
        """Say whether all words stand in some texts, in whichever of them each."""
        if not self.words:
            return False
        every = [folded(one) for one in texts]
        return all(any(holds_word(one, word) for one in every) for word in self.words)

    def _best(self, texts: Sequence[str]) -> str:
        """Give the text that holds most of the words."""
        return max(texts, key=lambda one: sum(holds_word(folded(one), w) for w in self.words))


def _is_escaped(text: str) -> bool:
    """Say whether JSON writes a text otherwise than it is."""
    return '"' in text or "\\" in text or any(sign < " " for sign in text)


def _storable(text: str) -> str:
    """Give a text without what no database keeps: NUL, and half a character."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


# ---------------------------------------------------------------- looking


def _fresh(house: House, sight: _Sight, asked: _Asked) -> tuple[list[Hit], int]:
    """Look through what the index does not hold; give all hits, and how many entries were left."""
    hits: list[Hit] = []
    left, behind = FRESH, 0
    for stream, first, last in sight.unindexed():
        if not sight.sees(stream):
            continue
        take = min(left, last - first + 1)
        behind += last - first + 1 - take
        if take:
            left -= take
            hits += _hits(house, asked, stream, last - take + 1, last)
    return hits, behind


def _indexed(
    house: House, sight: _Sight, asked: _Asked, hits: list[Hit], behind: int, start: Block | None
) -> Found:
    """Look through the blocks that the index names, until a page is full or the bound is reached.

    A block is looked through whole: the next page begins with the block behind it, or at `start`
    where fresh hits fill this one.
    """
    chosen = search.blocks_with(
        house.bulk, asked.choices, streams=sight.ids, before=asked.question.before, limit=BLOCKS
    )
    looked, last, began = 0, None, time.monotonic()
    for block in chosen:
        if len(hits) >= HITS or (last and time.monotonic() - began > SECONDS):
            return Found(hits=tuple(hits), next=last or start, looked_at=looked, behind=behind)
        last = block
        stream = sight.names.get(block.stream, "")
        if not stream or not sight.sees(stream):
            continue
        until = min(block.last, sight.reached[stream].size)
        hits += _hits(house, asked, stream, block.first, until)
        looked += BLOCK
    after = last if len(chosen) == BLOCKS else None
    return Found(hits=tuple(hits), next=after, looked_at=looked, behind=behind)


def _hits(house: House, asked: _Asked, stream: str, first: int, last: int) -> list[Hit]:
    """Read entries again, from their bytes, and give those that fit, the newest first."""
    found: list[Hit] = []
    try:
        rows = streams.read_entries(house.engine, stream, first, last)
    except NotWhole:
        return found  # whoever verifies the ledger is told; a search shows nothing unread
    for row in reversed(rows):
        if not asked.may_fit(row.content):
            continue
        try:
            hit = asked.hit(read_numbered(row.stream, row.seq, row.content))
        except NotWhole:
            continue
        found += [hit] if hit is not None else []
    return found
