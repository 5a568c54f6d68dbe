"""Stage `notice` as a reader sees it: every duty with its clock and why, acts of authorities.

What belongs here: choosing and ordering what the state holds, and reading a due time's derivation
from its entry. What never does: a rule or a deadline of its own.
"""

from dataclasses import replace

from api.pages import blocks, late_duties
from api.pages.authority_acts import authority_acts
from api.pages.drawing import deadline, deadlines
from api.pages.duty_groups import FEW, due_next, grouped
from api.pages.duty_order import urgency
from api.pages.duty_rows import authority, duty_name, duty_row
from api.pages.filing_names import filing_kind
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.notice_countries import overview
from api.pages.others_told import others_told
from api.pages.readable import HASH_SHOWN, Opened
from api.pages.rules_beside import beside_rules
from api.pages.unruled import warning, without_duty
from api.pictures import Deadline, DueState
from domain.duties import DUE_KEY, DutyDue
from domain.errors import Malformed
from domain.limits import parse_limit
from domain.regulation_terms import DutyStatus
from domain.state.notice import Duty
from domain.urgency import is_ours
from domain.values import PrivateText


def private_texts(_view: View) -> list[PrivateText]:
    """Give none: counsel's views stand sealed in the entries."""
    return []


def blocks_of(view: View, _opened: Opened) -> list[Drawn]:
    """Give the stage as blocks."""
    lens, notice = view.lens, view.state.notice
    duties = sorted(notice.duties.values(), key=urgency)
    found = [*overview(view, duties), *warning(view), *due_next(view, duties)]
    found += _each(view, duties) if len(duties) <= FEW else _folded(view, duties)
    found += authority_acts(view)
    if notice.classes:
        found.append(_classes(view))
    found += others_told(view)
    if any(duty.status is DutyStatus.DETERMINED for duty in duties):
        found.append(_determined(view, duties))
    found += beside_rules(view)
    return [block for block in found if block] or [blocks.words("", lens("Nothing here yet."))]


def _each(view: View, duties: list[Duty]) -> list[Drawn]:
    """Tell few duties one by one, with their clocks drawn; each has its own page for the rest."""
    found = [_duties(view, duties), *without_duty(view)]
    if drawn := _deadlines(view):
        found.append(blocks.picture(deadlines(view, "duty-deadlines", drawn)))
    return [*found, _filed(view, duties)]


def _folded(view: View, duties: list[Duty]) -> list[Drawn]:
    """Tell many duties by rule and market, so that the page stays one that is read."""
    count = sum(len(duty.filings) for duty in duties)
    return [
        *grouped(view, duties),
        *without_duty(view),
        blocks.folded(_filed(view, duties), brief=str(count)),
    ]


def _duties(view: View, duties: list[Duty]) -> Drawn:
    lens = view.lens
    columns = lens.each("Duty", "Authority", "Clock started", "Due", "State")
    return blocks.table(
        lens("Duties to tell an authority"),
        columns,
        [duty_row(view, duty) for duty in duties],
        empty=lens("No rule asks for a report yet. Rules are looked at again with every new fact."),
        note=lens("Each has its own clock, and one for each hurt person where the law counts so."),
        id="duties",
    )


def _deadlines(view: View) -> list[Deadline]:
    """Give the clocks over filings that run; our own earlier targets stand in the rows."""
    found, lens = [], view.lens
    for due in view.due():
        duty = view.state.notice.duties.get(due.item)
        if duty is None or not due.key.startswith(DUE_KEY):
            continue
        drawn = deadline(lens, duty_name(view, duty), due.start_at, due.due_at)
        if is_ours(duty) and drawn.state is DueState.BREACHED:
            drawn = replace(drawn, state=DueState.WARNED)
        known = late_duties.known_at(view, duty)
        found.append(replace(drawn, known_at=known) if known >= due.due_at else drawn)
    return found


def limit_words(lens: Lens, text: str) -> str:
    """Write the limit that a rule or legal gave; one that is no amount of time stays as given."""
    try:
        return lens.limit(parse_limit(text))
    except Malformed:
        return text


def derivation(view: View, duty: Duty) -> list[str]:
    """Give every step that led to a due time, from the entry that holds it."""
    found = view.entries(duty.due_seq, duty.due_seq) if duty.due_seq else []
    told = found[0].event if found else None
    if not isinstance(told, DutyDue):
        return []
    return [view.lens.words.pick(*pair) for pair in zip(told.steps_en, told.steps_zh, strict=False)]


def _filed(view: View, duties: list[Duty]) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = []
    for duty in duties:
        for filing in duty.filings:
            late: Drawn = {"text": lens("late"), "tone": "critical"}
            rows.append(
                [
                    {"text": duty_name(view, duty), "sub": authority(view, duty)},
                    filing_kind(lens, duty, filing.kind)
                    + (f" · {lens('spoken')}" if filing.spoken else ""),
                    {"text": lens.when(filing.sent_at), "sub": filing.channel},
                    late if filing.late else {"text": lens("in time"), "tone": "done"},
                    {
                        "text": filing.receipt or lens("no receipt yet"),
                        "sub": lens.person(filing.by),
                    },
                    {
                        "text": (filing.content_sha256 or filing.sha256)[:HASH_SHOWN],
                        "href": f"{view.address}/ledger/{filing.seq}",
                    },
                ]
            )
    columns = lens.each("Duty", "Report", "Sent", "In time?", "Receipt", "Text as sent")
    return blocks.table(
        lens("Filed"), columns, rows, empty=lens("Nothing is filed yet."), id="filed"
    )


def _determined(view: View, duties: list[Duty]) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {"text": duty_name(view, duty)},
            lens.word(one.outcome),
            # Why is counsel's to say: no inspector's room shows it.
            lens.quoted(one.reason) if view.room is None else lens("[not shown in this room]"),
            {"text": lens.listed(map(lens.person, one.signers)), "sub": lens.when(one.at)},
            lens.due(one.review_at) if one.review_at else "–",
        ]
        for duty in duties
        for one in duty.determinations
    ]
    columns = lens.each("Duty", "Determined", "Reason", "Signed by", "Looked at again")
    return blocks.table(lens("Nothing to file, by two people"), columns, rows, id="determined")


def _classes(view: View) -> Drawn:
    lens = view.lens
    rows: list[list[blocks.Cell]] = [
        [
            {"text": lens.named("product", one.product), "sub": one.line},
            lens.word(one.assigned),
            lens.word(one.expected),
            lens.moment(one.at),
        ]
        for one in view.state.notice.classes.values()
    ]
    columns = lens.each("Product line", "The authority's class", "What we expected", "Since")
    return blocks.table(lens("Class of the recall"), columns, rows)
