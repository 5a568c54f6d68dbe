"""What the forms of the recall start with: the scope that stands, who is to be told, what is owed.

What belongs here: bodies to begin with. What never does: a rule of the recall.
"""

from collections.abc import Callable
from typing import Any, Final

from api.pages.kept_files import key_of, text_for
from api.pages.looking import View
from api.pages.lot_records import market_of, received, scope_rows, shipped_to
from api.pages.scope_reach import first_markets
from api.typed import Raw, raw_of
from domain.consignees import untold
from domain.message import CommandSpec
from domain.notifications import trade_is_told
from domain.recall import must_reach_consumers
from domain.recall_terms import Depth, Reader, RecallAction
from domain.severity import Lots
from domain.wire import encode, instant_text


def _scope(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin a scope with the one that stands, or with what was reported."""
    scope, report = view.state.recall.scope, view.state.report
    if scope is None:
        body: dict[str, Any] = {
            "products": list(report.products),
            "lots": scope_rows(view),
            "markets": first_markets(view),
            "unbounded": report.lots_unknown and report.answers.lots is not Lots.BOUNDED,
            "consignees": list(received(view)),
        }
        return raw_of(spec.type, body, view.lens.zone)
    body = {
        "products": list(scope.products),
        "markets": list(scope.markets),
        "lots": [encode(type(lot), lot) for lot in scope.lots],
        "gaps": list(scope.gaps),
        "neighbours": [encode(type(one), one) for one in scope.neighbours],
        "unbounded": scope.unbounded,
        "consignees": [one for one, c in view.state.recall.consignees.items() if c.listed],
    }
    return raw_of(spec.type, body, view.lens.zone)


def _plan(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin a recall plan with the depth decided, and how each product comes back."""
    recall, items = view.state.recall, view.lens.names.items("product")
    products = recall.scope.products if recall.scope else ()
    documents = {one: items[one].document if one in items else {} for one in products}
    body: dict[str, Any] = {
        "remedies": ["refund", "exchange"],
        "returns": [
            {
                "product": one,
                "method": document.get("return_method", ""),
                "dangerous_goods": bool(document.get("dangerous_goods")),
            }
            for one, document in documents.items()
        ],
    }
    if recall.depth is not None:
        body["depth"] = str(recall.depth)
    return raw_of(spec.type, body, view.lens.zone)


def _answer(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin a consignee's answer with the lots that it had by our list; else with the scope's."""
    scope = view.state.recall.scope
    named = [str(lot.lot) for lot in scope.lots] if scope else []
    had = shipped_to(view).get(item, {})
    lots = [{"lot": lot} for lot in [one for one in named if one in had] or named]
    return raw_of(spec.type, {"lots": lots}, view.lens.zone)


def _decision(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin the decision with what it rests on, and with how far it must reach by the rules."""
    recall, investigation = view.state.recall, view.state.investigation
    found = [one.seq for one in investigation.evaluations[-1:]]
    found += [recall.scope.seq] if recall.scope else []
    body: dict[str, Any] = {"basis": found}
    if spec.name == "decide_recall" and must_reach_consumers(view.state):
        body |= {"action": str(RecallAction.RECALL), "depth": str(Depth.CONSUMER)}
    return raw_of(spec.type, body, view.lens.zone)


def _telling(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin with who is to be told next: consignees that heard nothing, then consumers.

    Where one text stands that they get, it is what was sent: nobody brings it again.
    """
    recall = view.state.recall
    markets = recall.coverage.markets
    body: dict[str, Any] = {"reader": str(Reader.CONSUMER)}
    if not trade_is_told(recall):
        body = {"reader": str(Reader.CONSIGNEE)} | _first_untold(view)
    elif len(markets) == 1:
        body |= {"market": markets[0]}
    if body.get("market") == "CN":
        body |= {"language": "zh-CN"}
    found = text_for(view, Reader(body["reader"]), body.get("market", ""))
    if found is not None:
        text, said = found
        body |= {"language": said.language, "text": key_of(text, said)}
    return raw_of(spec.type, body, view.lens.zone)


def _first_untold(view: View) -> dict[str, Any]:
    """Give the consignees of one market that heard nothing; those of no market come last.

    Where all are of no market that is known, it is that of a recall in one market alone.
    """
    recall = view.state.recall
    there: dict[str, list[str]] = {}
    for row in untold(recall):
        there.setdefault(row.market or market_of(view, row.id), []).append(row.id)
    market = next((one for one in there if one), "")
    markets = recall.coverage.markets
    if not market and len(markets) == 1:
        return {"recipients": there.get("", []), "market": markets[0]}
    return {"recipients": there.get(market, []), "market": market}


def _remedy(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin a remedy with the next number, what the plan offers, and the lot if there is one."""
    recall = view.state.recall
    number = recall.claims.settled + recall.claims.refused + 1
    body: dict[str, Any] = {"claim": item or f"R{number}"}
    if recall.plan is not None:
        body["offered"] = [str(one) for one in recall.plan.remedies]
    if spec.name == "settle_remedy":
        body["currency"] = view.state.rules.plan.remedies.currency
        body["given_at"] = instant_text(view.lens.now)
    return raw_of(spec.type, body | _lot(view), view.lens.zone)


def _goods(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin a count with whoever counts and the lot if there is one."""
    return raw_of(spec.type, {"counted_by": view.visit.who.id} | _lot(view), view.lens.zone)


def _disposal(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin the correction of a disposal with the units that stand."""
    lots = [one.lots for one in view.state.recall.disposed if one.id == item]
    body = {"lots": [encode(type(row), row) for row in lots[0]]} if lots else {}
    return raw_of(spec.type, body, view.lens.zone)


def _lot(view: View) -> dict[str, Any]:
    lots = view.state.recall.coverage.lots
    return {"lot": lots[0]} if len(lots) == 1 else {}


BEGINNINGS: Final[dict[str, Callable[[View, CommandSpec, str], Raw]]] = {
    "set_scope": _scope,
    "widen_scope": _scope,
    "narrow_scope": _scope,
    "decide_recall": _decision,
    "decide_no_recall": _decision,
    "sign_recall_plan": _plan,
    "record_notification": _telling,
    "answer_as_consignee": _answer,
    "settle_remedy": _remedy,
    "refuse_claim": _remedy,
    "receive_goods": _goods,
    "correct_disposal": _disposal,
}
