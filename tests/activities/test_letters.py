"""Letters as their readers get them: everything that the recorded stories told, in both languages.

No letter says an id, a code or a time of a machine; a Chinese one says nothing in English but names
of laws and what people wrote; each begins with what to do and the address where it is done.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from activities.local_channels import OutboxGateway
from activities.message_pages import OF_HOUSE
from activities.message_words import WORDS
from activities.messages import letters
from activities.order_letters import OrderLetters
from activities.speaking import Speeches
from domain.envelope import ChannelOrder, Told
from domain.message import COMMANDS
from domain.people import SYSTEM_ROLES, Role
from domain.stages import Stage
from integrations.channels import Address
from storage import outbox, people
from storage.database import Database, open_database
from storage.outbox import Message
from tests.activities.told import furnish, recorded
from tests.domain.story import rules

CONSOLE = "https://andon.example.com"

UNRECORDED: dict[str, dict[str, Any]] = {
    "report_closed": {"grade": "minor"},
    "report_linked": {"grade": "minor"},
    "record_contradicted": {"entries": [3, 4], "title": "A record is contradicted"},
    "scope_narrowed": {"version": 3, "lots_added": [], "lots_removed": ["L1"]},
    "stands_still": {},
    "history_lost": {"workflow": "INC-2026-0001/halt/1"},
    "recall_untold": {"channel": "own_shop-1", "why": "The books are away."},
    "joined_untold": {"channel": "own_shop-1"},
    "held_goods_seen": {"channel": "own_shop-1", "offers": 2, "units": None, "unshipped": 0},
    "duty_unseen": {
        "duty": "D1",
        "title": "Report of a serious adverse reaction, P1",
        "title_zh": "严重不良反应报告，P1",
        "authority": "adverse reaction monitoring body",
        "authority_zh": "化妆品不良反应监测机构",
        "due_at": "2026-03-17T15:59:59.999999Z",
        "in_market": "CN",
    },
    "erasure_asked": {"request": "E12"},
    "room_guessed": {"room": "R1", "tries": 12},
    "review_moved": {"statement": "S1", "version": 2},
    "review_withdrawn": {"statement": "S1", "version": 2},
    "termination_to_confirm": {"market": "US"},
    "newsrooms_missed": {"statement": "S1", "text": "holding", "newsrooms": "Daily, Radio"},
}
"""Kinds that no recorded story tells, with what their effects hold."""

ADDRESS = re.compile(re.escape(CONSOLE) + r"(/incidents/[A-Z]+-\d{4}-\d{4}\S*)")
MACHINE = {
    "a code": re.compile(r"\b[a-z]+(?:_[a-z]+)+\b"),
    "a time of a machine": re.compile(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}:\d{2}"),
    "a rule's id": re.compile(r"\b[A-Z]{2}(?:-[A-Z0-9]+){2,}\b"),
    "a country's code": re.compile(r"[(（][A-Z]{2}[)）]"),
    "a number within the record": re.compile(r"\bincident/\d|\bP\d+/\d"),
    "a hole": re.compile(r"[{}]|None"),
    "an empty place": re.compile(r"：[。，；\n]|: *[.,;\n]|  |“”|（）|\(\)"),
}
ENGLISH = re.compile(r"[A-Za-z][a-z]{2,}")
NAMES = frozenset("Safety Business Gateway".split())
"""What stands in English in a Chinese sentence: the name of a service."""

OURS = ("Action: ", "Verify that it worked: ", "Answer: ")
"""How titles of ours begin that end with what somebody wrote."""

TYPED = ("how_seen", "scope", "reason", "what", "link", "newsrooms", "why")
"""Values that people wrote: they stand as they were written, as in the console."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Give a company that knows everything that the stories name."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('letters') / 'andon.db'}")
    database.migrate()
    furnish(database.ledger)
    yield database
    database.close()


@pytest.fixture(scope="module")
def engine(database: Database) -> Engine:
    """Give where the company's lists stand."""
    return database.ledger


def told_ever() -> list[Told]:
    """Give what the stories told, and one message of each kind that they did not."""
    more = [
        Told(f"INC-2026-0001/1:2:tell:{kind}", "INC-2026-0001", "", {"kind": kind} | body)
        for kind, body in UNRECORDED.items()
    ]
    due = {"due_at": "2026-03-17T22:59:59.999999Z", "in_market": "EU"}
    wished = {"kind": "erasure_asked", **UNRECORDED["erasure_asked"], **due}
    return [*recorded(), *more, Told("erasure:E12:asked", "", "", wished)]


@pytest.fixture(scope="module")
def written(engine: Engine) -> list[tuple[Told, list[Message]]]:
    """Give every message with the letters to one reader of each role and language."""
    readers = [one for one in people.list_people(engine) if one.roles]
    speeches = Speeches(engine)
    return [(told, list(letters(told, readers, speeches, CONSOLE))) for told in told_ever()]


def each(written: list[tuple[Told, list[Message]]]) -> Iterator[tuple[Told, Message]]:
    """Go through all letters; those that say the same to several readers once."""
    for told, group in written:
        for letter in {(one.subject, one.body): one for one in group}.values():
            yield told, letter


def test_the_stories_tell_every_kind_but_those_named_here() -> None:
    kinds = {told.body["kind"] for told in recorded()}
    said_otherwise = {
        "report_received_danger", "report_accepted_by_silence", "overdue_in_person",
        "duty_possible", "recall_not_decided", "erasure_wished",
    }  # fmt: skip
    assert kinds | set(UNRECORDED) == set(WORDS) - said_otherwise
    assert not kinds & set(UNRECORDED)


def test_every_role_has_a_letter_in_each_language(
    written: list[tuple[Told, list[Message]]],
) -> None:
    for told, group in written:
        assert len(group) == 2 * len(set(Role) - SYSTEM_ROLES), told
        assert {letter.language for letter in group} == {"en", "zh"}


def own_words(told: Told, letter: Message) -> str:
    """Give what we say in a letter: without its address, and without what people wrote."""
    text = re.sub(re.escape(CONSOLE) + r"\S*", "…", f"{letter.subject}\n{letter.body}")
    typed = [str(told.body.get(name, "")) for name in TYPED]
    if told.body["kind"] in ("incident_closed", "incident_reopened", "situation_report"):
        typed.append(str(told.body["title"]))
    for words in filter(None, typed):
        text = text.replace(words, "…")
    return text


def their_words(told: Told) -> set[str]:
    """Give what people wrote within a title of ours: what to do, a text's headline, who acts."""
    title = str(told.body.get("title", ""))
    found = {title.removeprefix(ours) for ours in OURS if title.startswith(ours)}
    if told.body["kind"] == "authority_act" or told.body.get("asks") == "answer_authority":
        who = title.removeprefix("Answer ").rpartition(": ")[0]
        found |= {who, who.replace(" (", "（").replace(")", "）"), title.rpartition(" ")[2]}
    return found | ({str(told.body["firm"])} if told.body["kind"] == "room_asked" else set())


def of_the_plan() -> list[str]:
    """Give what the plan and the regulations say themselves: titles of roles, laws and articles."""
    today = rules()
    titles = {one for row in today.plan.roles.values() for one in (row.title_en, row.title_zh)}
    laws = {one for rule in today.regulations for one in (rule.instrument, rule.article)}
    return sorted(titles | laws, key=len, reverse=True)


def without(text: str, parts: Iterable[str]) -> str:
    """Take parts out of a text."""
    for part in parts:
        text = text.replace(part, "…")
    return text


@pytest.mark.parametrize("fault", MACHINE)
def test_no_letter_speaks_as_a_machine(
    fault: str, written: list[tuple[Told, list[Message]]]
) -> None:
    plan = of_the_plan()
    for told, letter in each(written):
        found = MACHINE[fault].search(without(own_words(told, letter), plan))
        assert found is None, f"{fault}: {found} in\n{letter.subject}\n{letter.body}\n{told.body}"


def test_no_letter_names_a_thing_by_its_id(
    engine: Engine, written: list[tuple[Told, list[Message]]]
) -> None:
    for told, letter in each(written):
        ids = {str(told.body.get(name, "")) for name in ("channel", "by", "person")}
        ids |= set(told.body.get("products", ()))
        said = set(re.findall(r"[\w.-]+", own_words(told, letter)))
        assert not (ids - {""}) & said, f"{letter.subject}\n{letter.body}"


def test_a_chinese_letter_says_nothing_in_english(
    written: list[tuple[Told, list[Message]]],
) -> None:
    plan = of_the_plan()
    for told, letter in each(written):
        if letter.language == "zh":
            text = without(own_words(told, letter), [*their_words(told), *plan])
            found = set(ENGLISH.findall(text)) - NAMES
            assert not found, f"{found} in\n{letter.subject}\n{letter.body}\n{told.body}"


def test_a_letter_begins_with_what_to_do_and_where(
    written: list[tuple[Told, list[Message]]],
) -> None:
    for told, letter in each(written):
        ask, _, rest = letter.body.partition("\n")
        assert ask, letter.body
        assert not ADDRESS.search(ask), letter.body
        if told.incident.startswith("CASE-"):
            assert not ADDRESS.search(letter.body), "cases have no pages"
            continue
        if told.body["kind"] in OF_HOUSE:
            assert rest.startswith(f"{CONSOLE}/privacy/requests/E12\n")
            continue
        address = ADDRESS.fullmatch(rest.partition("\n")[0])
        assert address is not None, letter.body
        assert leads_on(address.group(1)), letter.body


def leads_on(path: str) -> bool:
    """Say whether the console has such a page: an incident's, a stage's, a text's or a form."""
    parts = path.partition("#duty-")[0].split("/")[3:]
    if not parts or parts[:2] == ["statement", "texts"]:
        return len(parts) in (0, 3)
    if parts[0] == "rooms":
        return len(parts) == 2
    if len(parts) == 1:
        return parts[0] in set(Stage)
    spec = COMMANDS[parts[-1]]
    return str(spec.stage) == parts[0] and (len(parts) == 2 or spec.item is not None)


def test_a_drill_says_so_first(engine: Engine) -> None:
    (told, *_) = recorded()
    drill = Told(told.effect_key, told.incident, "the drill", told.body)
    readers = [one for one in people.list_people(engine) if one.roles]
    for letter in letters(drill, readers, Speeches(engine), CONSOLE):
        assert letter.subject.startswith("DRILL 演练 · ")
        assert letter.body.startswith("DRILL 演练 · ")


TRADE = {
    ("halt", "en"): ("Stop sale now: {}", "Incident INC-2026-0001, order 3 (Stop own shops"),
    ("halt", "zh"): ("立即停售：{}", "事件编号 INC-2026-0001，第 3 号指令（停售自营"),
    ("resume", "en"): ("You may sell again: {}", "Incident INC-2026-0001."),
    ("resume", "zh"): ("可以恢复销售：{}", "事件编号 INC-2026-0001。"),
}
GOODS = {
    ("en", ()): "Product A, Product X (all lots)",
    ("en", ("L1",)): "Product A, Product X (lot L1)",
    ("en", ("L1", "L2")): "Product A, Product X (lots L1, L2)",
    ("zh", ()): "产品甲、产品南（全部批次）",
    ("zh", ("L1",)): "产品甲、产品南（批号 L1）",
    ("zh", ("L1", "L2")): "产品甲、产品南（批号 L1、L2）",
}


@pytest.mark.parametrize(("language", "lots"), GOODS)
@pytest.mark.parametrize("action", ["halt", "resume"])
def test_a_shop_reads_what_is_ordered_by_name_and_lot(
    action: str, language: str, lots: tuple[str, ...], database: Database
) -> None:
    order = ChannelOrder(
        effect_key=f"{action}:{language}:{'-'.join(lots)}",
        incident="INC-2026-0001",
        channel="shop",
        action=action,
        order=3,
        products=["cream", "serum"],
        lots=list(lots),
        level="H2",
    )
    shop = Address(
        channel="shop",
        adapter="outbox",
        address="shop@example.com",
        name="Shop",
        language=language,
    )
    OutboxGateway(database.ledger, database.bulk).bring(order, shop)
    told = outbox.list_messages(database.bulk, incident=order.incident)
    (letter,) = [one for one in told if one.effect_key == order.effect_key]
    subject, names_it = TRADE[action, language]
    goods = GOODS[language, lots]
    assert letter.subject == subject.format(goods)
    assert goods in letter.body
    assert names_it in letter.body
    assert not re.search(r"\bH[0-4]\b|cream|serum", letter.body)


RESUMED = {
    ("", "en"): ("You may sell again: Product A", "once it is on sale again"),
    ("warehouse", "en"): ("You may ship again: Product A", "once you ship it again"),
    ("plant", "en"): ("You may produce again: Product A", "once production runs again"),
    ("promotion", "zh"): ("可以恢复推广：产品甲", "恢复推广后请回复本消息"),
    ("marketplace", "zh"): ("可以恢复销售：产品甲", "恢复销售后请回复本消息"),
}


def resume_of(kind: str, language: str) -> ChannelOrder:
    """Give an order to resume to one kind of channel."""
    return ChannelOrder(
        effect_key=f"resume:{kind}:{language}",
        incident="INC-2026-0001",
        channel="one",
        action="resume",
        order=3,
        products=["cream"],
        lots=[],
        level="H2",
    )


def place_of(kind: str, language: str) -> Address:
    """Give a channel of one kind that reads e-mail."""
    return Address(
        channel="one",
        adapter="outbox",
        address="one@example.com",
        name="One",
        language=language,
        kind=kind,
    )


@pytest.mark.parametrize(("kind", "language"), RESUMED)
def test_who_does_not_sell_is_not_told_to_sell_again(
    kind: str, language: str, database: Database
) -> None:
    order = resume_of(kind, language)
    one = place_of(kind, language)
    OutboxGateway(database.ledger, database.bulk).bring(order, one)
    found = outbox.list_messages(database.bulk, incident=order.incident)
    (told,) = [letter for letter in found if letter.effect_key == order.effect_key]
    subject, once = RESUMED[kind, language]
    assert subject in told.subject
    assert once in told.body


STAYS = {
    ("", "en"): ("keep them, do not return or destroy them yet", "send them back"),
    ("", "zh"): ("请单独存放，暂不退回，也不要销毁", "如有发现请退回"),
    ("promotion", "en"): (
        "Another order still stops them.",
        "They were recalled and stay stopped.",
    ),
    ("promotion", "zh"): ("另有指令未解除。", "这些批次已召回，仍须停止。"),
}
GOODS_ARE_SPOKEN_OF = {"en": r"keep them|send them|destroy", "zh": r"存放|退回|销毁"}


@pytest.mark.parametrize(("kind", "language"), STAYS)
def test_who_has_no_goods_is_not_told_what_to_do_with_goods(
    kind: str, language: str, database: Database
) -> None:
    order = replace(resume_of(kind, language), lots=["L1"], kept=["L2"], held=["L3"])
    letter = OrderLetters(database.ledger).write(order, place_of(kind, language))
    for sentence in STAYS[kind, language]:
        assert sentence in letter.body
    assert bool(re.search(GOODS_ARE_SPOKEN_OF[language], letter.body)) == (not kind)
