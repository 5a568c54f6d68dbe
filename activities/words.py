"""What is said to people in one language: gettext, words of closed lists, sentences of the domain.

What belongs here: finding words, for messages (activities/speaking.py) and pages (api/words.py)
alike. What never does: a text of a page (templates), a rule, or a name from the company's lists
(api/pages/lens.py). English is the source; the other languages stand in
`locale/<language>/LC_MESSAGES/andon.po`, where `make messages` collects every text that people may
read: of the templates, of the registry of commands, and the sentences of the domain.

A sentence of the domain that holds a value ("Order 3 is settled already.") is collected as a
pattern ("Order {0} is settled already.") and found again by matching.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from babel import Locale
from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from activities.named_things import MARKS, with_people
from activities.word_lists import LISTS
from domain.market_names import DEPARTMENTS, OF_PEOPLE_ZH
from domain.markets import ASEAN, NORTHERN_IRELAND
from domain.plan import Plan
from domain.regulation_terms import AuthorityActKind
from domain.review import WHY
from domain.rules import Rules
from domain.severity_questions import QUESTIONS

CATALOGUES: Final = Path(__file__).resolve().parent.parent / "locale"

MOMENT: Final = timedelta(microseconds=1)

_HOLE = re.compile(r"\{(\d)\}")
_SEVERITY: Final[dict[str, tuple[str, str]]] = {
    f"{question.code}.{choice.code}": (choice.label_en, choice.label_zh)
    for question in QUESTIONS
    for choice in question.answers
}
_QUESTION_OF: Final = {
    "Outcome": "worst_outcome",
    "Fault": "fault",
    "Users": "users",
    "Whereabouts": "whereabouts",
    "Use": "use",
    "Evidence": "evidence",
    "Lots": "lots",
    "AuthorityAct": "authority_act",
    "Publicity": "publicity",
    "Intent": "intent",
    "CredibleHarm": "credible_harm",
    "Likelihood": "likelihood",
    "Noticeable": "noticeable",
}
"""Which severity question a list of answers belongs to: the questions carry both languages."""


DEPTH: Final = 6
"""How deep a text may stand in a text: a duty's name, at a place, by telephone, possibly, told."""

REMEMBERED: Final = 8192
"""Texts whose pattern is remembered: the same titles come on every page."""

FIRM: Final = 12
"""Letters of its own that a pattern needs before it is looked for in what people wrote: a short one
("{0} is {1}.") fits half of all sentences."""

REGIONS_ZH: Final = {"HK": "中国香港", "MO": "中国澳门", "TW": "中国台湾"}
"""As a company in China has to write them."""

WITH_ARTICLE: Final = frozenset(
    "AE AX BQ BS CC CF CK DO EU FK FO GB GM HM IC IM IO KM KY MH MP MV NL PH PN PS SB SC TC TF UM"
    " UN US VG VI".split()
)
"""Codes of places that an English sentence names with an article: in the Netherlands."""

_COUNTRY: Final = re.compile(r"(?<=\()[A-Z]{2}(?=\))")
_NUMBERED: Final = re.compile(r"\bincident/(\d+)\b")
_FOLLOW_UP: Final = re.compile(r"\b(P\d+)/(\d+)\b")
_RULE: Final = re.compile(r"\b(?:[A-Z]{2}|ASEAN)(?:-[A-Z0-9]+)+\b")
_AUTHORITY_ACTED: Final = re.compile(
    r"(?P<asks>Answer )?(?P<who>.+): (?P<did>"
    + "|".join(sorted((kind.replace("_", " ") for kind in AuthorityActKind), key=len, reverse=True))
    + r")(?: (?P<number>.+))?"
)

_BETWEEN_SENTENCES: Final = re.compile(r"(?<=\.) (?=[A-Z\d\ue000-\uf8ff])")
TOGETHER: Final = 4
"""So many sentences at most stand in one text of ours that is looked for among others."""
SURE: Final = 6
"""Letters of its own by which a sentence among others is known for one of ours."""

_CAME_BACK: Final = re.compile(
    r"(?<=: )\d+(?= (?:of \d+ )?units came back)|(?<= of )\d+(?= units came back)"
)
"""The units in a sentence on a lot at the end; the number of the lot is left as it is."""
_TEXT_TITLE: Final = re.compile(
    r"(?:Approve S\d+|S\d+ is approved and not out yet): (?P<title>.+)", re.DOTALL
)
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")

_BETWEEN: Final = (
    r"(?:\s*[,;/、，；]\s*(?:(?:and|or|und|oder)\s+)?|\s+(?:and|or|und|oder|&)\s+|\s*[和及与或]\s*)"
)
"""What may stand between the places of a list, in English, German and Chinese sentences."""

_PLACE: Final = r"[A-Z]{2}(?![A-Za-z0-9-])"
_IN_PLACES: Final = re.compile(
    rf"(?:(?<=\bin )|(?<=在)|(?<![关由对基属等鉴至]于)(?<=于)){_PLACE}(?:{_BETWEEN}{_PLACE})*"
)
_CODE: Final = re.compile(r"[A-Z]{2}")

_OF_A_RECALL: Final = re.compile(r"(?:recall|[Aa]uthority|termination|completed|us) in $|我方在$")
"""What a title of ours says before the market that it is about."""

LISTED: Final = (("; ", "；"), (", ", "、"))
"""What parts a list, and what parts it in Chinese."""


@dataclass(frozen=True)
class Words:
    """One language's words; `lists` are the closed lists whose words are known."""

    language: str
    catalogue: NullTranslations
    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: LISTS, compare=False)

    @property
    def is_chinese(self) -> bool:
        """Say whether texts that stand in both languages are taken in Chinese."""
        return self.language.startswith("zh")

    def gettext(self, text: str) -> str:
        """Give a text in this language; what nobody translated stays English."""
        return self.catalogue.ugettext(text) if text else ""

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Give the form of a text that fits a number."""
        return self.catalogue.ungettext(one, many, count)

    def pick(self, en: str, zh: str) -> str:
        """Choose between two texts that stand side by side in data."""
        return (zh or en) if self.is_chinese else (en or zh)

    def sentence(self, text: str, known: Mapping[str, str] | None = None) -> str:
        """Give a sentence that the domain made, values in it and all, in this language.

        `known` gives names in this language that stand in it: of the plan, of the company.
        """
        return self._told(text, known or {}, DEPTH) if text and self.is_chinese else text

    def quoted(self, text: str) -> str:
        """Give what may be somebody's own words: changed only where the domain surely wrote it."""
        if not (text and self.is_chinese):
            return text
        if (found := self.gettext(text)) != text:
            return found
        if matched := _pattern_of(self.language, text, FIRM):
            return _filled(matched[0], dict(matched[1]))
        is_firm = self._is_ours(_BETWEEN_SENTENCES.split(text)[0], FIRM)
        return (self._sentences(text, {}, 1) if is_firm else "") or text

    def _told(self, text: str, known: Mapping[str, str], depth: int) -> str:
        """Give a text whole, or by its pattern, or as the list that it is, or as it stands."""
        found = self._one(text, known)
        if found == text and depth:
            found = self._sentences(text, known, depth - 1) or self._matched(text, known, depth - 1)
        return found if found != text else self._listed(text, known, depth)

    def _sentences(self, text: str, known: Mapping[str, str], depth: int) -> str:
        """Give several sentences one by one; nothing where one of them is not surely ours."""
        parts = self._parted(_BETWEEN_SENTENCES.split(text))
        if len(parts) == 1 or not all(map(self._is_ours, parts)):
            return ""
        return "".join(self._told(part, known, depth) for part in parts)

    def _parted(self, sentences: list[str]) -> list[str]:
        """Put together again what the catalogue has as one text of several sentences."""
        parts: list[str] = []
        while sentences:
            runs = (" ".join(sentences[:count]) for count in range(TOGETHER, 1, -1))
            part = next((run for run in runs if self.gettext(run) != run), sentences[0])
            sentences = sentences[len(_BETWEEN_SENTENCES.split(part)) :]
            parts.append(part)
        return parts

    def _is_ours(self, text: str, letters: int = SURE) -> bool:
        return self.gettext(text) != text or bool(_pattern_of(self.language, text, letters))

    def _matched(self, text: str, known: Mapping[str, str], depth: int) -> str:
        found = _pattern_of(self.language, text)
        if found is None:
            return text
        target, parts = found
        return _filled(target, {k: self._told(v, known, depth) for k, v in parts})

    def _listed(self, text: str, known: Mapping[str, str], depth: int) -> str:
        for comma, written in LISTED:
            named, _, rest = text.rpartition(comma)
            if comma in named and named in known:  # a name with a comma of its own is no list
                return known[named] + written + self._told(rest, known, min(depth, 1))
            parts = text.split(comma)
            if len(parts) > 1:
                if DEPARTMENTS.issuperset(parts):
                    return text  # departments, as likely as countries
                told = [self._told(part, known, min(depth, 1)) for part in parts]
                if told != parts or MARKS.issuperset(parts):
                    return written.join(told)
        return text

    def _one(self, text: str, known: Mapping[str, str]) -> str:
        found = known.get(text) or self.gettext(text)
        if found != text or not text[:1].islower():
            return found
        raised = text[0].upper() + text[1:]
        found = self.gettext(raised)
        return text if found == raised else found

    @property
    def locale(self) -> Locale:
        """Give the locale that dates and numbers are written in."""
        return _locale("zh_Hans_CN" if self.is_chinese else "en_GB")

    def when(self, at: datetime, zone: tzinfo, now: datetime, clock: str = "HH:mm") -> str:
        """Write an instant by the clocks of a zone: the day, and the year when it is another."""
        return format_datetime(at, self._pattern(at, zone, now, clock), zone, self.locale)

    def until(self, at: datetime, zone: tzinfo, now: datetime) -> str:
        """Write an instant by which something is to be done; the end of a day is said as that."""
        if not ends_day(at, zone):
            return self.when(at, zone, now)
        last = at - MOMENT
        pattern = self._pattern(last, zone, now).replace("HH:mm", "").rstrip(" ,")
        day = format_datetime(last, pattern, zone, self.locale)
        return self.pick(f"end of {day}", f"{day}当天结束")

    def _pattern(self, at: datetime, zone: tzinfo, now: datetime, clock: str = "HH:mm") -> str:
        same_year = at.astimezone(zone).year == now.astimezone(zone).year
        if self.is_chinese:
            return f"M月d日（EEE）{clock}" if same_year else f"y年M月d日 {clock}"
        return f"EEE d MMM, {clock}" if same_year else f"d MMM y, {clock}"

    def listed(self, parts: Iterable[str]) -> str:
        """Join parts as a list is written in this language."""
        return ("、" if self.is_chinese else ", ").join(part for part in parts if part)

    def member(self, value: StrEnum) -> str:
        """Give the word of one member of a closed list."""
        return self.code(type(value), str(value))

    def code(self, kind: type[StrEnum], value: str) -> str:
        """Give the word of a code of a closed list; one that has no word yet is shown as it is."""
        question = _QUESTION_OF.get(kind.__name__)
        if question is not None:
            told = _SEVERITY.get(f"{question}.{value}")
            if told is not None:
                return self.pick(*told)
        lists = self.lists
        known = lists.get(f"{kind.__module__}.{kind.__name__}") or lists.get(kind.__name__, {})
        return self.gettext(known.get(value) or humanised(value))

    def of(self, name: str, value: str) -> str:
        """Give the word of a plain string that is one of a list by its own name (`lists`)."""
        return self.gettext(self.lists[name].get(value) or humanised(value))


@cache
def _locale(name: str) -> Locale:
    """Read a locale once: a page writes hundreds of times by it."""
    return Locale.parse(name)


def ends_day(at: datetime, zone: tzinfo) -> bool:
    """Say whether a day ends at an instant: with midnight, or with its last second (domain/clock).

    Nobody reads 24:00 or 00:00 the same way at three in the morning; a page names the day instead.
    """
    there = at.astimezone(zone).time().replace(microsecond=0)
    return there in (time(), time(23, 59, 59))


@cache
def territories(language: str) -> Mapping[str, str]:
    """Give the names of countries and regions by their codes."""
    words = words_in(language)
    named = {str(code): str(name) for code, name in words.locale.territories.items()}
    named |= {
        NORTHERN_IRELAND: words.gettext("Northern Ireland"),
        ASEAN: words.gettext("ASEAN members"),
    }
    return named | REGIONS_ZH if words.is_chinese else named


def in_sentence(code: str, words: Words) -> str:
    """Give a country or region as it stands in a sentence: in English some take an article.

    Alone, in a heading or a table, the name of `territories` stands. An unknown code stays itself.
    """
    code = code.upper()
    name = territories(words.language).get(code, code)
    return f"the {name}" if code in WITH_ARTICLE and not words.is_chinese else name


def told_in(
    words: Words,
    text: str,
    *,
    known: Mapping[str, str] | None,
    rules: Rules | None,
    person: Callable[[str], str],
) -> str:
    """Give a title or sentence of the domain in a language: no codes, people by their names.

    `known` gives Chinese names that stand in it, `person` the name of whoever has an id.
    """
    if text.startswith(WHY):
        return words.pick(WHY, "理由：") + text.removeprefix(WHY)
    text = _CAME_BACK.sub(lambda found: format_decimal(int(found[0]), locale=words.locale), text)
    acted = _AUTHORITY_ACTED.fullmatch(text)
    if acted is not None:
        return _acted(words, **acted.groupdict())
    told = _without_foreign_title(words.sentence(text, known), text, words)
    return with_people(without_codes(told, words, rules), person)


def _without_foreign_title(told: str, text: str, words: Words) -> str:
    """Leave the title of a text out where it is in the other language than the reader's.

    A title of the domain names a text by its number and by the first of its titles.
    """
    found = _TEXT_TITLE.fullmatch(text)
    if found is None or bool(_HAN.search(found["title"])) == words.is_chinese:
        return told
    return told.removesuffix(found["title"]).rstrip("：: ")


def without_codes(text: str, words: Words, rules: Rules | None) -> str:
    """Say in words what a title of the domain still says by a code.

    That is a rule by its id, a country, and which one in a row a report is.
    """
    named = territories(words.language)
    number, follow_up = (
        words.pick("no. {}", "第{}次"),
        words.pick("{}, follow-up {}", "{}第{}次后续"),
    )
    text = _COUNTRY.sub(lambda found: named.get(found.group(), found.group()), text)
    text = _IN_PLACES.sub(lambda found: _places(found, words), text)
    text = _NUMBERED.sub(lambda found: number.format(found.group(1)), text)
    text = _FOLLOW_UP.sub(lambda found: follow_up.format(*found.groups()), text)
    return _RULE.sub(lambda found: rule_place(found.group(), words, rules), text)


def _places(found: re.Match[str], words: Words) -> str:
    """Name countries and regions that stand one after another in a sentence, all of them.

    A code that is a department too (IT, HR, PR) is left where people may have meant that: without
    another country beside it, or before what it does.
    """
    codes, rest = _CODE.findall(found.group()), found.string[found.end() :]
    is_ours = _OF_A_RECALL.search(found.string[: found.start()]) is not None
    left = DEPARTMENTS.intersection(codes)
    if is_ours or (not left.issuperset(codes) and not re.match(f" [a-z]|{OF_PEOPLE_ZH}", rest)):
        left = frozenset()
    return _CODE.sub(
        lambda code: code.group() if code.group() in left else in_sentence(code.group(), words),
        found.group(),
    )


def _acted(words: Words, asks: str | None, who: str, did: str, number: str | None) -> str:
    """Give the title of an authority's act, or that it waits for an answer."""
    told = words.code(AuthorityActKind, did.replace(" ", "_"))
    named = f"{told} {number}" if number else told
    if words.is_chinese:
        return f"{'答复' if asks else ''}{who}：{named}"
    return f"{asks or ''}{who}: {named}"


def rule_place(rule_id: str, words: Words, rules: Rules | None) -> str:
    """Give the law and article that a rule stands in; an unknown one is its id."""
    for rule in rules.regulations if rules else ():
        if rule.id == rule_id:
            parts = (rule.instrument, words.sentence(rule.article))
            return " · ".join(part for part in parts if part)
    return rule_id


def humanised(name: str) -> str:
    """Turn a name of the code into words, for what has no words of its own."""
    text = name.replace("_", " ").strip()
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=REMEMBERED)
def _pattern_of(
    language: str, text: str, letters: int = 0
) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Find the sentence with holes that a text is, and what stands in its holes.

    A pattern has at least so many `letters` of its own.
    """
    is_list = LISTED[0][0] in text
    for pattern, target in words_in(language).patterns:
        if is_list and not _HOLE.sub("", target).strip("（）()：:，, "):
            continue  # a bracket alone says nothing of what a whole list is
        match = pattern.fullmatch(text)
        if match is not None and _letters(pattern.pattern) >= letters:
            return target, tuple(match.groupdict().items())
    return None


def _filled(target: str, parts: Mapping[str, str]) -> str:
    return _HOLE.sub(lambda hole: parts[f"h{hole.group(1)}"], target)


@cache
def translations(language: str) -> NullTranslations:
    """Give the words of a language, read from `locale/<language>/LC_MESSAGES/andon.po`."""
    file = CATALOGUES / language / "LC_MESSAGES" / "andon.po"
    if language == "en" or not file.exists():
        return NullTranslations()
    with file.open("rb") as source:
        catalogue = read_po(source, locale=language, domain="andon")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain="andon")


@cache
def words_in(language: str) -> Words:
    """Give the words of a language; one without a catalogue is English."""
    loaded = translations(language)
    return Words(language, loaded, _patterns(getattr(loaded, "_catalog", {})))


def _patterns(catalogue: Mapping[Any, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Compile the sentences with holes, those with the most words of their own first."""
    found = [
        (len(_HOLE.sub("", text)), re.compile(_expression(text), re.DOTALL), target)
        for text, target in catalogue.items()
        if isinstance(text, str) and _HOLE.search(text)
    ]
    found.sort(key=lambda row: -row[0])
    return tuple((pattern, target) for _, pattern, target in found)


@cache
def _letters(expression: str) -> int:
    """Count the letters of a pattern that are its own, not what fills its holes."""
    return sum(map(str.isalpha, re.sub(r"\(\?P.*?\)", "", expression)))


def _expression(text: str) -> str:
    """Turn `There is no {0} {1}.` into an expression; a hole that comes twice means the same."""
    parts, seen = [], set()
    for number, part in enumerate(_HOLE.split(text)):
        if number % 2 == 0:
            parts.append(re.escape(part))
        elif part in seen:
            parts.append(f"(?P=h{part})")
        else:
            seen.add(part)
            parts.append(f"(?P<h{part}>.*?)")
    return "".join(parts)


def plan_names(plan: Plan) -> dict[str, str]:
    """Give the Chinese of every English name in a plan."""
    tables = (plan.roles, plan.acts, plan.statements, plan.times)
    found = {row.title_en: row.title_zh for table in tables for row in table.values()}
    found.update({row.name_en: row.name_zh for row in plan.halt.values()})
    found.update({row.name_en: row.name_zh for row in plan.told})
    found.update({row.en: row.zh for row in plan.gate})
    slots = [text.approvals for text in plan.statements.values()]
    slots += [act.signers for act in plan.acts.values()]
    found.update({slot.label_en: slot.label_zh for row in slots for slot in row})
    return found


def rule_names(rules: Rules) -> dict[str, str]:
    """Give the Chinese of what the plan, the regulations and the wording rules say in English."""
    found = plan_names(rules.plan)
    for rule in rules.regulations:
        found[rule.title_en], found[rule.authority_en] = rule.title_zh, rule.authority_zh
    found.update({rule.reason_en: rule.reason_zh for rule in rules.wording.rules})
    return found
