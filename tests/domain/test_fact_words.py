"""What a fact says in each language, when it is recorded again with fewer of them."""

from dataclasses import replace

import pytest

from domain.facts import FactWords, RecordFact
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
        "signs has other words in de: they say what stood before.",
    )
    story.did(QUALITY, replace(new, drop_words=True))
    assert words_kept(story) == {"en": "trouble breathing"}


def test_the_language_of_the_value_itself_goes_with_the_value(story: Story) -> None:
    story.did(QUALITY, replace(said(story, "红肿"), value=PublicText("redness"), drop_words=True))
    story.did(QUALITY, said(story, "redness", en="redness"))
    story.did(QUALITY, said(story, "trouble breathing"))
    assert words_kept(story) == {}


def test_words_that_say_the_new_value_already_are_no_old_ones(story: Story) -> None:
    story.did(QUALITY, said(story, "Rötung", en="redness"))
    assert words_kept(story) == {"de": "Rötung", "en": "redness"}
