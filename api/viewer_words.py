"""The words that the offline viewer of a dossier needs, in English and Chinese, as plain values.

What belongs here: taking them out of the tables that the console tells entries by. What never does:
a sentence of its own, or a name from the company's lists: the dossier holds those beside.

The sentences keep their holes (api/event_words.py), because the viewer fills them from the very
entries it shows. A hole for a code of a closed list names its list: `{x:word:domain.y.Z}`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any, Final, get_args, get_type_hints

from activities.words import WITH_ARTICLE, rule_place, territories
from api.event_words import TELLS
from api.pages.lens import Lens
from api.pages.telling import variant_of
from api.word_lists import LISTS
from api.words import Words, words_of
from domain.errors import Malformed
from domain.ledger import read_entry
from domain.message import COMMANDS, EVENTS
from domain.people import Role
from domain.recall_terms import Depth, RecallAction
from domain.regulation_terms import AuthorityActKind, DutyStatus
from domain.rules import Rules
from domain.set_apart import OnItsWay
from domain.severity import Attention, Grade
from domain.stages import Stage
from domain.state.investigation import FactStatus, FindingOutcome
from domain.state.statement import Status

DEPARTURES: Final[dict[str, frozenset[str]]] = {
    "late": frozenset(
        {
            "DutyOverdue",
            "RungReached:overdue",
            "RungReached:longer",
            "RungReached:commander",
            "RungReached:legal_representative",
        }
    ),
    "overridden": frozenset({"GapsAllowed", "FindingOverridden"}),
    "silence": frozenset({"ReportDecided:silence"}),
    "lapsed": frozenset({"ActLapsed"}),
    "refused": frozenset({"ActRefused", "ActDeclined", "ActDeclined:veto"}),
}
"""Entries, with their variant, that the viewer marks as departures from the plan; the whole list,
with reasons and rules, is the answer to the ninth question (services/questions/departures.py)."""

Both = dict[str, str]

SUMMARISED: Final[dict[str, type[StrEnum]]] = {
    "attention": Attention,
    "authority_act": AuthorityActKind,
    "depth": Depth,
    "duty_status": DutyStatus,
    "fact_status": FactStatus,
    "finding": FindingOutcome,
    "grade": Grade,
    "on_its_way": OnItsWay,
    "recall_action": RecallAction,
    "role": Role,
    "stage": Stage,
    "text_status": Status,
}
"""Closed lists that summaries name (services/record_summary.py), by the name the viewer uses."""

PAGE_LISTS: Final = (
    "action_state",
    "channel_again",
    "channel_state",
    "entry_kind",
    "event",
    "fact",
    "fact_unit",
    "machines",
    "method",
    "report_status",
    "stage_word",
)

_HOLE: Final = re.compile(r"\{(\w+):(words?)\}")
_SAID: Final = re.compile(r"\{(\w+):(sentence|quote)\}")


def viewer_words(rules: Rules | None = None) -> dict[str, Any]:
    """Give the words; `rules` name roles, halt levels, texts and laws as the company does."""
    found: dict[str, Any] = {
        "tells": {key: _tell(key) for key in TELLS},
        "lists": {name: _list(LISTS[name]) for name in PAGE_LISTS if name in LISTS},
        "commands": _list({name: spec.title for name, spec in COMMANDS.items()}),
        "places": _places(),
        "with_article": sorted(WITH_ARTICLE),
        "departures": {kind: sorted(of) for kind, of in DEPARTURES.items()},
        "names": _of_rules(rules) if rules else {},
    }
    found["lists"] |= {name: _code_list(kind) for name, kind in SUMMARISED.items()}
    found["lists"] |= {_key(kind): _code_list(kind) for kind in _kinds_in_sentences()}
    return found


def _both(tell: Callable[[Words], str]) -> Both:
    return {"en": tell(words_of("en")), "zh": tell(words_of("zh_CN"))}


def _list(words: Mapping[str, str]) -> dict[str, Both]:
    return {key: _both(lambda lens, text=text: lens.gettext(text)) for key, text in words.items()}  # type: ignore[misc]


def _code_list(kind: type[StrEnum]) -> dict[str, Both]:
    return {
        str(one): _both(lambda lens, code=str(one): lens.code(kind, code))  # type: ignore[misc]
        for one in kind
    }


def _tell(key: str) -> dict[str, Any]:
    """Give a sentence in both languages, each code in it with the list that it belongs to."""
    tell, hints = TELLS[key], _hints(key)

    def named(found: re.Match[str]) -> str:
        kind = _enum_in(hints.get(found[1]))
        return f"{{{found[1]}:{found[2]}:{_key(kind)}}}" if kind else found[0]

    told = _both(lambda words: _HOLE.sub(named, words.gettext(tell.text)))
    return {"kind": tell.kind, "weighty": tell.weighty, **told}


def _hints(key: str) -> Mapping[str, Any]:
    spec = EVENTS.get(key.partition(":")[0])
    return get_type_hints(spec.type) if spec else {}


def _kinds_in_sentences() -> Iterator[type[StrEnum]]:
    for key, tell in TELLS.items():
        hints = _hints(key)
        for field, _ in _HOLE.findall(tell.text):
            kind = _enum_in(hints.get(field))
            if kind is not None:
                yield kind


def _key(kind: type[StrEnum]) -> str:
    return f"{kind.__module__}.{kind.__name__}"


def _enum_in(hint: Any) -> type[StrEnum] | None:
    """Find the closed list in the type of a field: alone, in a tuple, or beside None."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint
    found = (_enum_in(one) for one in get_args(hint))
    return next((one for one in found if one is not None), None)


def _places() -> dict[str, Both]:
    en, zh = territories("en"), territories("zh_CN")
    return {code: {"en": en[code], "zh": zh.get(code, en[code])} for code in sorted(_codes(en))}


def _codes(named: Iterable[str]) -> Iterator[str]:
    return (code for code in named if code.isalpha())


def _of_rules(rules: Rules) -> dict[str, dict[str, Both]]:
    """Give what the plan calls roles, halt levels and kinds of text, and where each rule stands."""
    plan = rules.plan
    return {
        "role": {str(one): _titled(row) for one, row in plan.roles.items()},
        "level": {
            str(one): {"en": row.name_en, "zh": row.name_zh} for one, row in plan.halt.items()
        },
        "text": {str(kind): _titled(row) for kind, row in plan.statements.items()},
        "rule": {
            one.id: _both(lambda words, rule=one.id: rule_place(rule, words, rules))  # type: ignore[misc]
            for one in rules.regulations
        },
    }


def _titled(row: Any) -> Both:
    return {"en": row.title_en, "zh": row.title_zh}


def viewer_sentences(leaves: Iterable[bytes], english: Lens, chinese: Lens) -> dict[str, Both]:
    """Give the texts of entries that the domain wrote, as the console says them in both languages.

    They are sentences of ours with values in them, which the viewer cannot translate itself: a
    title of what is due, a refusal. What people wrote, or reads the same, is not among them. Names
    stand in them as the two readers' lists have them: for a copy without names, give empty lists.
    """
    found: dict[str, Both] = {}
    for event in _events(leaves):
        template = TELLS.get(variant_of(event))
        for field, kind in _SAID.findall(template.text if template else ""):
            text = str(getattr(event, field, None) or "")
            if text and text not in found:
                found[text] = {"en": _said(english, kind, text), "zh": _said(chinese, kind, text)}
    return {text: both for text, both in found.items() if set(both.values()) != {text}}


def _events(leaves: Iterable[bytes]) -> Iterator[Any]:
    """Give what entries tell; one that cannot be read tells nothing, and the verdict names it."""
    for leaf in leaves:
        with suppress(Malformed):
            yield read_entry(leaf).event


def _said(lens: Lens, kind: str, text: str) -> str:
    return lens.quoted(text) if kind == "quote" else lens.sentence(text)
