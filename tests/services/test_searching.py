"""Whatever an entry names is found; nobody finds what they may not see; no sign breaks a search."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from api.pages.searching import question_of, types_of
from domain.errors import Malformed
from domain.ledger import read_entry
from domain.message import event_spec
from domain.people import Actor, Role
from integrations.key_ring import KeyRing
from services import indexing, searching
from services.house import House
from services.search_terms import (
    LOTS,
    PRODUCTS,
    folded,
    holds_word,
    leaves_of,
    terms_of,
    words_in,
)
from services.searching import Kind, Question
from services.settings import Settings
from storage import incidents, search, streams
from storage.database import Database, open_database
from tests.database import BACKENDS, SQLITE, new_database, postgres  # noqa: F401 - fixtures
from tests.services.recorded import Told, furnished, tell

AUDITOR = Actor(id="xu.lan", roles=(Role.AUDITOR,))
STAFF = Actor(id="mei", roles=(Role.STAFF,))
OUTSIDER = Actor(id="guest", roles=(Role.OUTSIDE_EXPERT,))
NAME = "nmpa-sampling"


@pytest.fixture(scope="module", params=BACKENDS)
def installed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, Told]]:
    """Give a house over either database, with one story of an incident in it."""
    home = tmp_path_factory.mktemp("searching")
    with ExitStack() as stack:
        url = f"sqlite:///{home / 'andon.db'}"
        if request.param != SQLITE:
            made = stack.enter_context(new_database(request.getfixturevalue("postgres")))
            url = made.render_as_string(hide_password=False)
        database = open_database(url)
        stack.callback(database.close)
        database.migrate()
        settings = Settings(home=home)
        KeyRing.create(settings.key_ring_file)
        ring = KeyRing.load(settings.key_ring_file)
        furnished(database, NAME)
        yield House(settings, database.ledger, database.bulk, ring), tell(database, NAME)


@pytest.fixture
def house(installed: tuple[House, Told]) -> House:
    """Give the house, with everything indexed."""
    while indexing.index_more(installed[0]):
        pass
    return installed[0]


@pytest.fixture
def told(installed: tuple[House, Told]) -> Told:
    """Give the story."""
    return installed[1]


@pytest.fixture
def other(house: House) -> Told:
    """Give a second story, which another person reported; told once, and indexed by nobody yet."""
    database = Database(house.engine, house.bulk)
    name = "rumour"
    if (number := known_number(house, name)) is not None:
        leaves = streams.read_contents(house.engine, number)
        search.forget(house.bulk, [search.reached(house.bulk)[number].id])
        return Told(number, leaves)
    return tell(database, name, reported_by="li")


def known_number(house: House, name: str) -> str | None:
    """Give the number under which a story was told before."""
    rows = [row for row in incidents.board(house.engine) if row.reported_by == "li"]
    rows += [row for row in incidents.closed(house.engine) if row.reported_by == "li"]
    return rows[0].id if rows else None


def every(house: House, actor: Actor, question: Question) -> list[searching.Hit]:
    """Give the hits of all pages."""
    return list(_pages(house, actor, question))


def _pages(house: House, actor: Actor, question: Question) -> Iterator[searching.Hit]:
    while True:
        found = searching.find(house, actor, question)
        yield from found.hits
        if found.next is None:
            return
        question = replace(question, before=found.next)


def numbers(hits: list[searching.Hit]) -> list[int]:
    return [one.entry.seq for one in hits]


def test_every_lot_product_and_person_of_an_entry_is_found(house: House, told: Told) -> None:
    wanted: dict[tuple[Kind, str], set[int]] = {}
    for leaf in told.leaves:
        entry = read_entry(leaf)
        for one in leaves_of(entry):
            if one.field in LOTS and one.text:
                wanted.setdefault((Kind.LOT, one.text), set()).add(entry.seq)
            if one.field in PRODUCTS:
                wanted.setdefault((Kind.PRODUCT, one.text), set()).add(entry.seq)
        if entry.actor.id.startswith("drill."):
            wanted.setdefault((Kind.PERSON, entry.actor.id), set()).add(entry.seq)
    assert {kind for kind, _ in wanted} == {Kind.LOT, Kind.PRODUCT, Kind.PERSON}
    for (kind, text), seqs in wanted.items():
        found = numbers(every(house, AUDITOR, Question(text=text, kinds=(kind,))))
        assert seqs <= set(found), (kind, text)
        assert len(found) == len(set(found)), "an entry is given once"
        assert found == sorted(found, reverse=True), "the newest first"


def test_every_kind_of_act_is_found_by_its_name_in_both_languages(house: House, told: Told) -> None:
    of_type: dict[str, set[int]] = {}
    for leaf in told.leaves:
        entry = read_entry(leaf)
        of_type.setdefault(event_spec(entry.event).name, set()).add(entry.seq)
    assert "RecallDecided" in types_of("recall decided")
    assert "RecallDecided" in types_of("RecallDecided")
    for name, seqs in of_type.items():
        question = Question(text=name, kinds=(Kind.DECISION,), types=(name,))
        assert set(numbers(every(house, AUDITOR, question))) == seqs


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yeast", "yeast"),
        ("YEAST", "yeast"),
        ("菌落总数", "菌落总数"),
        ("菌", "菌"),
        ("2511a", "2511A"),
        ("251", "2511A"),
    ],
)
def test_words_are_found_in_any_case_and_in_chinese(
    house: House, told: Told, text: str, said: str
) -> None:
    holding = {
        entry.seq
        for entry in map(read_entry, told.leaves)
        if any(said.casefold() in one.text.casefold() for one in leaves_of(entry))
    }
    found = set(numbers(every(house, AUDITOR, Question(text=text))))
    assert found >= holding
    assert bool(found) == bool(holding)


def test_several_words_stand_in_one_entry(house: House, told: Told) -> None:
    for hit in every(house, AUDITOR, Question(text="recall notice", kinds=(Kind.TEXT,))):
        words = {word for one in leaves_of(hit.entry) for word in words_in(one.text)}
        assert any(one.startswith("recall") for one in words)
        assert any(one.startswith("notice") for one in words)


NOTHING = [
    "", " ", "%", "_", "%%%", '"', "\\", "\x00", "\u202eabcx", "😀", "\ud800", "(((", "* *", "-- ;",
    "\n\t", "=cmd|' /C calc'!A0", "a" * 5000, "召" * 5000, "w" * 64, "\U0010ffff",
]  # fmt: skip
"""Signs that mean something to a database, a spreadsheet or a script, and nothing here."""

WORDS_ALL_THE_SAME = [
    "' OR 1=1 --",
    "a\x00b",
    "re\u0301call",
    "ＲＥＣＡＬＬ",
    "recall; DROP TABLE entries",
]
"""Signs around words: the words are looked for."""


@pytest.mark.parametrize("kind", ["all", *Kind])
def test_no_sign_breaks_a_search_or_means_everything(house: House, kind: str) -> None:
    for text in NOTHING:
        assert searching.find(house, AUDITOR, question_of(text, kind)).hits == (), ascii(text[:40])


@pytest.mark.parametrize("text", WORDS_ALL_THE_SAME, ids=ascii)
def test_signs_around_words_leave_the_words(house: House, text: str) -> None:
    asked = list(words_in(text.replace("\x00", "")))
    for hit in every(house, AUDITOR, Question(text=text, kinds=(Kind.TEXT,))):
        said = [folded(one.text) for one in leaves_of(hit.entry)]
        assert all(any(holds_word(one, word) for one in said) for word in asked)


@pytest.mark.parametrize("text", ["x", "1", "1-", "-1", "1-1-1", "9" * 30 + "-1", "１-１", "1--1"])
def test_a_page_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        searching.read_place(text)


@pytest.mark.parametrize("place", [None, search.Block(1, 0), search.Block(77, 1234)])
def test_a_place_is_read_as_it_was_written(place: search.Block | None) -> None:
    assert searching.read_place(searching.place_of(place)) == place


# ---------------------------------------------------------------- who sees what


def test_nobody_finds_what_they_may_not_see(house: House, told: Told, other: Told) -> None:
    indexing.index_more(house)
    seen = {one.entry.incident for one in every(house, AUDITOR, Question(text="drill"))}
    assert seen == {told.number, other.number}
    own = {one.entry.incident for one in every(house, STAFF, Question(text="drill"))}
    assert own == {told.number}
    for actor, number in ((STAFF, other.number), (OUTSIDER, told.number)):
        asked = Question(text="drill", incident=number)
        assert searching.find(house, actor, asked) == searching.Found(hits=(), next=None)
    assert not searching.find(house, OUTSIDER, Question(text="drill")).hits


def test_what_is_not_indexed_yet_is_of_no_account_to_whoever_may_not_see_it(
    house: House, other: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FRESH", 5)
    assert searching.find(house, AUDITOR, Question(text="drill")).behind == len(other.leaves) - 5
    assert searching.find(house, STAFF, Question(text="drill")).behind == 0


# ---------------------------------------------------------------- the index


def test_what_was_just_recorded_is_found_without_the_index(house: House, other: Told) -> None:
    assert other.number not in search.reached(house.bulk)
    asked = Question(text="drill", incident=other.number)
    fresh = set(numbers(every(house, AUDITOR, asked)))
    indexing.index_more(house)
    indexed = set(numbers(every(house, AUDITOR, asked)))
    assert fresh
    assert fresh <= indexed


@pytest.mark.parametrize("is_full", [False, True], ids=["fresh are left", "fresh fill the page"])
def test_older_hits_are_reached_behind_a_page_of_fresh_ones(
    house: House, told: Told, other: Told, monkeypatch: pytest.MonkeyPatch, is_full: bool
) -> None:
    indexing.index_more(house)
    asked = Question(text="drill")
    wanted = {(one.entry.incident, one.entry.seq) for one in every(house, AUDITOR, asked)}
    assert {number for number, _ in wanted} == {told.number, other.number}
    search.forget(house.bulk, [search.reached(house.bulk)[other.number].id])
    fresh = [seq for number, seq in wanted if number == other.number]
    monkeypatch.setattr(searching, "HITS", len(fresh) if is_full else 3)
    first = searching.find(house, AUDITOR, asked)
    assert first.next is not None
    assert searching.read_place(searching.place_of(first.next)) == first.next
    hits = every(house, AUDITOR, asked)
    assert {(one.entry.incident, one.entry.seq) for one in hits} == wanted
    assert len(hits) == len(wanted), "each once"


def test_fresh_hits_that_fill_a_page_are_all_reached_without_an_index(
    house: House, other: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Question(text="drill", incident=other.number)
    wanted = every(house, AUDITOR, asked)
    search.forget(house.bulk)
    monkeypatch.setattr(searching, "HITS", 3)
    assert len(wanted) > 3
    assert every(house, AUDITOR, asked) == wanted


def test_an_index_that_was_cut_off_goes_on_where_it_was(house: House, told: Told) -> None:
    whole = every(house, AUDITOR, Question(text="2511A"))
    search.forget(house.bulk)
    while indexing.index_more(house, most=37):
        pass
    assert every(house, AUDITOR, Question(text="2511A")) == whole
    assert indexing.index_more(house) == 0
    assert search.reached(house.bulk)[told.number].size == len(told.leaves)


def test_terms_made_another_way_are_made_anew(
    house: House, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.search_terms.MADE_BY", 2)
    assert indexing.index_more(house, most=10**6) >= len(told.leaves)
    assert search.reached(house.bulk)[told.number].made_by == 2


def test_the_index_is_a_hint_alone(house: House, told: Told) -> None:
    """Terms that stand in no entry lead to nothing."""
    about = search.reached(house.bulk)[told.number]
    search.keep(house.bulk, about, {0: ["=nosuchlot", "wnosuchword"]}, about.size)
    for text in ("nosuchlot", "nosuchword"):
        found = searching.find(house, AUDITOR, Question(text=text))
        assert found.hits == ()
        assert found.looked_at, "the hint was followed"


def test_private_texts_are_no_terms(told: Told) -> None:
    for leaf in told.leaves:
        entry = read_entry(leaf)
        assert not any("commitment" in term for term in terms_of(entry))
        assert not {"ref", "commitment"} & {one.field for one in leaves_of(entry)}
