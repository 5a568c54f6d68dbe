"""Stage `notice`: what a product is by the law of a market: cosmetic, drug, something else.

What belongs here: people's word on it in one incident, which goes before the plan's list. What
never does: which rules speak of which class (plan/regulations/).

A sunscreen is a cosmetic in China and the Union and a drug in the United States: the rules for
cosmetics do not apply to it there (FD&C Act 201(g); section 611 leaves drugs out).
"""

from dataclasses import dataclass

from domain.dispatch import Act, decides, evolves
from domain.errors import Refused
from domain.firm import class_in
from domain.markets import market_of
from domain.message import ask, command, event
from domain.people import Role
from domain.regulation_terms import ProductClass
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.notice import ProductIs
from domain.values import ProductId, PublicText

CLASSERS = (
    Role.REGULATORY_AFFAIRS,
    Role.LEGAL,
    Role.RESPONSIBLE_PERSON_EU,
    Role.RESPONSIBLE_PERSON_US,
    Role.DOMESTIC_RESPONSIBLE_CN,
)


@event("ProductClassed", stage=Stage.NOTICE)
@dataclass(frozen=True, slots=True, kw_only=True)
class ProductClassed:
    """Somebody said what a product is by the law of a market; `before` is what it counted as."""

    product: str
    market: str
    product_class: ProductClass
    before: ProductClass
    reason: PublicText
    by: str


@command("class_product", stage=Stage.NOTICE, roles=CLASSERS,
         title="Say what a product is in a market", own_hand=True,
         help="Rules for cosmetics ask nothing about what is a drug there. Duties that are there "
         "stay until somebody files or determines them.")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class ClassProduct:
    """What a product is by the law of one market, from which text."""

    product: ProductId = ask("Which product?")
    market: str = ask("In which country or region?", max=2, country=True)
    product_class: ProductClass = ask("What is it there?")
    reason: PublicText = ask("By which law or registration?", max=2000)


@decides(ClassProduct)
def class_product(incident: Incident, act: Act, said: ClassProduct) -> tuple[ProductClassed, ...]:
    """Record the class of a product of this incident; raises Refused for one said already."""
    if said.product not in incident.report.products:
        known = ", ".join(incident.report.products) or "none yet"
        raise Refused(
            f"{said.product:.60} is no product of this incident.",
            f"Its products: {known}.",
            code="no_product",
        )
    market = market_of(said.market)
    now = {f"{one.product}/{one.market}": one.product_class for one in incident.notice.classed}
    before = class_in(said.product, market, incident.rules.plan.product_classes, now)
    if before is said.product_class:
        raise Refused("It counts as that already.", "Nothing to change.", code="classed")
    return (
        ProductClassed(
            product=said.product,
            market=market,
            product_class=said.product_class,
            before=before,
            reason=said.reason,
            by=act.who,
        ),
    )


@evolves(ProductClassed)
def _classed(incident: Incident, told: ProductClassed, mark: Mark) -> Incident:
    others = tuple(
        one
        for one in incident.notice.classed
        if (one.product, one.market) != (told.product, told.market)
    )
    one = ProductIs(
        product=told.product,
        market=told.market,
        product_class=told.product_class,
        seq=mark.seq,
    )
    return with_stage(incident, "notice", classed=(*others, one))
