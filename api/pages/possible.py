"""Which acts there are, where their forms stand, who may do them and who else must sign.

What belongs here: asking the registry and the plan, and `domain.acts.may`. What never does: a rule
of its own: a form that is shown to the wrong person is refused by `decide`, and says who can.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final
from urllib.parse import quote

from api.pages.filing_names import act_title
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.slots import own_slots
from api.pages.whose_market import market_of
from api.typed import FALSE, TRUE
from api.words import humanised
from domain.acts import may
from domain.adopting import ADOPT
from domain.conditions import BARS, MISSING, barred_people, is_on_record
from domain.dispatch import Act
from domain.halt import LEVELS
from domain.message import COMMANDS, CommandSpec, field_labels
from domain.openings import openings
from domain.people import SYSTEM_ROLES, Role
from domain.plan_rows import ActRule
from domain.plan_terms import Need
from domain.scene import Scene

_PERSONAL: Final = frozenset(bar.code for bar in BARS.values())
"""Refusals that are about the person, not about the role."""

REPORT: Final = "report_problem"

_IN_FORM: Final = {
    "confirm_halt": "number",
    "lift_halt": "number",
    "record_fact": "key",
    "order_halt": "level",
    "decide_against_halt": "level",
    "confirm_recorded": "entries",
    "assign_role": "role",
    "draft_statement": "kind",
    "decide_statement_kind": "kind",
    "inform_partner": "plan_row",
}
"""What a command is about, where its address names nothing: the field of its form."""

TURNS_ON: Final = {
    "confirm_rule_applies": "applies",
    "order_halt": "level",
    "decide_against_halt": "level",
    "evaluate_hazard": "preliminary",
    "settle_remedy": "taken",
    "override_finding": "basis",
}
"""The field of a form on whose answer it turns which row of the plan holds."""

APPROVE: Final = "approve_statement"

_BOOLEANS: Final = {TRUE: True, FALSE: False}

NOT_LISTED: Final = frozenset({REPORT, "sign_act", "decline_act"})
"""Commands that have a place of their own and stand in no list."""


@dataclass(frozen=True)
class Possible:
    """An act of a stage as a page offers it."""

    spec: CommandSpec
    may: bool
    roles: tuple[str, ...]
    address: str


def possible(view: View, spec: CommandSpec, item: str = "") -> Possible:
    """Give one act as it is possible to this person now."""
    roles = roles_of(view, spec, item)
    ordered = tuple(str(role) for role in Role if role in roles)
    return Possible(spec, may_now(view, roles), ordered, form_address(view, spec, item))


def rule_of(view: View, spec: CommandSpec) -> ActRule | None:
    """Give the plan's row for an act; None when one signature is enough or the level decides."""
    try:
        key = spec.act(None)
    except AttributeError:
        return None  # the row depends on what is filled in
    if key is None:
        return None
    return view.state.rules.plan.act(key, view.state.report.grade)


def roles_for(view: View, spec: CommandSpec, name: str, answer: str) -> frozenset[Role]:
    """Say which roles may give an act with one answer: the plan's row for it, else the form's."""
    said: Any = SimpleNamespace(**{name: _BOOLEANS.get(answer, answer)})
    try:
        key = spec.act(said)
    except (AttributeError, KeyError):
        key = None  # no answer of the plan's
    acts = view.state.rules.plan.acts
    rule = view.state.rules.plan.act(key, view.state.report.grade) if key in acts else None
    return (frozenset(rule.proposers if rule else ()) or spec.roles) - SYSTEM_ROLES


def roles_of(view: View, spec: CommandSpec, item: str = "") -> frozenset[Role]:
    """Say which roles may give a command now: the plan's row, else the registry's.

    Where the row turns on what the act is about (a level of halt), those of any that is open.
    """
    name, rule = TURNS_ON.get(spec.name, ""), rule_of(view, spec)
    if name and name == item_field(spec):
        about = (item,) if item else open_items(view, spec) or LEVELS
        found = [roles_for(view, spec, name, one) for one in about]
        return frozenset[Role]().union(*found) if found else spec.roles - SYSTEM_ROLES
    roles = frozenset(rule.proposers) if rule else frozenset()
    return (roles or spec.roles) - SYSTEM_ROLES


def may_now(view: View, roles: frozenset[Role]) -> bool:
    """Say whether this person may act for one of some roles now, as a deputy too."""
    now = view.lens.now
    act = Act(command_id="", actor=view.actor, at=now, happened_at=now, command=None)
    return view.as_of is None and may(view.state, act, roles)


def barred_from(view: View, spec: CommandSpec, item: str) -> frozenset[str]:
    """Name the people whom the plan bars from an act about something, whatever role they hold."""
    rule = rule_of(view, spec)
    return frozenset(barred_people(view.state, rule.barred, item) if rule else ())


def who_could(
    view: View, spec: CommandSpec, item: str, roles: Iterable[str], code: str
) -> list[Drawn]:
    """Give who can do what was refused: nobody who is barred, nor the reader who was told so."""
    barred = barred_from(view, spec, item)
    if code in _PERSONAL:
        barred |= {view.visit.who.id}
    return view.lens.holders(roles, limit=6, market=market_of(view, item), without=barred)


def form_address(view: View, spec: CommandSpec, item: str = "") -> str:
    """Give where the form of a command stands; an item is part of the address."""
    part = f"/{quote(item, safe='')}" if item and spec.item else ""
    return f"{view.address}/{spec.stage}{part}/{spec.name}"


def address_of(view: View, name: str, item: str = "") -> str:
    """Give where the form of a command stands, by the command's name."""
    return form_address(view, COMMANDS[name], item) if name in COMMANDS else view.address


def open_items(view: View, spec: CommandSpec) -> tuple[str, ...] | None:
    """Say about what an act is open to this person now; None when it is not open at all."""
    if view.as_of is not None:
        return None
    if spec.name not in view.open_to:
        view.open_to[spec.name] = _open_items(view, spec)
    return view.open_to[spec.name]


def _open_items(view: View, spec: CommandSpec) -> tuple[str, ...] | None:
    company = view.visit.house.current_rules() if spec.name == ADOPT else None
    items = openings(Scene(view.state, view.actor, view.lens.now, company), spec.name)
    return _own_texts(view, items) if spec.name == APPROVE and items else items


def _own_texts(view: View, items: tuple[str, ...]) -> tuple[str, ...] | None:
    """Keep the texts with an approval of the reader's: a language or market may be another's."""
    texts = view.state.statement.statements
    return tuple(item for item in items if own_slots(view, texts[item])) or None


def is_open(view: View, spec: CommandSpec, item: str = "") -> bool:
    """Say whether an act is open now, and about this item where it is about some."""
    items = open_items(view, spec)
    return items is not None and (not item or not items or item in items)


def is_offered(view: View, spec: CommandSpec, item: str = "") -> bool:
    """Say whether an act is open now, about an item where it names one, and this person may."""
    return is_open(view, spec, item) and may_now(view, roles_of(view, spec, item))


def item_field(spec: CommandSpec) -> str:
    """Name the field that says what an act is about, in its address or in its form."""
    return spec.item or _IN_FORM.get(spec.name, "")


def form_with(view: View, spec: CommandSpec, item: str) -> str:
    """Give where the form of a command stands with an item filled in: in the address, or beside."""
    address = form_address(view, spec, item)
    name = _IN_FORM.get(spec.name)
    return f"{address}?{name}={quote(item, safe='')}" if item and name else address


def act_link(view: View, name: str, item: str = "", text: str = "") -> list[Drawn]:
    """Give a link to an act; nothing where it is not open now, or this person may not do it."""
    spec = COMMANDS.get(name)
    if spec is None or not is_offered(view, spec, item):
        return []
    told = view.lens(text) if text else act_title(view, spec, item)
    return [{"text": told, "href": form_with(view, spec, item)}]


def signing(view: View, spec: CommandSpec) -> Drawn:
    """Say who signs an act in all, what silence leads to, and where the rule comes from."""
    lens, rule = view.lens, rule_of(view, spec)
    if rule is None:
        return {"slots": [], "silence": "", "rule": "", "needs": "", "missing": [], "barred": ""}
    words = lens.words
    return {
        "slots": [words.pick(slot.label_en, slot.label_zh) for slot in rule.signers],
        "silence": lens.word(rule.silence),
        "rule": f"{words.pick(rule.title_en, rule.title_zh)} · {lens.word(rule.basis)}",
        "needs": lens.listed(_need(lens, need) for need in rule.needs),
        "missing": _missing(view, spec, rule.needs),
        "barred": lens.listed(lens.word(one) for one in rule.barred),
    }


def _need(lens: Lens, need: Need) -> str:
    """Name what an act waits for; a consent only where an authority ordered the stop."""
    if need is Need.AUTHORITY_CONSENT:
        return lens("the authority's consent, where it ordered the stop")
    return lens.word(need)


def _missing(view: View, spec: CommandSpec, needs: Iterable[Need]) -> list[Drawn]:
    """Say of what is not on the record yet what it is, and which acts bring it."""
    brings = field_labels(spec)
    return [
        {
            "text": view.lens.sentences(
                [view.lens.sentence(MISSING[need].sentence), view.lens.sentence(MISSING[need].hint)]
            ),
            "acts": [link for name in MISSING[need].met_by for link in act_link(view, name)],
        }
        for need in needs
        if not is_on_record(view.state, need)
        and not (need is Need.EVIDENCE and "evidence" in brings)
    ]


def item_label(spec: CommandSpec) -> str:
    """Name what an act is about, as its field is labelled."""
    item = spec.item or ""
    return humanised(field_labels(spec).get(item, item))
