"""Forms derived from commands: a dataclass becomes fields, what was typed becomes a body.

What belongs here: types to fields. What never does: reading what was typed (api/typed.py), which
choices there are (the caller's `Chooser`), whether an act is allowed (`decide`), or HTML
(templates/console/components/forms.html).

What a person typed is kept as `Raw`, names to texts, exactly as it came: a form that is shown again
shows that, not what we made of it. A field inside a value is named `answers-people`, a row's
`lots-0-lot`; the dotted paths of errors map to the same names.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, is_dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from api.typed import FALSE, TRUE, Raw, last, rows_in
from api.word_lists import LISTS
from api.words import Words
from domain.message import CONTENT_OF
from domain.severity import Answers
from domain.severity_questions import QUESTIONS, Choice, Part, Question, Step
from domain.values import BlobId, LotNumber, PrivateText, PublicText
from domain.wire import TEXT_LIMIT, optional_of, travelling

Drawn = dict[str, Any]
Option = dict[str, Any]

SHORT_TEXT: Final = 200
"""A text of at most so many characters is one line."""

FEW: Final = 8
"""So many choices are shown open; more of them in a list to choose from."""

FEW_IN_ROW: Final = 3
"""In a row of a list there is room for fewer."""

_IN_ROW: Final = re.compile(r"-(\d{1,4}|__n__)-")


NAMES: Final = "_kept"
"""Beside every form: the names of files that came with it, each behind its address. A form that is
shown again calls them so; nothing is opened for it, the names are what the reader's device sent."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One field as the chooser sees it: where it stands, its type, label, and list (`source`)."""

    path: str
    type: Any
    label: str
    several: bool = False
    source: str = ""


Chooser = Callable[[Asked], list[Option] | None]
"""Gives the choices of a field, or None when it is free to type."""


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What a form is drawn with: the reader's words and zone, choices, values and errors.

    By the path of a field (`facts.0.key`): `hidden` what the page fills in by itself, `labels` what
    a field is called here and not everywhere, `helps` what is said beside it here, `quoted` words
    of a text that belong to it, with their language, `known` what is suggested and need not be it.
    """

    words: Words
    zone: ZoneInfo
    zone_name: str
    choose: Chooser
    raw: Raw = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    steps: frozenset[Step] = frozenset(Step)
    more_rows: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    helps: Mapping[str, str] = field(default_factory=dict)
    quoted: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    known: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Section:
    """Some fields under a heading; the heading is empty for the first ones."""

    title: str
    note: str
    fields: tuple[Drawn, ...]


# ---------------------------------------------------------------- drawing


def sections(tp: type, filling: Filling, *, leave_out: Iterable[str] = ()) -> tuple[Section, ...]:
    """Give the fields of a command as sections; `leave_out` names what the page asks by itself.

    What a command asks by itself stands before what it shares with others of its kind. The hash
    over a file's clear bytes is no question: the house fills it in.
    """
    hidden = {*leave_out, *(f.name for f in travelling(tp) if CONTENT_OF in f.metadata)}
    plain: list[Drawn] = []
    found: list[Section] = []
    hints = get_type_hints(tp)
    for f in sorted(travelling(tp), key=lambda one: one.name not in tp.__annotations__):
        if f.name in hidden:
            continue
        if hints[f.name] is Answers:
            found.extend(questions(filling, f.name))
        else:
            plain.append(_drawn(f, hints[f.name], f.name, filling))
    first = Section(title="", note="", fields=tuple(plain))
    return (first, *found) if plain else tuple(found)


def _drawn(f: Field[Any], tp: Any, path: str, filling: Filling) -> Drawn:
    """Draw one field of a dataclass."""
    if path in filling.hidden:
        name = path.replace(".", "-")
        return {"kind": "hidden", "name": name, "value": filling.hidden[path]}
    label = filling.labels.get(path) or filling.words.gettext(
        f.metadata.get("label") or _title(f.name)
    )
    drawn: Drawn = {
        "name": path.replace(".", "-"),
        "label": label,
        "help": filling.helps.get(path) or filling.words.gettext(f.metadata.get("help", "")),
        "quoted": filling.quoted.get(path, ("", "")),
        "error": filling.errors.get(path.replace(".", "-"), ""),
        "required": is_needed(f),
        "known": filling.known.get(path, ()),
        "unless": filling.words.gettext(f.metadata.get("unless", "")),
    }
    if f.metadata.get("max"):
        drawn["maxlength"] = f.metadata["max"]
    inner = optional_of(tp) or tp
    source = f.metadata.get("choices_from", "")
    asked = Asked(path=path, type=inner, label=label, source=source)
    _by_type(drawn, asked, f, filling)
    return drawn


def is_needed(f: Field[Any]) -> bool:
    """Say whether a field must be filled in."""
    asked = f.metadata.get("some") or f.metadata.get("wanted")
    return (f.default is MISSING and f.default_factory is MISSING) or bool(asked)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _by_type(drawn: Drawn, asked: Asked, f: Field[Any], filling: Filling) -> None:
    tp = asked.type
    if get_origin(tp) is tuple:
        _several(drawn, asked, get_args(tp)[0], filling)
        return
    choices = filling.choose(asked)
    if choices is None and isinstance(tp, type) and issubclass(tp, StrEnum):
        choices = enum_options(tp, filling.words)
    value = last(filling.raw, drawn["name"])
    drawn["value"] = value
    if tp is BlobId:
        _file(drawn, filling, choices or [])
    elif tp is bool:
        _yes_or_no(drawn, f, filling)
    elif choices is not None:
        _one_of(drawn, [*choices, *_not_known(tp, drawn, filling.words)])
        _may_be_left(drawn, f, filling.words)
    elif f.metadata.get("minor"):
        drawn.update(kind="text", inputmode="decimal")
    else:
        drawn.update(
            _private(drawn, f, filling) if tp is PrivateText else _free(tp, drawn, filling)
        )


def _one_of(drawn: Drawn, choices: list[Option]) -> None:
    """Draw a choice; the only one there is stands chosen, unless its being there says nothing."""
    choices = _with_told(choices, [drawn["value"]])
    few = len(choices) <= (FEW_IN_ROW if _IN_ROW.search(drawn["name"]) else FEW)
    drawn.update(kind="radios" if few else "select", choices=choices)
    only = choices[0] if len(choices) == 1 and choices[0].get("may_be_meant", True) else None
    if few and not drawn["value"] and only is not None and drawn["required"]:
        drawn["value"] = only["value"]


def _not_known(tp: Any, drawn: Drawn, words: Words) -> list[Option]:
    """Give the honest way out of a question for a lot: what was chosen can be taken back by it."""
    if tp is not LotNumber or drawn["required"]:
        return []
    return [{"value": "", "label": words.gettext("Lot not known yet"), "unknown": True}]


def _may_be_left(drawn: Drawn, f: Field[Any], words: Words) -> None:
    """Give a row of buttons its way back: what was pressed once could never be taken away again."""
    is_optional = drawn["kind"] == "radios" and f.default in ("", None)
    if is_optional and all(choice["value"] for choice in drawn["choices"]):
        left = {"value": "", "label": words.gettext("Leave it open")}
        drawn["choices"] = [*drawn["choices"], left]


def _with_told(choices: list[Option], told: Iterable[str]) -> list[Option]:
    """Add what was chosen before and is not offered any more: nothing is dropped unseen.

    What is blank chose nothing, and nobody could see it.
    """
    offered = {choice["value"] for choice in choices}
    more = [
        {"value": one, "label": f"#{one}" if one.isdecimal() else one}
        for one in told
        if one.strip() and one not in offered
    ]
    return choices + more


def _several(drawn: Drawn, asked: Asked, item: Any, filling: Filling) -> None:
    """Draw a list: ticked, uploaded, in rows, or one a line."""
    one = replace(asked, type=item, several=True)
    choices = filling.choose(one)
    if choices is None and isinstance(item, type) and issubclass(item, StrEnum):
        choices = enum_options(item, filling.words)
    drawn["value"] = filling.raw.get(drawn["name"], [])
    if item is BlobId:
        _file(drawn, filling, [])
    elif isinstance(item, type) and is_dataclass(item):
        _rows(drawn, asked.path, item, filling)
    elif choices is not None:
        drawn.update(kind="checkboxes", choices=_with_told(choices, drawn["value"]))
    else:
        lines = "\n".join(drawn["value"])
        drawn.update(kind="textarea", value=lines)
        drawn["help"] = " ".join(
            filter(None, (drawn["help"], filling.words.gettext("One on each line.")))
        )


def _rows(drawn: Drawn, path: str, item: type, filling: Filling) -> None:
    count = max(rows_in(filling.raw, drawn["name"]), 1)
    count += drawn["name"] == filling.more_rows
    hints = get_type_hints(item)

    def row(index: str) -> list[Drawn]:
        return [
            _drawn(f, hints[f.name], f"{path}.{index}.{f.name}", filling) for f in travelling(item)
        ]

    drawn.update(kind="rows", rows=[row(str(n)) for n in range(count)], blank=row("__n__"))


def file_named(told: str) -> tuple[str, str]:
    """Read which name a file was brought under: its address, and the name."""
    address, _, name = told.partition(":")
    return address, name


def _file(drawn: Drawn, filling: Filling, choices: list[Option]) -> None:
    """Draw a file to bring; `choices` are files that are kept already, one of them to take."""
    offered = {choice["value"] for choice in choices}
    called = dict(map(file_named, filling.raw.get(NAMES, [])))
    brought = [
        {"address": one, "name": called.get(one, "")}
        for one in filling.raw.get(drawn["name"], [])
        if one and one not in offered
    ]
    drawn.update(kind="file", camera=True, accept="", kept=brought, choices=choices)


def _yes_or_no(drawn: Drawn, f: Field[Any], filling: Filling) -> None:
    if f.default is MISSING:
        gettext = filling.words.gettext
        choices = [
            {"value": TRUE, "label": gettext("Yes")},
            {"value": FALSE, "label": gettext("No")},
        ]
        drawn.update(kind="radios", choices=choices)
        return
    ticked = drawn["value"] == TRUE or (f.default is True and not drawn["value"])
    drawn.update(kind="check", checked=ticked, required=True)


def _free(tp: Any, drawn: Drawn, filling: Filling) -> Drawn:
    """Draw a field that is typed freely."""
    if tp is int:
        return {"kind": "number", "inputmode": "numeric", "step": 1}
    if tp is datetime:
        return {"kind": "datetime", "zone": filling.zone_name}
    if tp is date:
        return {"kind": "date"}
    long = drawn.get("maxlength", SHORT_TEXT + 1) > SHORT_TEXT
    return {"kind": "textarea" if tp is PublicText and long else "text"}


def _private(drawn: Drawn, f: Field[Any], filling: Filling) -> Drawn:
    """Draw a text that is sealed; it is called private where a field says who alone may open it."""
    gettext = filling.words.gettext
    is_short = drawn["name"].endswith("_by") or f.metadata.get("max", TEXT_LIMIT) <= SHORT_TEXT
    told = (
        gettext("Private: stored encrypted. The record keeps only its seal.")
        if "access" in f.metadata
        else gettext("Stored encrypted. The record keeps only its seal.")
    )
    return {
        "kind": "text" if is_short else "textarea",
        "help": " ".join(filter(None, (drawn["help"], told))),
        "private": True,
    }


def enum_options(tp: type[StrEnum], words: Words) -> list[Option]:
    """Give the members of a closed list as choices, the honest way out drawn apart."""
    return [{"value": str(m), "label": words.member(m), "unknown": str(m) == "unknown"} for m in tp]


def summary(errors: Mapping[str, str], fields: Iterable[Drawn]) -> list[Drawn]:
    """Give what is wrong with a form, each with the drawn field it leads to, or none ('')."""
    drawn = set(_names(fields))
    return [{"field": _nearest(name, drawn), "sentence": told} for name, told in errors.items()]


def _names(fields: Iterable[Drawn]) -> Iterator[str]:
    for one in fields:
        if one["kind"] != "hidden":
            yield one["name"]
        for row in one.get("rows", ()):
            yield from _names(row)


def _nearest(name: str, drawn: set[str]) -> str:
    """Give a field that is on the page: the one itself, or what it is a part of."""
    while name and name not in drawn:
        name = name.rpartition("-")[0]
    return name


# ---------------------------------------------------------------- the severity questions


def questions(filling: Filling, name: str = "answers") -> tuple[Section, ...]:
    """Give the severity questions of some steps; what nobody ticked counts as not known."""
    words, found = filling.words, []
    for step in Step:
        if step not in filling.steps:
            continue
        fields = [one for q in QUESTIONS if q.step is step for one in _question(q, name, filling)]
        if step is Step.ASSESSMENT:
            fields += _beside(name, filling)
        title = words.of("question_step", step)
        note = words.of("question_note", step) if step in LISTS["question_note"] else ""
        found.append(Section(title=title, note=note, fields=tuple(fields)))
    return tuple(found)


def _question(question: Question, name: str, filling: Filling) -> list[Drawn]:
    words = filling.words
    drawn: list[Drawn] = []
    if question.answers:
        key = f"{name}-{question.code}"
        told = filling.raw.get(key, [])
        drawn.append(
            {
                "kind": "checkboxes" if question.several else "radios",
                "name": key,
                "label": words.pick(question.text_en, question.text_zh),
                "error": filling.errors.get(key, ""),
                "required": True,
                "value": told if question.several else (told or ["unknown"])[-1],
                "choices": [_answer(choice, words) for choice in question.answers],
                "number": question.number,
            }
        )
    parts = [_part(part, name, filling) for part in question.parts]
    if not question.answers and parts:
        parts[0]["lead"] = words.pick(question.text_en, question.text_zh)
    return drawn + parts


def _answer(choice: Choice, words: Words) -> Option:
    return {
        "value": choice.code,
        "label": words.pick(choice.label_en, choice.label_zh),
        "unknown": choice.code == "unknown",
    }


def _part(part: Part, name: str, filling: Filling) -> Drawn:
    key, words = f"{name}-{part.code}", filling.words
    told = filling.raw.get(key, [])
    drawn: Drawn = {
        "name": key,
        "label": words.pick(part.label_en, part.label_zh),
        "error": filling.errors.get(key, ""),
        "value": (told or [""])[-1],
    }
    choices = filling.choose(
        Asked(path=f"{name}.{part.code}", type=str, label=drawn["label"], several=True)
    )
    if part.kind == "names" and choices is not None:
        drawn.update(kind="checkboxes", choices=choices, value=told)
    elif part.kind == "names":
        drawn.update(kind="text", value=", ".join(told), help=words.gettext("Separate by commas."))
    elif part.kind == "yes_no":
        drawn.update(kind="radios", choices=_maybe(words), value=drawn["value"] or "unknown")
    else:
        drawn["kind"] = part.kind
        if part.kind == "number":
            drawn.update(inputmode="numeric", step=1, min=0)
    return drawn


def _maybe(words: Words) -> list[Option]:
    return [
        {"value": TRUE, "label": words.gettext("Yes")},
        {"value": FALSE, "label": words.gettext("No")},
        {"value": "unknown", "label": words.gettext("Not known yet"), "unknown": True},
    ]


def _beside(name: str, filling: Filling) -> list[Drawn]:
    """Draw the facts beside the fourteen questions; they carry their own labels."""
    hints = get_type_hints(Answers)
    return [
        _drawn(f, hints[f.name], f"{name}.{f.name}", filling)
        for f in travelling(Answers)
        if f.metadata.get("label")
    ]
