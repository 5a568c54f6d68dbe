"""Messages to people: every kind has words in both languages that need nothing the effect lacks."""

import re
from pathlib import Path

import pytest

from activities.message_words import OTHER, WORDS

ROOM = Path(__file__).parents[2] / "domain"


@pytest.mark.parametrize("kind", sorted(WORDS), ids=sorted(WORDS))
def test_both_languages_use_the_same_facts(kind: str) -> None:
    facts = {
        language: set(re.findall(r"{(\w+)}", " ".join(words)))
        for language, words in WORDS[kind].items()
    }
    assert set(facts) == {"en", "zh"}
    assert facts["zh"] <= facts["en"] | {"title"}


def test_an_unknown_kind_still_says_something() -> None:
    assert "{title}" in OTHER["en"][1]


def test_every_kind_that_the_plan_tells_has_words() -> None:
    told = set()
    for module in ROOM.glob("*.py"):
        told |= set(re.findall(r'"kind": "(\w+)"', module.read_text(encoding="utf-8")))
    assert told <= set(WORDS), told - set(WORDS)
