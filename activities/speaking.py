"""What an effect holds, said in a reader's language: names for ids, words for codes, local times.

What belongs here: turning the values of a message into words. What never does: the sentences around
them (activities/message_words.py), or whom to tell.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy.engine import Engine

from activities import moment
from activities.message_words import MISSING
from activities.named_things import unmarked, with_marks, with_names, with_people
from activities.words import (
    Words,
    rule_names,
    rule_place,
    territories,
    told_in,
    words_in,
)
from activities.zones import by_both_clocks, time_left
from domain.errors import NotFound
from domain.people import CHANNEL_MARK, INSPECTOR_MARK, Role
from domain.recall_terms import Depth, RecallAction
from domain.regulation_terms import ClockStart, Force
from domain.rules import Rules, rules_from_text
from domain.severity import Grade
from domain.wire import read_instant
from storage import catalog, company, people, rules

TIMES: Final = ("due_at", "phone_at", "start_at")
"""Values that are told by the clock of the market that they stand in."""

LOCALES: Final = {"en": "en", "zh": "zh_CN"}
"""Language of a person or channel to the catalogue."""


class Speech:
    """One reader's language over one installation's names."""

    def __init__(self, names: "Speeches", language: str, now: datetime) -> None:
        """Keep where names are looked up, and when it is."""
        self.now = now
        self._names = names
        self._engine = names.engine
        self.words: Words = words_in(LOCALES.get(language, "en"))

    @cached_property
    def _rules(self) -> Rules | None:
        return self._names.rules()

    @cached_property
    def _known(self) -> Mapping[str, str]:
        """Give the Chinese of names that stand in titles: of the rules, the company, the world."""
        found = rule_names(self._rules) if self._rules else {}
        found |= {k: v for k, v in territories(self.words.language).items() if k.isalpha()}
        for kind in ("product", "channel", "consignee"):
            listed = catalog.list_items(self._engine, kind)
            found.update({item.name_en: unmarked(item.name_zh) for item in listed if item.name_zh})
        return found

    def told(self, body: Mapping[str, Any]) -> dict[str, str]:
        """Give every value of an effect as words, and of whom it is asked."""
        said = {name: self._told(name, value) for name, value in body.items()}
        said |= self._by_the_clock(body)
        person = str(body.get("person") or "")
        return said | {"asked": self.person(person) if person else said.get("roles", "")}

    def _told(self, name: str, value: Any) -> str:
        if isinstance(value, list | tuple):
            parts = [self._told(name, one) for one in value]
            return self.words.listed(parts) or self.words.pick(*MISSING.get(name, MISSING[""]))
        known = _KINDS.get(name)
        return known(self, str(value)) if known and value else str(value)

    def named(self, kind: str, item_id: str) -> str:
        """Give the name of a thing on one of the company's lists; an unknown one is its id."""
        try:
            found = catalog.item(self._engine, kind, item_id)
        except NotFound:
            return item_id
        return self.words.pick(found.name_en, found.name_zh)

    def goods(self, products: Iterable[str], lots: Sequence[str], *, others: bool = False) -> str:
        """Name products by their names, lots by the numbers on the pack; none named is all.

        With `others` some lots are named elsewhere as left out: then none named is all others.
        """
        named = self.words.listed(self.named("product", one) for one in products)
        numbers = self.words.listed(lots)
        if self.words.is_chinese:
            every = "其他批次" if others else "全部批次"
            return f"{named}（{f'批号 {numbers}' if numbers else every}）"
        kind = "lot" if len(lots) == 1 else "lots"
        every = "all other lots" if others else "all lots"
        return f"{named} ({f'{kind} {numbers}' if numbers else every})"

    def person(self, person_id: str) -> str:
        """Give a person's name; a machine says what it is."""
        if person_id in self.words.lists["machines"]:
            return self.words.of("machines", person_id)
        if person_id.startswith(CHANNEL_MARK):
            return self.named("channel", person_id.removeprefix(CHANNEL_MARK))
        if person_id.startswith(INSPECTOR_MARK):
            room = person_id.removeprefix(INSPECTOR_MARK)
            return (
                f"查阅室 {room} 的检查人员" if self.words.is_chinese else f"the inspector in {room}"
            )
        try:
            found = people.person(self._engine, person_id)
        except NotFound:
            return person_id
        return self.words.pick(found.name_en, found.name_zh) or person_id

    def role(self, role: str) -> str:
        """Give the title of a role, as the plan names it."""
        today = self._rules
        duty = today.plan.roles.get(role) if today else None
        if duty is not None:
            return self.words.pick(duty.title_en, duty.title_zh)
        return self.words.code(Role, role)

    def level(self, level: str) -> str:
        """Say what a halt level stops, as the plan names it."""
        today = self._rules
        row = today.plan.halt.get(level) if today else None
        return self.words.pick(row.name_en, row.name_zh) if row else level

    def text(self, kind: str) -> str:
        """Give the title of a kind of statement, as the plan names it."""
        today = self._rules
        row = today.plan.statements.get(kind) if today else None
        return self.words.pick(row.title_en, row.title_zh) if row else kind

    def rule(self, rule_id: str) -> str:
        """Give the law and article that a rule stands in."""
        return rule_place(rule_id, self.words, self._rules)

    def market(self, code: str) -> str:
        """Give the name of a market."""
        return territories(self.words.language).get(code.upper(), code)

    def sentence(self, text: str) -> str:
        """Give a title or sentence of the domain, the names in it too."""
        known = self._known if self.words.is_chinese else None
        said, things = with_marks(text)
        told = told_in(self.words, said, known=known, rules=self._rules, person=self._unmarked)
        return with_names(told, things, self.named)

    def _unmarked(self, person_id: str) -> str:
        return unmarked(self.person(person_id))

    def quoted(self, text: str) -> str:
        """Give what may be somebody's own words; what the domain surely wrote, in this language."""
        return with_people(self.words.quoted(text), self.person)

    def when(self, text: str, market: str = "") -> str:
        """Write by when something is due, by the clock of its market and the one on our wall."""
        at = _instant(text)
        return by_both_clocks(self.words, at, market, self.now) if at else text

    def left(self, text: str) -> str:
        """Say how long it is until something is due, or for how long it has been."""
        at = _instant(text)
        return time_left(self.words, at, self.now) if at else ""

    def _by_the_clock(self, body: Mapping[str, Any]) -> dict[str, str]:
        """Give the times of a thing in a market by the clock there, and how long it is till due."""
        market = str(body.get("in_market") or "")
        said = {name: self.when(str(body[name]), market) for name in TIMES if body.get(name)}
        return said | {"left": self.left(str(body.get("due_at") or ""))}


def _instant(text: str) -> datetime | None:
    try:
        return read_instant(text)
    except ValueError:
        return None


_KINDS: Final[dict[str, Callable[[Speech, str], str]]] = {
    "products": lambda speech, value: speech.named("product", value),
    "channel": lambda speech, value: speech.named("channel", value),
    "by": lambda speech, value: speech.person(value),
    "role": lambda speech, value: speech.role(value),
    "roles": lambda speech, value: speech.role(value),
    "rule": lambda speech, value: speech.rule(value),
    "text": lambda speech, value: speech.text(value),
    "market": lambda speech, value: speech.market(value),
    "title": lambda speech, value: speech.sentence(value),
    "what": lambda speech, value: speech.quoted(value),
    "how_seen": lambda speech, value: speech.quoted(value),
    "force": lambda speech, value: speech.words.code(Force, value),
    "start_fact": lambda speech, value: speech.words.code(ClockStart, value),
    "until_at": lambda speech, value: speech.when(value),
    "place": lambda speech, value: speech.words.of("Place", value),
    "grade": lambda speech, value: speech.words.code(Grade, value),
    "level": lambda speech, value: speech.words.code(Grade, value),
    "decision": lambda speech, value: speech.words.code(RecallAction, value),
    "depth": lambda speech, value: speech.words.code(Depth, value),
}
"""How a value of an effect is said, by its name."""


class Speeches:
    """Speaks to readers in their languages; rules are read once, lists whenever they are needed."""

    def __init__(self, engine: Engine) -> None:
        """Keep where names stand."""
        self.engine = engine
        self._rules: dict[str, Rules] = {}

    def to(self, language: str, now: datetime | None = None) -> Speech:
        """Give the speech to a reader of a language, at this moment."""
        return Speech(self, language, now or moment.now())

    def rules(self) -> Rules | None:
        """Give the rules adopted today: what the plan and the laws call things."""
        found = company.fact(self.engine, company.ADOPTED_RULES)
        if found is None:
            return None
        if found not in self._rules:
            self._rules[found] = rules_from_text(rules.load_rules(self.engine, found).decode())
        return self._rules[found]
