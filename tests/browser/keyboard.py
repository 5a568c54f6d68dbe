"""Somebody who has no mouse: goes from thing to thing with Tab, types, chooses, presses Enter.

What belongs here: keys, and knowing by name where one stands, as a screen reader would say it. What
never does: a click.
"""

from dataclasses import dataclass
from datetime import datetime

from tests.browser.person import Person

STEPS = 150
NAME = """() => {
  const here = document.activeElement;
  const label = here.labels && here.labels.length ? here.labels[0].innerText : here.innerText;
  return (here.getAttribute("aria-label") || label || "").trim();
}"""
GROUP = """() => {
  const group = document.activeElement.closest("fieldset");
  return group ? group.querySelector("legend").innerText.trim() : "";
}"""
VISIBLE = """() => {
  const here = document.activeElement;
  return [here, here.closest("label"), here.closest(".file")].filter(Boolean).some((one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  });
}"""


@dataclass
class Keyboard:
    """The keys under a person's fingers."""

    person: Person

    def _now(self, script: str) -> str:
        return str(self.person.page.evaluate(script))

    def strikes(self, key: str) -> "Keyboard":
        """Strike one key."""
        self.person.page.keyboard.press(key)
        return self

    def types(self, words: str) -> "Keyboard":
        """Type words."""
        self.person.page.keyboard.type(words)
        return self

    def goes_to(self, name: str, *, within: str = "") -> "Keyboard":
        """Go on with Tab until a thing of some name has the focus, and shows that it has."""
        passed = []
        for _ in range(STEPS):
            self.strikes("Tab")
            passed.append(self._now(NAME)[:40])
            if passed[-1].startswith(name[:40]) and self._now(GROUP).startswith(within):
                assert self.person.page.evaluate(VISIBLE), f"{name}: the focus cannot be seen"
                return self
        raise AssertionError(f"no {name!r} by Tab; passed {passed}")

    def goes_to_the_question(self, question: str) -> "Keyboard":
        """Go on with Tab until the focus is inside a group of choices."""
        for _ in range(STEPS):
            self.strikes("Tab")
            if self._now(GROUP).startswith(question):
                return self
        raise AssertionError(f"no question {question!r} by Tab")

    def chooses(self, question: str, answer: str) -> "Keyboard":
        """Go to a question with one answer and choose it with the arrow keys."""
        self.goes_to_the_question(question)
        for _ in range(STEPS):
            if self._now(NAME).startswith(answer):
                return self.strikes("Space")
            self.strikes("ArrowDown")
        raise AssertionError(f"no answer {answer!r} by the arrow keys")

    def ticks(self, answer: str) -> "Keyboard":
        """Go to a box and tick it."""
        return self.goes_to(answer).strikes("Space")

    def dates(self, question: str, at: datetime) -> "Keyboard":
        """Go to a date with a time and type it, as this browser takes it, part by part."""
        self.goes_to(question)
        return self.types(at.strftime("%m%d%Y%I%M%p"))
