"""The company that a case is played in: its lists, its people, its rules, put into a database.

What belongs here: turning the head of a case file into rows. What never does: a step of the case
(services/drilling.py), or the servers around it (services/simulating.py).
"""

from collections.abc import Iterator
from datetime import datetime

from domain.case_file import CaseAdapter, CaseFile
from domain.case_reading import OWN_PEOPLE, members_of
from domain.plan import Plan
from domain.rules import Rules, rules_text
from storage import catalog, company, people, shop
from storage import rules as rule_store
from storage.database import Database
from storage.people import Person


def furnish(database: Database, case: CaseFile, rules: Rules) -> None:
    """Put the case's rules, products, lots, channels and people into a database."""
    now, ledger = case.starts_at, database.ledger
    kept = rule_store.keep_rules(ledger, "incident", rules_text(rules).encode(), now)
    company.set_fact(ledger, company.ADOPTED_RULES, kept)
    for kind, items in items_of(case).items():
        catalog.put_items(ledger, kind, items)
    catalog.put_lots(
        ledger,
        [
            catalog.Lot(id=f"{p.id}/{lot}", product=p.id, number=lot)
            for p in case.products
            for lot in p.lots
        ],
    )
    _put_on_sale(database, case, now)
    for person in people_of(case, rules.plan):
        people.save_person(ledger, person)


def items_of(case: CaseFile) -> dict[str, list[catalog.Item]]:
    """Give the case's products, consignees and channels as items of the company's lists."""
    products = [catalog.Item(id=p.id, name_en=p.name_en, name_zh=p.name_zh) for p in case.products]
    consignees = [
        catalog.Item(id=c.id, name_en=c.name_en, name_zh=c.name_zh, market=c.market)
        for c in case.consignees
    ]
    channels = [
        catalog.Item(
            id=channel_id,
            kind=str(channel.kind),
            market=channel.market,
            name_en=f"{channel.name_en} {number}".strip(),
            name_zh=f"{channel.name_zh}{number}",
            document={"adapter": str(channel.adapter), "address": ""},
        )
        for channel in case.channels
        for channel_id, number in members_of(channel)
    ]
    return {"product": products, "consignee": consignees, "channel": channels}


def people_of(case: CaseFile, plan: Plan) -> Iterator[Person]:
    """Give one person for each role of the plan, and the case's own."""
    for role, row in plan.roles.items():
        yield Person(
            id=f"{OWN_PEOPLE}{role}",
            name_en=row.title_en,
            name_zh=row.title_zh,
            roles=(str(role),),
        )
    for person in case.people:
        yield Person(
            id=person.id,
            name_en=person.name_en,
            name_zh=person.name_zh,
            roles=tuple(map(str, person.roles)),
            deputy_for=tuple(map(str, person.deputy_for)),
        )


def _put_on_sale(database: Database, case: CaseFile, now: datetime) -> None:
    """Offer every product at every channel that is a shelf of the drill."""
    listings = [
        shop.Listing(channel=item.id, product=product.id, on_sale=True, changed_at=now)
        for item in items_of(case)["channel"]
        if item.document["adapter"] == CaseAdapter.DEMO_SHOP
        for product in case.products
    ]
    shop.put_listings(database.ledger, listings)
