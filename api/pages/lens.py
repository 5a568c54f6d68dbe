"""One reader's view: language, zone, the instant of the answer, and names instead of ids.

What belongs here: turning values of the domain into what a template shows. What never does: a
sentence about an incident (events.py, now.py, stages/), or reading an incident.
"""

import math
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_name

from activities.named_things import unmarked, with_marks, with_names, with_people, with_things
from activities.words import MOMENT, ends_day, in_sentence, rule_names, territories, told_in
from activities.zones import HOME_ZONE, city_of, named_clock, zone_of
from api.page_words import BEFORE
from api.word_lists import LISTS
from api.words import Words, words_of
from domain.errors import AndonError
from domain.in_words import with_single_stops
from domain.limits import Limit
from domain.markets import base_language, region_of
from domain.people import CHANNEL_MARK, INSPECTOR_MARK, Role
from domain.plan import Plan
from domain.rules import Rules
from domain.state.statement import Statement
from services.answering import answering, answers_for, asked
from services.company import about_company
from services.countries import countries
from services.house import House
from services.people import Signed
from storage import catalog
from storage import people as people_rows

Drawn = dict[str, Any]


def _by_letter(name: str) -> str:
    """Sort names of Latin script without regard to accents: Åland stands at A."""
    letters = unicodedata.normalize("NFD", name)
    return "".join(one for one in letters if not unicodedata.combining(one)).casefold()


def _by_pinyin(name: str) -> bytes:
    """Sort Chinese names as a dictionary does: GB 2312 lists its common characters by pinyin."""
    return name.encode("gb18030")


class Names:
    """Names of the company's own things, read once for each answer and list that needs them."""

    def __init__(self, house: House) -> None:
        """Keep where to look."""
        self._house = house
        self._items: dict[str, dict[str, catalog.Item]] = {}

    def items(self, kind: str) -> Mapping[str, catalog.Item]:
        """Give a list of the company by id."""
        if kind not in self._items:
            listed = catalog.list_items(self._house.engine, kind)
            self._items[kind] = {item.id: item for item in listed}
        return self._items[kind]

    def products_of(self, lots: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """Give the products of lots by their numbers, as the list of today has them."""
        return catalog.products_of_lots(self._house.engine, lots)

    @cached_property
    def people(self) -> Mapping[str, people_rows.Person]:
        """Give the people of the company by id, those who left too."""
        listed = people_rows.list_people(self._house.engine, active_only=False)
        return {person.id: person for person in listed}

    def holders(self, role: str) -> list[people_rows.Person]:
        """List who holds a role and is here."""
        return [p for p in self.people.values() if p.active and role in p.roles]

    @cached_property
    def company(self) -> Mapping[str, Any]:
        """Give what no list holds: the languages and markets that people answer for, among it."""
        return about_company(self._house)

    def answers_for(self, person: str, *, market: str = "", language: str = "") -> bool:
        """Say whether a market or language is this person's; who is bound to none has all."""
        return answers_for(self.company, person, market=market, language=language)

    def answering(
        self, people: Iterable[str], *, market: str = "", language: str = ""
    ) -> list[str]:
        """Give those who answer for a market or language; all where nobody does.

        Where nobody has a country of the Union, those who answer for another one of it stand first.
        """
        return answering(self.company, people, market=market, language=language)

    def asked(self, holders: Iterable[Iterable[str]], *, market: str) -> list[str]:
        """Give those of some roles, each with its people, who are asked about a market."""
        return asked(self.company, holders, market=market)

    def deputies(self, role: str) -> list[people_rows.Person]:
        """List who stands in for a role and is here."""
        return [p for p in self.people.values() if p.active and role in p.deputy_for]


USUAL_CHINESE: Final = "zh-CN"
"""The Chinese that most texts are in: called Chinese, without its region."""


@dataclass(frozen=True)
class Lens:
    """Who reads, in which language and zone, and when; `rules` name roles, levels and laws."""

    words: Words
    zone: ZoneInfo
    zone_name: str
    now: datetime
    names: Names
    rules: Rules | None = None
    who: Signed | None = None

    @property
    def plan(self) -> Plan | None:
        """Give the plan that names roles, levels and texts."""
        return self.rules.plan if self.rules else None

    @cached_property
    def calendars(self) -> Mapping[str, str]:
        """Give the calendar that each rule counts by, by the rule's id."""
        return {one.id: one.calendar for one in self.rules.regulations} if self.rules else {}

    @property
    def locale(self) -> Locale:
        """Give the locale that dates and numbers are written in."""
        return self.words.locale

    def __call__(self, text: str, /, **values: Any) -> str:
        """Give a text in the reader's language, its `%(name)s` filled in, with single stops."""
        told = self.words.gettext(text)
        return with_single_stops(told % values) if values else told

    def sentence(self, text: str) -> str:
        """Give a sentence of the domain in the reader's words, names in it too."""
        known = self.known if self.words.is_chinese else None
        said, things = with_marks(text)
        told = told_in(self.words, said, known=known, rules=self.rules, person=self._unmarked)
        return with_single_stops(with_names(told, things, self.named))

    def _unmarked(self, person_id: str) -> str:
        return unmarked(self.person(person_id))

    def _in_english(self, kind: str, item_id: str) -> str:
        """Give the English name of a thing on a list; a sentence of the domain is English first."""
        found = self.names.items(kind).get(item_id)
        return found.name_en if found else item_id

    def both(self, error: AndonError | None) -> str:
        """Give what was wrong and what to do in the reader's words; nothing for no error."""
        if error is None:
            return ""
        return " ".join(filter(None, (self.sentence(error.sentence), self.sentence(error.hint))))

    def quoted(self, text: str) -> str:
        """Give what may be somebody's own words; what the domain surely wrote, in this language."""
        return with_people(self.words.quoted(with_things(text, self._in_english)), self.person)

    @cached_property
    def known(self) -> Mapping[str, str]:
        """Give the Chinese of names that stand in sentences."""
        found = rule_names(self.rules) if self.rules is not None else {}
        found |= {code: name for code, name in self.territories.items() if code.isalpha()}
        for kind in ("product", "channel", "consignee"):
            items = self.names.items(kind).values()
            found.update({item.name_en: unmarked(item.name_zh) for item in items if item.name_zh})
        return found

    def each(self, *texts: str) -> list[str]:
        """Give several texts in the reader's language: the headings of a table."""
        return [self(text) for text in texts]

    # ------------------------------------------------------------ times

    def moment(self, at: datetime | None, authority: str = "") -> Drawn | None:
        """Give an instant as the components take it; `authority` is a place whose zone counts."""
        return None if at is None else self._instant(at, authority, self.words.when)

    def _instant(
        self, at: datetime, authority: str, write: Callable[[datetime, tzinfo, datetime], str]
    ) -> Drawn:
        """Give an instant as the components take it, written here and where an authority is."""
        drawn: Drawn = {
            "iso": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "text": write(at, self.zone, self.now),
            # What is recorded at this very instant has happened.
            "seconds": math.floor((at - self.now).total_seconds()) or -1,
        }
        zone = self.zone_of(authority)
        there = write(at, zone, self.now)
        # Two clocks that show the same are one: Taipei's day is ours.
        if zone != self.zone and there != drawn["text"]:
            drawn["authority"] = self._there(zone, there)
        return drawn

    def zone_of(self, place: str) -> ZoneInfo:
        """Give the zone of a market, country or calendar; the reader's own where none is known."""
        zone = zone_of(place)
        return ZoneInfo(zone) if zone else self.zone

    def _there(self, zone: ZoneInfo, local: str) -> str:
        """Name the city of a clock beside its local time."""
        city = city_of(self.words, str(zone))
        return f"{city} {local}" if self.words.is_chinese else f"{local} {city}"

    def due(self, at: datetime, authority: str = "") -> Drawn:
        """Give an instant by which something is to be done; the end of a day is said as that.

        A day that ends where an authority is comes first, and the reader's own time beside it: it
        is often another day here.
        """
        drawn = self._instant(at, authority, self.words.until)
        if "authority" in drawn and self.ends_elsewhere(at, authority):
            zone = self.zone_of(authority)
            city, day = city_of(self.words, str(zone)), self.words.until(at, zone, self.now)
            here = self._there(self.zone, drawn["text"])
            drawn |= {"text": self.words.pick(f"{day}, {city}", f"{city}{day}"), "authority": here}
        return drawn

    def ends_elsewhere(self, at: datetime, authority: str) -> bool:
        """Say whether a day ends at an instant where an authority is, and none here."""
        return self.ends_day(at, authority) and not ends_day(at, self.zone)

    def ends_day(self, at: datetime, authority: str) -> bool:
        """Say whether a day ends at an instant where an authority is."""
        return ends_day(at, self.zone_of(authority))

    def due_on(self, at: datetime, authority: str = "") -> date:
        """Give the day that a time stands on: the authority's where its day ends, else ours."""
        if self.ends_day(at, authority):
            return (at - MOMENT).astimezone(self.zone_of(authority)).date()
        return at.astimezone(self.zone).date()

    def city(self, authority: str) -> str:
        """Name the city whose clock counts for an authority."""
        return city_of(self.words, str(self.zone_of(authority)))

    def until(self, at: datetime) -> str:
        """Write an instant by which something is to be done, in the reader's zone."""
        return self.words.until(at, self.zone, self.now)

    def when(self, at: datetime) -> str:
        """Write an instant in the reader's zone: the day, and the year when it is another one."""
        return self.words.when(at, self.zone, self.now)

    def exactly(self, at: datetime) -> str:
        """Write an instant as `when` does, to the second."""
        return self.words.when(at, self.zone, self.now, "HH:mm:ss")

    def clock_time(self, at: datetime) -> Drawn:
        """Give an instant that stands under its day: the time alone."""
        text = at.astimezone(self.zone).strftime("%H:%M")
        return {"iso": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "text": text}

    def day_of(self, at: datetime) -> str:
        """Write the day of an instant in the reader's zone."""
        return self.day(at.astimezone(self.zone).date())

    def day(self, on: date) -> str:
        """Write a day."""
        pattern = "y年M月d日 EEEE" if self.words.is_chinese else "EEEE d MMMM y"
        return format_date(on, pattern, self.locale)

    def limit(self, limit: Limit) -> str:
        """Write an amount of time as people say it."""
        unit = str(limit.unit)
        if not limit.amount:
            return self("at once")
        if limit.amount < 0:
            return self(BEFORE["limit"], length=self.limit(Limit(-limit.amount, limit.unit)))
        if limit.amount == 1 and unit in LISTS["limit_unit_one"]:
            return self.words.of("limit_unit_one", unit) % {"n": limit.amount}
        return self.words.of("limit_unit", unit) % {"n": limit.amount}

    # ------------------------------------------------------------ names

    def person(self, person_id: str) -> str:
        """Give a person's name; a machine says what it is."""
        if person_id in LISTS["machines"]:
            return self.words.of("machines", person_id)
        if person_id.startswith(CHANNEL_MARK):
            return self.named("channel", person_id.removeprefix(CHANNEL_MARK))
        if person_id.startswith(INSPECTOR_MARK):
            room = person_id.removeprefix(INSPECTOR_MARK)
            return self.words.gettext("the inspector in room %(room)s") % {"room": room}
        found = self.names.people.get(person_id)
        return self.words.pick(found.name_en, found.name_zh) if found else person_id

    def chip(self, person_id: str, role: str = "") -> Drawn:
        """Give a person as the chip takes it: name, and the role they act in."""
        found = self.names.people.get(person_id)
        deputy = role.startswith("deputy:")
        roles = [role.removeprefix("deputy:")] if role else list(found.roles[:1]) if found else []
        drawn: Drawn = {
            "name": self.person(person_id),
            "role": self.roles(roles),
            "you": self.who is not None and person_id == self.who.id,
            "deputy": deputy,
        }
        if deputy:
            drawn["role"] = self("deputy of the %(role)s", role=drawn["role"])
        return drawn

    def is_answered_by(
        self, person: str, roles: Iterable[str], *, market: str = "", language: str | None = None
    ) -> bool:
        """Say whether a market or language is this person's, or nobody's of these roles.

        `language` is given of an approval, even an empty one: it belongs to one of its holders.
        """
        holders = [[one.id for one in self.names.holders(role)] for role in roles]
        own = [each for each in holders if person in each]
        for each in own or holders:
            each.insert(0, person)
        if language is None:
            return person in self.names.asked(holders, market=market)
        every = chain((person,), *holders)
        return person in self.names.answering(every, market=market, language=language)

    def holders(
        self,
        roles: Iterable[str],
        limit: int = 4,
        *,
        market: str = "",
        language: str | None = None,
        without: Collection[str] = (),
        deputies: bool = False,
    ) -> list[Drawn]:
        """Give the people who hold one of some roles, the reader first, each in that role.

        Where a market or a language counts, those who answer for it stand for all; who may not,
        whatever role they hold, is named in `without`. With `deputies` those are given where nobody
        else holds the role. `language` is given of an approval alone (`is_answered_by`).
        """
        roles = tuple(map(str, roles))
        held = [
            (role, [one.id for one in self.names.holders(role) if one.id not in without])
            for role in roles
        ]
        found: dict[str, Drawn] = {}
        for role, persons in held:
            found |= {one: self.chip(one, role) for one in persons if one not in found}
        if deputies and not found:
            found = self._deputies(roles, without)
        if language is None:
            own = self.names.asked((persons for _, persons in held), market=market)
        else:
            own = self.names.answering(found, market=market, language=language)
        chips = [found[person] for person in own]
        return sorted(chips, key=lambda chip: not chip["you"])[:limit]

    def of_markets(self, role: str, markets: Collection[str]) -> list[str]:
        """Give who holds a role and answers for one of some markets; all where nobody does."""
        holders = [one.id for one in self.names.holders(role)]
        own = [
            one for one in holders if any(self.names.answers_for(one, market=m) for m in markets)
        ]
        return own or holders

    def _deputies(self, roles: Iterable[str], without: Collection[str]) -> dict[str, Drawn]:
        return {
            person.id: self.chip(person.id, role)
            for role in roles
            for person in self.names.deputies(role)
            if person.id not in without
        }

    def role(self, role: str) -> str:
        """Give the title of a role, as the plan names it."""
        duty = self.plan.roles.get(role) if self.plan else None
        if duty is not None:
            return self.words.pick(duty.title_en, duty.title_zh)
        return self.words.code(Role, role)

    def roles(self, roles: Iterable[str]) -> str:
        """List roles by their titles."""
        return self.listed(self.role(str(role)) for role in roles)

    def named(self, kind: str, item_id: str) -> str:
        """Give the name of a thing on one of the company's lists (product, channel, consignee)."""
        found = self.names.items(kind).get(item_id)
        return self.words.pick(found.name_en, found.name_zh) if found else item_id

    def products(self, ids: Iterable[str]) -> str:
        """List products by name."""
        return self.listed(self.named("product", one) for one in ids)

    def channels(self, count: int) -> str:
        """Say a number of channels."""
        return self.words.ngettext("%(n)s channel", "%(n)s channels", count) % {"n": count}

    def market(self, code: str) -> str:
        """Give the name of a market or country."""
        if code == "EU":
            return self("European Union")
        return self.territories.get(code.upper(), code)

    def currency(self, code: str) -> str:
        """Give the name of a currency by its three letters."""
        return get_currency_name(code, locale=self.locale) if code else ""

    def place(self, code: str) -> str:
        """Give a market or country as it stands in a sentence: in the United States."""
        return in_sentence(code, self.words)

    @cached_property
    def territories(self) -> Mapping[str, str]:
        """Give the names of countries and regions by their codes."""
        return territories(self.words.language)

    def countries(self, first: Iterable[str]) -> list[str]:
        """List the codes of all countries: some first, the others as their names are sorted."""
        named = self.territories
        codes = [code for code in named if code in countries()]
        ahead = [code for code in dict.fromkeys(first) if code in named]
        rest = set(codes) - set(ahead)
        if self.words.is_chinese:
            return ahead + sorted(rest, key=lambda code: _by_pinyin(named[code]))
        return ahead + sorted(rest, key=lambda code: _by_letter(named[code]))

    def language(self, code: str) -> str:
        """Give the name of a language, with the region that a text is for: English (Canada).

        The Chinese that most texts are written in has a region in its tag and none in its name.
        """
        told: str | None = self.locale.languages.get(base_language(code))
        region = region_of(code)
        if not told or not region or code.replace("_", "-") == USUAL_CHINESE:
            return told or code
        named = self.market(region)
        return f"{told}（{named}）" if self.words.is_chinese else f"{told} ({named})"

    def title_of(self, one: Statement) -> str:
        """Give the title of a text in the reader's language, where it has one."""
        own = [
            text for text in one.texts if base_language(text.language) == self.words.language[:2]
        ]
        return str((own or list(one.texts))[0].title) if one.texts else ""

    def named_line(self, name: str, told: str) -> str:
        """Put what is told behind its name, with the colon of this language."""
        return f"{name}：{told}" if self.words.is_chinese else f"{name}: {told}"

    def listed(self, parts: Iterable[str]) -> str:
        """Join parts as a list is written in this language."""
        return self.words.listed(parts)

    def sentences(self, parts: Iterable[str]) -> str:
        """Put whole sentences one behind the other, as this language does."""
        return ("" if self.words.is_chinese else " ").join(part for part in parts if part)

    def number(self, number: int | None) -> str | None:
        """Write a whole number with its groups; None stays None: unknown is never zero."""
        return None if number is None else format_decimal(number, locale=self.locale)

    def word(self, member: StrEnum) -> str:
        """Give the word of a member of a closed list."""
        return self.words.member(member)

    def event(self, name: str) -> str:
        """Name a type of entry."""
        return self.words.of("event", name)

    def level(self, level: str) -> str:
        """Give a halt level with what it stops."""
        row = self.plan.halt.get(level) if self.plan else None
        return f"{level} {self.words.pick(row.name_en, row.name_zh)}" if row else level


def lens_for(
    house: House, who: Signed | None, language: str, *, now: datetime, rules: Rules | None = None
) -> Lens:
    """Make a reader's lens; times stand in the zone of the company's home market."""
    words = words_of(language)
    return Lens(
        words=words,
        zone=ZoneInfo(HOME_ZONE),
        zone_name=named_clock(words, HOME_ZONE),
        now=now,
        names=Names(house),
        rules=rules,
        who=who,
    )
