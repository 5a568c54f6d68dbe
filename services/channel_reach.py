"""Whom nothing reaches: channels without a way that sends, the team without a mail server.

What belongs here: the company's list held against the files of connections and outlets. What
never does: what may stand in them (domain/company.py, integrations/), or trying to reach anybody.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from activities.registry import AT_HOME
from domain.company import Company
from domain.errors import AndonError
from integrations.channels import Address
from integrations.connections import Connection, adapter, adapters, behind
from services.connections import connections_of, why_wayless
from services.house import House
from services.plan_checks import File, Problem
from services.settings import Settings
from services.team_mail import named_mail
from storage import catalog, company

OUTBOX: Final = "outbox"

Rows = Sequence[tuple[str, str, str]]
"""Channels of a list, each with its id, its adapter and its address there."""


class Unreached(NamedTuple):
    """What is wrong, in a sentence or two, and with which channel of the list, from 0."""

    number: int
    sentence: str


def unreached(rows: Rows, settings: Settings, *, is_demo: bool) -> list[Unreached]:
    """List what keeps orders from channels; in a demo the outbox is meant to send nothing."""
    silent = [] if is_demo else [n for n, row in enumerate(rows) if row[1] == OUTBOX]
    return [*_silent(silent), *_without_way(rows, settings)]


def unreached_of_file(file: File, settings: Settings) -> list[Problem]:
    """List what keeps orders from the channels of a company's file."""
    made = file.value
    if not isinstance(made, Company):
        return []
    rows = [(one.id, one.adapter, one.address) for one in made.channels]
    found = [
        file.problem(f"channels.{one.number}.adapter", one.sentence, "")
        for one in unreached(rows, settings, is_demo=made.demo)
    ]
    said = {one.detail for one in found}
    told = [one for one in untold(settings, is_demo=made.demo) if one not in said]
    return [*found, *(file.problem("", one, "") for one in told)]


def unreached_of_house(house: House) -> list[str]:
    """List what keeps orders from the channels of this installation, and letters from its team."""
    rows = [
        (one.id, str(one.document.get("adapter", "")), str(one.document.get("address", "")))
        for one in catalog.list_items(house.engine, "channel")
    ]
    is_demo = company.is_demo(house.engine)
    found = unreached(rows, house.settings, is_demo=is_demo)
    told = untold(house.settings, is_demo=is_demo)
    return list(dict.fromkeys([*(one.sentence for one in found), *told]))


def untold(settings: Settings, *, is_demo: bool) -> list[str]:
    """Say where nobody of the team gets a letter; in a demo that is meant."""
    if is_demo:
        return []
    try:
        if named_mail(settings) is not None:
            return []
    except AndonError as error:
        return [f"{error.sentence} {error.hint}"]
    told = (
        "Nobody of the team gets a letter: no mail server is named. What people are told, also at "
        "night, stands in the Outbox alone. Write a connection of adapter email into the file that "
        "ANDON_CHANNELS names."
    )
    return [told]


def _silent(numbers: Sequence[int]) -> Iterator[Unreached]:
    if not numbers:
        return
    yield Unreached(
        numbers[0],
        f"Channels that nobody reaches: {len(numbers)}. Their adapter is outbox, and nothing is "
        "sent. Give them the adapter email, or somebody calls each of them at every order.",
    )


def _without_way(rows: Rows, settings: Settings) -> Iterator[Unreached]:
    by_adapter: dict[str, dict[str, Connection]] = {}
    try:
        for one in connections_of(settings):
            by_adapter.setdefault(one.adapter, {})[one.id] = one
    except AndonError as error:
        yield Unreached(0, f"{error.sentence} {error.hint}")
        return
    for number, (channel, name, address) in enumerate(rows):
        if name not in AT_HOME:
            sentence = _lacking(channel, name, address, by_adapter)
            if not sentence and address in by_adapter[name]:
                sentence = _closed(channel, by_adapter[name][address], settings)
            yield from [Unreached(number, sentence)] if sentence else []


def _lacking(
    channel: str, name: str, address: str, by_adapter: Mapping[str, Mapping[str, Connection]]
) -> str:
    """Say why an order would not find its way to a channel; "" where it would."""
    if name not in adapters():
        return (
            f"Channel {channel} names adapter {name!r:.40}, which is not here. "
            f"Known: {_listed([*adapters(), *AT_HOME])}."
        )
    if name not in by_adapter:
        return (
            f"Channel {channel} names adapter {name}, and no connection has it. "
            "Write one into the file that ANDON_CHANNELS names."
        )
    there = Address(channel=channel, adapter=name, address=address, name=f"Channel {channel}")
    try:
        getattr(adapter(name), "way_to", behind)(by_adapter[name], there)
    except AndonError as error:
        return f"{error.sentence} {error.hint}"
    return ""


def _closed(channel: str, connection: Connection, settings: Settings) -> str:
    """Say that the connection of a channel is one by which nothing gets out; "" where it may."""
    why = why_wayless(connection, settings)
    return f"Channel {channel} gets no order by connection {connection.id}: {why}" if why else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
