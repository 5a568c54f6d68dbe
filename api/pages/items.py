"""What an act is about, by name: a test, a duty, a text, a role, as people speak of it.

What belongs here: one line for each kind of thing that a command carries. What never does: the
whole thing (about.py), or a rule.
"""

from collections.abc import Callable
from typing import Final

from activities.words import rule_place
from api.pages.duty_rows import duty_title
from api.pages.fact_words import fact_line
from api.pages.goods_told import order_goods
from api.pages.looking import View
from api.pages.others_told import name_of
from api.pages.possible import item_field
from api.pages.recall_counts import units_of
from api.pages.stage_statement import kind_name
from api.pages.telling import sentence_of
from domain.message import CommandSpec


def item_name(view: View, spec: CommandSpec, item: str) -> str:
    """Name the thing an act is about; one that is not there is named as it was typed."""
    found = _NAMES.get(item_field(spec))
    return (found(view, item) if found else "") or item


def thing_named(view: View) -> Callable[[str, str], str]:
    """Give what names the things that fields refer to: nothing for a field that refers to none."""

    def named(field: str, value: str) -> str:
        find = _NAMES.get(_REFERS.get(field, ""))
        return find(view, value) if find and value else ""

    return named


def _any_entry(view: View, item: str) -> str:
    """Name what a decision rests on: evidence, a test, or an entry by its number."""
    if item.startswith("E"):
        return _evidence(view, item)
    return _test(view, item) if item.startswith("T") else _entry(view, item)


def _case(view: View, item: str) -> str:
    case = view.state.report.cases[item]
    return f"{item} · {view.lens.listed(map(view.lens.word, case.outcomes))}"


def _evidence(view: View, item: str) -> str:
    return f"{item} · {view.state.investigation.evidence[item].what}"


def _test(view: View, item: str) -> str:
    test = view.state.investigation.tests[item]
    return f"{item} · {test.method} · {test.laboratory}"


def _fact(view: View, item: str) -> str:
    return fact_line(view.lens, view.state.investigation.facts[item])


def _duty(view: View, item: str) -> str:
    duty = view.state.notice.duties[item]
    return f"{item} · {duty_title(view, duty)} · {view.lens.market(duty.market)}"


def _rule(view: View, item: str) -> str:
    rule = next(rule for rule in view.state.rules.regulations if rule.id == item)
    words = view.lens.words
    place = rule_place(item, words, view.state.rules)
    return f"{words.pick(rule.title_en, rule.title_zh)} · {place}"


def _told(view: View, item: str) -> str:
    found = (one for one in view.state.notice.to_tell if one.plan_row == item)
    return next((name_of(view, one) for one in found), "")


def _act(view: View, item: str) -> str:
    if item in view.state.pending:
        return f"{item} · {view.lens.sentence(view.state.pending[item].title)}"
    asked = view.state.notice.acts[item]
    return f"{item} · {view.lens.word(asked.kind)} · {asked.authority}"


def _text(view: View, item: str) -> str:
    text = view.state.statement.statements[item]
    return f"{item} · {kind_name(view, text.kind)} · {view.lens.title_of(text)}"


def _enquiry(view: View, item: str) -> str:
    return f"{item} · {view.state.statement.enquiries[item].topic}"


def _action(view: View, item: str) -> str:
    return f"{item} · {view.state.review.actions[item].title}"


def _hold(view: View, item: str) -> str:
    return f"{item} · {view.state.people.holds[item].scope}"


def _order(view: View, item: str) -> str:
    order = next(one for one in view.state.halt.orders if str(one.number) == item)
    goods = order_goods(view.lens, view.state, [order])
    return f"{item}. {view.lens.level(order.level)} · {goods}"


def _count(view: View, item: str) -> str:
    one = next(one for one in view.state.recall.counts if one.id == item)
    told = view.lens("%(lot)s: %(units)s units", lot=one.lot, units=view.lens.number(one.units))
    return f"#{item} · {told} · {one.place}"


def _disposal(view: View, item: str) -> str:
    one = next(one for one in view.state.recall.disposed if one.id == item)
    return f"{item} · {units_of(view.lens, one.lots)} · {one.place}"


def _entry(view: View, item: str) -> str:
    found = view.entries(int(item), int(item))
    return f"#{item} {sentence_of(view.lens, found[0].event)}" if found else f"#{item}"


def _if_there(find: Callable[[View, str], str]) -> Callable[[View, str], str]:
    def named(view: View, item: str) -> str:
        try:
            return find(view, item)
        except (KeyError, StopIteration, ValueError, IndexError):
            return ""

    return named


_REFERS: Final = {
    "basis": "any_entry",
    "decisions": "any_entry",
    "source": "entries",
    "duty": "duty",
    "rule": "rule",
    "statement": "statement",
    "test": "test",
    "case": "case",
    "action": "action",
}
"""Fields of a command that refer to something here, and how it is named."""

_NAMES: Final[dict[str, Callable[[View, str], str]]] = {
    "channel": lambda view, item: view.lens.named("channel", item),
    "consignee": lambda view, item: view.lens.named("consignee", item),
    "role": lambda view, item: view.lens.role(item),
    "market": lambda view, item: view.lens.market(item),
    "count": _if_there(_count),
    "disposal": _if_there(_disposal),
    "person": lambda view, item: view.lens.person(item),
    "case": _if_there(_case),
    "evidence": _if_there(_evidence),
    "test": _if_there(_test),
    "key": _if_there(_fact),
    "duty": _if_there(_duty),
    "rule": _if_there(_rule),
    "plan_row": _told,
    "act": _if_there(_act),
    "statement": _if_there(_text),
    "enquiry": _if_there(_enquiry),
    "action": _if_there(_action),
    "hold": _if_there(_hold),
    "kind": kind_name,
    "number": _if_there(_order),
    "entries": _if_there(_entry),
    "any_entry": _if_there(_any_entry),
}
