"""What pages say of a text and of facts: in the reader's language, by names, never by a code."""

import re
from typing import NamedTuple

import pytest

from activities.words import told_in
from api.event_words import VARIANTS
from api.field_words import FIELDS
from api.pages.fact_words import fact_name
from api.pages.readable import text_of
from api.rendering import environment
from api.words import words_of
from domain.channels import ChannelAnswered
from domain.message import COMMANDS, field_labels
from integrations.channels import ALL_HELD
from integrations.shelves import NOTHING_AGAIN
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.serving import Served
from tests.api.test_lens import lens

pytestmark = pytest.mark.xdist_group("pages")


def drafted(served: Served, body: str, **more: object) -> str:
    """Bring an incident to a text in English that tells the lots as reported, and give its number."""
    number = accepted(served)
    text = {"language": "en", "title": "First word", "body": body}
    draft = {"kind": "holding", "markets": ["DE"], "texts": [text], **more}
    done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
    return number


def test_what_keeps_a_text_in_is_said_by_names_and_in_chinese(served: Served, at: SignedIn) -> None:
    number = drafted(served, "We look into it.", facts=["people_hurt"])
    chinese = at("su.ran", "zh-CN").open(f"/incidents/{number}/statement/texts/S1")
    assert "受伤害人员：已报告，未核实" in chinese.text
    assert "以下市场缺少其语言的文本：德国。" in chinese.text
    assert "people_hurt" not in chinese.text
    english = at("su.ran").open(f"/incidents/{number}/statement/texts/S1")
    assert "People hurt: reported, not verified" in english.text
    assert "There is no text in the language of: Germany." in english.text


def test_a_gap_in_a_text_is_said_in_chinese(served: Served, at: SignedIn) -> None:
    number = drafted(served, "We heard [to fill in: x].")
    page = at("ye.fan", "zh-CN").open(f"/incidents/{number}/statement/S1/revise_statement")
    assert "此处仍有待填写的内容。" in page.text
    assert "有待填写内容的文本尚未完成" in page.text
    assert "Something" not in page.text
    assert "规则 gap" not in page.text


def test_a_first_grade_is_no_rise_and_carries_no_mark_of_a_rule(
    served: Served, at: SignedIn
) -> None:
    number = told_once(accepted, served)
    ledger = at("gao.yuan").open(f"/incidents/{number}/ledger")
    assert "Graded Serious; attention" in ledger.text
    assert "rose from" not in ledger.text
    grade = at("gao.yuan").open(f"/incidents/{number}/report")
    why = grade.text.partition("Why this grade")[2].partition("People hurt")[0]
    assert "highest" in why
    assert not re.search(r"\b[GMS]\d\b", why), why


def test_who_ordered_by_the_plan_is_the_plan(served: Served, at: SignedIn) -> None:
    number = told_once(accepted, served)
    audit = at("ren.jia").open(f"/incidents/{number}/audit")
    assert "by the plan, on an act of An Qi" in audit.text
    assert not re.search(r"Private text\b", audit.text), "a type is no word for people"


def test_an_english_page_says_the_english_title_of_a_text(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    texts = [
        {"language": "zh-CN", "title": "情况说明", "body": "我们正在核实有关反映。"},
        {"language": "en", "title": "What we know", "body": "We look into reports."},
    ]
    draft = {"kind": "holding", "markets": ["CN"], "preliminary": True, "texts": texts}
    author = served.person("ye.fan")
    done(author, number, "statement/draft_statement", **draft)
    state = author.get(f"/api/incidents/{number}").json()["state"]["statement"]
    words = state["statements"]["S1"]["sha256"]
    done(author, number, "statement/S1/ask_for_review", sha256=words)
    assert "Approve S1: What we know" in at("su.ran").open(f"/incidents/{number}").text
    assert "批准 S1：情况说明" in at("su.ran", "zh-CN").open(f"/incidents/{number}").text


@pytest.mark.parametrize(
    ("language", "said", "told"),
    [
        ("en", "Approve S1: 情况说明", "Approve S1"),
        ("en", "Approve S1: What we know", "Approve S1: What we know"),
        ("en", "S2 is approved and not out yet: 说明", "S2 is approved and not out yet"),
        ("en", "Complete the recall in CN", "Complete the recall in China"),
        ("en", "No text in the language of DE.", "No text in the language of DE."),
        ("zh_CN", "Approve S1: What we know", "批准 S1"),
    ],
)
def test_a_title_of_the_domain_has_no_code_and_no_other_language(
    language: str, said: str, told: str
) -> None:
    words = words_of(language)
    assert told_in(words, said, known=None, rules=None, person=str) == told


def test_a_scope_that_only_counts_anew_is_not_said_to_be_widened() -> None:
    class Scoped(NamedTuple):
        step: str
        grows: bool

    tell = VARIANTS["ScopeSet"]
    assert [tell(Scoped(*one)) for one in (("widened", False), ("widened", True), ("first", True))] == [
        "recounted", "widened", "first",
    ]  # fmt: skip


def test_a_channel_at_which_nothing_goes_on_sale_is_not_said_to_sell_again() -> None:
    def variant(proof: str) -> str:
        told = ChannelAnswered(channel="shop", order=1, state="resumed", attempts=1, proof=proof)
        return VARIANTS["ChannelAnswered"](told)

    nothing = f"{NOTHING_AGAIN} Still held: 1."
    assert [variant(one) for one in (nothing, str(ALL_HELD.proof), "On sale again: 1 offer.")] == [
        "resumed_none", "resumed_none", "resumed",
    ]  # fmt: skip


def test_the_button_of_a_question_says_what_it_records(served: Served, at: SignedIn) -> None:
    number = told_once(accepted, served)
    lawyer = at("fang.zheng")
    page = lawyer.open(f"/incidents/{number}/notice/EU-COS-5-2/confirm_rule_applies")
    assert "Record my answer, signed" in page.form("/confirm_rule_applies").buttons
    chosen = lawyer.open(f"{page.address}?applies=true")
    assert "Record: it applies" in chosen.form("/confirm_rule_applies").buttons


def test_a_test_without_evidence_asks_for_no_sample(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    page = at("qiu.ning").open(f"/incidents/{number}/investigation/order_test")
    assert "sample" not in page.form("/order_test").values
    assert "No evidence is recorded yet" in page.text
    kept = f"/incidents/{number}/investigation/collect_evidence"
    assert kept in [href for _, href in page.links]
    evidence = {
        "what": "The jar", "source": "Ms A.", "taken_at": "2026-11-20T03:00:00Z",
        "place": "Hangzhou", "storage": "Safe 2",
    }  # fmt: skip
    done(served.person("qiu.ning"), number, "investigation/collect_evidence", **evidence)
    page = at("qiu.ning").open(f"/incidents/{number}/investigation/order_test")
    assert "E1" in page.form("/order_test").choices["sample"]
    assert "No evidence is recorded yet" not in page.text
    assert words_of("zh_CN").sentence("Known: none yet.") == "目前尚无任何登记。"


def test_the_hazard_form_begins_with_how_many_were_hurt_in_numbers(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    address = f"/incidents/{number}/investigation/evaluate_hazard"
    doctor = at("qiu.ning")
    before = doctor.open(address).form("/evaluate_hazard").values["injuries"]
    assert before == ["1 person reported as hurt; nobody is registered yet."]
    case = {
        "outcomes": ["hospitalised"], "awareness_at": "2026-11-20T02:00:00Z", "country": "CN",
        "product": "dew-cream", "lot": "DC2603A", "person": "Ms A.", "account": "A rash.",
    }  # fmt: skip
    done(served.person("mei.lin"), number, "report/register_case", **case)
    after = doctor.open(address).form("/evaluate_hazard").values["injuries"]
    assert after == ["1 person registered as hurt, 1 of them seriously (P1)."]


def test_amounts_of_time_labels_and_colons_are_written_out() -> None:
    chinese, english = lens("zh_CN"), lens("en")
    assert text_of(english, "limit", str, "15 wd") == "15 working days"
    assert text_of(english, "limit", str, "10 CFU/g") == "10 CFU/g"
    assert chinese.named_line("地点", "杭州") == "地点：杭州"
    owner = FIELDS["Action.test"]
    assert english(owner) == "How we see that it worked"
    assert chinese(owner) == "如何判断措施有效"
    labels = [label for spec in COMMANDS.values() for label in field_labels(spec).values()]
    assert [label for label in labels if "(none:" in label] == []


def test_what_people_wrote_is_never_said_otherwise(served: Served, at: SignedIn) -> None:
    """Also where it reads like a sentence of ours: "S1 is approved" is translated, this is not."""
    number = accepted(served)
    words = "The stop is released when the next lot is good; goods are in the cage."
    done(served.person("gao.yuan"), number, "halt/order_halt", level="H3", reason=words)
    reader = at("gao.yuan", "zh-CN")
    assert words in reader.open(f"/incidents/{number}/halt").text


def test_a_fact_that_the_form_named_is_named_to_each_reader_in_their_language(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    told = {"key": "money", "name": MONEY_NAMED, "value": "0.4 million yuan spent by now"}
    told |= {"as_of": "2026-03-02T09:30:00Z"}
    done(served.person("qiu.ning"), number, "investigation/record_fact", **told)
    for path in ("investigation", "ledger"):
        chinese = at("qiu.ning", "zh-CN").open(f"/incidents/{number}/{path}")
        assert "费用（已支出、预计、保险，注明哪些是估计）" in chinese.text
        assert MONEY_NAMED not in chinese.text


MONEY_NAMED = "money: spent, expected, insured, and what is an estimate"[:60]


@pytest.mark.parametrize(
    ("key", "named"),
    [
        pytest.param("heard_since", "首次收到反映的时间", id="what we derive ourselves"),
        pytest.param("jars_made", "Jars counted by hand", id="what somebody named stays"),
    ],
)
def test_a_fact_is_called_by_its_place_or_by_its_own_name(key: str, named: str) -> None:
    assert fact_name(lens("zh_CN"), key, "" if key == "heard_since" else named) == named


@pytest.mark.parametrize(
    ("language", "told", "other"),
    [
        pytest.param("zh-CN", "批次A的数量，来自台账", "counted from the register", id="Chinese"),
        pytest.param("en", "counted from the register", "批次A的数量，来自台账", id="English"),
    ],
)
@pytest.mark.parametrize("first", ["zh", "en"])
def test_a_fact_is_told_to_each_reader_in_the_words_of_their_language(
    served: Served, at: SignedIn, first: str, language: str, told: str, other: str
) -> None:
    words = {"zh": "批次A的数量，来自台账", "en": "counted from the register"}
    number = accepted(served)
    fact = {
        "key": "units_sold",
        "name": "Units sold",
        "kind": "text",
        "value": words[first],
        "as_of": "2026-03-02T09:30:00Z",
        "said_in": [{"language": one, "value": said} for one, said in words.items()],
    }
    done(served.person("qiu.ning"), number, "investigation/record_fact", **fact)
    text = {"language": "en", "title": "First word", "body": "We look into it."}
    draft = {"kind": "holding", "markets": ["DE"], "texts": [text], "facts": ["units_sold"]}
    done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
    for path in ("investigation", "ledger"):
        page = at("qiu.ning", language).open(f"/incidents/{number}/{path}").text
        assert told in page
        assert other not in page
        assert ("已售数量" in page) is (language != "en")
    # Of a text the page tells what stands in it, and what that is to the reader.
    page = at("qiu.ning", language).open(f"/incidents/{number}/statement/texts/S1").text
    english = words["en"]
    labelled = f"英语：{english} 中文：{words['zh']}" if language == "zh-CN" else english
    assert labelled in page


def test_an_amount_has_the_name_of_its_currency() -> None:
    assert lens("zh_CN").currency("CNY") == "人民币"
    assert lens("en").currency("CNY") == "Chinese Yuan"


def test_a_cell_that_says_nothing_is_empty_so_that_a_phone_leaves_its_label_out() -> None:
    rows = [["a", "", {"text": "", "lines": []}, {"text": "", "lines": ["b"]}]]
    source = '{% import "console/components.html" as ui %}{{ ui.table("t", columns, rows) }}'
    columns = [{"title": title} for title in ("One", "Two", "Three", "Four")]
    html = environment("en").from_string(source).render(columns=columns, rows=rows)
    assert re.search(r'data-label="Two"></td>', html)
    assert re.search(r'data-label="Three"></td>', html)
    assert "b</span>" in html


def test_a_text_page_tells_facts_in_the_readers_language(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    fact = {"key": "signs", "kind": "text", "value": "红肿", "as_of": "2026-11-20T01:00:00Z"}
    english = [{"language": "en", "value": "redness"}]
    quality = served.person("qiu.ning")
    done(quality, number, "investigation/record_fact", **fact, said_in=english)
    begun = at("qiu.ning").open(f"/incidents/{number}/investigation/record_fact?key=signs")
    assert begun.form("/record_fact").values["value"] == ["红肿"]
    changed = at("qiu.ning").send(begun, begun.form("/record_fact"), value="灼热")
    assert "The words of Signs in these languages still say the old value" in changed.text
    texts = [{"language": "zh-CN", "title": "情况说明", "body": "症状：{{signs}}。"}]
    draft = {"kind": "holding", "markets": ["CN"], "preliminary": True, "texts": texts}
    done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
    for language, told in (("en", "redness"), ("zh-CN", "红肿")):
        page = at("su.ran", language).open(f"/incidents/{number}/statement/texts/S1").text
        facts = page.partition("Facts it tells" if language == "en" else "文中陈述的事实")[2]
        assert told in facts.partition("2026")[0], facts[:300]


def test_what_stands_behind_a_hint_is_no_number_of_a_chapter(served: Served, at: SignedIn) -> None:
    number = drafted(served, "We sold 120 jars.")
    page = at("su.ran").open(f"/incidents/{number}/statement/texts/S1").text
    assert "figures in a text follow facts" in page
    assert "reference 4.6" not in page
