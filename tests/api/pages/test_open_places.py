"""What drafts leave open: counted whole, each place with where it is filled."""

import pytest

from tests.api.browsing import Seen
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

AS_OF = "2026-11-20T02:00:00Z"
SCOPE = {
    "products": ["dew-cream"],
    "lots": [{"lot": "DC2603A", "product": "dew-cream", "made": 100, "on_hand": 10}],
    "markets": ["DE"],
    "left_out_why": "The lot was sold elsewhere.",
    "consignees": ["hemu", "fenghe"],
    "reason": "The lot of the first case.",
}
LINE = {
    "messages": ["We look into every report."],
    "do_not_say": ["harmless"],
    "spokesperson": "Xia Zhi",
    "own_language": "en",
}


def german(served: Served) -> str:
    """Have an incident whose scope is Germany."""
    number = accepted(served)
    done(served.person("qiu.ning"), number, "recall/set_scope", **SCOPE)
    return number


def draft_of(at: SignedIn, number: str, kind: str) -> Seen:
    """Open the form of a first draft."""
    return at("ye.fan").open(f"/incidents/{number}/statement/draft_statement?kind={kind}")


def together(at: SignedIn, number: str, kind: str, language: str = "en") -> Seen:
    """Open the one form for what a first draft leaves open."""
    form = f"/incidents/{number}/investigation/record_facts?kind={kind}"
    return at("ye.fan", language).open(form)


@pytest.mark.parametrize(
    "place",
    [
        "where staff send questions and new cases",
        "when to hand the call over, and to whom",
        "where the lot number stands on the pack",
        "the agreed line, in one or two sentences",
        "what we do not say",
        "who speaks to the press",
    ],
)
def test_every_place_that_leaves_a_gap_is_counted(served: Served, at: SignedIn, place: str) -> None:
    told = draft_of(at, told_once(german, served), "hotline_script").text
    counted = told.partition("6 places of this text are open: ")[2].partition(". ")[0]
    assert place in counted


def test_what_no_fact_fills_says_where_it_is_filled(served: Served, at: SignedIn) -> None:
    number = told_once(german, served)
    told = together(at, number, "hotline_script").text
    assert "it comes from the act “Set the agreed line”" in told
    assert "Who may do that: " in told
    assert "Xia Zhi" in told
    page = at("xia.zhi").open(f"/incidents/{number}/investigation/record_facts?kind=staff")
    assert page.link("Set the agreed line").endswith("/statement/set_agreed_line")


def test_what_the_companys_file_lacks_says_so(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    done(served.person("qiu.ning"), number, "recall/set_scope", **{**SCOPE, "markets": ["NL"]})
    told = together(at, number, "recall_notice").text
    assert "it comes from the company's file, under “hotlines”" in told


def test_a_begun_text_leads_to_its_own_places_and_takes_in_what_was_settled(
    served: Served, at: SignedIn
) -> None:
    number, ye = german(served), at("ye.fan")
    page = draft_of(at, number, "staff")
    ye.send(page, page.form("/draft_statement"))
    address = f"/incidents/{number}/statement/texts/S1"
    text = ye.open(address)
    assert "[to fill in: the agreed line, in one or two sentences]" in text.text
    done(served.person("xia.zhi"), number, "statement/set_agreed_line", **LINE)
    xia = at("xia.zhi")
    facts = xia.open(f"/incidents/{number}/investigation/record_facts?text=S1")
    assert "The agreed line has no words of this in: Chinese." in facts.text
    gap = xia.open(facts.link("Set the agreed line"))
    form = gap.form("/set_agreed_line")
    assert form.values["messages"] == LINE["messages"]
    assert form.values["said_in-0-language"] == ["zh-CN"], "the form asks for exactly what lacks"
    gap = xia.send(gap, form, **{"said_in-0-value": "我们正在核实每一条反映。"})
    text = ye.open(address)
    assert "It is known by now" not in text.text, "the text took it in by itself"
    assert "We look into every report." in text.text
    assert "我们正在核实每一条反映。" in text.text
    assert "answered by Xia Zhi" in text.text


def test_a_fact_in_two_languages_is_asked_for_in_the_third_alone(
    served: Served, at: SignedIn
) -> None:
    number = german(served)
    words = {"zh-CN": "at the bottom, in Chinese", "en": "on the bottom"}
    said_in = [{"language": one, "value": said} for one, said in words.items()]
    fact = {"key": "where_to_find", "value": words["en"], "as_of": AS_OF, "said_in": said_in}
    done(served.person("qiu.ning"), number, "investigation/record_fact", **fact)
    page = together(at, number, "recall_notice")
    form = page.form("/record_facts")
    lines = [n for n in range(40) if form.values.get(f"facts-{n}-key") == ["where_to_find"]]
    assert [form.values[f"facts-{n}-language"] for n in lines] == [["de"]]
    assert "In English: on the bottom" in page.text
    assert "In Chinese: at the bottom, in Chinese" in page.text
    at("ye.fan").send(page, form, **{f"facts-{lines[0]}-value": "am Boden"})
    state = served.person("ye.fan").get(f"/api/incidents/{number}").json()["state"]
    kept = {
        e["language"]: e["value"]
        for e in state["investigation"]["facts"]["where_to_find"]["said_in"]
    }
    assert kept == {**words, "de": "am Boden"}


@pytest.mark.parametrize("kind", ["staff", "hotline_script", "management_brief"])
def test_a_text_for_people_of_the_company_needs_no_market_s_language(
    served: Served, at: SignedIn, kind: str
) -> None:
    number = german(served)
    page = draft_of(at, number, kind)
    assert "A language is missing" not in page.text
    form = page.form("/draft_statement")
    spoken = {name: v for name, v in form.values.items() if name.endswith("-language") and v[0]}
    assert sorted(spoken.values()) == [["en"], ["zh-CN"]]
    facts = together(at, number, kind)
    assert "German" not in facts.text
    at("ye.fan").send(page, form)
    text = at("ye.fan").open(f"/incidents/{number}/statement/texts/S1")
    assert "There is no text in the language of" not in text.text


@pytest.mark.parametrize("reader", ["en", "zh_CN"])
def test_a_field_stands_in_its_sentence_in_the_language_of_the_field(
    served: Served, at: SignedIn, reader: str
) -> None:
    told = together(at, told_once(german, served), "staff", reader).text
    assert told.count("Send every new report or question at once to ＿＿＿＿.") == 1
    assert told.count("＿＿＿＿。") >= 1


def test_a_field_of_one_market_shows_no_number_of_another(served: Served, at: SignedIn) -> None:
    number, scope = accepted(served), {**SCOPE, "markets": ["FR", "GB"]}
    done(served.person("qiu.ning"), number, "recall/set_scope", **scope)
    told = together(at, number, "holding").text
    assert "Appelez-nous : +33 800 00 00 00 (＿＿＿＿)" in told
    assert told.count("Call us: +44 808 157 0000 (＿＿＿＿)") == 1, "beside the English field alone"


def test_a_value_begins_in_the_box_of_its_own_language(served: Served, at: SignedIn) -> None:
    number = german(served)
    fact = {"key": "where_to_find", "value": "瓶底", "as_of": AS_OF}
    done(served.person("qiu.ning"), number, "investigation/record_fact", **fact)
    page = f"/incidents/{number}/investigation/record_fact?key=where_to_find&language=en"
    form = at("ye.fan").open(page).form("/record_fact")
    own = {name: form.values[name] for name in ("value", "own_language", "said_in-0-language")}
    assert own == {"value": ["瓶底"], "own_language": ["zh-CN"], "said_in-0-language": ["en"]}


def test_the_sentence_stays_on_a_form_that_is_shown_again(served: Served, at: SignedIn) -> None:
    page = together(at, german(served), "supplier_notice")
    sentence = "In the text: "
    assert sentence in page.text
    form = page.form("/record_facts")
    again = at("ye.fan").send(page, form)
    assert "No line has a value." in again.text
    assert again.text.count(sentence) == page.text.count(sentence)


@pytest.mark.parametrize("ticked", [True, False], ids=["to be handed in", "as a draft"])
def test_a_text_that_was_not_handed_in_says_so_and_why(
    served: Served, at: SignedIn, *, ticked: bool
) -> None:
    number, ye = german(served), at("ye.fan")
    page = draft_of(at, number, "staff")
    sent = ye.send(page, page.form("/draft_statement"), hand_in=["true"] if ticked else [])
    told = "S1 was kept as a draft and is not handed in: nobody could approve it with “"
    assert (told in sent.text) is ticked
    assert ("Mend that, then hand it in." in sent.text) is ticked


def test_the_one_form_has_a_line_for_every_place_in_every_language(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    markets = ["CN", "DE", "FR"]
    done(served.person("qiu.ning"), number, "recall/set_scope", **{**SCOPE, "markets": markets})
    form = together(at, number, "recall_notice").form("/record_facts")
    keys = [form.values.get(f"facts-{n}-key", [""])[0] for n in range(120)]
    assert keys.count("reason") == len(["zh-CN", "en", "de", "fr"])
    assert keys.count("where_to_find") == keys.count("hotline_hours") == keys.count("reason")
    assert sum(map(bool, keys)) > 40, "more than once stood on it"


@pytest.mark.parametrize(
    ("language", "own", "value"), [("en", "en", "on the bottom"), ("zh_CN", "zh-CN", "瓶底")]
)
def test_what_is_typed_is_in_the_language_of_the_page_and_the_form_says_so(
    served: Served, at: SignedIn, language: str, own: str, value: str
) -> None:
    number, ye = german(served), at("ye.fan", language)
    page = ye.open(f"/incidents/{number}/investigation/record_fact?key=where_to_find")
    form = page.form("/record_fact")
    assert form.values["own_language"] == [own]
    ye.send(page, form, value=value)
    state = served.person("ye.fan").get(f"/api/incidents/{number}").json()["state"]
    said_in = state["investigation"]["facts"]["where_to_find"]["said_in"]
    assert said_in == [{"language": own, "value": value}]
    page = ye.open(f"/incidents/{number}/investigation/record_fact?key=where_to_find&language=de")
    form = page.form("/record_fact")
    assert (form.values["own_language"], form.values["said_in-0-language"]) == ([own], ["de"])
    ye.send(page, form, **{"said_in-0-value": "am Boden"})
    state = served.person("ye.fan").get(f"/api/incidents/{number}").json()["state"]
    kept = state["investigation"]["facts"]["where_to_find"]["said_in"]
    assert {one["language"]: one["value"] for one in kept} == {
        own: value,
        "de": "am Boden",
    }
