"""How a due time was counted, in words: fact, rule, calendar, each step, and every time before.

What belongs here: telling the derivation from the entries that hold it. What never does: counting
(domain/clock.py), or the rest of a duty's page (duty.py).
"""

import re
from typing import Final

from activities.words import rule_place
from api.pages import blocks
from api.pages.duty_names import clock_of
from api.pages.duty_past import TimeSet, WholeDuty
from api.pages.late_duties import origin
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.readable import HASH_SHOWN
from api.pages.stage_notice import limit_words
from api.pages.telling import sentence_of
from domain.duties import DutyArisen, DutyDue
from domain.ledger import Entry

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")


def counted(view: View, whole: WholeDuty) -> list[Drawn]:
    """Give the derivation as it stands: from the fact to the last step."""
    found = [_fact(view, whole), _rule(view, whole)]
    if whole.times:
        found.append(_calendar(view, whole.times[-1]))
    return found


def entry_link(view: View, entry: Entry) -> list[Drawn]:
    """Give the link to an entry of the ledger."""
    told = view.lens("Entry %(seq)s", seq=entry.seq)
    return [blocks.link(told, f"{view.address}/ledger/{entry.seq}")]


def _fact(view: View, whole: WholeDuty) -> Drawn:
    """Tell the fact that opened the duty, with its entry, and which conditions of the rule hold."""
    lens, duty, arisen = view.lens, whole.duty, whole.past.arisen
    rows: list[Drawn] = []
    if arisen is not None and isinstance(arisen.event, DutyArisen):
        made = origin(view, arisen) or arisen
        rows.append(
            {
                "label": lens("1. What happened"),
                "text": sentence_of(lens, made.event),
                "note": lens.when(made.happened_at),
                "acts": entry_link(view, made),
            }
        )
        why = lens.listed(lens.words.of("trigger", one) for one in arisen.event.why)
        rows.append({"label": lens("2. Why the rule asks"), "text": why})
    rows.append(
        {
            "label": lens("3. The clock starts with"),
            "text": lens.word(duty.start_fact),
            "moment": lens.moment(duty.start_at, clock_of(duty)),
        }
    )
    return blocks.pairs(lens("How it is counted"), rows, id="counted")


def _rule(view: View, whole: WholeDuty) -> Drawn:
    """Tell the rule: its words, where it stands, since when, and whether anybody verified it."""
    lens, duty, rule = view.lens, whole.duty, whole.rule
    arisen = whole.past.arisen
    rows: list[Drawn] = [
        {"label": lens("Rule"), "text": rule_place(duty.rule, lens.words, lens.rules)},
        {"label": lens("Number and version"), "text": f"{duty.rule} · {duty.rule_version}"},
        {
            "label": lens("Time allowed"),
            "text": lens("at once") if duty.is_immediate else limit_words(lens, duty.limit),
            "note": lens.word(duty.force),
        },
    ]
    if arisen is not None and isinstance(arisen.event, DutyArisen):
        rows[1]["note"] = arisen.event.citation
    if rule is not None:
        allowed = lens.words.pick(rule.limit_words_en or "", rule.limit_words_zh or "")
        imputed = lens.limit(rule.imputed) if rule.imputed else ""
        rows += [
            {"label": lens("In the rule's own words"), "text": allowed},
            {
                "label": lens("Quoted"),
                "text": rule.quote or "",
                "cited": _language_of(rule.quote or ""),
            },
            {"label": lens("Source"), "text": rule.source, "cited": "en"},
            {"label": lens("Counts as known to the firm after"), "text": imputed},
        ]
    verified = lens("verified") if duty.verified else lens("Nobody has verified this rule yet.")
    rows.append({"label": lens("Verified?"), "text": verified})
    return blocks.pairs(lens("The rule"), [row for row in rows if row.get("text")], id="rule")


def _language_of(quote: str) -> str:
    """Say in which language a law is quoted: for a screen reader, and as a citation."""
    return "zh" if _HAN.search(quote) else "en"


def _calendar(view: View, last: TimeSet) -> Drawn:
    """Tell the calendar of the due time that stands, and each step of the count."""
    lens, due = view.lens, last.due
    made_from = " · ".join(filter(None, (due.calendar_source, due.calendar_version)))
    rows: list[Drawn] = [
        {"label": lens("Calendar"), "text": due.calendar},
        {"label": lens("Made from"), "text": made_from, "cited": "en"},
        {"label": lens("Its check (SHA-256)"), "text": due.calendar_hash[:HASH_SHOWN]},
        {"label": lens("Step by step"), "lines": steps_of(view, due)},
        {"label": lens("By hand, because"), "text": due.reason},
        {"label": lens("Recorded in"), "text": " ", "acts": entry_link(view, last.entry)},
    ]
    shown = [row for row in rows if row.get("text") or row.get("lines")]
    return blocks.pairs(lens("The calendar, and each step"), shown, id="steps")


def steps_of(view: View, due: DutyDue) -> list[str]:
    """Give the steps of a count in the reader's language."""
    return [view.lens.words.pick(*pair) for pair in zip(due.steps_en, due.steps_zh, strict=False)]


def due_times_of(view: View, whole: WholeDuty) -> Drawn:
    """Give every due time that was set, the last one first, and why it moved."""
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            lens.due(one.due.due_at, clock_of(whole.duty)),
            lens.word(one.due.basis),
            {"text": lens.when(one.entry.at), "href": f"{view.address}/ledger/{one.entry.seq}"},
            _why_moved(view, one),
        ]
        for one in reversed(whole.times)
    ]
    columns = lens.each("Due", "It rests on", "Set", "Because")
    empty = lens("No due time is set.")
    block = blocks.table(lens("Every due time it had"), columns, rows, empty=empty, id="due-times")
    return blocks.folded(block, brief=str(len(rows)), is_open=len(rows) > 1)


def _why_moved(view: View, one: TimeSet) -> blocks.Cell:
    """Say what a due time followed from; one that a person set has that person's reason."""
    if one.due.reason:
        return {"text": view.lens.quoted(one.due.reason), "sub": view.lens.person(one.due.by)}
    if one.because is None:
        return ""
    told = sentence_of(view.lens, one.because.event)
    return {"text": told, "href": f"{view.address}/ledger/{one.because.seq}"}
