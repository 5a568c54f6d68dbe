"""Entries of the ledger told to a reader: one sentence, who, when, what weighs.

What belongs here: filling the sentences of api/event_words.py with names of the reader's language.
What never does: reading storage, or deciding what matters to whom.
"""

import json
import string
from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from activities.words import rule_place
from api.event_words import TELLS, VARIANTS
from api.pages.doers import doer
from api.pages.fact_words import fact_name, fact_unit, fact_value, said_to
from api.pages.lens import Drawn, Lens
from api.pages.repeated import Repeats
from api.tell import Tell
from api.word_lists import LISTS
from api.words import humanised
from domain.facts import FactRecorded
from domain.in_words import with_single_stops, without_brackets
from domain.ledger import Entry
from domain.message import event_spec, find_command
from domain.on_its_way import CountedOnItsWay
from domain.people import Access
from domain.recall_terms import RecallAction
from domain.state import Signature
from services.questions.rows import is_of_the_plan

QUOTE_LIMIT: Final = 240
"""Characters of a text that a sentence quotes; the entry itself has all of it."""

PRODUCTS: Final = 4
"""Products that a sentence names at most; the entry itself has all of them."""


class _Formatter(string.Formatter):
    """Fills `{field:kind}` from an event, each kind told as its function says."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            return self._lens("unknown")
        tell = _KINDS.get(format_spec)
        return tell(self._lens, value) if tell else str(value)


def quoted(lens: Lens, text: str) -> str:
    """Put a person's words into quotation marks, shortened; nothing stays nothing."""
    told = lens.quoted(str(text)).strip()
    if not told:
        return ""
    short = told if len(told) <= QUOTE_LIMIT else f"{told[:QUOTE_LIMIT].rstrip()} …"
    return f"“{short}”"


def command_title(lens: Lens, name: str) -> str:
    """Give the title of a command in the reader's language."""
    spec = find_command(name)
    return lens(spec.title) if spec else humanised(name)


def text_kind(lens: Lens, kind: str) -> str:
    """Name a kind of text as the plan does."""
    row = lens.plan.statements.get(kind) if lens.plan else None
    return lens.words.pick(row.title_en, row.title_zh) if row else humanised(kind)


def _word(lens: Lens, value: Any) -> str:
    return lens.word(value) if isinstance(value, StrEnum) else humanised(str(value))


def _products(lens: Lens, ids: Sequence[str]) -> str:
    """Name products; of many, all but the first are counted."""
    if len(ids) <= PRODUCTS:
        return lens.products(ids)
    shown = lens.products(ids[: PRODUCTS - 1])
    more = len(ids) - PRODUCTS + 1
    return lens("%(names)s and %(count)s more products", names=shown, count=more)


def _again(lens: Lens, channel: str) -> str:
    """Say what a channel does again, by its kind on the company's list: it sells, ships, shows."""
    item = lens.names.items("channel").get(channel)
    return lens.words.of("channel_again", item.kind if item else "")


def signers_told(lens: Lens, signed: Sequence[Signature]) -> str:
    """Name who signed, each with the role they signed in."""
    chips = [lens.chip(one.person, one.role) for one in signed]
    named = (
        lens("%(name)s (%(role)s)", name=chip["name"], role=without_brackets(chip["role"]))
        for chip in chips
    )
    return lens.listed(named) or lens("nobody")


def _way(lens: Lens, counted: Sequence[CountedOnItsWay]) -> str:
    """Say what a channel counted of goods that had left already: kind, lot and both numbers."""
    told = []
    for one in counted:
        stopped, through = one.stopped, one.got_through
        parts = [
            lens.word(one.kind),
            lens("lot %(lot)s", lot=one.lot) if one.lot else "",
            "" if stopped is None else lens("%(n)s stopped", n=lens.number(stopped)),
            "" if through is None else lens("%(n)s got through", n=lens.number(through)),
        ]
        told.append(" · ".join(filter(None, parts)))
    return lens.listed(told)


_KINDS: Final[dict[str, Callable[[Lens, Any], str]]] = {
    "person": lambda lens, value: lens.person(value),
    "people": lambda lens, value: lens.listed(lens.person(one) for one in value),
    "product": lambda lens, value: lens.named("product", value),
    "products": _products,
    "channels": lambda lens, value: lens.channels(len(value)),
    "channel": lambda lens, value: lens.named("channel", value),
    "again": _again,
    "consignee": lambda lens, value: lens.named("consignee", value),
    "place": lambda lens, value: lens.place(value),
    "signers": signers_told,
    "role": lambda lens, value: lens.role(str(value)),
    "rule": lambda lens, value: rule_place(str(value), lens.words, lens.rules),
    "roles": lambda lens, value: lens.roles(value),
    "level": lambda lens, value: lens.level(str(value)),
    "word": _word,
    "words": lambda lens, value: lens.listed(lens.word(one) for one in value),
    "action": lambda lens, value: lens.words.code(RecallAction, str(value)),
    "fact": fact_name,
    "facts": lambda lens, value: lens.listed(fact_name(lens, one) for one in value),
    "list": lambda lens, value: lens.listed(str(one) for one in value),
    "count": lambda lens, value: str(len(value)),
    "number": lambda lens, value: lens.number(value) or "",
    "day": lambda lens, value: lens.day(value) if isinstance(value, date) else str(value),
    "when": lambda lens, value: lens.when(value) if isinstance(value, datetime) else str(value),
    "until": lambda lens, value: lens.until(value) if isinstance(value, datetime) else str(value),
    "quote": quoted,
    "way": _way,
    "sentence": lambda lens, value: lens.sentence(str(value)).rstrip(".。"),
    "command": command_title,
    "text": text_kind,
    "pair": lambda lens, value: lens.words.pick(*value),
}


def variant_of(happened: Any) -> str:
    """Name the type of an event with its variant, where it has one (`ReportDecided:silence`)."""
    name = event_spec(happened).name
    variant = VARIANTS[name](happened) if name in VARIANTS else ""
    return f"{name}:{variant}" if variant else name


def told_as(happened: Any) -> str:
    """Name the sentence by which an event is told: of its case where that has one, else of all."""
    variant = variant_of(happened)
    return variant if variant in TELLS else event_spec(happened).name


def tell_of(happened: Any) -> Tell:
    """Find how an event is told; a new kind is told by its name."""
    name = event_spec(happened).name
    return TELLS.get(told_as(happened)) or Tell("note", LISTS["event"].get(name, humanised(name)))


def sentence_of(lens: Lens, happened: Any) -> str:
    """Tell an event in one sentence."""
    fields = {name: getattr(happened, name) for name in type(happened).__dataclass_fields__}
    pairs = [name.removesuffix("_en") for name in fields if name.endswith("_en")]
    fields.update({name: (fields[f"{name}_en"], fields.get(f"{name}_zh", "")) for name in pairs})
    if isinstance(happened, FactRecorded):
        fields["value"] = fact_value(lens, happened.key, said_to(lens, happened))
        fields["unit"] = fact_unit(lens, happened.value, happened.unit)
        fields["key"] = fact_name(lens, happened.key, happened.name)
    told = _Formatter(lens).vformat(lens(tell_of(happened).text), (), fields)
    told = told.replace("  ", " ").replace(" .", ".").replace(" 。", "。").strip()
    return with_single_stops(told)


def ledger_entry(lens: Lens, entry: Entry, leaf: str = "") -> Drawn:
    """Give an entry as the component `ledger_row` takes it; under a day, so with the time alone."""
    tell = tell_of(entry.event)
    actor, by_plan = entry.actor, is_of_the_plan(entry)
    drawn: Drawn = {
        "seq": entry.seq,
        "kind": tell.kind,
        "type": lens.event(event_spec(entry.event).name),
        "sentence": sentence_of(lens, entry.event),
        "at": lens.clock_time(entry.recorded_at),
        "actor": doer(lens, entry) if by_plan else lens.person(actor.id),
        "weighty": tell.weighty,
        "href": f"/incidents/{entry.incident}/ledger/{entry.seq}",
    }
    if actor.on_behalf_of and not by_plan:
        drawn["on_behalf_of"] = lens.person(actor.on_behalf_of)
    if actor.method not in ("password", "system"):
        drawn["method"] = lens.words.of("method", actor.method)
    if entry.backfilled:
        drawn.update(backfilled=True, happened=lens.moment(entry.happened_at))
    if leaf:
        drawn["hash"] = leaf
    if event_spec(entry.event).access in (Access.HEALTH, Access.PRIVILEGED):
        drawn["details"] = lens("Its private text is sealed.")
    return drawn


def by_day(lens: Lens, entries: Sequence[Entry]) -> list[Drawn]:
    """Give entries, newest first, under the days of the reader's zone; repeats behind one row."""
    days: list[Drawn] = []
    repeats = Repeats(lens)
    for entry in sorted(entries, key=lambda one: -one.seq):
        drawn = ledger_entry(lens, entry)
        if not repeats.fold(entry, drawn):
            _of_day(lens, days, entry)["entries"].append(drawn)
            repeats.keep(entry, drawn, drawn)
    return days


def at_a_glance(lens: Lens, entries: Sequence[Entry], limit: int) -> list[Drawn]:
    """Give entries as `by_day`, at most `limit` rows: what came together stands in one row.

    Together came what has the same type and actor within a minute and does not weigh: twenty
    channels that confirm are one line, with the twenty behind it. What a channel's failures repeat
    stands behind the last of them.
    """
    days: list[Drawn] = []
    before, rows, repeats = None, 0, Repeats(lens)
    for entry in sorted(entries, key=lambda one: -one.seq):
        came, drawn = _together(entry), ledger_entry(lens, entry)
        if repeats.fold(entry, drawn):
            continue
        if came is not None and came == before:
            first = days[-1]["entries"][-1]
            first.setdefault("alike", []).append(drawn)
            repeats.keep(entry, drawn, first)
            continue
        if rows == limit:
            break
        _of_day(lens, days, entry)["entries"].append(drawn)
        repeats.keep(entry, drawn, drawn)
        before, rows = came, rows + 1
    return days


def _of_day(lens: Lens, days: list[Drawn], entry: Entry) -> Drawn:
    """Give the day an entry belongs to, a new one after another day."""
    title = lens.day_of(entry.recorded_at)
    if not days or days[-1]["title"] != title:
        days.append({"title": title, "entries": []})
    return days[-1]


def _together(entry: Entry) -> tuple[Any, ...] | None:
    """Give what entries that came together share, or None for one that stands for itself."""
    tell = tell_of(entry.event)
    if tell.weighty:
        return None
    minute = entry.recorded_at.replace(second=0, microsecond=0)
    return (event_spec(entry.event).name, tell.text, entry.actor.id, minute)


def as_text(value: Any) -> str:
    """Write a plain value for people who look closely."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
