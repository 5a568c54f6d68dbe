"""Markets of an incident in which no duty stands: said plainly, because silence reads as "none".

What belongs here: naming them, what Andon knows of their law, and what to do. What never does: a
rule, or the claim that nothing is to be reported there.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from api.pages import blocks
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link, may_now
from api.pages.steps import LAST, card_of
from api.pages.whose_market import named_markets
from domain.firm import class_in, roles_in
from domain.markets import market_of, place_of
from domain.people import Role
from domain.regulation_terms import ProductClass, Subject
from domain.regulations import Rule

ASKED: Final = (Role.LEGAL, Role.REGULATORY_AFFAIRS)
"""Who looks into a law that no rule knows."""

TITLES: Final = 4
"""Rules that a line names before the rest is counted."""


def unheard(view: View) -> list[str]:
    """Say in a sentence each what Andon has no rules for: a market, or people who are hurt there.

    Silence would read as "nothing is to be told".
    """
    told = {place: _unheard(view, place) for place in _places(view)}
    return [sentence for sentence in told.values() if sentence]


def warning(view: View) -> list[Drawn]:
    """Give what Andon has no rules for as a block that stands first; none where it has all."""
    told = unheard(view)
    if not told:
        return []
    rows: list[Drawn] = [
        {"label": view.lens("No rules"), "text": one, "tone": "warning"} for one in told
    ]
    return [blocks.pairs(view.lens("What Andon has no rules for"), rows, id="no-rules")]


def cards(view: View) -> list[Drawn]:
    """Give a card for each market that Andon has no rules for, until its authority's act stands."""
    if view.state.review.closed_at is not None:
        return []
    answered = {place_of(act.market) for act in view.state.notice.acts.values()}
    told = {one: _unheard(view, one) for one in _places(view) if one not in answered}
    return [_card(view, place, sentence) for place, sentence in told.items() if sentence]


def _card(view: View, place: str, sentence: str) -> Drawn:
    lens = view.lens
    mine = view.as_of is None and may_now(view, frozenset(ASKED))
    href = f"{view.address}/notice#no-rules"
    return card_of(
        view,
        id=f"no-rules-{place}",
        title=sentence,
        why=lens("Not in the rules does not mean that nothing is to be told."),
        sort=f"{LAST}{place}",
        who=lens.holders(map(str, ASKED), market=place),
        acts=[blocks.link(lens("See what to do"), href)] if mine else [],
        mine=mine,
        href=href,
    )


def _places(view: View) -> list[str]:
    """List the countries that the incident is about, an authority's and a hurt person's too."""
    hurt = (one.country for one in view.state.report.cases.values() if one.country)
    acted = (one.market for one in view.state.notice.acts.values())
    return list(dict.fromkeys(map(place_of, (*named_markets(view), *hurt, *acted))))


def _unheard(view: View, place: str) -> str:
    lens = view.lens
    if not _written_for(view, place):
        return lens(
            "Andon has no rules for %(place)s: legal must check what is to be told there.",
            place=lens.place(place),
        )
    hurt = {place_of(one.country) for one in view.state.report.cases.values() if one.country}
    rules = _rules_of(view, place)
    if place not in hurt or any(map(_is_about_people, rules)):
        return ""
    if not rules:
        return lens(
            "A person was hurt in %(place)s, and no rule that Andon knows there speaks of such "
            "products and of what we are there: legal must check what is to be told.",
            place=lens.place(place),
        )
    return lens(
        "For %(place)s Andon has rules about recalls only, none about a person who was hurt: "
        "legal must check what is to be told there.",
        place=lens.place(place),
    )


def _is_about_people(rule: Rule) -> bool:
    """Say whether a rule hears of people who were hurt."""
    about = rule.subject is Subject.CASE
    return about or any(row.case or row.outcome or row.people or row.serious for row in rule.when)


def places_without_duty(view: View) -> list[str]:
    """List the countries of the incident in which no duty stands."""
    return [one for one in _places(view) if not _has_duty(view, one)]


def without_duty(view: View) -> list[Drawn]:
    """Give a block for the markets of the incident without a duty; none where each has one."""
    markets = places_without_duty(view)
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
        shown = lens("%(rules)s and %(n)s more rules", rules=shown, n=len(titles) - TITLES)
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
