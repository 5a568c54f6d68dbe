"""What a fact says in each language, when it is recorded again with fewer of them."""

from dataclasses import replace

import pytest

from domain.fact_languages import language_of, said_as
from domain.fact_values import SaidIn, ValueKind, written
from domain.facts import FactWords, RecordFact
from domain.facts_together import FactLine, RecordFacts
from domain.people import Role
from domain.values import PublicText
from tests.domain.story import Story, person

QUALITY = person(Role.QUALITY)


def said(story: Story, value: str, **words: str) -> RecordFact:
    """A fact, and how it is said in some languages."""
    told = tuple(FactWords(language=one, value=PublicText(word)) for one, word in words.items())
    return RecordFact(key="signs", value=PublicText(value), as_of=story.now, said_in=told)


def words_kept(story: Story) -> dict[str, str]:
    fact = story.incident.investigation.facts["signs"]
    return {each.language: str(each.value) for each in fact.said_in}


@pytest.fixture
def story() -> Story:
    told = Story()
    told.accepted()
    told.did(QUALITY, said(told, "红肿", en="redness", de="Rötung"))
    return told


def test_words_in_a_language_that_is_not_given_again_are_kept(story: Story) -> None:
    story.did(QUALITY, said(story, "红肿", en="redness and swelling"))
    assert words_kept(story) == {"en": "redness and swelling", "de": "Rötung"}


def test_words_that_say_the_old_thing_are_written_anew_or_dropped_on_purpose(story: Story) -> None:
    new = said(story, "呼吸困难", en="trouble breathing")
    refused = story.refused(QUALITY, new)
    assert (refused.reason, refused.sentence) == (
        "words_left",
        "The words of signs in these languages still say the old value: German.",
    )
    story.did(QUALITY, replace(new, drop_words=True))
    assert words_kept(story) == {"en": "trouble breathing"}


def test_the_language_of_the_value_itself_goes_with_the_value(story: Story) -> None:
    story.did(QUALITY, replace(said(story, "红肿"), value=PublicText("redness"), drop_words=True))
    story.did(QUALITY, said(story, "redness", en="redness"))
    story.did(QUALITY, said(story, "trouble breathing"))
    assert words_kept(story) == {}


def test_words_that_say_the_new_value_already_are_no_old_ones(story: Story) -> None:
    story.did(QUALITY, said(story, "Rötung", en="reddening"))
    assert words_kept(story) == {"de": "Rötung", "en": "reddening"}


def test_rows_that_stand_as_they_were_say_the_old_value_too(story: Story) -> None:
    new = said(story, "呼吸困难", en="redness", de="Rötung")
    refused = story.refused(QUALITY, new)
    assert refused.reason == "words_left"
    assert refused.sentence.endswith("still say the old value: German, English.")
    story.did(QUALITY, replace(new, drop_words=True))
    assert words_kept(story) == {}


def test_words_that_are_right_for_the_new_value_too_are_kept_on_purpose(story: Story) -> None:
    story.did(QUALITY, replace(said(story, "发红、肿胀", en="redness"), keep_words=True))
    assert words_kept(story) == {"de": "Rötung", "en": "redness"}


@pytest.mark.parametrize(
    ("before", "kind", "now"),
    [
        pytest.param("about a dozen", ValueKind.NUMBER, "12", id="a number"),
        pytest.param("12", ValueKind.NUMBER, "12", id="the same value as a number"),
        pytest.param("ask the shop", ValueKind.PHONE, "400 820 0000", id="a phone"),
        pytest.param("yesterday", ValueKind.DAY, "2026-11-21", id="a day"),
    ],
)
def test_words_that_are_kept_are_of_the_new_kind(
    story: Story, before: str, kind: ValueKind, now: str
) -> None:
    story.did(QUALITY, replace(said(story, before, zh="密封不良"), drop_words=True))
    new = replace(said(story, now), kind=kind, keep_words=True)
    refused = story.refused(QUALITY, new)
    fresh = story.refused(QUALITY, replace(said(story, now, zh="密封不良"), kind=kind))
    assert refused.reason == fresh.reason == "value_unfit"
    assert (refused.sentence, refused.hint) == (fresh.sentence, fresh.hint)
    story.did(QUALITY, replace(new, drop_words=True))
    assert words_kept(story) == {}


def test_words_that_fit_the_new_kind_are_kept_as_it_keeps_them(story: Story) -> None:
    story.did(QUALITY, replace(said(story, "a dozen", de="12 000"), drop_words=True))
    story.did(QUALITY, replace(said(story, "12,001"), kind=ValueKind.NUMBER, keep_words=True))
    assert words_kept(story) == {"de": "12000"}


def test_a_value_belongs_to_the_language_it_is_said_in(story: Story) -> None:
    told = replace(said(story, "trouble breathing", de="Atemnot"), own_language="en")
    story.did(QUALITY, told)
    assert words_kept(story) == {"de": "Atemnot", "en": "trouble breathing"}
    assert story.refused(QUALITY, replace(told, own_language="English")).reason == "bad_language"
    twice = replace(said(story, "trouble breathing", en="redness"), own_language="en")
    assert story.refused(QUALITY, twice).reason == "bad_language"
    story.did(QUALITY, replace(said(story, "12"), own_language="en", drop_words=True))
    assert words_kept(story) == {}


def test_words_called_another_language_than_their_letters_show_are_refused(story: Story) -> None:
    wrong = replace(said(story, "瓶盖密封不良"), key="cause", own_language="en")
    assert story.refused(QUALITY, wrong).reason == "other_language"
    typed = replace(said(story, "The cap does not seal."), key="cause", own_language="zh-CN")
    assert story.refused(QUALITY, typed).reason == "other_language"


def test_a_language_that_was_said_wrongly_is_corrected_by_saying_the_right_one(
    story: Story,
) -> None:
    story.did(QUALITY, replace(said(story, "Rötung", en="Rötung"), drop_words=True))
    story.did(QUALITY, replace(said(story, "Rötung"), own_language="de"))
    assert words_kept(story) == {"de": "Rötung"}


@pytest.mark.parametrize(
    ("value", "language"),
    [
        pytest.param("瓶盖密封不良", "zh", id="chinese"),
        pytest.param("OEM厂家的瓶盖密封不良", "zh", id="chinese-with-a-short-form"),
        pytest.param(
            "Contains 曲酸 acid beyond the limit", "", id="a-sentence-with-a-chinese-name"
        ),
        pytest.param("The lid of a jar\n密封不良", "", id="two-languages"),
        pytest.param("We stopped it with the lots that came from there.", "en", id="english"),
        pytest.param("Vi kan have fejl i vores by", "", id="danish-that-looks-like-english"),
        pytest.param("キャップの不良", "ja", id="japanese"),
        pytest.param("뚜껑 불량", "ko", id="korean"),
    ],
)
def test_a_language_is_known_by_sure_signs_alone(value: str, language: str) -> None:
    assert language_of(value) == language


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        pytest.param({"value": "呼吸困难"}, {}, id="the value"),
        pytest.param(
            {"value": "呼吸困难", "language": "zh-CN"}, {"zh-CN": "呼吸困难"}, id="in its language"
        ),
    ],
)
def test_a_line_that_changes_the_value_leaves_no_old_words(
    story: Story, line: dict[str, str], kept: dict[str, str]
) -> None:
    new = RecordFacts(facts=(FactLine(key="signs", **line),), as_of=story.now)  # type: ignore[arg-type]
    refused = story.refused(QUALITY, new)
    assert refused.reason == "words_left"
    assert refused.sentence.endswith(": German, English.")
    story.did(QUALITY, replace(new, drop_words=True))
    assert words_kept(story) == kept


def test_a_line_in_another_language_changes_that_language_alone(story: Story) -> None:
    line = FactLine(key="signs", value=PublicText("Rötung der Haut"), language="de")
    story.did(QUALITY, RecordFacts(facts=(line,), as_of=story.now))
    assert words_kept(story) == {"de": "Rötung der Haut", "en": "redness"}


# ---------------------------------------------------------------- words of a region


@pytest.mark.parametrize(
    ("there", "language", "region", "told"),
    [
        pytest.param("en en-GB en-US", "en", "GB", "en-GB", id="of the market"),
        pytest.param("en en-GB en-US", "en", "US", "en-US", id="of the other market"),
        pytest.param("en en-GB en-US", "en", "IE", "en", id="without a region"),
        pytest.param("en en-GB en-US", "en", "", "en", id="for several markets"),
        pytest.param("en en-GB", "en", "US", "en", id="never another's where there is one for all"),
        pytest.param("en-GB", "en", "US", "en-GB", id="another's where there is none else"),
        pytest.param("zh-CN zh-TW", "zh-TW", "TW", "zh-TW", id="the language names its region"),
        pytest.param("fr fr-CA", "fr", "CA", "fr-CA", id="French of Canada"),
        pytest.param("de", "fr", "FR", None, id="another language"),
    ],
)
def test_a_text_for_one_market_tells_the_words_of_its_region(
    there: str, language: str, region: str, told: str | None
) -> None:
    words = [SaidIn(language=one, value=PublicText(one)) for one in there.split()]
    assert said_as(language, words, region) == told


def test_words_of_one_region_leave_those_of_another(story: Story) -> None:
    for language, told in (("en-GB", "sore skin"), ("en-US", "red skin"), ("en-US", "hot skin")):
        line = FactLine(key="signs", value=PublicText(told), language=language)
        story.did(QUALITY, RecordFacts(facts=(line,), as_of=story.now))
    own = {"en": "redness", "en-GB": "sore skin", "en-US": "hot skin", "de": "Rötung"}
    assert words_kept(story) == own
    assert story.incident.investigation.facts["signs"].value == "红肿"


def test_new_words_without_a_region_ask_about_those_of_regions(story: Story) -> None:
    line = FactLine(key="signs", value=PublicText("three sore arms"), language="en-GB")
    story.did(QUALITY, RecordFacts(facts=(line,), as_of=story.now))
    new = RecordFacts(
        facts=(FactLine(key="signs", value=PublicText("nine sore arms"), language="en"),),
        as_of=story.now,
    )
    refused = story.refused(QUALITY, new)
    assert (refused.reason, "English" in refused.sentence) == ("words_left", True)
    story.did(QUALITY, replace(new, keep_words=True))
    kept = words_kept(story)
    assert (kept["en"], kept["en-GB"]) == ("nine sore arms", "three sore arms")


ON_THE_PACK = "Look for L 2026-03-02 on the cap, see https://ours.example/r?lot=2026-03-02"


@pytest.mark.parametrize("language", ["zh-CN", "en", "en-US", "de", "fr", "es", "it", "ja", "ko"])
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ValueKind.TEXT, ON_THE_PACK),
        (ValueKind.ROW, ("2026-03-02", "B 2026-03-02")),
        (ValueKind.POINTS, (ON_THE_PACK, "2026-03-02")),
    ],
)
def test_words_that_look_like_a_day_stay_as_they_were_typed(
    kind: ValueKind, value: str | tuple[str, ...], language: str
) -> None:
    told = written(kind, language, value, "Asia/Shanghai")
    for words in (value,) if isinstance(value, str) else value:
        assert words in told
