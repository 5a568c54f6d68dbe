"""What an act is about, shown above its form: the text to approve, the act to sign, the duty.

What belongs here: telling one thing so that a person knows what they decide on. What never does:
the form, or a rule.
"""

from collections.abc import Mapping
from typing import Any, Final

from api.pages.dissent import dissent_rows
from api.pages.duty_done import was_due
from api.pages.duty_names import clock_of
from api.pages.duty_places import duty_link
from api.pages.duty_rows import authority, duty_title
from api.pages.items import item_name, thing_named
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.lot_records import receipt, received
from api.pages.possible import item_label
from api.pages.readable import Reading, command_of, rows_of
from api.pages.room_blocks import question_rows
from api.pages.seen_by_signers import seen_rows
from api.pages.signing import pending_rows
from api.pages.stage_notice import derivation
from api.pages.statement import text_blocks
from domain.message import CommandSpec
from domain.rooms import find_question, find_room
from domain.state import PendingAct

REVISE: Final = "revise_statement"


def item_of(view: View, spec: CommandSpec, item: str) -> Drawn | None:
    """Tell the thing that an act is about: its name, its content, who signed so far."""
    if not (spec.item and item):
        return None
    lens = view.lens
    label, text = lens(item_label(spec)), item_name(view, spec, item)
    told: Drawn = {"label": label, "text": text, "heading": ""}
    told.update(rows=(), signatures=(), blocks=())
    told.update(_named(view, spec, item))
    return told


def _named(view: View, spec: CommandSpec, item: str) -> Drawn:
    state, kind = view.state, spec.item or ""
    if kind == "statement" and item in state.statement.statements:
        return _statement(view, item, changing=spec.name == REVISE)
    if kind == "act" and item in state.pending:
        return _pending(view, state.pending[item])
    if kind == "consignee":
        return _consignee(view, item)
    if kind == "question" and (asked := find_question(state, item)) is not None:
        return {"heading": view.lens("What was asked"), "rows": question_rows(view, asked)}
    if kind == "room" and (room := find_room(state, item)) is not None:
        return {"text": f"{item} · {room.firm}"}
    return _recorded(view, kind, item)


def _consignee(view: View, item: str) -> Drawn:
    """Tell what our own list says a consignee received: to be asked about, never recorded by us."""
    lots = received(view).get(item) if view.as_of is None else None
    if not lots:
        return {}
    lens = view.lens
    row = {"label": lens("By our own list, not confirmed"), "text": receipt(lens, lots)}
    return {"heading": lens("What the list says"), "rows": [row]}


def _recorded(view: View, kind: str, item: str) -> Drawn:
    """Tell a thing of the incident's state as it is recorded."""
    lens, state = view.lens, view.state
    tables: dict[str, Mapping[str, Any]] = {
        "act": state.notice.acts,
        "duty": state.notice.duties,
        "evidence": state.investigation.evidence,
        "test": state.investigation.tests,
        "key": state.investigation.facts,
        "action": state.review.actions,
        "case": state.report.cases,
        "hold": state.people.holds,
    }
    found = tables.get(kind, {})
    if item not in found:
        return {}
    if kind == "duty":
        return _duty(view, item)
    value = found[item]
    rows = rows_of(Reading(lens, {}), type(value), value)
    return {"rows": [row for row in rows if "table" not in row], "heading": lens("As recorded")}


def _pending(view: View, pending: PendingAct) -> Drawn:
    lens = view.lens
    return {
        "heading": lens("What exactly is signed"),
        "rows": seen_rows(view, pending)
        + command_of(Reading(lens, {}, thing_named(view)), pending.command)
        + dissent_rows(view, pending.id),
        "signatures": pending_rows(view, pending),
    }


def _statement(view: View, item: str, *, changing: bool) -> Drawn:
    one = view.state.statement.statements[item]
    title = view.lens.title_of(one)
    version = view.lens("version %(n)s", n=str(one.version))
    return {
        "text": f"{item} · {title} · {version}",
        "blocks": text_blocks(view, one, changing=changing),
    }


def _duty(view: View, item: str) -> Drawn:
    lens, duty = view.lens, view.state.notice.duties[item]
    rows: list[Drawn] = [
        {"label": lens("To"), "text": authority(view, duty)},
        {"label": lens("Clock started"), "moment": lens.moment(duty.start_at)},
        *was_due(view, duty),
        {
            "label": lens("Due"),
            "moment": lens.due(duty.due_at, clock_of(duty))
            if duty.due_at and duty.is_open
            else None,
        },
        {
            "label": lens("How it was counted"),
            "lines": derivation(view, duty),
            "acts": duty_link(view, item),
        },
    ]
    return {
        "text": f"{item} · {duty_title(view, duty)}",
        "heading": lens("The duty"),
        "rows": [row for row in rows if any(list(row.values())[1:])],
    }
