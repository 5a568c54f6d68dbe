"""One duty for a program: the same as on its page, in codes, instants and both languages.

What belongs here: the shape of the answer. What never does: words for a reader.
"""

from datetime import datetime
from typing import Any

from api.pages.duty_done import filed_in
from api.pages.duty_next import next_of
from api.pages.duty_past import TimeSet, WholeDuty
from api.pages.late_duties import known_at
from api.pages.looking import View
from api.pages.possible import address_of
from domain.duties import DutyArisen, DutyDue
from domain.message import event_spec
from domain.regulations import Record, Rule
from domain.state.notice import Duty, Filing
from domain.wire import instant_text

Plain = dict[str, Any]


def document(view: View, whole: WholeDuty) -> Plain:
    """Give a duty as plain JSON."""
    duty = whole.duty
    return {
        "incident": view.row.id,
        **_head(duty),
        "next": _next(view, whole),
        "due": _due(view, whole),
        "deed": _deed(whole),
        "counted": _counted(whole),
        "due_times": [_time_set(one) for one in whole.times],
        "filings": [_filing(whole, one) for one in duty.filings],
        "reminders": _reminders(whole),
        "entries": [
            {"seq": one.seq, "type": event_spec(one.event).name, "at": instant_text(one.at)}
            for one in whole.past.told
        ],
        "keep": [_record(one) for one in whole.records],
        "after": duty.after or None,
        "opened": [one.id for one in whole.opened],
        "will_open": [one.id for one in whole.will_open] if duty.is_open else [],
        "same_person": [one.id for one in whole.same_person],
    }


def _head(duty: Duty) -> Plain:
    return {
        "duty": duty.id,
        "title": both(duty.title_en, duty.title_zh),
        "status": str(duty.status),
        "possible": duty.possible,
        "verified": duty.verified,
        "counts": duty.counts,
        "market": duty.market,
        "place": duty.place,
        "subject": duty.subject,
        "case": duty.case or None,
        "authority": both(duty.authority_en, duty.authority_zh),
    }


def both(en: str, zh: str) -> Plain:
    """Give a text that stands in both languages."""
    return {"en": en, "zh": zh}


def _next(view: View, whole: WholeDuty) -> Plain:
    """Say what waits, for whom, and whether it is the asker's; each act with its form."""
    found = next_of(view, whole)
    return {
        "mine": bool(found["mine"]),
        "why_not": found["why_not"],
        "waits": [
            {
                "act": one.act,
                "item": one.item,
                "due_at": instant_text(one.due_at),
                "roles": [str(role) for role in one.roles],
                "form": address_of(view, one.act, one.item),
            }
            for one in whole.clocks
        ],
    }


def _due(view: View, whole: WholeDuty) -> Plain:
    duty = whole.duty
    left = (duty.due_at - view.lens.now).total_seconds() if duty.due_at and duty.is_open else None
    return {
        "due_at": _at(duty.due_at),
        "seconds_left": int(left) if left is not None else None,
        "basis": str(duty.due_basis) if duty.due_basis else None,
        "law": duty.law,
        "force": str(duty.force),
        "provisional": duty.provisional,
        "phone_at": _at(duty.phone_at),
        "target_at": _at(whole.target_at),
        "known_at": _at(known_at(view, duty)),
        "overdue_at": _at(duty.overdue_at),
        "no_due_why": duty.no_due_why,
    }


def _at(at: datetime | None) -> str | None:
    return instant_text(at) if at is not None else None


def _deed(whole: WholeDuty) -> Plain:
    duty, rule = whole.duty, whole.rule
    told: Plain = {
        "obliged": [str(one) for one in duty.obliged],
        "company_is": [str(one) for one in whole.firm],
    }
    if rule is not None:
        told |= {
            "deed": str(rule.deed),
            "channel": both(rule.channel_en, rule.channel_zh),
            "content": {"en": list(rule.content_en), "zh": list(rule.content_zh)},
        }
    return told


def _counted(whole: WholeDuty) -> Plain:
    """Give the whole derivation: fact, rule, calendar, steps."""
    duty, arisen = whole.duty, whole.past.arisen
    told: Plain = {
        "entry": duty.seq,
        "start_fact": str(duty.start_fact),
        "start_at": instant_text(duty.start_at),
        "limit": duty.limit,
        "counting": duty.counting,
        "rule": duty.rule,
        "rule_version": duty.rule_version,
    }
    if arisen is not None and isinstance(arisen.event, DutyArisen):
        said = arisen.event
        told |= {
            "why": list(said.why),
            "instrument": said.instrument,
            "article": said.article,
            "citation": said.citation,
        }
    if whole.rule is not None:
        told |= _quoted(whole.rule)
    if whole.times:
        told["calendar"] = _calendar(whole.times[-1].due)
    return told


def _quoted(rule: Rule) -> Plain:
    return {
        "quote": rule.quote,
        "source": rule.source,
        "limit_words": both(rule.limit_words_en or "", rule.limit_words_zh or ""),
        "imputed": rule.imputed.text if rule.imputed else None,
    }


def _calendar(due: DutyDue) -> Plain:
    return {
        "code": due.calendar,
        "source": due.calendar_source,
        "version": due.calendar_version,
        "hash": due.calendar_hash,
        "first_on": due.calendar_first_on,
        "last_on": due.calendar_last_on,
        "steps": {"en": list(due.steps_en), "zh": list(due.steps_zh)},
    }


def _time_set(one: TimeSet) -> Plain:
    return {
        "entry": one.entry.seq,
        "set_at": instant_text(one.entry.at),
        "due_at": instant_text(one.due.due_at),
        "basis": str(one.due.basis),
        "by": one.due.by,
        "reason": one.due.reason,
        "because_of": one.because.seq if one.because else None,
    }


def _filing(whole: WholeDuty, one: Filing) -> Plain:
    event = filed_in(whole, one)
    return {
        "signers": [
            {"person": each.person, "role": each.role, "at": instant_text(each.at)}
            for each in (event.signers if event else ())
        ],
        "document": event.document if event else None,
        "entry": one.seq,
        "kind": str(one.kind),
        "spoken": one.spoken,
        "sent_at": instant_text(one.sent_at),
        "channel": one.channel,
        "late": one.late,
        "receipt": one.receipt,
        "sha256": one.sha256,
        "content_sha256": one.content_sha256,
        "covered_by": one.covered_by or None,
    }


def _reminders(whole: WholeDuty) -> Plain:
    return {
        "done": [
            {
                "entry": one.seq,
                "at": instant_text(one.at),
                "act": one.event.act,
                "roles": [str(role) for role in one.event.roles],
            }
            for one in whole.past.rungs
        ],
        "to_come": [
            {
                "at": instant_text(rung.at),
                "act": rung.act,
                "about": due.act,
                "roles": [str(role) for role in due.roles],
            }
            for due, rung in whole.ahead
        ],
    }


def _record(one: Record) -> Plain:
    return {
        "id": one.id,
        "what": both(one.what_en, one.what_zh),
        "limit": one.limit.text if one.limit else None,
        "since": both(one.since_en, one.since_zh),
        "citation": one.citation,
        "verified": one.verified,
    }
