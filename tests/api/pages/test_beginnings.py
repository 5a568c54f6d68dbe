"""What forms start with: what is known already, and what belongs to the reader."""

from typing import Any

import pytest

from services.company import COMPANY_FILE, read_company_file
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import HOSPITAL, accepted, done, told_once
from tests.api.serving import Served
from tests.api.test_incidents import reported, until

pytestmark = pytest.mark.xdist_group("pages")

DRAFT = {
    "kind": "holding",
    "markets": ["CN"],
    "preliminary": True,
    "texts": [
        {"language": "zh-CN", "title": "首次回应", "body": "初步信息：我们正在调查。"},
        {"language": "en", "title": "First word", "body": "Preliminary: we are looking into it."},
    ],
}
COMPANY = read_company_file(COMPANY_FILE)
SCOPE = {
    "products": ["dew-cream"],
    "lots": [{"lot": "DC2603A", "product": "dew-cream", "made": 100, "on_hand": 10}],
    "markets": ["CN"],
    "consignees": ["hemu", "fenghe"],
    "reason": "The lot of the first case.",
}
GERMANY = {**SCOPE, "markets": ["DE"], "left_out_why": "The lot went to Germany alone."}


def handed_in(served: Served, at: SignedIn) -> str:
    """Have a text in two languages wait for its approvals."""
    number = accepted(served)
    done(served.person("ye.fan"), number, "statement/draft_statement", **DRAFT)
    page = at("ye.fan").open(f"/incidents/{number}/statement/S1/ask_for_review")
    at("ye.fan").send(page, page.form("/ask_for_review"))
    return number


def test_who_leads_is_filled_in(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"))
    form = at("gao.yuan").open(f"/incidents/{number}/report/accept_report").form("/accept_report")
    assert form.values["commander"] == ["gao.yuan"]


def test_the_first_hurt_person_begins_with_what_was_reported(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), lots=["DC2603A"])
    form = at("mei.lin").open(f"/incidents/{number}/report/register_case").form("/register_case")
    told = {name: form.values[name] for name in ("country", "product", "lot")}
    assert told == {
        "country": ["CN"],
        "product": ["dew-cream"],
        "lot": ["DC2603A"],
    }
    assert form.values["awareness_at"] == ["2026-11-20T09:00"]
    # What happened to this person decides on duties by law: that is answered, never filled in.
    assert not form.values.get("outcomes")


def test_the_next_hurt_person_begins_where_the_last_one_lives(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), lots=["DC2603A"])
    done(
        served.person("mei.lin"),
        number,
        "report/register_case",
        outcomes=["mild"],
        awareness_at="2026-11-20T01:00:00Z",
        country="DE",
        product="dew-cream",
    )
    form = at("mei.lin").open(f"/incidents/{number}/report/register_case").form("/register_case")
    assert form.values["country"] == ["DE"]
    assert not form.values.get("awareness_at", [""])[0], "the clocks of the law start there"


def test_a_person_whom_the_report_tells_of_was_known_when_it_was(
    served: Served, at: SignedIn
) -> None:
    told = {**HOSPITAL, "people": 2, "serious_people": 1}
    number = reported(served.person("an.qi"), lots=["DC2603A"], answers=told)
    hurt = {"outcomes": ["mild"], "awareness_at": "2026-11-20T01:00:00Z", "country": "CN"}
    done(served.person("mei.lin"), number, "report/register_case", **hurt, product="dew-cream")
    form = at("mei.lin").open(f"/incidents/{number}/report/register_case").form("/register_case")
    assert form.values["awareness_at"] == ["2026-11-20T09:00"]


def test_nobody_is_registered_as_hurt_who_was_not(served: Served, at: SignedIn) -> None:
    number = reported(served.person("an.qi"), lots=["DC2603A"])
    page = at("mei.lin").open(f"/incidents/{number}/report/register_case")
    assert 'value="mild"' in page.html
    assert 'value="none"' not in page.html


def test_what_the_texts_leave_open_is_filled_in_on_one_form(served: Served, at: SignedIn) -> None:
    number, ye = accepted(served, lots=["DC2603A"]), at("ye.fan")
    page = ye.open(f"/incidents/{number}/statement/draft_statement?kind=holding")
    ye.send(page, page.form("/draft_statement"))
    text = ye.open(f"/incidents/{number}/statement/texts/S1")
    assert "待填写：热线服务时间" in text.text
    assert "{{" not in text.text, "a gap says in words what belongs there"
    page = ye.open(text.link("Record them on one form"))
    form = page.form("/record_facts")
    first = next(n for n in range(40) if form.values[f"facts-{n}-key"] == ["hotline_hours"])
    assert [form.values[f"facts-{first + n}-language"] for n in (0, 1)] == [["zh-CN"], ["en"]]
    told = {"zh-CN": "每日8时至22时", "en": "8:00 to 22:00 every day"}
    sent = {f"facts-{first + n}-value": [said] for n, said in enumerate(told.values())}
    ye.send(page, form, **sent)  # type: ignore[arg-type]
    text = ye.open(f"/incidents/{number}/statement/texts/S1")
    assert "每日8时至22时" in text.text
    assert "8:00 to 22:00 every day" in text.text
    assert "[removed] 【待填写：热线服务时间】" in text.text, "the draft follows by itself"


def test_facts_recorded_from_a_drafts_form_lead_back_to_it(served: Served, at: SignedIn) -> None:
    number, ye = accepted(served, lots=["DC2603A"]), at("ye.fan")
    drafting = f"/incidents/{number}/statement/draft_statement?kind=holding"
    begun = ye.open(drafting)
    page = ye.open(begun.link("Record them on one form"), referer=f"{served.url}{drafting}")
    form = page.form("/record_facts")
    first = next(n for n in range(40) if form.values[f"facts-{n}-key"] == ["hotline_hours"])
    landed = ye.send(page, form, **{f"facts-{first}-value": ["每日8时至22时"]})  # type: ignore[arg-type]
    assert landed.address.startswith(drafting)
    assert "Recorded: this happened" in landed.text
    assert (
        "热线服务时间" not in landed.text.split("Record them on one form")[0].split("To fill in")[1]
    )


def test_a_scope_begins_with_the_units_and_receivers_that_the_companys_list_knows(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served, lots=["DC2603A"])
    page = at("gao.yuan").open(f"/incidents/{number}/recall/set_scope")
    form = page.form("/set_scope")
    first = {name: form.values[f"lots-0-{name}"] for name in ("lot", "product", "made", "shipped")}
    listed = next(lot for lot in COMPANY.lots if lot.id == "DC2603A")
    direct = sum(part.units for part in listed.sold_direct)
    shipped = sum(part.units for part in listed.shipped) + direct
    assert first == {
        "lot": ["DC2603A"],
        "product": ["dew-cream"],
        "made": [str(listed.quantity)],
        "shipped": [str(shipped)],
    }
    assert set(form.values["consignees"]) == {part.consignee for part in listed.shipped}
    assert not form.values.get("lots-0-sold", [""])[0]  # what consignees sold on is not known
    got = max(listed.shipped, key=lambda part: part.units)
    assert f"received DC2603A: {got.units:,} units" in page.text


def test_levels_that_do_not_stand_come_first_and_the_others_stop_other_goods(
    served: Served, at: SignedIn
) -> None:
    number = told_once(accepted, served)
    page = at("gao.yuan").open(f"/incidents/{number}/halt/order_halt")
    form = page.form("/order_halt")
    assert form.choices["level"] == ["H3", "H4", "H1", "H2"]
    assert form.values["level"] == ["H3"]  # the plan asks a decision about it at this grade
    said = "It stands for what was reported: name other lots or products below."
    assert page.text.count(said) == 2


def test_a_further_lot_is_stopped_from_the_page_once_every_level_stands(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served, products=["brook-shampoo"], lots=["BS2601A"])
    chief = at("gao.yuan")
    for lots in ([], ["BS2604A"]):
        page = chief.open(f"/incidents/{number}/halt/order_halt")
        form = page.form("/order_halt")
        chief.send(page, form, "Halt now", level="H3", lots=lots, reason="To be safe.")
    halt = served.person("gao.yuan").get(f"/api/incidents/{number}").json()["state"]["halt"]
    assert [one["lots"] for one in halt["orders"] if one["level"] == "H3"] == [
        ["BS2601A"],
        ["BS2604A"],
    ]
    assert "Halt now" in chief.open(f"/incidents/{number}/halt").text


def test_those_who_heard_nothing_are_told_first(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    done(served.person("qiu.ning"), number, "recall/set_scope", **SCOPE)
    page = at("cheng.bo").open(f"/incidents/{number}/recall/record_notification")
    form = page.form("/record_notification")
    assert form.values["reader"] == ["consignee"]
    assert form.values["recipients"] == ["fenghe", "hemu"]
    assert form.choices["recipients"] == ["fenghe", "hemu"]
    assert form.values["market"] == ["CN"]


def test_how_a_product_comes_back_is_as_the_company_has_it(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    done(served.person("qiu.ning"), number, "recall/set_scope", **SCOPE)
    page = at("gao.yuan").open(f"/incidents/{number}/recall/sign_recall_plan")
    form = page.form("/sign_recall_plan")
    assert form.values["returns-0-method"] == ["prepaid_post"]
    assert "prepaid_label" not in form.choices["returns-0-method"]


def test_a_reviewer_attests_the_language_they_answer_for(served: Served, at: SignedIn) -> None:
    number = handed_in(served, at)
    chinese = at("han.yue").open(f"/incidents/{number}/statement/S1/approve_statement")
    assert chinese.form("/approve_statement").choices["slot"] == ["4:zh-CN"]
    assert chinese.form("/approve_statement").values["slot"] == ["4:zh-CN"]
    assert "Language reviewer (Chinese)" in chinese.text
    french = at("claire.moreau").open(f"/incidents/{number}")
    assert "Approve exactly this text" not in [said for said, _ in french.links]
    assert "Claire Moreau" not in at("ye.fan").open(f"/incidents/{number}/statement/texts/S1").text


def test_a_first_statement_is_marked_preliminary(served: Served, at: SignedIn) -> None:
    number = told_once(accepted, served)
    address = f"/incidents/{number}/statement/draft_statement?kind=holding"
    form = at("ye.fan").open(address).form("/draft_statement")
    assert form.values["preliminary"] == ["true"]
    assert "correction" not in form.choices["kind"]


def test_a_fact_is_called_as_people_call_it(served: Served, at: SignedIn) -> None:
    number, quality = accepted(served), at("qiu.ning")
    names = [("pH of lot DC2603A", "ph_of_lot_dc2603a"), ("酸碱度", "fact_2"), ("酸碱度", "fact_2")]
    for name, _key in names:
        page = quality.open(f"/incidents/{number}/investigation/record_fact")
        told = quality.send(
            page, page.form("/record_fact"), name=name, value="11.8", as_of="2026-11-20T09:00"
        )
        assert f"Fact “{name}” as told: 11.8" in told.text
    state = served.person("qiu.ning").get(f"/api/incidents/{number}").json()["state"]
    assert sorted(state["investigation"]["facts"]) == sorted({key for _, key in names})
    page = quality.open(f"/incidents/{number}/investigation")
    anew = {href for said, href in page.links if said.startswith("Record it anew")}
    assert any(href.endswith("?key=ph_of_lot_dc2603a") for href in anew)
    moved = quality.open(next(href for href in anew if href.endswith("=fact_2")))
    assert moved.form("/record_fact").values["key"] == ["fact_2"]
    nameless = quality.open(f"/incidents/{number}/investigation/record_fact")
    form = nameless.form("/record_fact")
    refused = quality.send(nameless, form, value="1", as_of="2026-11-20T09:00")
    assert "The fact has no name." in refused.text


@pytest.mark.parametrize(
    ("markets", "is_told"), [(["CN"], False), (["CN", "US"], True), ([], True)],
    ids=["China", "the US too", "not known yet"],
)  # fmt: skip
def test_fda_is_named_where_its_market_is_concerned(
    served: Served, at: SignedIn, markets: list[str], is_told: bool
) -> None:
    answers = {"worst_outcome": "mild", "people": 1, "markets": markets}
    number = reported(served.person("an.qi"), answers=answers)
    page = at("qiu.ning").open(f"/incidents/{number}/report").text
    assert ("FDA assigns the class" in page) is is_told


def test_a_duty_waits_for_those_of_its_market(served: Served, at: SignedIn) -> None:
    answers = {"worst_outcome": "hospitalised", "people": 1, "fault": "corrosive"}
    told = {**answers, "whereabouts": "consumers", "markets": ["CN"]}
    number = reported(served.person("an.qi"), answers=told)
    chinese = at("bai.lu").open(f"/incidents/{number}").text
    american = at("emily.carter").open(f"/incidents/{number}").text
    assert "File the first report" in chinese or "It is reportable" in chinese
    assert "File the first report" not in american


def test_a_recall_notice_says_what_it_lacks_and_where_that_is_recorded(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    done(served.person("qiu.ning"), number, "recall/set_scope", **GERMANY)
    form = f"/incidents/{number}/statement/draft_statement?kind=recall_notice"
    page = at("ye.fan").open(form)
    assert "What this text lacks so far" in page.text
    assert "Regulation (EU) 2023/988 art. 36(2)(b)(iii)" in page.text
    place = page.link("Record: when, where and by whom it was sold")
    assert place.endswith("/investigation/record_fact?key=sold")
    fact = at("ye.fan").open(place).form("/record_fact")
    assert fact.values["key"] == ["sold"]
    at("ye.fan").send(page, fact, value="in Germany since March", as_of="2026-11-20T09:00")
    assert "Record: when, where and by whom" not in at("ye.fan").open(form).text


def test_a_fact_without_words_in_a_language_of_the_text_says_so(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    done(served.person("qiu.ning"), number, "recall/set_scope", **GERMANY)
    told = "Our tests found more of a preservative than the limit allows."
    fact = {"key": "reason", "value": told, "as_of": "2026-11-20T09:00:00Z"}
    done(served.person("qiu.ning"), number, "investigation/record_fact", **fact)
    page = at("ye.fan").open(f"/incidents/{number}/statement/draft_statement?kind=recall_notice")
    assert "not said in Chinese, German yet" in page.text
    place = page.link("Add the words")
    assert place.endswith("/record_fact?key=reason&language=zh-CN&language=de")
    form = at("ye.fan").open(place).form("/record_fact")
    assert form.values["value"] == [told], "what is known stands there, and is not asked for again"
    assert [form.values[f"said_in-{n}-language"] for n in range(2)] == [["zh-CN"], ["de"]]


def test_a_draft_begins_in_the_languages_of_its_markets(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    done(served.person("qiu.ning"), number, "recall/set_scope", **GERMANY)
    page = at("ye.fan").open(f"/incidents/{number}/statement/draft_statement?kind=recall_notice")
    form = page.form("/draft_statement")
    assert [form.values[f"texts-{n}-language"] for n in range(3)] == [["zh-CN"], ["en"], ["de"]]
    assert form.values["texts-2-title"][0].startswith("Produktsicherheitsrückruf: ")
    assert "A language is missing" not in page.text


def test_a_language_without_a_template_is_named_before_anybody_writes(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    markets = {**GERMANY, "markets": ["CN", "DE", "NL"]}
    done(served.person("qiu.ning"), number, "recall/set_scope", **markets)
    form = f"/incidents/{number}/statement/draft_statement?kind="
    told = at("ye.fan").open(form + "holding").text
    assert "in the language of the Netherlands, and we have no template of this kind in it" in told
    assert "(Dutch)" in told
    assert "the commander may let the text go out first" in told
    assert "“Go on with a gap”" in told
    assert "(German" in at("ye.fan").open(form + "apology").text


def test_a_text_that_names_no_fact_says_which_it_answers_for(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    facts = [{"key": "sold", "name": "Units sold", "value": "12"}]
    told = {"as_of": "2026-11-20T02:00:00Z", "facts": facts}
    done(served.person("qiu.ning"), number, "investigation/record_facts", **told)
    ye, said = at("ye.fan"), "the text is taken to tell all that are known"
    page = ye.open(f"/incidents/{number}/statement/draft_statement")
    assert said not in page.text, "nothing is written yet"
    typed = {"kind": "update", "texts-0-language": "en", "texts-0-title": "News"}
    for body, more, is_said in (
        ("We sold twelve.", {}, True),
        ("We sold {{sold}}.", {}, False),
        ("We sold twelve.", {"facts": ["sold"]}, False),
    ):
        form = page.form("/draft_statement")
        form.values |= {name: [value] for name, value in typed.items()}
        form.values |= {"texts-0-body": [body], **more}
        again = ye.send(page, form, "Show what would follow").text
        assert (said in again) is is_said, body
        assert ("Units sold" in again.partition("answers for")[2][:600]) is is_said


@pytest.mark.parametrize("kind", ["", "poem", "..%2F..", "holding%00", "%2Fetc"])
def test_a_kind_that_is_none_begins_nothing(served: Served, at: SignedIn, kind: str) -> None:
    number = told_once(accepted, served)
    page = at("ye.fan").open(f"/incidents/{number}/statement/draft_statement?kind={kind}")
    assert page.status == 200
    assert "What this text lacks" not in page.text


def test_several_facts_are_verified_on_one_form(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    heard = {"key": "heard", "value": "A rash"}
    german = {**heard, "value": "Ausschlag", "language": "de"}
    said = {"facts": [{"key": "sold", "value": "12"}, heard, german]}
    as_of = "2026-11-20T02:00:00Z"
    done(served.person("qiu.ning"), number, "investigation/record_facts", as_of=as_of, **said)
    reader = at("xu.lan")
    page = reader.open(reader.open(f"/incidents/{number}").link("Verify several facts"))
    form = page.form("/verify_facts")
    assert sorted(form.choices["facts"]) == ["heard@1", "sold@1"]
    assert not form.values.get("facts"), "nobody checked anything yet"
    assert "German: Ausschlag" in page.text, (
        "whoever verifies answers for the words of each language"
    )
    sent = reader.send(page, form, facts=["sold@1", "heard@1"], how="Read the calls again.")
    assert sent.status == 200
    state = served.person("xu.lan").get(f"/api/incidents/{number}").json()["state"]
    facts = state["investigation"]["facts"]
    assert {one["status"] for one in facts.values()} == {"verified"}


def test_a_text_in_review_is_named_before_a_fact_it_tells_is_verified(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    facts = [{"key": "sold", "name": "Units sold", "value": "12"}, {"key": "calls", "value": "3"}]
    told = {"as_of": "2026-11-20T02:00:00Z", "facts": facts}
    done(served.person("qiu.ning"), number, "investigation/record_facts", **told)
    texts = [{"language": "en", "title": "Stop selling", "body": "We sold {{sold}}."}]
    draft = {"kind": "trade_hold", "markets": ["CN"], "hand_in": True, "texts": texts}
    done(served.person("cheng.bo"), number, "statement/draft_statement", **draft)
    forms = {"verify_facts": True, "sold/verify_fact": True, "calls/verify_fact": False}
    for form, is_told in forms.items():
        page = at("xu.lan").open(f"/incidents/{number}/investigation/{form}").text
        assert ("Texts that would go back to draft" in page) is is_told, form
        assert ("S1 · Stop selling" in page) is is_told, form
        assert ("It tells as preliminary: Units sold." in page) is is_told, form


@pytest.mark.parametrize(
    ("kind", "author", "approvers", "place"),
    [
        pytest.param("staff", "ye.fan", ["su.ran", "gao.yuan"], "staff", id="for staff"),
        pytest.param("management_brief", "ye.fan", ["gao.yuan"], "board", id="for management"),
    ],
)
def test_a_text_begins_with_the_place_where_its_readers_look(
    served: Served, at: SignedIn, kind: str, author: str, approvers: list[str], place: str
) -> None:
    number = accepted(served)
    said = {**DRAFT, "kind": kind, "hand_in": True}
    done(served.person(author), number, "statement/draft_statement", **said)
    for name in approvers:
        page = at(name).open(f"/incidents/{number}/statement/S1/approve_statement")
        at(name).send(page, page.form("/approve_statement"))
    lead = at("su.ran")
    page = lead.open(f"/incidents/{number}/statement/S1/publish_statement")
    form = page.form("/publish_statement")
    assert form.values["places"] == [place]
    confirmed = form.choices.get("confirmed", [])
    nowhere = lead.send(page, form, confirmed=confirmed, places=[])
    assert nowhere.status == 422
    assert "Nothing is ticked, so it would go nowhere" in nowhere.text
    assert not nowhere.form("/publish_statement").values.get("places")
    sent = lead.send(page, form, confirmed=confirmed)
    assert sent.status == 200, sent.text

    def placed(state: dict[str, Any]) -> dict[str, str]:
        places = state["statement"]["statements"]["S1"]["places"]
        return {name: one["state"] for name, one in places.items()}

    handed_over = {place: "handed_over"}
    until(served.person(author), number, lambda told: placed(told["state"]) == handed_over)
    handed = lead.open(f"/texts?incident={number}")
    assert "S1 · " in handed.html.split('<h2 id="look">')[1]
    page = lead.open(f"/incidents/{number}/statement/S1/confirm_published_by_hand")
    form = page.form("/confirm_published_by_hand")
    assert form.values.get("place") == [place]
    wrong = {"link": "At the gate", "text_seen": "Preliminary: we are sure of it."}
    assert lead.send(page, form, **wrong).status == 200
    shown = lead.open(f"/incidents/{number}/statement/texts/S1")
    assert "Other words stand there than those approved" in shown.text
    assert "looking into" in shown.html.split("<del>")[1].split("</del>")[0]
    step = shown.html.split('id="step"')[1].split("</section>")[0]
    assert "It stands there now" in step.split('class="button primary"')[1]
    assert ">other words stand there<" in shown.html.split('id="places"')[1]
    row = lead.open(f"/texts?incident={number}").html.split('<h2 id="wrong">')[1]
    next_one = row.split('class="incident-next"')[1].split("</p>")[0]
    assert ": Other words than those approved stand there" in next_one
    assert place in next_one.lower()
    page = lead.open(f"/incidents/{number}/statement/S1/confirm_published_by_hand")
    form = page.form("/confirm_published_by_hand")
    seen = {"link": "At the gate", "text_seen": "Preliminary: we are looking into it."}
    sent = lead.send(page, form, **seen)
    assert sent.status == 200, sent.text
    listed = lead.open(f"/incidents/{number}/statement").text
    assert "Published in English" in listed, "one language alone is not all of the text"
    assert "not out in Chinese" in listed
