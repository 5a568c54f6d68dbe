"""How a duty ended and what was filed under it: when, by whom, signed by whom, which file.

What belongs here: telling filings and ends of one duty from their entries. What never does: what is
still to be done (duty_next.py), or a rule.
"""

from collections.abc import Sequence
from typing import Final

from api.pages import blocks
from api.pages.duty_names import clock_of
from api.pages.duty_past import WholeDuty
from api.pages.filing_names import filing_kind
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.telling import signers_told
from domain.determining import DutyDetermined, RuleJudged
from domain.filing import DutyFiled
from domain.message import EVENTS
from domain.people import may_open
from domain.regulation_terms import DutyStatus
from domain.state import Signature
from domain.state.notice import Determined, Duty, Filing

TEXT_SHOWN: Final = 600
"""Characters of a text as sent that stand on the page; the entry itself has all of it."""


def how_it_ended(view: View, whole: WholeDuty) -> Drawn | None:
    """Say how a duty that is over ended: filed, determined, or ended by the authority."""
    duty = whole.duty
    if duty.status is DutyStatus.FILED and duty.filings:
        rows = _filed(view, whole, _closing(duty.filings))
    elif duty.status is DutyStatus.DETERMINED and duty.determinations:
        rows = _determined(view, whole, duty.determinations[-1])
    elif duty.status is DutyStatus.ENDED and duty.ended is not None:
        told = view.lens(
            "%(who)s, letter of %(day)s",
            who=duty.ended.authority,
            day=view.lens.day(duty.ended.granted_on),
        )
        rows = [{"label": view.lens.word(duty.status), "text": told}]
        rows[0]["acts"] = _entry(view, duty.ended.seq)
    else:
        return None
    rows += was_due(view, duty)
    shown = [row for row in rows if row.get("text")]
    return blocks.pairs(view.lens("How it ended"), shown, id="ended")


def _closing(filings: Sequence[Filing]) -> Filing:
    """Give the report that met a duty: the first that was not only spoken."""
    return next((one for one in filings if not one.spoken), filings[-1])


def _entry(view: View, seq: int) -> list[Drawn]:
    return [blocks.link(view.lens("Entry %(seq)s", seq=seq), f"{view.address}/ledger/{seq}")]


def was_due(view: View, duty: Duty) -> list[Drawn]:
    """Give the time that a duty which is over was due by: a fact, and no clock that runs."""
    lens = view.lens
    if duty.due_at is None or duty.is_open:
        return []
    moment = lens.due(duty.due_at, clock_of(duty))
    told = " · ".join(filter(None, (moment["text"], moment.get("authority", ""))))
    row: Drawn = {"label": lens("Was due"), "text": told}
    if duty.status is DutyStatus.FILED and duty.filings:
        sent_at = _closing(duty.filings).sent_at
        row["filed_ahead"] = int((duty.due_at - sent_at).total_seconds())
    return [row]


def _filed(view: View, whole: WholeDuty, one: Filing) -> list[Drawn]:
    lens, duty, event = view.lens, whole.duty, filed_in(whole, one)
    kind = filing_kind(lens, duty, one.kind)
    rows: list[Drawn] = [
        {
            "label": lens("Filed"),
            "text": " · ".join((lens.when(one.sent_at), kind, one.channel)),
            "acts": _entry(view, one.seq),
        },
        *signed_rows(lens, event.signers if event else (), one.by),
    ]
    if one.covered_by:
        told = lens("by the report under %(duty)s", duty=one.covered_by)
        rows.append({"label": lens("Met"), "text": told})
    rows.append(_as_sent(view, one, event))
    receipt: Drawn = {"label": lens("Receipt"), "text": one.receipt or lens("no receipt yet")}
    if one.receipt_document and _may_open(view):
        receipt["acts"] = [blocks.link(lens("Open the receipt"), _file(one.receipt_document))]
    return [*rows, receipt]


def _as_sent(view: View, one: Filing, event: DutyFiled | None) -> Drawn:
    """Lead to the file as it was sent; a text that was sent stands here, a long one begun."""
    lens = view.lens
    row: Drawn = {"label": lens("As it was sent"), "text": ""}
    if event is None:
        return row
    if event.document:
        row["text"] = f"SHA-256 {one.content_sha256 or one.sha256}"
        if _may_open(view):
            row["acts"] = [blocks.link(lens("Open the file as it was sent"), _file(event.document))]
        return row
    text = str(event.text)
    row["text"] = text if len(text) <= TEXT_SHOWN else f"{text[:TEXT_SHOWN].rstrip()} …"
    return row


def _file(address: str) -> str:
    return f"/api/blobs/{address}"


def _may_open(view: View) -> bool:
    return may_open(view.actor, EVENTS["DutyFiled"].access)


def _determined(view: View, whole: WholeDuty, one: Determined) -> list[Drawn]:
    lens = view.lens
    events = (entry.event for entry in whole.past.told if entry.seq == one.seq)
    event = next((e for e in events if isinstance(e, DutyDetermined | RuleJudged)), None)
    other = event.other if isinstance(event, DutyDetermined) else ""
    signers = signers_told(lens, event.signers) if event else ""
    return [
        {
            "label": lens("Determined"),
            "text": f"{lens.word(one.outcome)} · {lens.when(one.at)}",
            "acts": _entry(view, one.seq),
        },
        {"label": lens("Why"), "text": lens.quoted(one.reason)},
        {"label": lens("Met by"), "text": str(other)},
        {
            "label": lens("Signed by"),
            "text": signers or lens.listed(map(lens.person, one.signers)),
        },
    ]


# ---------------------------------------------------------------- what was filed


def filed_in(whole: WholeDuty, one: Filing) -> DutyFiled | None:
    """Find the entry of a filing: it says who signed and which file was sent."""
    events = (entry.event for entry in whole.past.told if entry.seq == one.seq)
    return next((event for event in events if isinstance(event, DutyFiled)), None)


def signed_rows(lens: Lens, signers: Sequence[Signature], by: str) -> list[Drawn]:
    """Name who filed and, apart from them, who signed it after."""
    first, after = signers[:1], signers[1:]
    rows = [{"label": lens("Filed by"), "text": signers_told(lens, first) or lens.person(by)}]
    if after:
        rows.append({"label": lens("Countersigned by"), "text": signers_told(lens, after)})
    return rows


def filings(view: View, whole: WholeDuty) -> Drawn:
    """Give every report that was filed: when, in time or late, by whom, with which receipt."""
    columns = view.lens.each(
        "Report",
        "Sent",
        "In time?",
        "Filed by",
        "Countersigned by",
        "Receipt",
        "Entry",
        "SHA-256 of what was sent",
    )
    empty = view.lens("Nothing is filed yet.")
    rows = [_row(view, whole, one) for one in whole.duty.filings]
    return blocks.table(view.lens("Filed"), columns, rows, empty=empty, id="filed")


def _row(view: View, whole: WholeDuty, one: Filing) -> list[blocks.Cell]:
    lens, event = view.lens, filed_in(whole, one)
    signed = [row["text"] for row in signed_rows(lens, event.signers if event else (), one.by)]
    kind = filing_kind(lens, whole.duty, one.kind) + (f" · {lens('spoken')}" if one.spoken else "")
    return [
        kind,
        {"text": lens.when(one.sent_at), "sub": one.channel},
        {"text": lens("late"), "tone": "critical"}
        if one.late
        else {"text": lens("in time"), "tone": "done"},
        *(signed if len(signed) > 1 else [*signed, lens("nobody")]),
        one.receipt or lens("no receipt yet"),
        {"text": f"#{one.seq}", "href": f"{view.address}/ledger/{one.seq}"},
        {"text": one.content_sha256 or one.sha256},
    ]
