"""Somebody at a browser: opens, reads, answers, presses; finds things by what a person sees.

What belongs here: the few verbs in which the plays are told, and the way from words to things on a
page: links, buttons and fields by their role and label, never by how the page is made. What never
does: what anybody ought to do.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

CHINESE = {
    "Stages": "各阶段",
    "Choose files": "选择文件",
    "more to choose from": "项可选",
    "Recorded: this happened": "已记录：发生了以下情况",
    "Read and sign": "阅读并签署",
    "Sign this act": "签署此事项",
}
"""What the console itself says in every play; a play brings the words of its acts."""
Answers = dict[str, str | tuple[str, ...] | frozenset[str] | Path]
"""By label: words, what is ticked besides what is ticked already, exactly what is ticked, a file."""
BEIJING = ZoneInfo("Asia/Shanghai")


def beginning(words: str) -> re.Pattern[str]:
    """Match what begins with some words, whatever stands behind them."""
    return re.compile(rf"^\s*{re.escape(words)}")


def minutes_ago(minutes: int) -> str:
    """Give a time as a person fills it in, in the company's zone."""
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    return at.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")


def in_days(days: int) -> str:
    """Give a day as a person fills it in."""
    return (datetime.now(BEIJING) + timedelta(days=days)).strftime("%Y-%m-%d")


@dataclass
class Person:
    """Somebody who is signed in, with the page that is open before them."""

    name: str
    page: Page
    incident: str = ""
    language: str = "en"

    def said(self, words: str) -> str:
        """Give what the console itself says, in this person's language."""
        return CHINESE.get(words, words) if self.language == "zh" else words

    # ------------------------------------------------------------ going somewhere

    def opens(self, address: str) -> "Person":
        """Open an address of the console."""
        self.page.goto(address)
        return self

    def looks_away(self) -> None:
        """Leave the console for something else; a page that stands open follows what happens."""
        self.page.goto("about:blank")

    def opens_the_incident(self, stage: str = "") -> "Person":
        """Open the incident, or the page of one of its stages by the rail."""
        self.opens(self.incident)
        if stage:
            rail = self.page.get_by_role("list", name=self.said("Stages")).first
            rail.get_by_role("link", name=beginning(stage)).click()
        return self

    def follows(self, words: str, *, under: str = "", beside: str = "") -> "Person":
        """Follow a link by its words: under a decision, or beside a thing in a list or table."""
        place: Page | Locator = self.page
        if under:
            place = self._card(under)
        if beside:
            rows = self.page.locator("tr, li")  # a fold may hide it: it has no role then
            place = rows.filter(has_text=beside).filter(has_text=words).last
        links = place.get_by_role("link", name=beginning(words))
        if not links.filter(visible=True).count():
            self._opens_the_rest()
            self._opens_around(place if isinstance(place, Locator) else links.first)
        with self.page.expect_navigation(wait_until="load"):
            links.filter(visible=True).first.click()
        return self

    def _card(self, words: str) -> Locator:
        """Find a decision by its words; beyond the first ones it lies in a fold, which is opened."""
        card = self.page.locator("article").filter(has_text=words).first
        expect(card).to_be_attached()
        if not card.is_visible():
            self._opens_the_rest()
        return card

    def _opens_the_rest(self) -> None:
        """Open the decisions beyond the first ones, where they are folded."""
        fold = self.page.locator("#more-mine:not([open]) > summary")
        if fold.count():
            fold.click()

    @staticmethod
    def _opens_around(place: Locator) -> None:
        """Open what a thing is folded into, from the outside in."""
        folds = place.locator("xpath=ancestor::details[not(@open)]/summary")
        while folds.count():
            folds.first.click()

    def opens_part(self, words: str) -> "Person":
        """Open a part of the page that is folded away."""
        self.page.get_by_text(words, exact=True).first.click()
        return self

    def sees(self, words: str) -> "Person":
        """Insist that the page says something."""
        expect(self.page.locator("main")).to_contain_text(words)
        return self

    def does_not_see(self, words: str) -> "Person":
        """Insist that the page does not say something."""
        expect(self.page.locator("main")).not_to_contain_text(words)
        return self

    def is_asked(self, words: str) -> "Person":
        """Insist that something waits for this person."""
        expect(self._card(words)).to_be_visible()
        return self

    # ------------------------------------------------------------ filling in

    def answers(self, answers: Answers) -> "Person":
        """Answer questions of a form by their labels: type, choose, tick, or attach."""
        for question, answer in answers.items():
            self._answer(question, answer)
        return self

    def _answer(self, question: str, answer: str | tuple[str, ...] | frozenset[str] | Path) -> None:
        group = self.page.get_by_role("group", name=beginning(question))
        if isinstance(answer, Path):
            group.first.get_by_label(self.said("Choose files")).set_input_files(answer)
        elif isinstance(answer, tuple | frozenset):
            if isinstance(answer, frozenset):
                ticked = group.first.get_by_role("checkbox", checked=True)
                while ticked.count():
                    ticked.first.uncheck()
            for one in sorted(answer):
                self._tick(group.first, one)
        elif answer == "yes":
            self.page.get_by_role("checkbox", name=beginning(question)).check()
        else:
            self._type(self.page.get_by_label(beginning(question)).first, answer)

    def _tick(self, group: Locator, answer: str) -> None:
        group.wait_for()
        choices = group.get_by_role("radio").or_(group.get_by_role("checkbox"))
        choice = (
            group.get_by_label(answer, exact=True)
            .or_(group.get_by_label(beginning(answer)))
            .and_(choices)
            .first
        )
        if not choice.is_visible():
            group.get_by_text(self.said("more to choose from")).first.click()
        choice.check()

    @staticmethod
    def _type(field: Locator, answer: str) -> None:
        if field.evaluate("field => field.tagName") == "SELECT":
            labels = field.locator("option").all_inner_texts()
            field.select_option(label=next(one for one in labels if answer in one))
        else:
            field.fill(answer)

    def rewrites(self, label: str, number: int, change: Callable[[str], str]) -> "Person":
        """Change what stands in a field."""
        field = self.page.get_by_label(beginning(label)).nth(number)
        field.fill(change(field.input_value()))
        return self

    # ------------------------------------------------------------ pressing

    def presses(self, words: str) -> "Person":
        """Press a button by its words."""
        self.page.get_by_role("button", name=beginning(words)).first.click()
        return self

    def does(self, act: str, answers: Answers | None = None, at: str = "") -> "Person":
        """Do an act: find its link on the incident or a stage, answer, press, see it recorded."""
        self.opens_the_incident(at)
        self.follows(act)
        return self.fills_in(act, answers or {})

    def fills_in(self, act: str, answers: Answers) -> "Person":
        """Answer the form that is open, press its button, and see that it is recorded."""
        self.answers(answers)
        self.presses(act)
        return self.sees(self.said("Recorded: this happened"))

    def signs(self, act: str) -> "Person":
        """Read what was proposed and sign it."""
        self.opens_the_incident()
        self.follows(self.said("Read and sign"), under=act)
        self.presses(self.said("Sign this act"))
        return self.sees(self.said("Recorded: this happened"))
