"""Markets of an incident in which no duty stands: said plainly, because silence reads as "none".

What belongs here: naming them, what Andon knows of their law, and what to do. What never does: a
rule, or the claim that nothing is to be reported there.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from api.pages import blocks
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link
from api.pages.whose_market import named_markets
from domain.firm import class_in, roles_in
from domain.markets import market_of, place_of
from domain.regulation_terms import ProductClass
from domain.regulations import Rule

TITLES: Final = 4
"""Rules that a line names before the rest is counted."""


def without_duty(view: View) -> list[Drawn]:
    """Give a block for the markets of the incident without a duty; none where each has one."""
    places = dict.fromkeys(map(place_of, named_markets(view)))
    markets = [one for one in places if not _has_duty(view, one)]
    if not markets:
        return []
    lens = view.lens
    meant = lens("That does not mean that there is none: it means that Andon knows of none.")
    rows: list[Drawn] = [{"label": lens("What this means"), "text": meant, "tone": "warning"}]
    rows += [{"label": lens.market(one), "text": known_rules(view, one)} for one in markets]
    rows.append({"label": lens("What to do"), "text": _what_to_do(view), "acts": _acts(view)})
    title = lens("Markets where no duty stands here")
    return [blocks.pairs(title, rows, id="without-duty")]


def unruled(view: View, markets: Iterable[str]) -> list[Drawn]:
    """Give a row for the markets of a scope whose law Andon does not know at all."""
    lens = view.lens
    unknown = [lens.place(one) for one in sorted(set(markets)) if not _rules_of(view, one)]
    if not unknown:
        return []
    told = lens("%(markets)s: that does not mean that there is none. Ask legal.",
                markets=lens.listed(unknown))  # fmt: skip
    return [{"label": lens("No duty to report is known to Andon in"), "text": told}]


def known_rules(view: View, market: str) -> str:
    """Say what Andon knows of a market's duties, none of which stands here."""
    lens, rules = view.lens, _rules_of(view, market)
    if not rules and _written_for(view, market):
        return lens(
            "The rules of this market that Andon knows speak of other products, or of other firms "
            "than we are there."
        )
    if not rules:
        return lens("No rule of this market is known to Andon.")
    titles = [lens.words.pick(rule.title_en, rule.title_zh) for rule in rules]
    shown = "; ".join(titles[:TITLES]) if not lens.words.is_chinese else "；".join(titles[:TITLES])
    if len(titles) > TITLES:
        shown = lens("%(names)s and %(n)s more", names=shown, n=len(titles) - TITLES)
    return lens(
        "Andon knows these rules, and nothing recorded here meets one yet: %(rules)s", rules=shown
    )


def _has_duty(view: View, market: str) -> bool:
    """Say whether a duty stands for a market: its own, or one of its whole legal area."""
    wider = market_of(market)
    return any(
        duty.market == wider and duty.place in (market, wider)
        for duty in view.state.notice.duties.values()
    )


def _rules_of(view: View, market: str) -> Sequence[Rule]:
    """Give the rules of a market that speak of such products and of what the company is there."""
    wider, state = market_of(place_of(market)), view.state
    plan, said = state.rules.plan, state.notice.classed
    classed = {f"{one.product}/{one.market}": one.product_class for one in said}
    products = state.report.products
    classes = {class_in(one, wider, plan.product_classes, classed) for one in products}
    roles = roles_in(plan.firm, wider)
    return [
        rule
        for rule in _written_for(view, market)
        if roles & set(rule.obliged) and set(rule.products) & (classes or {ProductClass.COSMETIC})
    ]


def _written_for(view: View, market: str) -> Sequence[Rule]:
    wider = market_of(place_of(market))
    return [rule for rule in view.state.rules.regulations if rule.market == wider]


def _what_to_do(view: View) -> str:
    return view.lens(
        "Ask legal, today, what the law there asks for and by when. A duty that no rule knows "
        "cannot be added here: keep it as an action with its owner and day, record what an "
        "authority writes as its act, and who else was told below."
    )


def _acts(view: View) -> list[Drawn]:
    names = ("assign_action", "record_authority_act", "inform_partner")
    return [link for name in names for link in act_link(view, name)]
