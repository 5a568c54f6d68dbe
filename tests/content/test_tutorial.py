"""The tutorial names acts, people and words as the console has them."""

import re
import tomllib
from pathlib import Path

import pytest

import domain.incident  # noqa: F401 - completes the registry
from domain.message import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
PEOPLE = frozenset(
    person["id"]
    for person in tomllib.loads((ROOT / "plan" / "demo" / "company.toml").read_text("utf-8"))[
        "people"
    ]
)
OF_THE_PAGES = frozenset(
    """Outbox|Now|What can be done here|Show what would follow|Report a problem|Serious|Critical
    Moon Dew Face Cream|DC2603A|Name the team|Name these … people|Several channels at once
    Read and sign|Audit|Replay""".replace("\n    ", "|").split("|")
)
"""What is set in bold and is no act: parts of pages, and names."""


def bold() -> list[str]:
    told = re.findall(r"\*\*([^*]+)\*\*", TEXT)
    return sorted({" ".join(one.split()) for one in told})


@pytest.mark.parametrize("words", bold())
def test_what_is_set_in_bold_is_an_act_a_person_or_on_a_page(words: str) -> None:
    acts = {spec.title for spec in COMMANDS.values()}
    assert words in acts | PEOPLE | OF_THE_PAGES


def test_the_tutorial_goes_through_the_seven_stages_in_order() -> None:
    stages = re.findall(r"^## \d\. (\w+)", TEXT, re.MULTILINE)
    assert stages == ["Report", "Halt", "Investigation", "Recall", "Statement", "Notice", "Review"]
