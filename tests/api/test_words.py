"""Every text that a page can show has a Chinese one, and the two have the same holes."""

import ast
import pathlib
import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import domain.incident  # noqa: F401
from activities.named_things import with_marks, with_names, with_things
from activities.words import in_sentence, territories, told_in, without_codes
from api.word_lists import LISTS
from api.words import words_of
from domain.message import COMMANDS
from domain.plan_terms import ChannelKind
from domain.review import WHY
from domain.statement_lookup import AS_SHOWN
from tools.texts import texts_of

HOME = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("domain", "services", "api", "cli", "activities", "integrations", "storage")
HOLE = re.compile(r"%\(\w+\)s|\{[^}]*\}")
HAN = re.compile(r"[\u4e00-\u9fff]")
SAME = re.compile(r"[A-Z0-9 .:/()%{}_\-]+|Authorization: .*")
"""What reads the same in both languages: numbers, codes and names of laws."""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    with (HOME / "locale/zh_CN/LC_MESSAGES/andon.po").open("rb") as po:
        return read_po(po, locale="zh_CN")


def parts(message: Message) -> tuple[list[str], list[str]]:
    """Give the English forms and the Chinese ones of a message."""
    source = [message.id] if isinstance(message.id, str) else list(message.id)
    given = message.string or ""
    return source, [given] if isinstance(given, str) else list(given)


def is_chinese(text: str) -> bool:
    """Say whether a text has Chinese in it, or nothing but holes, signs and codes."""
    return HAN.search(text) is not None or re.search(r"[a-z]{4}", HOLE.sub("", text)) is None


def test_every_text_of_the_code_is_translated(catalog: Catalog) -> None:
    known = {parts(message)[0][0] for message in catalog if message.id}
    missing = {
        text
        for room in ROOMS
        for path in (HOME / room).rglob("*.py")
        for text in texts_of(ast.parse(path.read_text(encoding="utf-8")), str(path))
        if text not in known
    }
    assert not missing, "run `make messages` and write the Chinese"


def test_no_translation_is_empty_or_english(catalog: Catalog) -> None:
    for message in catalog:
        if not message.id:
            continue
        source, given = parts(message)
        assert all(given), source
        if not SAME.fullmatch(source[0]):
            assert all(map(is_chinese, given)), source


def test_both_languages_have_the_same_holes(catalog: Catalog) -> None:
    for message in catalog:
        source, given = parts(message)
        allowed = {hole for text in source for hole in HOLE.findall(text)}
        for text in given:
            holes = set(HOLE.findall(text))
            assert holes <= allowed, source
            assert len(source) > 1 or holes == allowed, source


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_command_has_a_name(language: str) -> None:
    words = words_of(language)
    for command in COMMANDS.values():
        said = words.gettext(command.title)
        assert said
        assert language == "en" or HAN.search(said), command.name


SAID = {
    "There is no market XX.": "XX",
    "Possibly: Have it approved and ready: nothing known": "可能：批准并备好待发：nothing known",
    "Possibly: Qqq (XX), to the Zzz by phone (our own target; the law says: at once)": (
        "可能：Qqq（XX），报送Zzz，以电话报告"
    ),
    "Qqq (XX), to the Zzz by phone (our own target; 21 CFR 7.46(a) asks for it immediately; "
    "no limit of the law)": "Qqq（XX），报送Zzz，以电话报告",
    "Still open: halt H1 stands; act A3 waits for signatures.": "仍未完成：停售 H1 仍有效；A3 等待签署。",
}


@pytest.mark.parametrize(("english", "chinese"), SAID.items())
def test_a_sentence_is_said_with_what_stands_in_it(english: str, chinese: str) -> None:
    assert chinese in words_of("zh_CN").sentence(english)
    assert words_of("en").sentence(english) == english


QUOTED = {
    "Benzene is in samples of several lines.": "Benzene is in samples of several lines.",
    "By mail; answered twice (see S1).": "By mail; answered twice (see S1).",
    "act A3 waits for signatures": "A3 等待签署",
}
"""What may be somebody's own words, and what becomes of it in Chinese."""


@pytest.mark.parametrize(("english", "chinese"), QUOTED.items())
def test_what_people_wrote_is_not_taken_apart(english: str, chinese: str) -> None:
    assert chinese in words_of("zh_CN").quoted(english)
    assert words_of("en").quoted(english) == english


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("GB", "the United Kingdom"),
        ("US", "the United States"),
        ("NL", "the Netherlands"),
        ("PH", "the Philippines"),
        ("AE", "the United Arab Emirates"),
        ("EU", "the European Union"),
        ("CZ", "Czechia"),
        ("CN", "China"),
        ("ZZZ", "ZZZ"),
    ],
)
def test_a_country_in_an_english_sentence_has_its_article(code: str, said: str) -> None:
    assert in_sentence(code, words_of("en")) == said
    assert not in_sentence(code, words_of("zh")).startswith("the ")


def test_a_country_in_a_title_of_the_domain_has_its_article() -> None:
    words = words_of("en")
    told = without_codes("Complete the recall in US", words, None)
    assert told == "Complete the recall in the United States"
    told = without_codes("The authority in NL is asked to terminate the recall", words, None)
    assert told.startswith("The authority in the Netherlands is asked")
    assert without_codes("on 2 March (US)", words, None) == "on 2 March (United States)"


@pytest.mark.parametrize(
    ("language", "told", "said"),
    [
        pytest.param("en", "sold in NL, GB and DE.",
                     "sold in the Netherlands, the United Kingdom and Germany.", id="and"),
        pytest.param("en", "sold in NL, GB, and DE",
                     "sold in the Netherlands, the United Kingdom, and Germany", id="comma and"),
        pytest.param("en", "sold in NL/GB/DE",
                     "sold in the Netherlands/the United Kingdom/Germany", id="slashes"),
        pytest.param("en", "sold in NL or GB by May",
                     "sold in the Netherlands or the United Kingdom by May", id="or"),
        pytest.param("en", "verkauft in DE und NL",
                     "verkauft in Germany und the Netherlands", id="German"),
        pytest.param("zh", "在NL、GB、DE销售", "在荷兰、英国、德国销售", id="Chinese commas"),
        pytest.param("zh", "在NL、GB和DE销售", "在荷兰、英国和德国销售", id="Chinese and"),
        pytest.param("en", "sold in NLX and GB", "sold in NLX and GB", id="no code"),
        pytest.param("en", "held in NL and DNA tests", "held in the Netherlands and DNA tests",
                     id="a word after the list"),
        pytest.param("en", "read in DE-2026-1", "read in DE-2026-1", id="a number"),
        pytest.param("en", "sold in US and PR agrees", "sold in the United States and PR agrees",
                     id="a department after the list"),
        pytest.param("en", "it was put right in IT and HR.", "it was put right in IT and HR.",
                     id="departments"),
        pytest.param("zh", "关于DE和IT的召回", "关于DE和IT的召回", id="about"),
        pytest.param("zh", "在DE和IT部门", "在德国和IT部门", id="a Chinese department"),
        pytest.param("en", "Complete the recall in IT", "Complete the recall in Italy",
                     id="a title of ours"),
        pytest.param("en", "sold in DE and IT.", "sold in Germany and Italy.",
                     id="beside another country"),
    ],
)  # fmt: skip
def test_all_countries_of_a_list_are_named(language: str, told: str, said: str) -> None:
    assert without_codes(told, words_of(language), None) == said


def test_departments_in_a_row_are_no_countries() -> None:
    known = dict(territories("zh_CN"))
    assert words_of("zh_CN").sentence("HR, IT", known) == "HR, IT"
    assert words_of("zh_CN").sentence("DE, IT", known) == "德国、意大利"


@pytest.mark.parametrize("kind", ["", *ChannelKind])
def test_what_resumes_is_said_by_what_a_channel_does(kind: str) -> None:
    words = words_of("en")
    lists = ("channel_resuming", "channel_resumed", "channel_again")
    told = [words.of(name, kind) for name in lists]
    assert all(kind in LISTS[name] for name in lists)
    does_not_sell = kind in (
        "",
        *"warehouse carrier samples promotion plant supplier_material".split(),
    )
    assert any("sell" in one for one in told) is not does_not_sell


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("3 effectiveness checks are open: hemu, mall.", "checks are open: Hemu Ltd., The Mall."),
        (
            "No plan is signed. Not told yet: hemu. Silent: mall.",
            "yet: Hemu Ltd.. Silent: The Mall.",
        ),
        ("hemu is no consignee of this incident.", "Hemu Ltd. is no consignee"),
        ("hemu stands in market DE, and this notice names CN.", "Hemu Ltd. stands in market DE"),
        ("By the company's list mall is of market DE, not of CN: tell.", "list The Mall is of"),
        (
            "these are not of market CN: hemu, mall and 2 more. Tell",
            "CN: Hemu Ltd., The Mall and 2",
        ),
        ("These stand in another market than CN: hemu, mall.", "CN: Hemu Ltd., The Mall."),
        ("1 effectiveness check is open: hemu.", "check is open: Hemu Ltd.."),
        ("hemu has not answered", "Hemu Ltd. has not answered"),
        ("Channel mall may resume.", "Channel The Mall may resume."),
        ("The hemu of somebody is open.", "The hemu of somebody is open."),
    ],
    ids=[
        "checks",
        "two lists",
        "first",
        "moved",
        "list",
        "several of the list",
        "several moved",
        "one check",
        "silent",
        "channel",
        "their own word",
    ],
)
def test_a_thing_of_the_lists_is_named_in_a_sentence(said: str, told: str) -> None:
    names = {"hemu": "Hemu Ltd.", "mall": "The Mall"}
    assert told in with_things(said, lambda _kind, one: names[one])


def test_a_refusal_names_the_state_of_a_text_as_its_page_does() -> None:
    shown = LISTS["domain.state.statement.Status"]
    assert {str(one): said for one, said in AS_SHOWN.items()} == {
        one: said[:1].lower() + said[1:] for one, said in shown.items()
    }


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "No recall plan is signed. Silent: a, b.",
            "尚未签署召回计划。未答复：Glow Inc. Shanghai、Other。",
        ),
        (
            (
                "b stands in market DE, and this notice names CN. Record each market by itself, or "
                "leave the market empty: each keeps its own. Was the first one wrong, say why this "
                "one is right."
            ),
            (
                "Other登记在DE市场，而本次通知写的是CN。请按市场分别记录，或将市场留空："
                "各收货方的市场保持不变。如果此前的市场有误，请说明为什么这个市场才是对的。"
            ),
        ),
        ("Silent: b, a.", "未答复：Other、Glow Inc. Shanghai。"),
        ("Not told yet: a. Silent: b.", "尚未通知：Glow Inc. Shanghai。未答复：Other。"),
        ("b has not answered", "Other未答复"),
    ],
    ids=["behind a sentence", "before two that are one text", "alone", "two lists", "a title"],
)
def test_a_name_ends_no_sentence_and_is_never_translated(said: str, told: str) -> None:
    names = {"a": "Glow Inc. Shanghai", "b": "Other"}
    marked, things = with_marks(said)
    words = words_of("zh_CN").sentence(marked)
    assert with_names(words, things, lambda _kind, one: names[one]) == told


def test_a_name_never_takes_in_the_mark_of_another() -> None:
    names = {"a": "Glow \ue001\uf123", "b": "Other\ue000"}
    marked, things = with_marks("Silent: a, b\ue000.")
    assert with_names(marked, things, lambda _kind, one: names[one]) == "Silent: Glow , Other."


@pytest.mark.parametrize("count", [600, 6_500], ids=["many", "more than there are marks"])
def test_a_sentence_with_many_names_is_told(count: int) -> None:
    said = f"Silent: {', '.join(f'c{n}' for n in range(count))}."
    marked, things = with_marks(said)
    assert with_names(marked, things, lambda _kind, one: one) == said


def test_sentences_one_behind_the_other_are_each_said_in_chinese() -> None:
    said = "Not every consignee was told. Consumers were not told. Silent: hemu."
    told = words_of("zh_CN").sentence(said)
    assert told == "并非所有收货方都已获通知。消费者尚未获通知。未答复：hemu。"


def test_why_an_incident_closed_all_the_same_is_told_in_the_words_of_whoever_said_it() -> None:
    said = "Halt stays until the next lot is released; texts were read."
    told = told_in(words_of("zh"), f"{WHY}{said}", known=None, rules=None, person=str)
    assert told == f"理由：{said}"


@pytest.mark.parametrize(
    ("language", "told", "said"),
    [
        pytest.param("en", "lot 20260312: 7208 of 25200 units came back",
                     "lot 20260312: 7,208 of 25,200 units came back", id="en"),
        pytest.param("zh_CN", "lot 20260312: 7208 of 25200 units came back",
                     "批次20260312：流出25,200件，收回7,208件", id="zh"),
        pytest.param("zh_CN", "lot 20260312: 7208 units came back; how many are out is not known",
                     "批次20260312：收回7,208件；流出数量尚不清楚", id="not known"),
    ],
)  # fmt: skip
def test_units_at_the_end_are_grouped_and_the_number_of_the_lot_is_not(
    language: str, told: str, said: str
) -> None:
    grouped = told_in(words_of(language), told, known=None, rules=None, person=str)
    assert grouped == said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Report of a death, serious injury or illness, P1", "死亡、严重伤害或疾病强制报告、P1"),
        (
            "Is it reportable? Report of a death, serious injury or illness, P1 (AU)",
            "强制报告、P1（AU）",
        ),
    ],
    ids=["about a person", "in a question"],
)
def test_a_name_with_a_comma_of_its_own_is_no_list(said: str, told: str) -> None:
    known = {"Report of a death, serious injury or illness": "死亡、严重伤害或疾病强制报告"}
    assert words_of("zh_CN").sentence(said, known).endswith(told)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "On sale again: 1 offer. Changed by others meanwhile and left so: 1.",
            "已重新上架 1 个商品。其间由他人改动、保持原样：1项。",
        ),
        ("Everything was on sale already. Still held: 2.", "此处商品原本已在售。仍在停售：2项。"),
        ("I was there. Still held: 2.", "I was there. Still held: 2."),
        (
            (
                "127.0.0.1 is inside this network. "
                "Orders go outside only, and to what ANDON_ALLOW_INSIDE names."
            ),
            (
                "127.0.0.1 是本网络内部的地址。"
                "指令只发往外部地址，以及 ANDON_ALLOW_INSIDE 所列的地址。"
            ),
        ),
        (
            (
                "shop.example leads to fd00:ec2::254, where clouds hand out keys. "
                "No setting allows it: correct the address."
            ),
            (
                "shop.example 指向 fd00:ec2::254，那是云平台发放密钥的地址。"
                "任何设置都不会放行：请更正地址。"
            ),
        ),
        ("On sale again: 1 offer. I was there.", "On sale again: 1 offer. I was there."),
    ],
)
def test_several_sentences_of_ours_are_told_and_nobody_elses(said: str, told: str) -> None:
    assert words_of("zh_CN").quoted(said) == told
