"""In which market a thing stands: those who answer for that market are asked about it first.

What belongs here: finding the market of a duty, a rule, an authority's act, a case, a consignee.
What never does: who may act there (`decide` has the last word).
"""

from collections.abc import Iterator

from api.pages.looking import View
from domain.message import COMMANDS
from domain.state import PendingAct


def market_of(view: View, item: str) -> str:
    """Give the country or market of a thing by its id; nothing where it has none."""
    return next((found for found in _found(view, item) if found), "") if item else ""


def market_of_act(view: View, pending: PendingAct) -> str:
    """Give the market of what a proposed act is about."""
    name = COMMANDS[pending.command["type"]].item or ""
    return market_of(view, str(pending.command["body"].get(name, "")))


def own_markets(view: View) -> tuple[str, ...]:
    """List the markets that the incident is about, as far as somebody has said."""
    scope, report = view.state.recall.scope, view.state.report
    return tuple(scope.markets) if scope else tuple(report.answers.markets)


def named_markets(view: View) -> tuple[str, ...]:
    """List every market that the scope, the answers or the report name, each once."""
    report = view.state.report
    named = (*view.state.recall.coverage.markets, *report.answers.markets, *report.markets)
    return tuple(dict.fromkeys(named))


def _found(view: View, item: str) -> Iterator[str]:
    state = view.state
    if (duty := state.notice.duties.get(item)) is not None:
        yield duty.place or duty.market
    if (act := state.notice.acts.get(item)) is not None:
        yield act.market
    if (case := state.report.cases.get(item)) is not None:
        yield case.country
    yield from (rule.market for rule in state.rules.regulations if rule.id == item)
    if (listed := view.lens.names.items("consignee").get(item)) is not None:
        yield listed.market
    if item in state.recall.coverage.markets:
        yield item
