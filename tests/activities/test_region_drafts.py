"""Drafts for languages with regions: from the template of the language, none left out."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from activities.corrections import CorrectionActivities
from activities.derived import Desk
from activities.drafting import listed, suggest
from activities.places import open_places, sheet_of
from activities.templating import marks
from api.pages.text_filling import BEGINNINGS
from domain.enquiries import SetAgreedLine
from domain.facts import FactWords, RecordFact, VerifyFact, all_facts
from domain.message import COMMANDS
from domain.people import PERFORMER, Role
from domain.references import filled
from domain.statement_change import awaiting_correction
from domain.statement_facts import clock_of, quoted
from domain.statement_text import LineWords, Rendition
from domain.values import PublicText
from storage.database import Database
from tests.database import embedded
from tests.domain.story import SERIOUS, Story, person
from tests.domain.test_following import records
from tests.domain.texts import AUTHOR, PR_LEAD, approved, draft, handed_in, now, placed, publish
from tests.domain.texts import text as holding

__all__ = ["embedded"]

FOUR = ("zh-CN", "en-GB", "de", "en-US")


@pytest.fixture
def desk(embedded: Database) -> Desk:
    """A desk over an empty list of the company."""
    return Desk(embedded.ledger)


@pytest.fixture
def story() -> Story:
    """A serious incident."""
    told = Story()
    told.accepted(SERIOUS)
    return told


def out_and_moved(story: Story, *languages: str) -> None:
    """A text that tells 14 units is out, in some languages, and the units are 19."""
    records(story, "14")
    texts = (holding(one, body="{{units_sold}} 件。") for one in languages)
    speaking = {"zh-CN": "CN", "en-GB": "GB", "de": "DE", "en-US": "US"}
    handed_in(story, draft("holding", *texts, markets=tuple(speaking[one] for one in languages)))
    approved(story)
    story.did(PR_LEAD, publish(now(story), "site"))
    story.did(PERFORMER, placed(now(story), "site"))
    records(story, "19")


def page(desk: Desk, story: Story) -> Any:
    """What a form's beginning reads of a page."""
    visit = SimpleNamespace(house=SimpleNamespace(desk=desk))
    lens = SimpleNamespace(zone=ZoneInfo("Asia/Shanghai"))
    return SimpleNamespace(state=story.incident, visit=visit, lens=lens)


@pytest.mark.parametrize("languages", [("en-GB",), FOUR], ids=["one region", "four languages"])
def test_the_form_of_a_correction_begins_with_the_template_in_every_language(
    desk: Desk, story: Story, languages: tuple[str, ...]
) -> None:
    out_and_moved(story, *languages)
    raw = BEGINNINGS["correct_statement"](page(desk, story), COMMANDS["correct_statement"], "S1")
    assert [raw[f"texts-{n}-language"] for n in range(len(languages))] == [[x] for x in languages]
    bodies = dict(zip(languages, (raw[f"texts-{n}-body"][0] for n in range(4)), strict=False))
    english = bodies["en-GB"]
    assert "What was wrong: {{wrong}}\nWhat is right: “{{units_sold}}”" in english
    assert raw[f"texts-{languages.index('en-GB')}-title"][0].startswith("Correction: ")
    facts = {key: quoted(fact) for key, fact in all_facts(story.incident).items()}
    text = Rendition(language="en-GB", title=PublicText("x"), body=PublicText(english))
    told = listed(desk, story.incident, (text,), story.now, "S1", now(story).markets)
    facts |= {fact.key: fact for fact in told}
    said = filled(text, facts, clock_of(story.incident, now(story).markets)).text.body
    assert "What was wrong: “14”\nWhat is right: “19”" in said
    assert "09:00" not in said
    assert "published at 01:00 UK time, 2 March 2026" in said


def test_a_correction_that_begins_by_itself_is_in_every_language(desk: Desk, story: Story) -> None:
    out_and_moved(story, *FOUR)
    (one,) = awaiting_correction(story.incident)
    draft_of = CorrectionActivities(desk)._drafted
    made = draft_of(story.incident, story.incident.statement.statements[one])
    assert tuple(cast("dict[str, str]", each)["language"] for each in made.texts) == FOUR
    templates = [cast("dict[str, str]", each)["template"] for each in made.templates]
    assert templates == ["correction/zh-CN", "correction/en", "correction/de", "correction/en"]


def test_a_language_without_a_template_begins_blank_and_not_with_what_is_wrong(
    desk: Desk, story: Story
) -> None:
    out_and_moved(story, "en-GB", "de")
    raw = BEGINNINGS["retract_statement"](page(desk, story), COMMANDS["retract_statement"], "S1")
    assert (raw["texts-1-language"], raw["texts-1-body"]) == (["de"], [""])
    assert raw["texts-0-title"][0].startswith("Retraction")


def test_a_region_takes_the_places_and_the_mark_of_the_bare_language(
    desk: Desk, story: Story
) -> None:
    told = suggest(desk, story.incident, "update", "en-US", markets=("US",), referring=True)
    text = Rendition(language="en-US", title=PublicText(told.title), body=PublicText(told.body))
    (mark,) = marks(desk, story.incident, "update", (text,), "", ("US",))
    assert (mark.language, mark.template, mark.unchanged) == ("en-US", "update/en", True)
    story.did(AUTHOR, draft("update", holding("en-GB"), markets=("GB",)))
    sheet = replace(sheet_of(now(story)), texts=())
    assert open_places(desk, story.incident, sheet)


# ---------------------------------------------------------------- words by region


def test_a_bare_text_tells_the_words_of_the_one_market_that_reads_it(
    desk: Desk, story: Story
) -> None:
    words = (
        FactWords(language="en", value=PublicText("redness")),
        FactWords(language="en-GB", value=PublicText("sore skin")),
    )
    told = RecordFact(key="signs", value=PublicText("红肿"), as_of=story.now, said_in=words)
    story.did(person(Role.QUALITY), told)
    story.did(person(Role.QUALITY_SAFETY_RESPONSIBLE), VerifyFact(key="signs"))
    said_in = tuple(
        LineWords(language=one, value=PublicText(said), spokesperson=PublicText(""))
        for one, said in (("en", "We look into it."), ("en-GB", "We are looking into it, folks."))
    )
    line = SetAgreedLine(
        messages=(PublicText("正在调查。"),), own_language="zh-CN", said_in=said_in
    )
    story.did(PR_LEAD, line)
    body = "Signs: {{signs}}. {{line}}"
    for markets in (("DE", "GB"), ("GB", "US")):
        story.did(AUTHOR, draft("update", holding("en", body=body), markets=markets))
    own, of_both = now(story, "S1").texts[0].body, now(story, "S2").texts[0].body
    assert own == "Signs: sore skin. We are looking into it, folks."
    assert of_both == "Signs: redness. We look into it."
    drafted = suggest(desk, story.incident, "qa", "en", markets=("DE", "GB")).body
    assert "We look into it." not in drafted
