"""Words approved beforehand: which version a template is, and whether a text keeps its words."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from activities.derived import TEMPLATES, Desk
from activities.drafting import suggest
from activities.press_templates import PRESS, PressTemplates
from activities.templating import beforehand, kind_written, marks, marks_of
from domain.facts import RecordFact
from domain.statement import DraftStatement, ReviseStatement
from domain.statement_change import CorrectStatement
from domain.statement_text import Rendition
from domain.values import PublicText
from tests.activities.test_drafting import desk, embedded, story
from tests.domain.story import Story, rules
from tests.domain.texts import AUTHOR, draft, like, now

__all__ = ["desk", "embedded", "story"]


def as_given(desk: Desk, story: Story, language: str = "en", kind: str = "holding") -> Rendition:
    """What the template gives for a language, as the page offers it."""
    told = suggest(desk, story.incident, kind, language, markets=("CN",), referring=True)
    return Rendition(language=language, title=PublicText(told.title), body=PublicText(told.body))


def of(desk: Desk, story: Story, *texts: Rendition, kind: str = "holding") -> dict[str, bool]:
    """Which languages have a template, and keep its words."""
    found = marks(desk, story.incident, kind, texts, "", ("CN",))
    return {one.language: one.unchanged for one in found}


def test_a_text_as_the_template_gives_it_keeps_its_words(desk: Desk, story: Story) -> None:
    texts = [as_given(desk, story, each) for each in ("zh-CN", "en", "de")]
    assert of(desk, story, *texts) == {"zh-CN": True, "en": True, "de": True}


def test_line_ends_of_a_browser_change_no_word(desk: Desk, story: Story) -> None:
    given = as_given(desk, story)
    typed = Rendition(
        language="en",
        title=given.title,
        body=PublicText(given.body.replace("\n", "  \r\n") + "\r\n"),
    )
    assert of(desk, story, typed) == {"en": True}


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.replace("stop using it for now", "stop using it"),
        lambda said: said + "\n\nWe regret nothing.",
        lambda said: said.replace("{{product}}", "Moisture Cream"),
        lambda said: said.replace(" a ", " \u0430 ", 1),
    ],
    ids=["a word less", "a sentence more", "a figure by hand", "a letter that looks alike"],
)
def test_a_changed_word_is_seen(desk: Desk, story: Story, change: Any) -> None:
    given = as_given(desk, story)
    typed = Rendition(language="en", title=given.title, body=PublicText(change(given.body)))
    assert typed != given
    assert of(desk, story, typed) == {"en": False}


def test_a_fact_recorded_since_the_page_was_opened_changes_no_word(
    desk: Desk, story: Story
) -> None:
    given = as_given(desk, story)
    heard = RecordFact(key="heard", value=PublicText("three people had a rash"), as_of=story.now)
    story.did(AUTHOR, heard)
    assert of(desk, story, given) == {"en": True}


def test_a_language_without_a_template_has_no_mark(desk: Desk, story: Story) -> None:
    other = Rendition(language="pt-BR", title=PublicText("Aviso"), body=PublicText("Pare."))
    assert of(desk, story, other) == {}
    assert of(desk, story, as_given(desk, story), kind="no_such_kind") == {}


def test_an_act_that_keeps_the_kind_of_a_text_is_compared_with_its_template(
    desk: Desk, story: Story
) -> None:
    given = as_given(desk, story)
    said = DraftStatement(kind="holding", markets=("CN",), texts=(given,), preliminary=True)
    (mark,) = marks_of(desk, story.incident, "draft_statement", said)
    assert (mark.template, mark.unchanged) == ("holding/en", True)
    story.did(AUTHOR, said, templates=(mark,))
    again = like(said, ReviseStatement, statement="S1", sha256=now(story).sha256)
    assert marks_of(desk, story.incident, "revise_statement", again) == (mark,)
    right = like(
        said, CorrectStatement, statement="S1", what_was_wrong=PublicText("The lot."),
        wrong_since=None,
    )  # fmt: skip
    (other,) = marks_of(desk, story.incident, "correct_statement", right)
    assert (other.template, other.unchanged) == ("correction/en", False)


@pytest.mark.parametrize(
    ("act", "kind", "statement", "written"),
    [
        ("draft_statement", "update", "", "update"),
        ("revise_statement", "", "S1", "holding"),
        ("correct_statement", "", "S1", "correction"),
        ("retract_statement", "", "S1", "retraction"),
        ("revise_statement", "", "S9", ""),
    ],
)
def test_the_kind_that_an_act_writes(
    story: Story, act: str, kind: str, statement: str, written: str
) -> None:
    story.did(AUTHOR, draft())
    assert kind_written(story.incident, act, kind, statement) == written


def test_a_version_changes_with_the_words_the_contract_and_the_phrases(tmp_path: Path) -> None:
    root = tmp_path / "press"
    shutil.copytree(PRESS, root)
    versions = {PressTemplates(root).version("holding", "en")}
    for number, name in enumerate(("holding/en.txt.j2", "holding/contract.toml")):
        other = tmp_path / f"press{number}"
        shutil.copytree(PRESS, other)
        with (other / name).open("a", encoding="utf-8") as file:
            file.write("# one more line\n")
        versions.add(PressTemplates(other).version("holding", "en"))
    assert TEMPLATES.version("holding", "en") in versions
    assert len(versions) == 3


def test_the_default_plan_approves_the_versions_that_are_installed() -> None:
    """A template that somebody changes must be approved anew: this test names which."""
    stale = {
        (kind, one.language)
        for kind, row in rules().plan.statements.items()
        for one in row.pre_approved
        if one.sha256 != TEMPLATES.version(kind, one.language)
    }
    assert not stale, "Read the changed words, then set what `andon plan templates` prints."
    told = {(one.kind, one.language): one.is_approved for one in beforehand(rules().plan)}
    assert told[("holding", "zh-CN")]
    assert not told[("holding", "ja")]
