"""Any value of the domain as labelled rows that a tired person can read.

What belongs here: walking a dataclass by its types and names. What never does: a choice of what
matters (the stage pages make it), or opening private text by itself: the caller hands in the words
that this reader may see.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, get_args, get_origin, get_type_hints

from api.field_words import FIELDS
from api.page_words import CITED
from api.pages.lens import Drawn, Lens
from api.pages.severity_words import severity_rule
from api.typed import in_whole
from api.words import humanised
from domain.errors import Malformed
from domain.limits import parse_limit
from domain.message import COMMANDS, command_from_wire
from domain.severity import Answers
from domain.severity_questions import QUESTIONS
from domain.state import Signature
from domain.values import (
    BlobId,
    ChannelId,
    ConsigneeId,
    Json,
    PersonId,
    PrivateText,
    ProductId,
    PublicText,
)
from domain.wire import optional_of, travelling

ENDS: Final = frozenset(
    {"answer_due_at", "due_at", "finish_at", "next_due_at", "old_due_at", "phone_at", "review_at"}
)
"""Fields that hold a time by which something is to be done: the end of a day is said as that."""

HASH_SHOWN: Final = 16
Opened = Mapping[str, str]
"""Vault id to words, for the private texts that this reader may open."""

_BY_TYPE: Final[dict[Any, Callable[[Lens, str], str]]] = {
    ProductId: lambda lens, value: lens.named("product", value),
    ChannelId: lambda lens, value: lens.named("channel", value),
    ConsigneeId: lambda lens, value: lens.named("consignee", value),
    PersonId: lambda lens, value: lens.person(value),
    BlobId: lambda lens, value: value[:HASH_SHOWN],
}


def _limit(lens: Lens, value: str) -> str:
    """Write an amount of time out; a limit of a laboratory is no time and stays as it is."""
    try:
        return lens.limit(parse_limit(value))
    except (Malformed, ValueError):
        return value


_PEOPLE: Final = frozenset(
    "by person persons owner commander collected_by counted_by recorded_by verifier checker"
    " evaluator scribe principal reporter witnesses custodians attendees deputy decided_by"
    " ordered_by confirmed_by taken_over_by done_by verified_by acknowledged_by on_behalf_of"
    " assigned_by invited_by placed_by told_by signers closed_by proposed_by before"
    " seconded".split()
)
_BY_NAME: Final[dict[str, Callable[[Lens, str], str]]] = {
    **dict.fromkeys(_PEOPLE, lambda lens, value: lens.person(value)),
    "product": _BY_TYPE[ProductId],
    "products": _BY_TYPE[ProductId],
    "channel": _BY_TYPE[ChannelId],
    "consignee": _BY_TYPE[ConsigneeId],
    "consignees": _BY_TYPE[ConsigneeId],
    "recipients": _BY_TYPE[ConsigneeId],
    "silent": _BY_TYPE[ConsigneeId],
    "consignees_left_out": _BY_TYPE[ConsigneeId],
    "country": lambda lens, value: lens.market(value),
    "currency": lambda lens, value: lens.currency(value),
    "first_known_country": lambda lens, value: lens.market(value),
    "market": lambda lens, value: lens.market(value),
    "markets": lambda lens, value: lens.market(value),
    "language": lambda lens, value: lens.language(value),
    "roles": lambda lens, value: lens.role(value),
    "role": lambda lens, value: lens.role(value),
    "level": lambda lens, value: lens.level(value),
    "limit": _limit,
    "counting": lambda lens, value: lens.words.of("Counting", value),
    "levels": lambda lens, value: lens.level(value),
    "rules": severity_rule,
}
"""What a plain string means by the name of its field, where its type does not say."""

_CODES: Final = {
    "Action.kind": "ActionKind",
    "Action.state": "action_state",
    "ChannelHalt.state": "channel_state",
    "ListedChannel.kind": "ChannelKind",
    "Decision.kind": "RecallAction",
    "DutyArisen.why": "trigger",
    "DutyMoved.why": "trigger",
    "Meeting.kind": "MeetingKind",
    "PlaceState.place": "Place",
    "PlaceState.state": "place_state",
    "ReportReceived.channel": "report_channel",
    "ReportState.status": "report_status",
}
"""The list that a code kept as plain text belongs to."""

_CODE_ALONE: Final = frozenset(
    "DutyArisen.recipient StatementApproved.slot StatementApproved.row ApprovalSlot.key"
    " ApprovalSlot.row".split()
)
"""Keys of our own lists that say nothing to a reader: what they stand for is told beside them."""


def _gate_question(lens: Lens, key: str) -> str:
    """Give a question before a text goes out, as the plan words it."""
    asked = {one.key: one for one in lens.plan.gate} if lens.plan else {}
    return lens.words.pick(asked[key].en, asked[key].zh) if key in asked else key


def _act_of_plan(lens: Lens, key: str) -> str:
    """Name the row of the plan that allowed something."""
    row = lens.plan.acts.get(key) if lens.plan else None
    return lens.words.pick(row.title_en, row.title_zh) if row else key


_BY_PLAN: Final[dict[str, Callable[[Lens, str], str]]] = {
    "Finding.citation": lambda lens, value: lens.sentence(CITED.get(value, value)),
    "GateCheck.key": _gate_question,
    "RemedySettled.limit": _act_of_plan,
}
"""What a code means that the plan words, or a table of pages."""

_HASHES: Final = ("sha256", "certificate", "letter", "report", "blob", "snapshot", "minutes")


@dataclass(frozen=True)
class Reading:
    """Who reads, and the private words that were opened for them."""

    lens: Lens
    opened: Opened
    thing: Callable[[str, str], str] | None = None
    """Names what a field refers to (an entry, a duty) by the field's name and its value."""

    def said(self, name: str, tp: Any, value: Any) -> str:
        """Write a plain value; a reference by what it is called, where somebody can say."""
        known = isinstance(value, str | int) and self.thing is not None
        return (self.thing(name, str(value)) if known and self.thing else "") or text_of(
            self.lens, name, tp, value
        )


MINOR = "_minor"
"""How fields end that keep an amount in the smallest unit of its currency."""


def whole_amount(minor: int, currency: str) -> str:
    """Write an amount as people read it: in whole units, thousands set apart."""
    return f"{Decimal(in_whole(minor, currency)):,}"


def label_of(lens: Lens, name: str, label: str = "") -> str:
    """Name a field: the label of its command, or what such a field is called."""
    return lens(label or FIELDS.get(name) or humanised(name))


def rows_of(reading: Reading, tp: type, value: Any, *, empties: bool = False) -> list[Drawn]:
    """Give a dataclass as rows `label`, `text` or `rows`; empty ones are left out unless asked."""
    if tp is Answers:
        return answers_of(reading.lens, value)
    hints, found = get_type_hints(tp), []
    for f in travelling(tp):
        part = getattr(value, f.name)
        if f"{tp.__name__}.{f.name}" in _CODE_ALONE or _is_other_language(value, f.name):
            continue
        if not empties and _says_nothing(part):
            continue
        if f.name.endswith("_en"):
            found.append(_paired(reading.lens, value, f.name.removesuffix("_en")))
            continue
        own = f.metadata.get("label") or FIELDS.get(f"{tp.__name__}.{f.name}", "")
        label = label_of(reading.lens, f.name, own)
        if f.name.endswith(MINOR) and isinstance(part, int):
            text = whole_amount(part, str(getattr(value, "currency", "")))
            found.append({"label": label, "text": text})
            continue
        found.append({"label": label, **worded(reading, tp, f.name, hints[f.name], part)})
    return found


def _is_other_language(value: Any, name: str) -> bool:
    """Say whether a field is the Chinese of another: one of the two is shown."""
    return name.endswith("_zh") and hasattr(value, f"{name.removesuffix('_zh')}_en")


def _paired(lens: Lens, value: Any, name: str) -> Drawn:
    """Give a text, or the lines of one, that an entry keeps in both languages."""
    en, zh = getattr(value, f"{name}_en"), getattr(value, f"{name}_zh", "")
    told = (zh or en) if lens.words.is_chinese else (en or zh)
    label = label_of(lens, name)
    return {"label": label, "lines": list(told)} if isinstance(told, tuple) else {
        "label": label, "text": str(told)
    }  # fmt: skip


def worded(reading: Reading, owner: type, name: str, tp: Any, value: Any) -> Drawn:
    """Tell a part of a dataclass; a code that is kept as plain text by its list of words."""
    by_plan = _BY_PLAN.get(f"{owner.__name__}.{name}")
    if by_plan is not None and value:
        return {"text": by_plan(reading.lens, str(value))}
    listed = _CODES.get(f"{owner.__name__}.{name}")
    if listed is not None and value:
        codes = value if isinstance(value, tuple) else (value,)
        words = reading.lens.words
        return {"text": words.listed(words.of(listed, str(code)) for code in codes)}
    return _told(reading, name, tp, value)


def _says_nothing(part: Any) -> bool:
    return part is None or part is False or part in ("", (), {})


def _told(reading: Reading, name: str, tp: Any, value: Any) -> Drawn:
    tp = optional_of(tp) or tp
    if value is None:
        return {"text": reading.lens("unknown")}
    if get_origin(tp) is tuple:
        return _told_tuple(reading, name, get_args(tp)[0], value)
    if isinstance(value, PrivateText):
        return {"text": reading.opened.get(value.ref, reading.lens("sealed")), "private": True}
    if is_dataclass(value):
        return {"rows": rows_of(reading, type(value), value)}
    if isinstance(value, dict):
        return {"text": reading.lens("%(n)s in all", n=len(value))}
    return {"text": reading.said(name, tp, value)}


def _told_tuple(reading: Reading, name: str, item: Any, value: tuple[Any, ...]) -> Drawn:
    if value and is_dataclass(value[0]) and not isinstance(value[0], PrivateText):
        return {"table": table_of(reading, type(value[0]), value)}
    if value and isinstance(value[0], tuple):
        # Sets of codes, as the slots of signatures: whoever fills one is any of its roles.
        return {"lines": [_told_tuple(reading, name, get_args(item)[0], one).get("text", "")
                          for one in value]}  # fmt: skip
    texts = [reading.said(name, item, one) for one in value]
    if any(len(text) > 60 for text in texts):
        return {"lines": texts}
    return {"text": reading.lens.listed(texts)}


def table_of(reading: Reading, item: type, rows: tuple[Any, ...]) -> Drawn:
    """Give dataclasses of one kind as a table; columns that say nothing in any row are left out."""
    hints = get_type_hints(item)
    said = [
        f
        for f in fields(item)
        if f"{item.__name__}.{f.name}" not in _CODE_ALONE
        and any(not _says_nothing(getattr(row, f.name)) for row in rows)
    ]
    numbers = [hints[f.name] in (int, int | None) for f in said]
    return {
        "columns": [
            {
                "title": label_of(reading.lens, f.name, f.metadata.get("label", "")),
                "number": number,
            }
            for f, number in zip(said, numbers, strict=True)
        ],
        "rows": [
            [_cell(reading, item, f.name, hints[f.name], getattr(row, f.name)) for f in said]
            for row in rows
        ],
    }


def _cell(reading: Reading, owner: type, name: str, tp: Any, value: Any) -> Any:
    if value is None:
        return None
    told = worded(reading, owner, name, tp, value)
    return told.get("text") or " · ".join(told.get("lines", ())) or ""


def text_of(lens: Lens, name: str, tp: Any, value: Any) -> str:  # noqa: PLR0911 - one line per kind
    """Write one plain value in the reader's words."""
    if isinstance(value, bool):
        return lens("Yes") if value else lens("No")
    if isinstance(value, StrEnum):
        return lens.role(value) if name in ("role", "roles", "slots") else lens.word(value)
    if isinstance(value, datetime):
        return lens.until(value) if name in ENDS else lens.when(value)
    if isinstance(value, date):
        return lens.day(value)
    if isinstance(value, int):
        return whole_amount(value, "") if name.endswith(MINOR) else lens.number(value) or ""
    if isinstance(value, Signature):
        return lens.person(value.person)
    told = _BY_TYPE.get(tp) or _BY_NAME.get(name)
    if told is not None:
        return told(lens, str(value))
    if name.endswith(_HASHES) and len(str(value)) == 64:
        return str(value)[:HASH_SHOWN]
    # What people wrote stays as they wrote it, also where it reads like a sentence of ours.
    return lens.quoted(str(value)) if tp is PublicText else lens.sentence(str(value))


def answers_of(lens: Lens, answers: Answers) -> list[Drawn]:
    """Give the severity answers in the order of the questions; what is not known says so."""
    found = []
    for question in QUESTIONS:
        if question.answers:
            value = getattr(answers, question.code)
            text = (
                lens.listed(lens.word(one) for one in value)
                if isinstance(value, tuple)
                else lens.word(value)
            )
            label = lens.words.pick(question.text_en, question.text_zh)
            found.append({"label": label, "text": text or lens("Not known yet")})
        for part in question.parts:
            value = getattr(answers, part.code)
            if value in (None, ()):
                continue
            told = _answered(lens, part.code, value)
            found.append({"label": lens.words.pick(part.label_en, part.label_zh), "text": told})
    return found


def _answered(lens: Lens, code: str, value: Any) -> str:
    if isinstance(value, tuple):
        return lens.listed(text_of(lens, code, str, one) for one in value)
    return text_of(lens, code, type(value), value)


def command_of(reading: Reading, wire: Json) -> list[Drawn]:
    """Give a proposed command as rows: what exactly is signed."""
    command = command_from_wire(wire)
    return rows_of(reading, type(command), command)


def command_type(wire: Json) -> type:
    """Name the dataclass of a command on the wire."""
    return COMMANDS[wire["type"]].type
