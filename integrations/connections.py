"""Connections: how the channels of this installation are reached beside the embedded default.

What belongs here: what a connection is, reading the file that names them, and finding the adapter
that speaks to one. What never does: one system's own protocol (`integrations/adapter_<name>.py`, a
file each), or which channel is behind a connection (the company's own list says it).

An adapter is a module with `FIELDS`, the names that a connection of it must or may have, and
`gateway(connections, tools)`; it may have `problems(path, row)` too, for what is wrong with values
that are there, and `way_to(connections, address)` where a channel's address is more than the id of
a connection. One that speaks HTTP has `url_of(connection, bounds)`: where its requests go, or a
refusal where nothing may go there. A new one is a file here, and `adapter = "<name>"` in the list.
"""

import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol, cast

from domain.errors import FieldError, NotFound
from integrations.channels import Address, ChannelGateway
from integrations.letters import Letters, NoLetters
from integrations.outgoing import Bounds, require_reachable
from integrations.rows import read_rows
from integrations.shelves import Desired, Journal

AT_MOST: Final = 500
PREFIX: Final = "adapter_"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_OWN: Final = ("id", "adapter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One system that is reached: its adapter, and the values that the adapter asks for.

    Values hold passwords: they are never shown, logged or quoted in an error.
    """

    id: str
    adapter: str
    values: Mapping[str, str] = field(repr=False)

    def value(self, name: str, default: str = "") -> str:
        """Give one value."""
        return self.values.get(name, default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What an adapter may use of this installation.

    `bounds` say where it may speak to, and how long it may take; `articles` gives, for products of
    the company, the numbers by which shops know them. `letters` are those of orders, for channels
    that are written to. `alive` says that work of many requests goes on.
    """

    journal: Journal
    desired: Desired
    articles: Callable[[Iterable[str]], Mapping[str, "Article"]]
    letters: Letters = field(default_factory=NoLetters)
    bounds: Bounds = field(default_factory=Bounds)
    alive: Callable[[], None] = lambda: None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The numbers by which others know a product of ours: GTINs of its packs, and our own ids.

    A shop's stock-keeping unit or barcode that is one of them means this product.
    """

    product: str
    numbers: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A value that a connection has: whether it must be there, and what it is, in a sentence."""

    needed: bool
    what: str


class Adapter(Protocol):
    """What a file of an adapter offers."""

    FIELDS: Mapping[str, Named]

    def gateway(self, connections: Mapping[str, Connection], tools: Tools) -> ChannelGateway:
        """Give the gateway that serves all connections of this adapter, by their ids."""


def behind(connections: Mapping[str, Connection], address: Address) -> Connection:
    """Give the connection that a channel names. Raises NotFound."""
    found = connections.get(address.address)
    if found is None:
        raise NotFound(
            f"Channel {address.channel} names connection {address.address!r:.40}, which is not "
            "among those of its adapter.",
            f"Known: {', '.join(sorted(connections))}. Correct the address on the company's list.",
        )
    return found


def require_way(connection: Connection, bounds: Bounds) -> None:
    """Refuse a connection that no request will ever go out to, as far as its address says so.

    Names are not looked up, and nothing is sent. Raises BrokenSetup.
    """
    url_of = getattr(adapter(connection.adapter), "url_of", None)
    if url_of is not None:
        require_reachable(url_of(connection, bounds), bounds)


def adapters() -> tuple[str, ...]:
    """Name the adapters that there are."""
    found = pkgutil.iter_modules([str(Path(__file__).parent)])
    return tuple(
        sorted(one.name.removeprefix(PREFIX) for one in found if one.name.startswith(PREFIX))
    )


def adapter(name: str) -> Adapter:
    """Give one adapter; its file is read when it is first asked for."""
    return cast("Adapter", import_module(f"integrations.{PREFIX}{name}"))


def gateways(connections: Iterable[Connection], tools: Tools) -> dict[str, ChannelGateway]:
    """Give a gateway for each adapter that any connection names."""
    by_adapter: dict[str, dict[str, Connection]] = {}
    for one in connections:
        by_adapter.setdefault(one.adapter, {})[one.id] = one
    return {name: adapter(name).gateway(them, tools) for name, them in by_adapter.items()}


def read_connections(document: Mapping[str, Any]) -> tuple[Connection, ...]:
    """Read what the TOML file holds: rows of `[[connections]]`.

    Raises BrokenSetup with one sentence per problem; a value is never quoted in it.
    """
    return read_rows(document, "connections", AT_MOST, _problems, _connection)


def _connection(row: Mapping[str, Any]) -> Connection:
    values = {name: value for name, value in row.items() if name not in _OWN}
    return Connection(id=row["id"], adapter=row["adapter"], values=values)


def _problems(path: str, row: Any, taken: Mapping[str, Connection]) -> Iterable[FieldError]:
    if not isinstance(row, Mapping):
        yield FieldError(path, "Write a row [[connections]] with id and adapter.")
        return
    for name in sorted(row):
        if not isinstance(row[name], str):
            yield FieldError(f"{path}.{name}", "Write it in quotation marks.")
    if not _ID.fullmatch(str(row.get("id", ""))):
        yield FieldError(f"{path}.id", "Write up to 40 small letters, digits, _ and -.")
    elif row["id"] in taken:
        yield FieldError(f"{path}.id", "Another connection has this id.")
    if row.get("adapter") not in adapters():
        yield FieldError(f"{path}.adapter", f"Choose among: {', '.join(adapters())}.")
        return
    yield from _wrong_values(path, row)


def _wrong_values(path: str, row: Mapping[str, Any]) -> Iterable[FieldError]:
    spoken = adapter(row["adapter"])
    asked = spoken.FIELDS
    for name in sorted(set(row) - set(asked) - set(_OWN)):
        known = ", ".join([*_OWN, *asked])
        yield FieldError(f"{path}.{name}", f"Only these may stand here: {known}.")
    lacking = [name for name, one in asked.items() if one.needed and not _says(row, name)]
    for name in lacking:
        yield FieldError(f"{path}.{name}", f"Write {asked[name].what}.")
    if not lacking and all(isinstance(value, str) for value in row.values()):
        # Few adapters know more of a value than that it is there.
        yield from getattr(spoken, "problems", _none)(path, row)


def _says(row: Mapping[str, Any], name: str) -> bool:
    return bool(str(row.get(name, "")).strip())


def _none(_path: str, _row: Mapping[str, str]) -> Iterable[FieldError]:
    return ()
