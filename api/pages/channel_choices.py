"""Which channels and places of ours a form offers: those that its act can be about.

What belongs here: choosing among what the incident and the company's lists know. What never does: a
rule, or how a choice is drawn.
"""

from collections.abc import Sequence
from typing import Final

from api.pages.looking import View
from domain.channels import NEEDS_SOMEBODY, standing
from domain.plan_terms import ChannelKind
from services.company import about_company


def channels_offered(view: View | None, command: str) -> Sequence[str]:
    """Give the channels that were ordered to stop; to be asked again, those that need somebody."""
    if view is None:
        return ()
    channels = view.state.halt.channels
    if command != "ask_channels_again":
        return tuple(channels)
    now = view.lens.now
    return [name for name, one in channels.items() if standing(one, now) in NEEDS_SOMEBODY]


def places_known(view: View, command: str) -> dict[str, Sequence[str]]:
    """Suggest places of ours and of the channels where a form takes any place as it is typed."""
    kinds = _PLACES.get(command)
    if kinds is None:
        return {}
    name, *meant = kinds
    lens, listed = view.lens, view.state.halt.listed.values()
    sites = [
        one for one in about_company(view.visit.house).get("sites", ()) if one["kind"] in meant
    ]
    ours = [lens.words.pick(one["name_en"], one["name_zh"]) for one in sites]
    others = [lens.words.pick(one.name, one.name_zh) for one in listed if one.kind in meant]
    lines = [line for one in sites for line in one.get("lines", ())]
    return {name: tuple(dict.fromkeys([*ours, *others])), "line": tuple(dict.fromkeys(lines))}


_PLACES: Final = {
    "set_stock_apart": ("site", ChannelKind.WAREHOUSE, ChannelKind.PLANT),
    "record_production_stop": ("site", ChannelKind.PLANT),
    "record_interception": ("carrier", ChannelKind.CARRIER, ChannelKind.WAREHOUSE),
}
"""By the command: the field that names a place, and which kinds of places it means."""
