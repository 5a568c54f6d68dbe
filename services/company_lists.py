"""The company's own lists adopted anew: what stands in the file replaces what is there by its id.

What belongs here: putting a company's file into a database in use, and which channels incidents
hear of. What never does: the first set-up (services/company.py), or what an incident does about a
new channel (domain/halt_growth.py).
"""

import json
from dataclasses import dataclass

from domain.company import Company
from domain.errors import Refused
from domain.plan_terms import ChannelKind
from domain.state.halt import ListedChannel
from domain.wire import encode
from services.channel_reach import unreached_of_house
from services.company import keep_company
from services.house import House
from storage import catalog, company


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyAdopted:
    """How many of each list there are now, and which channels are new."""

    products: int
    lots: int
    channels: int
    consignees: int
    new_channels: tuple[str, ...]
    unreached: tuple[str, ...] = ()
    """What keeps orders from channels, in sentences."""


def listed_channels(house: House) -> list[ListedChannel]:
    """Give the company's channels as an incident knows them, with their level by the plan."""
    plan = house.current_rules().plan
    return [
        ListedChannel(
            id=channel.id,
            kind=channel.kind,
            level=str(plan.level_of(ChannelKind(channel.kind))),
            name=channel.name_en,
            name_zh=channel.name_zh,
            market=channel.market,
        )
        for channel in catalog.list_items(house.engine, "channel")
    ]


def adopt_company(house: House, made: Company, by: str) -> CompanyAdopted:
    """Put a company's lists into the database in use, and let open incidents hear of channels.

    Nothing is taken off a list: an incident may name it. Raises Refused over the demo company.
    """
    if company.is_demo(house.engine):
        raise Refused(
            "This database holds the invented demo company.",
            "Set ANDON_DATABASE_URL, or another ANDON_HOME with ANDON_DEMO=false, and adopt the "
            "list there.",
            code="demo_company",
        )
    before = {item.id for item in catalog.list_items(house.engine, "channel")}
    now = house.now()
    keep_company(house, made, now)
    listed = listed_channels(house)
    told = json.dumps([encode(ListedChannel, one) for one in listed], sort_keys=True)
    company.set_fact(house.engine, company.CHANNELS_LISTED, told)
    new = tuple(sorted(one.id for one in listed if one.id not in before))
    company.log(
        house.engine, now, "CompanyAdopted", {"company": made.id, "by": by, "new": list(new)}
    )
    return CompanyAdopted(
        products=len(made.products),
        lots=len(made.lots),
        channels=len(listed),
        consignees=len(made.consignees),
        new_channels=new,
        unreached=tuple(unreached_of_house(house)),
    )
