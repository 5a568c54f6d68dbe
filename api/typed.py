"""What was typed into a form of a command, read into its body, and back again.

What belongs here: names and texts of a form to plain values, and the errors of a body to the fields
they stand at. What never does: drawing a field (api/forms.py), or what a value means: that is said
by the domain, which is given what cannot be read exactly as it was typed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_precision

from domain.errors import FieldError
from domain.severity import Answers
from domain.values import PrivateText, PublicText
from domain.wire import instant_text, optional_of, read_instant, travelling

Raw = dict[str, list[str]]

TRUE: Final = "true"
FALSE: Final = "false"
ABSENT: Final = object()
USUAL_PLACES: Final = 2
_WHOLE: Final = re.compile(r"-?\d{1,300}")
"""A number that is too large is one all the same: the domain says so."""

_AMOUNT: Final = re.compile(r"(\d{1,300})(?:\.(\d*))?")
_ROW: Final = re.compile(r"-(\d{1,4})-")


def rows_in(raw: Raw, name: str) -> int:
    """Count the rows that were sent under a name."""
    numbers = (_ROW.match(key[len(name) :]) for key in raw if key.startswith(f"{name}-"))
    return max((int(found.group(1)) + 1 for found in numbers if found), default=0)


def read_body(tp: type, raw: Raw, zone: ZoneInfo | None) -> dict[str, Any]:
    """Give the body of a command from what was typed; empty fields are left out.

    What cannot be read is passed on as it was typed, so that the domain says what is wrong: a time
    without a zone too, where there is no `zone` that its reader would know of.
    """
    return _read_fields(tp, raw, "", zone)


def _read_fields(tp: type, raw: Raw, prefix: str, zone: ZoneInfo | None) -> dict[str, Any]:
    hints, body = get_type_hints(tp), {}
    for f in travelling(tp):
        name = f"{prefix}{f.name}"
        value = _read(hints[f.name], raw, name, zone)
        if value is ABSENT and f.metadata.get("some") and "unknown" in raw.get(name, ()):
            value = ["unknown"]  # the honest answer, where one answer at least is asked for
        if value is not ABSENT and f.metadata.get("minor"):
            value = in_minor(last(raw, name), last(raw, f"{prefix}currency"))
        if value is not ABSENT:
            body[f.name] = value
    return body


def in_minor(text: str, currency: str) -> int | str:
    """Read an amount of whole units as one of the smallest; what is none stays as it was typed."""
    places = get_currency_precision(currency) if currency else USUAL_PLACES
    found = _AMOUNT.fullmatch(text.strip().replace(",", ""))
    if found is None or len(found.group(2) or "") > places:
        return text
    return int(found.group(1) + (found.group(2) or "").ljust(places, "0"))


def in_whole(minor: int, currency: str) -> str:
    """Write an amount of the smallest units as people type it."""
    places = get_currency_precision(currency) if currency else USUAL_PLACES
    return format(Decimal(minor).scaleb(-places), "f")


def _read(tp: Any, raw: Raw, name: str, zone: ZoneInfo | None) -> Any:
    tp = optional_of(tp) or tp
    if get_origin(tp) is tuple:
        return _read_several(get_args(tp)[0], raw, name, zone)
    if isinstance(tp, type) and is_dataclass(tp) and tp is not PrivateText:
        return _read_fields(tp, raw, f"{name}-", zone)
    text = clean(last(raw, name))
    if tp is bool and name in raw:
        return {TRUE: True, FALSE: False}.get(text, ABSENT)
    return ABSENT if text.strip() == "" else _scalar(tp, text, zone)


def last(raw: Raw, name: str) -> str:
    """Give the last text that was sent under a name; browsers may send none, or several."""
    texts = raw.get(name)
    return texts[-1] if texts else ""


def clean(text: str) -> str:
    """Give a text as we keep it: one kind of line end, nothing behind the last word."""
    return text.replace("\r\n", "\n").rstrip()


def _scalar(tp: Any, text: str, zone: ZoneInfo | None) -> Any:
    if tp is int:
        plain = text.replace(",", "").replace(" ", "")
        return int(plain) if _WHOLE.fullmatch(plain) else text
    if tp is datetime:
        return instant_of(text, zone)
    if tp in (PublicText, PrivateText):
        return text
    return text.strip()


def instant_of(text: str, zone: ZoneInfo | None) -> str:
    """Read a time without a zone in the reader's; what is no time by that stays as it was typed."""
    try:
        at = datetime.fromisoformat(text.strip())
        at = at if at.tzinfo else at.replace(tzinfo=zone)
        return instant_text(at) if at.tzinfo else text
    except (ValueError, OverflowError):
        return text


def _read_several(item: Any, raw: Raw, name: str, zone: ZoneInfo | None) -> Any:
    if isinstance(item, type) and is_dataclass(item):
        return [
            _read_fields(item, raw, f"{name}-{n}-", zone) for n in range(rows_in(raw, name))
        ] or ABSENT
    told = [clean(text) for text in raw.get(name, [])]
    if item is str or item is PublicText:
        told = [line for text in told for line in re.split(r"\n", text)]
        if name.endswith(("regions", "markets")):
            told = [part for line in told for part in re.split(r"[,，、;；]", line)]
    values = [text.strip() for text in told if text.strip() and text.strip() != "unknown"]
    return [_scalar(item, text, zone) for text in values] if values else ABSENT


def compact(tp: type, raw: Raw) -> Raw:
    """Drop rows that were left empty, so that the rows of a body and of its form are the same."""
    hints, kept = get_type_hints(tp), dict(raw)
    for f in travelling(tp):
        item = hints[f.name]
        if get_origin(item) is not tuple or not is_dataclass(get_args(item)[0]):
            continue
        names = [part.name for part in travelling(cast("type", get_args(item)[0]))]
        rows = [
            {part: kept.pop(f"{f.name}-{n}-{part}", []) for part in names}
            for n in range(rows_in(raw, f.name))
        ]
        # What is no field of a row is nobody's answer, and must not count as a row of its own.
        for key in [k for k in kept if k.startswith(f.name) and _ROW.match(k[len(f.name) :])]:
            del kept[key]
        filled = [row for row in rows if any("".join(texts).strip() for texts in row.values())]
        for n, row in enumerate(filled):
            kept.update({f"{f.name}-{n}-{part}": texts for part, texts in row.items() if texts})
    return kept


def raw_of(tp: type, body: Mapping[str, Any], zone: ZoneInfo, prefix: str = "") -> Raw:
    """Give a body as it would have been typed: what a form is filled with beforehand."""
    hints, raw = get_type_hints(tp), Raw()
    for f in travelling(tp):
        value, hint = body.get(f.name), hints[f.name]
        if value is not None and f.metadata.get("minor"):
            raw[prefix + f.name] = [in_whole(value, str(body.get("currency", "")))]
        elif value is not None:
            raw.update(_typed(optional_of(hint) or hint, value, prefix + f.name, zone))
    return raw


def _typed(tp: Any, value: Any, name: str, zone: ZoneInfo) -> Raw:
    if get_origin(tp) is tuple:
        item = get_args(tp)[0]
        if is_dataclass(item):
            found: Raw = {}
            for n, row in enumerate(value):
                found.update(raw_of(cast("type", item), row, zone, f"{name}-{n}-"))
            return found
        return {name: [str(one) for one in value]}
    if isinstance(tp, type) and is_dataclass(tp) and tp is not PrivateText:
        return raw_of(tp, value, zone, f"{name}-")
    if tp is bool:
        return {name: [TRUE if value else FALSE]}
    if tp is datetime:
        return {name: [local_text(read_instant(value), zone)]}
    return {name: [str(value)]}


def local_text(at: datetime, zone: ZoneInfo) -> str:
    """Write an instant as the control for date and time takes it, in the reader's zone."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def named_errors(
    tp: type, faults: Iterable[FieldError], tell: Callable[[str], str]
) -> dict[str, str]:
    """Give the errors by the name of the field they stand at; the first of each field counts."""
    found: dict[str, str] = {}
    for fault in faults:
        found.setdefault(_field_of(tp, fault.path), tell(fault.sentence))
    return found


def _field_of(tp: type, path: str) -> str:
    """Name the field of the form that a path means: an item of a ticked list means the list."""
    head, _, rest = path.partition(".")
    hints = get_type_hints(tp)
    inner = optional_of(hints.get(head)) or hints.get(head) if head in hints else None
    if get_origin(inner) is tuple and not is_dataclass(get_args(inner)[0]):
        return head
    if isinstance(inner, type) and inner is Answers and rest:
        return f"{head}-{rest.split('.')[0]}"
    return path.replace(".", "-")
