"""Values of the auditor's answers as a reader sees them: in a cell of a page, or as text in a file.

What belongs here: names instead of ids, instants, words for codes. What never does: which values
stand in an answer (services/questions), or a sentence that answers (question_said.py).
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from activities.room_words import ROOM_PART
from activities.words import rule_place
from api.pages.adopted_words import FIRST_START
from api.pages.blocks import Cell
from api.pages.fact_words import fact_name, fact_value
from api.pages.lens import Lens
from api.pages.severity_words import severity_rule
from api.pages.telling import command_title, text_kind
from api.pages.words_opened import erased_words
from api.word_lists import LISTS, STAGE
from api.words import humanised
from domain.errors import Malformed
from domain.limits import parse_limit
from domain.recall_terms import RecallAction
from domain.values import PrivateText
from services.vaulting import Erased

Told = Callable[[Lens, Any], str]

OVERDUE: Final = "RungReached"
"""The entry of a deadline: among the departures only as one that was missed."""

HASH_SHOWN: Final = 16
EXCERPT: Final = 400
"""Characters of a long text that a cell shows; the entry and the file have all of it."""


def text_of(lens: Lens, kind: str, value: Any, opened: Mapping[str, str]) -> str:
    """Say a value of a column in the reader's words; nothing for what is not known."""
    if value is None:
        return ""
    if isinstance(value, PrivateText):
        told = opened.get(value.ref)
        if isinstance(told, Erased):
            return erased_words(lens, told.erased_at, told.ground)
        return lens("stored encrypted") if told is None else told
    tell = _BY_KIND.get(kind)
    if tell is not None:
        return tell(lens, value)
    return _plain(lens, value)


def _plain(lens: Lens, value: Any) -> str:
    """Say a value by its type alone."""
    if isinstance(value, tuple | list):
        return lens.listed(_plain(lens, one) for one in value)
    tell = next((tell for kind, tell in _BY_TYPE if isinstance(value, kind)), None)
    return tell(lens, value) if tell is not None else lens.quoted(str(value))


_BY_TYPE: Final[tuple[tuple[type, Told], ...]] = (
    (bool, lambda lens, value: lens("yes") if value else lens("no")),
    (StrEnum, lambda lens, value: lens.word(value)),
    (datetime, lambda lens, value: lens.when(value)),
    (date, lambda lens, value: lens.day(value)),
    (int, lambda lens, value: lens.number(value) or ""),
)
"""How a value is told by its type, the first that fits: True is a number too, an instant a day."""


def cell_of(lens: Lens, kind: str, value: Any, opened: Mapping[str, str]) -> Cell:
    """Give a value as a cell of a page: instants as such, long texts shortened, unknown as None."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return lens.due(value) if kind == "due" else lens.moment(value)
    if isinstance(value, int) and not isinstance(value, bool) and not kind:
        return value
    told = text_of(lens, kind, value, opened)
    if is_hash(told):
        return f"{told[:HASH_SHOWN]}…"
    return told if len(told) <= EXCERPT else f"{told[:EXCERPT].rstrip()} …"


def is_hash(text: str) -> bool:
    """Say whether a text is a SHA-256 in hexadecimal."""
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def span_of(lens: Lens, seconds: int) -> str:
    """Write a length of time as pages do."""
    minutes = abs(seconds) // 60
    if minutes < 1:
        told = lens("under a minute")
    elif minutes < 60:
        told = lens("%(m)s min", m=minutes)
    elif minutes < 2880:
        told = lens("%(h)s h %(m)s min", h=minutes // 60, m=minutes % 60)
    elif minutes < 20160 and minutes % 1440 >= 60:
        told = lens("%(d)s d %(h)s h", d=minutes // 1440, h=minutes % 1440 // 60)
    else:
        told = lens("%(d)s days", d=minutes // 1440)
    return told if seconds >= 0 else lens("%(span)s before", span=told)


# ---------------------------------------------------------------- by the kind of a column


def _of(name: str) -> Told:
    return lambda lens, value: lens.words.of(name, str(value)) if value else ""


def _named(kind: str) -> Told:
    return lambda lens, value: lens.named(kind, str(value)) if value else ""


def _each(tell: Told) -> Told:
    """Say every one of several values."""
    return lambda lens, value: lens.listed(tell(lens, one) for one in value)


def _person(lens: Lens, value: Any) -> str:
    if value == FIRST_START:
        return lens("the first start")
    return lens.person(str(value)) if value else ""


def _how(lens: Lens, value: Any) -> str:
    """Say how one of the first times came about: a way, a level, a channel, silence."""
    what, _, rest = str(value).partition(":")
    if what == "plan":
        return lens("%(level)s, by the plan itself", level=lens.level(rest))
    if what == "level":
        return lens.level(rest)
    if what == "channel":
        return lens.named("channel", rest)
    if what == "silence":
        return lens("by silence: nobody decided in time")
    return lens.words.of("report_channel", what) if what else ""


def _pair(lens: Lens, value: Any) -> str:
    en, zh = value
    return lens.words.pick(en, zh) if zh else lens(en)


def _steps(lens: Lens, value: Any) -> str:
    en, zh = value
    told = zh if lens.words.is_chinese and zh else en
    return lens.sentences(told)


def _decision(lens: Lens, value: Any) -> str:
    if str(value) in LISTS["question_decision_word"]:
        return lens.words.of("question_decision_word", str(value))
    return lens.words.code(RecallAction, str(value)) if value else ""


def _channel_now(lens: Lens, value: Any) -> str:
    own = str(value) in LISTS["question_channel_now"]
    return lens.words.of("question_channel_now" if own else "channel_state", str(value))


def _subject(lens: Lens, value: Any) -> str:
    """Say about what a duty is, where it is not the incident as a whole."""
    what, _, number = str(value).partition("/")
    if what == "incident":
        return lens("no. %(n)s", n=number) if number else ""
    return str(value)


def _limit(lens: Lens, value: Any) -> str:
    try:
        return lens.limit(parse_limit(str(value))) if value else ""
    except (Malformed, ValueError):
        return str(value)


def _severity_rules(lens: Lens, value: Any) -> str:
    """Say several rules, each of which is a sentence."""
    return lens("; ").join(severity_rule(lens, one) for one in value)


def _left_out(lens: Lens, value: Any) -> str:
    """Name a market or a consignee that was left out; a lot is its number."""
    if len(value) == 2 and value.isupper():
        return lens.market(value)
    return lens.named("consignee", value)


def _passed(lens: Lens, value: Any) -> str:
    codes = value if isinstance(value, tuple) else (value,)
    known = LISTS["question_passed"]
    return lens.listed(
        lens.words.of("question_passed", str(one)) if one in known else lens.quoted(str(one))
        for one in codes
    )


def _departed_from(lens: Lens, value: Any) -> str:
    """Say from which rule of law, plan or gate an entry departed."""
    what, _, rest = str(value).partition(":")
    if what == "veto":
        return lens("a veto")
    tell = _DEPARTED.get(what)
    return tell(lens, rest) if tell is not None else rest


def _act_of(lens: Lens, key: str) -> str:
    row = lens.plan.acts.get(key) if lens.plan else None
    if row is not None:
        return lens.words.pick(row.title_en, row.title_zh)
    return lens("the time that the authority set for %(act)s", act=key)


def _gate(lens: Lens, key: str) -> str:
    asked = {one.key: one for one in lens.plan.gate} if lens.plan else {}
    return lens.words.pick(asked[key].en, asked[key].zh) if key in asked else humanised(key)


_DEPARTED: Final[dict[str, Told]] = {
    "rule": lambda lens, rest: rule_place(rest, lens.words, lens.rules),
    "due": lambda lens, rest: lens.sentence(rest),
    "duty": lambda lens, rest: lens("the due time of %(duty)s", duty=rest),
    "act": _act_of,
    "gate": lambda lens, rest: lens.listed(_gate(lens, one) for one in rest.split(",")),
    "wording": lambda lens, rest: lens("wording rule %(rule)s", rule=rest),
    "criteria": lambda lens, rest: lens.sentence(rest),
    "level": lambda lens, rest: lens.level(rest),
    "command": command_title,
}


def _let_pass_items(lens: Lens, value: Any) -> str:
    items = value if isinstance(value, tuple) else (value,)
    return lens.listed(_gate(lens, str(one)) for one in items)


def _order(lens: Lens, value: Any) -> str:
    """Name an order to stop: its number is no count."""
    return lens("order no. %(n)s", n=value)


def _moved_why(lens: Lens, value: Any) -> str:
    """Say why a due time moved: a fact that starts a clock, or the sentence that was given."""
    if value in LISTS["trigger"]:
        return lens.words.of("trigger", value)
    return lens.sentence(value)


def _read_what(lens: Lens, value: Any) -> str:
    """Say what was read, and which one of its kind."""
    what, _, which = str(value).partition(":")
    word = lens.words.of("question_read", what)
    if what == "stage" and which in STAGE:
        which = lens(STAGE[which])
    if what == "in_room":
        which = (
            lens("the room, with the right code") if which == "entered" else _room_part(lens, which)
        )
    return lens.named_line(word, which) if which else word


def _room_part(lens: Lens, part: str) -> str:
    return lens(ROOM_PART[part]) if part in ROOM_PART else part


def _log_line(lens: Lens, value: Any) -> str:
    return lens(humanised(str(value)))


_BY_KIND: Final[dict[str, Told]] = {
    "person": _person,
    "people": _each(_person),
    "role": lambda lens, value: lens.role(str(value)) if value else "",
    "roles": lambda lens, value: lens.roles(value),
    "product": _named("product"),
    "products": _each(_named("product")),
    "consignee": _named("consignee"),
    "channel": _named("channel"),
    "market": lambda lens, value: lens.market(str(value)) if value else "",
    "language": lambda lens, value: lens.language(str(value)) if value else "",
    "languages": _each(lambda lens, value: lens.language(str(value))),
    "event": lambda lens, value: lens.event(str(value)),
    "step": _of("question_step"),
    "how": _how,
    "through": _of("report_channel"),
    "span": span_of,
    "pair": _pair,
    "steps": _steps,
    "grade_change": _of("question_grade_change"),
    "sentence": lambda lens, value: lens.sentence(str(value)) if value else "",
    "severity_rule": severity_rule,
    "severity_rules": _severity_rules,
    "scope_step": _of("question_scope_step"),
    "left_kind": _of("question_left_kind"),
    "left_out": _left_out,
    "decision": _decision,
    "signature": _of("question_signature"),
    "view": _of("question_view_in"),
    "reopened_why": _of("question_reopened_why"),
    "channel_now": _channel_now,
    "text_kind": lambda lens, value: text_kind(lens, str(value)),
    "place": _of("Place"),
    "places": _each(_of("Place")),
    "fact": lambda lens, value: fact_name(lens, *value),
    "conditions": _each(_of("trigger")),
    "limit": _limit,
    "subject": _subject,
    "counting": _of("Counting"),
    "rule": lambda lens, value: rule_place(str(value), lens.words, lens.rules),
    "on_its_way_out": _of("question_on_its_way_out"),
    "let_pass": _of("question_let_pass"),
    "let_pass_items": _let_pass_items,
    "correction": _of("question_correction"),
    "passed": _passed,
    "departure": _of("departure"),
    "departed_from": _departed_from,
    "log_line": _log_line,
    "read": _read_what,
    "fault": _of("question_fault"),
    "privileged_held": _each(_of("question_privileged_held")),
    "privilege_basis": _of("question_privilege_basis"),
    "erased_why": lambda lens, value: (
        lens.words.of("question_erased_why", value)
        if value in LISTS["question_erased_why"]
        else lens.words.of("erasure_basis", value)
    ),
    "codes": lambda _lens, value: ", ".join(map(str, value)),
    "verdict": lambda lens, value: (
        lens.word(value)
        if isinstance(value, StrEnum)
        else lens.words.of("question_neighbour", str(value))
    ),
    "entries": lambda _lens, value: ", ".join(f"#{one}" for one in value),
    "order": _order,
    "orders": _each(_order),
    "moved_why": _each(_moved_why),
    "statement": lambda _lens, value: str(value),
    "duty": lambda _lens, value: str(value),
    "incident": lambda _lens, value: str(value),
    "code": lambda _lens, value: str(value),
}
"""How a column's text is told by what it names; what has no kind is told by its type."""


def told_with_row(lens: Lens, kind: str, value: Any, row: Mapping[str, Any]) -> str | None:
    """Say a value whose row is needed for it; None for any other kind of column."""
    if kind == "fact_value":
        return fact_told(lens, row["fact"][0], value)
    if kind == "duty_status":
        return duty_status(lens, value, row["possible"])
    if kind == "departed":
        return departed_what(lens, value, row["rule"])
    return None


def duty_status(lens: Lens, value: Any, possible: Any) -> str:
    """Say where a duty stands; of one that may be none, what is still asked."""
    return lens("possible: is it reportable?") if possible else lens.word(value)


def departed_what(lens: Lens, value: Any, rule: Any) -> str:
    """Say what departed: of a deadline that was missed, which one."""
    what, _, title = str(rule).partition(":")
    if value == OVERDUE and what == "due":
        return lens("Deadline missed: %(what)s", what=lens.sentence(title))
    return lens.event(str(value))


def fact_told(lens: Lens, key: str, value: Any) -> str:
    """Tell the value of a fact by its key."""
    if value is None:
        return ""
    return (
        fact_value(lens, key, str(value))
        if isinstance(value, str) and not isinstance(value, StrEnum)
        else _plain(lens, value)
    )
