"""First drafts: what the house knows stands in them, what nobody knows is a gap that blocks."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from activities.derived import Desk, asked, known_values
from activities.drafting import (
    about_of,
    kinds,
    languages_of,
    listed,
    needed,
    own_forms,
    suggest,
    without_number,
)
from activities.hotlines import country
from activities.places import open_places, sheet_of
from domain.enquiries import SetAgreedLine
from domain.errors import NotFound
from domain.fact_values import ValueKind
from domain.facts import FactWords, RecordFact, RetractFact, VerifyFact, all_facts
from domain.gap_words import GAPS
from domain.markets import markets_addressed
from domain.people import PERFORMER, Role
from domain.references import REFERENCE, filled
from domain.severity import Answers
from domain.state.halt import ChannelHalt, ListedChannel
from domain.state.statement import PlaceState, Status
from domain.statement import ReviseStatement
from domain.statement_change import CorrectStatement
from domain.statement_facts import clock_of, quoted
from domain.statement_lookup import lint
from domain.statement_text import Rendition
from domain.values import PublicText
from storage import catalog, company
from storage.company import COMPANY
from storage.database import Database
from tests.database import embedded
from tests.domain.story import MILD, SERIOUS, Story, person
from tests.domain.texts import (
    AUTHOR,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    like,
    now,
    placed,
    publish,
    text,
)

__all__ = ["embedded"]


@pytest.fixture
def desk(embedded: Database) -> Desk:
    """A desk that knows one product and its own names."""
    catalog.put_items(
        embedded.ledger,
        "product",
        [
            catalog.Item(
                id="cream",
                name_en="Moisture Cream 50 g",
                name_zh="润泽面霜 50克",
                document={"items": [{"gtin": "9521234567899"}], "registrations": []},
            )
        ],
    )
    names = {"name_en": "Qinglan Cosmetics", "name_zh": "青岚化妆品", "hotline": "+86 800 000 0000"}
    company.set_fact(embedded.ledger, COMPANY, json.dumps(names, ensure_ascii=False))
    return Desk(embedded.ledger, "")


@pytest.fixture
def story() -> Story:
    """A serious incident; the plan has halted H1 and H2."""
    told = Story()
    told.accepted(SERIOUS)
    return told


def test_a_first_statement_is_there_at_once_in_both_languages(desk: Desk, story: Story) -> None:
    told = suggest(desk, story.incident, "holding", "zh-CN")
    title, body = told.title, told.body
    assert title == "关于润泽面霜 50克的首次回应"
    for known in (
        "青岚化妆品",
        "+86 800 000 0000",
        "批号 L1",
        "已下令自营渠道停止销售",
        "2026年3月2日9时",
    ):
        assert known in body
    assert "【待填写：收到的反映（一句话）】" in body
    told = suggest(desk, story.incident, "holding", "en")
    title, body = told.title, told.body
    assert title == "First statement on Moisture Cream 50 g"
    assert "as of 09:00 Beijing time, 2 March 2026" in body
    assert "[to fill in: what we heard, in one clause]" in body


@pytest.mark.parametrize("answers", [SERIOUS, MILD], ids=["serious", "general"])
def test_the_time_of_the_next_word_comes_from_the_plan(desk: Desk, answers: Answers) -> None:
    told = Story()
    told.accepted(answers)
    days = 3 if answers is SERIOUS else 7
    body = suggest(desk, told.incident, "holding", "zh-CN").body
    assert f"2026年3月{2 + days}日" in body
    assert "下次" not in str(re.findall("【待填写：[^】]*】", body))


@pytest.mark.parametrize(
    ("states", "said", "unsaid"),
    [
        pytest.param(("confirmed", "confirmed"), "已停止自营渠道", "已下令自营渠道", id="all"),
        pytest.param(("confirmed", "ordered"), "已下令自营渠道", "已停止自营渠道", id="not all"),
        pytest.param(("confirmed", "selling"), "已下令自营渠道", "已停止自营渠道", id="on sale"),
    ],
)
def test_a_text_says_stopped_only_of_what_every_channel_confirmed(
    desk: Desk, story: Story, states: tuple[str, str], said: str, unsaid: str
) -> None:
    at, halt = story.now, story.incident.halt
    listed = {
        name: ListedChannel(
            id=name, kind="own_shop", level="H2", name=name, name_zh=name, market="CN"
        )
        for name in ("web", "street")
    }
    channels = {
        name: ChannelHalt(channel=name, order=1, state=state, ordered_at=at)
        for name, state in zip(listed, states, strict=True)
    }
    incident = replace(
        story.incident, halt=replace(halt, levels=("H2",), listed=listed, channels=channels)
    )
    body = suggest(desk, incident, "holding", "zh-CN").body
    assert said in body
    assert unsaid not in body


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_draft_has_nothing_to_object_to_but_its_gaps(
    desk: Desk, story: Story, kind: str, language: str
) -> None:
    told = suggest(desk, story.incident, kind, language)
    title, body = told.title, told.body
    made = Rendition(language=language, title=PublicText(title), body=PublicText(body))
    found = {f.rule for f in lint(story.incident, kind, ("CN", "US"), (made,))}
    # How many fell ill is still to be filled in, and the US asks for it.
    assert found - {"us-illnesses"} == {"gap"}


@pytest.mark.parametrize("market", ["CN", "US", "DE", "FR", "ES", "IT", "JP", "KR", "TW", "GB"])
@pytest.mark.parametrize("kind", kinds())
def test_a_draft_in_the_language_of_its_market_says_nothing_that_a_rule_finds(
    desk: Desk, story: Story, kind: str, market: str
) -> None:
    for language in languages_of(kind, (market,)):
        told = suggest(desk, story.incident, kind, language, markets=(market,))
        title, body = PublicText(told.title), PublicText(told.body)
        made = Rendition(language=language, title=title, body=body)
        found = {f.rule for f in lint(story.incident, kind, (market,), (made,)) if f.matched}
        assert found <= {"gap"}, language


@pytest.mark.parametrize("market", ["CN", "DE", "US"])
@pytest.mark.parametrize("kind", kinds())
def test_a_draft_warns_of_no_figure_of_its_own(
    desk: Desk, story: Story, kind: str, market: str
) -> None:
    spoken = dict.fromkeys(("zh-CN", "en", *languages_of(kind, (market,))))
    for language in spoken:
        told = suggest(desk, story.incident, kind, language, markets=(market,), referring=True)
        title, body = PublicText(told.title), PublicText(told.body)
        one = Rendition(language=language, title=title, body=body)
        facts = {f.key: f for f in listed(desk, story.incident, (one,), story.now, "", (market,))}
        facts |= {key: quoted(fact) for key, fact in all_facts(story.incident).items()}
        made = filled(one, facts, clock_of(story.incident, (market,)))
        assert [f.matched for f in made.unbound] == [], language


def test_a_recorded_fact_goes_before_what_is_derived_until_it_is_retracted(
    desk: Desk, story: Story
) -> None:
    quality = person(Role.QUALITY, name="q")
    heard = RecordFact(key="heard", value=PublicText("有消费者称使用后红肿"), as_of=story.now)
    story.did(quality, heard)
    story.did(quality, RecordFact(key="doing", value=PublicText("甲。\n乙。"), as_of=story.now))
    body = suggest(desk, story.incident, "holding", "zh").body
    assert "有消费者称使用后红肿" in body
    assert "· 甲。\n· 乙。" in body
    story.did(quality, RetractFact(key="heard", reason=PublicText("误记")))
    assert "【待填写：收到的反映" in suggest(desk, story.incident, "holding", "zh").body


def test_unknown_lots_are_a_gap_and_never_an_empty_list(desk: Desk) -> None:
    story = Story()
    story.reported(SERIOUS, lots_unknown=True)
    assert "lots" not in known_values(desk, story.incident, "zh-CN")
    assert "【待填写：批号】" in suggest(desk, story.incident, "trade_hold", "zh-CN").body


def test_a_correction_names_the_text_it_is_about(desk: Desk, story: Story) -> None:
    handed_in(story, draft("holding", text(), text("en"), markets=("CN", "US")))
    approved(story)
    story.did(PR_LEAD, publish(now(story), "site"))
    story.did(PERFORMER, placed(now(story), "site"))
    told = suggest(desk, story.incident, "correction", "en", about="S1")
    title, body = told.title, told.body
    assert title == "Correction: First statement on Cream"
    assert "published at 09:00 Beijing time, 2 March 2026" in body


def test_a_link_leads_to_the_notice_itself_where_there_is_one(desk: Desk, story: Story) -> None:
    def link(about: str = "", markets: tuple[str, ...] = ("CN",), own: str = "https://q.cn") -> Any:
        return known_values(Desk(desk.engine, own), story.incident, "en", about, markets)["link"]

    page = f"https://q.cn/recalls/{story.incident.id}-S1"
    story.did(AUTHOR, draft("recall_notice", text(), text("en"), markets=("CN", "US")))
    assert link() == "https://q.cn/recalls"  # nothing keeps other texts in until it stands
    out = replace(
        now(story),
        status=Status.PUBLISHED,
        places={"site": PlaceState(place="site", state="published", at=story.now)},
    )
    texts = {"S1": out, "S2": replace(out, id="S2", kind="holding")}
    stage = replace(story.incident.statement, statements=texts)
    story.incident = replace(story.incident, statement=stage)
    assert link() == page
    assert link("S2") == page.replace("S1", "S2")
    assert link(markets=("CN", "DE")) == "https://q.cn/recalls"
    website = {"website": "https://www.q.cn"}
    company.set_fact(desk.engine, COMPANY, json.dumps(website))
    assert link(own="") == "https://www.q.cn/recalls"


def corrected(desk: Desk, story: Story, markets: tuple[str, ...]) -> dict[str, str]:
    """A text about signs of illness is out, the fact moves, and its correction is begun."""
    quality = person(Role.QUALITY)

    def signs(value: str, english: str) -> None:
        words = (FactWords(language="en", value=PublicText(english)),)
        told = RecordFact(key="signs", value=PublicText(value), as_of=story.now, said_in=words)
        story.did(quality, replace(told, drop_words=True))
        story.did(person(Role.QUALITY_SAFETY_RESPONSIBLE), VerifyFact(key="signs"))

    signs("红肿 2 天", "redness for 2 days")
    bodies = (text(body="症状：{{signs}}。"), text("en", body="Signs: {{signs}}."))
    handed_in(story, draft("holding", *bodies, markets=("CN", "US")))
    approved(story)
    story.did(PR_LEAD, publish(now(story), "site"))
    story.did(PERFORMER, placed(now(story), "site"))
    signs("红肿 3 天", "redness for 3 days")
    texts = tuple(
        Rendition(language=one, title=PublicText(said.title), body=PublicText(said.body))
        for one in ("zh-CN", "en", "de")
        for said in [
            suggest(desk, story.incident, "correction", one, "S1", markets, referring=True)
        ]
    )
    facts = {f.key: f for f in listed(desk, story.incident, texts, story.now, "S1", markets)}
    facts |= {key: quoted(fact) for key, fact in all_facts(story.incident).items()}
    made = [filled(one, facts, clock_of(story.incident, markets)).text for one in texts]
    return {one.language: one.body for one in made}


def test_a_correction_quotes_what_stood_there_in_the_words_of_each_language(
    desk: Desk, story: Story
) -> None:
    said = corrected(desk, story, ("CN", "US", "DE"))
    assert "“红肿 2 天”" in said["zh-CN"]
    assert "“红肿 3 天”" in said["zh-CN"]
    assert "What was wrong: “redness for 2 days”" in said["en"]
    assert "What is right: “redness for 3 days”" in said["en"]
    assert "Falsch war: [auszufüllen: was falsch war]" in said["de"]
    assert "红" not in said["de"]


def test_a_correction_gives_each_reader_the_number_of_their_market(
    desk: Desk, story: Story
) -> None:
    names = {
        "home_market": "CN",
        "hotline": "+86 800 000 0000",
        "hotlines": [
            {"market": "DE", "number": "+49 800 000 0000"},
            {"market": "US", "number": "+1 800 555 0100"},
        ],
    }
    company.set_fact(desk.engine, COMPANY, json.dumps(names))
    said = corrected(desk, story, ("CN", "US", "DE"))
    numbers = {"zh-CN": "+86 800 000 0000", "en": "+1 800 555 0100", "de": "+49 800 000 0000"}
    assert {one: [n for n in numbers.values() if n in body] for one, body in said.items()} == {
        one: [number] for one, number in numbers.items()
    }


def test_a_correction_of_a_correction_is_about_that_one(desk: Desk, story: Story) -> None:
    corrected(desk, story, ("CN", "US"))
    why = PublicText("天数")
    said = draft("correction", text(), text("en"))
    story.did(PR_LEAD, like(said, CorrectStatement, statement="S1", what_was_wrong=why))
    assert about_of(story.incident, ReviseStatement, "S2") == "S1"
    assert about_of(story.incident, CorrectStatement, "S2") == "S2"


def test_what_is_needed_is_described_and_what_has_no_template_is_said_so(
    desk: Desk, story: Story
) -> None:
    assert [v.name for v in needed("trade_hold")][:3] == ["product", "lots", "codes"]
    assert all(v.meaning_zh and v.meaning_en for kind in kinds() for v in needed(kind))
    with pytest.raises(NotFound, match="Write this text by hand"):
        suggest(desk, story.incident, "poem", "en")
    with pytest.raises(NotFound, match="'nl' template"):
        suggest(desk, story.incident, "holding", "nl")


def test_a_product_that_is_not_on_the_list_is_a_gap(desk: Desk, story: Story) -> None:
    incident = story.incident
    other = replace(incident, report=replace(incident.report, products=("soap",)))
    assert "product" not in known_values(desk, other, "en")
    assert "[to fill in: product" in suggest(desk, other, "holding", "en").title


# ---------------------------------------------------------------- languages and markets


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "de",
            (
                "Wir haben angeordnet, das Produkt nicht mehr auszuliefern.",
                "2. März 2026, 09:00 Uhr",
            ),
        ),
        ("fr", ("Nous avons ordonné que le produit ne soit plus expédié.", "2 mars 2026 à 9 h")),
        ("es", ("Hemos ordenado que el producto deje de enviarse.", "2 de marzo de 2026, 09:00 h")),
        (
            "it",
            ("Abbiamo disposto che il prodotto non venga più spedito.", "2 marzo 2026, ore 09:00"),
        ),
        ("ja", ("当該製品の出荷停止を指示しました。", "2026年3月2日9時（北京時間）")),
        ("ko", ("해당 제품의 출고를 중단하도록 지시했습니다.", "2026년 3월 2일 9시(베이징 시간)")),
    ],
)
def test_what_is_recorded_is_told_in_every_language(
    desk: Desk, story: Story, language: str, sentences: tuple[str, ...]
) -> None:
    told = suggest(desk, story.incident, "holding", language)
    assert all(sentence in told.body for sentence in sentences), told.body
    assert "L1" in told.body


@pytest.mark.parametrize(
    ("kind", "markets", "languages"),
    [
        ("holding", ("DE", "AT"), ("de",)),
        ("holding", ("CH",), ("de", "fr", "it")),
        ("recall_notice", ("ES", "FR"), ("es", "fr")),
        ("recall_notice", ("JP", "KR"), ("ja", "ko")),
        ("recall_notice", ("CN", "US"), ("en", "zh-CN")),
        ("staff", ("DE",), ()),
        ("poem", ("DE",), ()),
        ("", ("DE",), ()),
    ],
)
def test_a_draft_comes_in_the_languages_of_its_markets(
    kind: str, markets: tuple[str, ...], languages: tuple[str, ...]
) -> None:
    assert languages_of(kind, markets) == languages


@pytest.mark.parametrize(
    ("markets", "forms"),
    [
        (("CN", "US"), ("CN", "US")),
        (("DE", "FR"), ()),
        (("DE", "GB"), ("EU",)),
        (("JP", "KR"), ()),
        ((), ()),
    ],
)
def test_markets_with_forms_of_their_own_want_a_text_each(
    markets: tuple[str, ...], forms: tuple[str, ...]
) -> None:
    assert own_forms("recall_notice", markets) == forms
    assert own_forms("holding", markets) == ()


def test_lines_that_say_nothing_are_no_facts(desk: Desk, story: Story) -> None:
    quality = person(Role.QUALITY, name="q")
    told = PublicText("甲。\n\n  \n 乙。 \n")
    story.did(quality, RecordFact(key="doing", value=told, as_of=story.now))
    assert known_values(desk, story.incident, "zh-CN")["doing"] == ("甲。", "乙。")


def test_a_date_for_the_us_is_the_day_there_and_written_as_there(desk: Desk, story: Story) -> None:
    us = suggest(desk, story.incident, "recall_notice", "en", markets=("US",))
    assert "March 1, 2026" in us.body  # in New York, while it is the 2nd in China


def test_a_recall_notice_takes_the_form_of_its_market_and_says_what_it_lacks(
    desk: Desk, story: Story
) -> None:
    eu = suggest(desk, story.incident, "recall_notice", "en", markets=("IE",))
    us = suggest(desk, story.incident, "recall_notice", "en", markets=("US",))
    assert eu.title.startswith("Product safety recall")
    assert "MedWatch" in us.body
    assert "MedWatch" not in eu.body
    lacks = {element.id: element.citation for element in eu.missing}
    assert lacks["sold"] == "Regulation (EU) 2023/988 art. 36(2)(b)(iii)"
    assert "stop" not in lacks  # the template itself says it
    assert "illnesses" in {element.id for element in us.missing}


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "zh-CN"])
def test_what_a_draft_for_the_eu_lacks_is_a_gap_and_blocks(
    desk: Desk, story: Story, language: str
) -> None:
    told = suggest(desk, story.incident, "recall_notice", language, markets=("DE", "FR"))
    made = Rendition(language=language, title=PublicText(told.title), body=PublicText(told.body))
    assert "gap" in {f.rule for f in lint(story.incident, "recall_notice", ("DE", "FR"), (made,))}


HOME = {
    "name_en": "Qinglan Cosmetics",
    "name_zh": "青岚化妆品",
    "home_market": "CN",
    "hotline": "+86 800 000 0000",
    "hotlines": [
        {"market": "EU", "number": "+49 800 000 0000"},
        {"market": "US", "number": "+1 800 555 0100"},
    ],
}
NUMBERS = [
    {"market": "CN", "number": "演2026"},
    {"market": "EU", "number": "DEMO-CPNP-1"},
    {"market": "US", "number": "DEMO-FDA-1"},
]


@pytest.fixture
def worldwide(desk: Desk) -> Desk:
    """A desk whose product is registered in three markets, with numbers to call in them."""
    item = catalog.item(desk.engine, "product", "cream")
    document = {**item.document, "registrations": NUMBERS}
    catalog.put_items(desk.engine, "product", [replace(item, document=document)])
    company.set_fact(desk.engine, COMPANY, json.dumps(HOME, ensure_ascii=False))
    return desk


@pytest.mark.parametrize(
    ("markets", "language", "number", "registration"),
    [
        (("DE",), "de", "+49 800 000 0000", "DEMO-CPNP-1"),
        (("US",), "en", "+1 800 555 0100", "DEMO-FDA-1"),
        (("CN", "DE"), "de", "+49 800 000 0000", "DEMO-CPNP-1"),
        (("CN", "DE"), "zh-CN", "+86 800 000 0000", "演2026"),
        (
            ("CN", "DE"),
            "en",
            "+86 800 000 0000 (China), +49 800 000 0000 (Germany)",
            "演2026, DEMO-CPNP-1",
        ),
        ((), "en", "+86 800 000 0000", "演2026, DEMO-CPNP-1, DEMO-FDA-1"),
    ],
)
def test_a_text_gives_the_number_and_registration_of_its_own_markets(
    worldwide: Desk,
    story: Story,
    markets: tuple[str, ...],
    language: str,
    number: str,
    registration: str,
) -> None:
    own = markets_addressed(language, markets)
    known = known_values(worldwide, story.incident, language, markets=own)
    assert (known["hotline"], known["registration"]) == (number, registration)


def test_a_number_that_nobody_there_can_call_is_a_gap_that_says_where_it_is_added(
    worldwide: Desk, story: Story
) -> None:
    told = suggest(
        worldwide, story.incident, "recall_notice", "ja", markets=("JP",), referring=True
    )
    gap = "【要記入：フリーダイヤルの番号 (日本) → company.toml: hotlines】"
    assert gap in told.body
    assert "+86" not in told.body
    assert without_number(worldwide, "recall_notice", ("JP", "US")) == ("JP",)
    made = Rendition(language="ja", title=PublicText(told.title), body=PublicText(told.body))
    assert "gap" in {f.rule for f in lint(story.incident, "recall_notice", ("JP",), (made,))}


@pytest.mark.parametrize("language", ["de", "es", "fr", "it", "ja", "ko"])
@pytest.mark.parametrize("kind", ["recall_notice", "consumer_message", "holding", "correction"])
def test_a_gap_is_in_the_language_of_the_text(
    desk: Desk, story: Story, kind: str, language: str
) -> None:
    told = suggest(desk, story.incident, kind, language)
    assert "to fill in" not in told.body + told.title
    assert GAPS[language].partition("{")[0] in told.body + told.title


@pytest.mark.parametrize(
    ("said", "of_it", "stands"),
    [
        ("Our tests found more of a preservative than the limit allows.", {}, False),
        ("Too much preservative", {"own_language": "en"}, False),
        ("Zu viel Konservierungsmittel", {}, False),
        ("Zu viel Konservierungsmittel", {"own_language": "de"}, True),
        ("Nivea Soft", {"kind": ValueKind.NAME}, True),
    ],
)
def test_only_words_that_are_known_to_be_german_stand_in_a_german_text(
    desk: Desk, story: Story, said: str, of_it: dict[str, Any], stands: bool
) -> None:
    quality = person(Role.QUALITY, name="q")
    story.did(quality, RecordFact(key="reason", value=PublicText(said), as_of=story.now, **of_it))
    told = suggest(desk, story.incident, "recall_notice", "de", markets=("DE",))
    assert (said in told.body) is stands
    assert ("[auszufüllen: Grund des Rückrufs" in told.body) is not stands


@pytest.mark.parametrize("language", ["zh-CN", "en", "de", "fr", "es", "it", "ja", "ko"])
def test_what_can_be_recorded_is_referred_to_in_words_that_a_reference_holds(language: str) -> None:
    for place in asked():
        said = f"{{{{{place.name}|{place.meaning(language)}}}}}"
        found = REFERENCE.fullmatch(said)
        assert found is not None, said
        assert found.group(1, 2) == (place.name, place.meaning(language))


@pytest.mark.parametrize("language", ["jp", "cn", "zz", "xx-XX"])
def test_a_language_that_nobody_knows_names_countries_in_english(language: str) -> None:
    assert country("DE", language) == "Germany"


def test_a_draft_refers_to_a_recorded_fact_with_the_words_of_its_gap(
    desk: Desk, story: Story
) -> None:
    spent = PublicText("0.4 million yuan were spent by now")
    quality = person(Role.QUALITY, name="q")
    story.did(quality, RecordFact(key="money", value=spent, as_of=story.now))
    body = suggest(desk, story.incident, "management_brief", "zh", referring=True).body
    assert "{{money|费用（已支出、预计、保险，注明哪些是估计）}}" in body


def test_a_draft_refers_to_the_agreed_line_so_that_it_follows(desk: Desk, story: Story) -> None:
    line = SetAgreedLine(messages=(PublicText("We look into it."),), own_language="en")
    story.did(PR_LEAD, line)
    told = suggest(desk, story.incident, "staff", "en", referring=True)
    assert "{{line|the agreed line, in one or two sentences}}" in told.body
    assert "We look into it." in suggest(desk, story.incident, "staff", "en").body


def test_a_text_says_of_a_place_that_it_is_known_by_now(desk: Desk, story: Story) -> None:
    story.did(PR_LEAD, draft("holding", text(body="产品：{{product}}。热线：{{hotline_hours}}。")))
    found = open_places(desk, story.incident, sheet_of(now(story)))
    assert {(one.variable.name, one.is_known) for one in found} == {
        ("product", True),
        ("hotline_hours", False),
    }
