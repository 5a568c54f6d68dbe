"""The letter about a new duty: by when, on what that rests, since when, and where it is done."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from activities.duty_mail import told_of_duty, with_due
from activities.messages import letters
from activities.speaking import Speeches
from domain.envelope import Told
from domain.ledger import read_entry
from domain.plot import effects
from storage.database import open_database
from storage.people import Person
from tests.domain.duties import Notified, recalled_in_the_us
from tests.domain.story import MILD, Story

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    database = open_database(f"sqlite:///{tmp_path / 'andon.db'}")
    database.migrate()
    yield database.ledger
    database.close()


def bodies(story: Story) -> dict[str, dict[str, Any]]:
    """Give the message about each duty, by its rule, as the story tells it."""
    found: dict[str, dict[str, Any]] = {}
    for leaf in story.leaves:
        entry = read_entry(leaf)
        if type(entry.event).__name__ != "DutyArisen":
            continue
        for effect in effects(story.incident, entry.event, entry.mark()):
            if effect.name == "tell":
                found[str(effect.body["rule"])] = dict(effect.body)
    return found


def hurt_in(country: str) -> Notified:
    story = Notified()
    story.reported(MILD)
    story.hurt(country)
    return story


SAID = {
    "law, in our own zone": (
        hurt_in("CN"), "CN-ADR-SERIOUS", "en",
        "Due: end of Tue 17 Mar, Beijing time, in 15 days (limit of the law).",
        "The clock runs since Mon 2 Mar, 09:00 Beijing time: we became aware.",
    ),
    "law, by the market's clock and ours": (
        hurt_in("US"), "US-MOCRA-SAER", "en",
        ("Due: end of Fri 20 Mar, New York time (Sat 21 Mar, 11:59 Beijing time), in 19 days"
        " (limit of the law)."),
        ("The clock runs since Sun 1 Mar, 20:00 New York time (Mon 2 Mar, 09:00 Beijing time): "
        "the report reached us."),
    ),
    "our own target, where the rules ask": (
        recalled_in_the_us(), "US-CFR-7-46", "en",
        ("Due in writing: Tue 3 Mar, 20:00 New York time (Wed 4 Mar, 09:00 Beijing time)"
        ", in 47 h 0 min; by phone: Mon 2 Mar, 20:00 New York time (Tue 3 Mar, 09:00 Beijing time)."
        " It is our own target; the rules ask for it immediately, no limit of the law."),
        "The clock runs since",
    ),
    "in Chinese": (
        hurt_in("CN"), "CN-ADR-SERIOUS", "zh",
        "期限：北京时间3月17日（周二）当天结束，",
        "时限自北京时间3月2日（周一）09:00起算：",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("story", "rule", "language", "due", "since"), SAID.values(), ids=SAID)
def test_a_letter_says_by_when_and_since_when(
    story: Notified, rule: str, language: str, due: str, since: str, engine: Engine
) -> None:
    said = told_of_duty(Speeches(engine).to(language, NOW), with_due(bodies(story)[rule]))
    assert said["due"].startswith(due)
    assert said["since"].startswith(since)


def test_what_no_calendar_can_say_is_set_by_hand(engine: Engine) -> None:
    body = {**bodies(hurt_in("CN"))["CN-ADR-SERIOUS"], "calendar": "ZZ"}
    said = told_of_duty(Speeches(engine).to("en", NOW), with_due(body))
    assert said["due"] == "The calendar cannot say by when: set the due time by hand."


UNREAD = {
    "en": (
        "No clock runs yet: legal has to say first whether the rule applies here.",
        "If it applies, its time counts from Mon 2 Mar, 09:00 Beijing time: ",
    ),
    "zh": ("目前尚无时限：须先由法务确认该规则是否适用。", "如适用，时限自北京时间3月2日"),
}


@pytest.mark.parametrize("language", UNREAD)
def test_of_a_rule_that_legal_has_not_decided_no_clock_is_said_to_run(
    language: str, engine: Engine
) -> None:
    body = {**bodies(hurt_in("CN"))["CN-ADR-SERIOUS"], "counts": False}
    said = told_of_duty(Speeches(engine).to(language, NOW), with_due(body))
    due, since = UNREAD[language]
    assert said["due"] == due
    assert said["since"].startswith(since)


def test_the_letter_leads_to_the_duty_on_the_page_of_notices(engine: Engine) -> None:
    told = Told("key", "INC-2026-0007", "", bodies(recalled_in_the_us())["US-CFR-7-46"])
    reader = Person(
        id="emily", name_en="Emily", name_zh="", roles=("regulatory_affairs",), language="en"
    )
    (letter,) = letters(told, [reader], Speeches(engine), "https://andon.example.com")
    first = letter.body.split("\n\n")[0]
    assert "Due in writing: " in first
    assert "/incidents/INC-2026-0007/notice#duty-D" in first
