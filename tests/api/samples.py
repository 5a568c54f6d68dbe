"""A body that can be read, for any registered command: made from its types, never from a list.

What belongs here: values that fit. What never does: values that make sense to the plan.
"""

from dataclasses import MISSING, Field, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

from domain.message import CommandSpec
from domain.people import Role
from domain.values import REFERENCES, PrivateText
from domain.wire import optional_of, travelling

KNOWN = {
    "product": "dew-cream",
    "lot": "DC2603A",
    "channel": "qinglan-shop",
    "consignee": "hemu",
    "person": "fang.zheng",
}
"""Things of the demo company, by the word that sentences use for one of them."""

COUNTER = "cheng.bo"
"""Who may count goods."""

EXPERT = "shao.yi"
"""Who of the demo company comes from outside: nobody else can be invited."""


def body_of(spec: CommandSpec, known: dict[str, str]) -> dict[str, Any]:
    """Give the fields a command needs; `known` names one thing of each kind of reference."""
    whole = _fields(spec.type, {**KNOWN, **known})
    whole.pop(spec.item or "", None)
    return whole


def whole_body_of(spec: CommandSpec, known: dict[str, str]) -> dict[str, Any]:
    """Give all fields of a command, also those that may be left out."""
    whole = _fields(spec.type, {**KNOWN, **known}, whole=True)
    whole.pop(spec.item or "", None)
    return whole


def item_of(spec: CommandSpec, known: dict[str, str]) -> str:
    """Give what stands in the address for a command's item; '' when it has none."""
    if spec.item is None:
        return ""
    of = next(f for f in travelling(spec.type) if f.name == spec.item)
    value = _value(get_type_hints(spec.type)[spec.item], {**KNOWN, **known})
    return str(_short(value, of.metadata.get("max")))


def _fields(tp: type, known: dict[str, str], *, whole: bool = False) -> dict[str, Any]:
    hints = get_type_hints(tp)
    return {
        f.name: "CN"
        if f.metadata.get("country")
        else EXPERT
        if f.metadata.get("carries") is Role.OUTSIDE_EXPERT
        else COUNTER
        if f.metadata.get("among")
        else _short(_value(hints[f.name], known), f.metadata.get("max"))
        for f in travelling(tp)
        if whole or _is_needed(f) or f.metadata.get("some")
    }


def _short(value: Any, limit: int | None) -> Any:
    return value[:limit] if isinstance(value, str) else value


def _is_needed(of: Field[Any]) -> bool:
    return of.default is MISSING and of.default_factory is MISSING


def _value(tp: Any, known: dict[str, str]) -> Any:  # noqa: PLR0911 - one line per kind of type
    inner = optional_of(tp)
    if inner is not None:
        return _value(inner, known)
    if get_origin(tp) is tuple:
        item = get_args(tp)[0]
        # A row of which nothing is needed is said in full: an empty one is no row.
        return [_value(item, known) or _fields(item, known, whole=True)]
    if get_origin(tp) is dict or tp is dict:
        return {}
    if tp in REFERENCES:
        return known[REFERENCES[tp]]
    if tp is PrivateText:
        return "What somebody told us."
    if isinstance(tp, type) and is_dataclass(tp):
        return _fields(tp, known)
    if tp is Role:
        return "legal"
    if isinstance(tp, type) and issubclass(tp, StrEnum):
        return list(tp)[-1].value
    plain = {bool: True, int: 1, datetime: "2026-11-20T01:00:00Z", date: "2026-11-20"}
    return plain.get(tp, "words")


WRONG = {bool: "yes", int: "one", datetime: "yesterday", date: 7}


def wrong_body(spec: CommandSpec) -> dict[str, Any]:
    """Give a body in which every field is of another kind than asked, and one is unknown."""
    hints = get_type_hints(spec.type)
    wrong = {f.name: WRONG.get(hints[f.name], {"a": [1]}) for f in travelling(spec.type)}
    wrong.pop(spec.item or "", None)
    return {**wrong, "no_such_field": 1}
