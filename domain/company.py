"""A company as the plan sees it: products, lots, places, channels, consignees, suppliers, people.

What belongs here: the typed company file and its checks. What never does: opening the file, sign-in
of people, or traceability by the million (storage). The file is the start of a small company and
of every drill; larger ones bring their lots by EPCIS.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Any, TypeVar

from domain.errors import FieldError, NotFound, Refused
from domain.fact_values import ValueKind, kept_value
from domain.gtin import gtin_is_valid
from domain.people import Role
from domain.plan import Plan
from domain.plan_reading import file_document, file_schema, read_file
from domain.plan_terms import ChannelKind
from domain.recall_terms import ReturnMethod
from domain.severity import Users
from domain.values import EVERY_LOT, Json

DEMO_GTIN_PREFIX = "952"
"""GS1 prefix for demonstrations and examples: no product in any shop carries it."""

_EXAMPLE_MAIL = re.compile(r"[\w.+-]+@([\w-]+\.)*example(\.(com|org|net))?")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|" + _EXAMPLE_MAIL.pattern)
_MARKET = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")


class SiteKind(StrEnum):
    """A place of our own."""

    PLANT = "plant"
    WAREHOUSE = "warehouse"


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeItem:
    """One pack of a product as the till knows it."""

    gtin: str
    pack_en: str
    pack_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a market's authority calls the product by."""

    market: str
    kind: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product on sale; a set names the products it contains."""

    id: str
    name_en: str
    name_zh: str
    brand: str
    category_en: str
    category_zh: str
    users: tuple[Users, ...]
    markets: tuple[str, ...]
    items: tuple[TradeItem, ...]
    registrations: tuple[Registration, ...]
    months_after_opening: int
    return_method: ReturnMethod
    dangerous_goods: bool = False
    contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnHand:
    """Units of a lot that lie at one of our sites."""

    site: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """Units of a lot that left for a consignee."""

    consignee: str
    units: int
    shipped_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldDirect:
    """Units of a lot that went from our own channel to consumers."""

    channel: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """A lot 批次 with its balance; what no column explains is named, never hidden."""

    id: str
    product: str
    made_on: date
    expires_on: date
    plant: str
    line: str
    quantity: int
    retained: int
    scrapped: int
    packed_into_sets: int = 0
    raw_lots: tuple[str, ...] = ()
    component_lots: tuple[str, ...] = ()
    on_hand: tuple[OnHand, ...] = ()
    shipped: tuple[Shipped, ...] = ()
    sold_direct: tuple[SoldDirect, ...] = ()

    @property
    def unexplained(self) -> int:
        """Count the units that no place accounts for."""
        parts: Iterable[OnHand | Shipped | SoldDirect] = chain(
            self.on_hand, self.shipped, self.sold_direct
        )
        ours = self.retained + self.scrapped + self.packed_into_sets
        return self.quantity - ours - sum(part.units for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A plant or warehouse of ours, with the production lines of a plant."""

    id: str
    kind: SiteKind
    name_en: str
    name_zh: str
    city: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A place that a halt reaches, and how orders go there (`adapter`, `address`).

    It belongs to a site of ours, a consignee, a supplier, or to nobody but us. `contact_name` and
    `phone` are whom a person calls when it does not answer.
    """

    id: str
    kind: ChannelKind
    name_en: str
    name_zh: str
    adapter: str
    address: str
    market: str
    language: str
    site: str | None = None
    consignee: str | None = None
    supplier: str | None = None
    contact_name: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consignee:
    """Who received goods from us 收货方, and how to reach them."""

    id: str
    name_en: str
    name_zh: str
    kind: ChannelKind
    market: str
    language: str
    email: str
    has_sub_accounts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A raw material that a supplier sends."""

    id: str
    name_en: str
    name_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RawLot:
    """A lot of a raw material as received."""

    id: str
    material: str
    received_on: date
    grams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """A supplier of raw materials; their lot has other customers."""

    id: str
    name_en: str
    name_zh: str
    market: str
    language: str
    email: str
    materials: tuple[Material, ...]
    raw_lots: tuple[RawLot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the plan: the roles they hold, and the ones they stand in for.

    `reviews` names the languages a language reviewer attests, `markets` where a person's duty
    lies when it lies in some markets only.
    """

    id: str
    name_en: str
    name_zh: str
    roles: tuple[Role, ...]
    language: str
    email: str
    deputy_for: tuple[Role, ...] = ()
    reviews: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotline:
    """The number that readers of one market can call free of charge; `EU` is for its members."""

    market: str
    number: str


Row = TypeVar("Row", Product, Lot, Site, Channel, Consignee, Supplier, Person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Everything of one company that a plan may name; `demo` marks an invented one."""

    id: str
    name_en: str
    name_zh: str
    demo: bool
    home_market: str
    hotline: str
    """Free to call at home: notices say so (EU 2023/988 art. 36(2)(f)); 800, not 400, in China."""
    website: str
    products: tuple[Product, ...]
    lots: tuple[Lot, ...]
    sites: tuple[Site, ...]
    channels: tuple[Channel, ...]
    consignees: tuple[Consignee, ...]
    suppliers: tuple[Supplier, ...]
    people: tuple[Person, ...]
    hotlines: tuple[Hotline, ...] = ()

    def product(self, product_id: str) -> Product:
        """Give a product; raises NotFound."""
        return _find(self.products, product_id, "product")

    def lot(self, lot_id: str) -> Lot:
        """Give a lot; raises NotFound."""
        return _find(self.lots, lot_id, "lot")

    def channel(self, channel_id: str) -> Channel:
        """Give a channel; raises NotFound."""
        return _find(self.channels, channel_id, "channel")

    def consignee(self, consignee_id: str) -> Consignee:
        """Give a consignee; raises NotFound."""
        return _find(self.consignees, consignee_id, "consignee")

    def person(self, person_id: str) -> Person:
        """Give a person; raises NotFound."""
        return _find(self.people, person_id, "person")

    def lots_of(self, product_id: str) -> tuple[Lot, ...]:
        """List the lots of a product, and of the sets that hold them."""
        own = {lot.id for lot in self.lots if lot.product == product_id}
        return tuple(lot for lot in self.lots if lot.id in own or own & set(lot.component_lots))

    def holders(self, role: Role) -> tuple[Person, ...]:
        """List the people who hold a role in their own right."""
        return tuple(person for person in self.people if role in person.roles)

    def deputies(self, role: Role) -> tuple[Person, ...]:
        """List the people who stand in for a role."""
        return tuple(person for person in self.people if role in person.deputy_for)


def _find(rows: Iterable[Row], row_id: str, word: str) -> Row:
    for row in rows:
        if row.id == row_id:
            return row
    raise NotFound(f"There is no {word} {row_id!r}.", "Look it up in the company's own lists.")


def read_company(document: Mapping[str, Any]) -> Company:
    """Read a company file; raises BrokenSetup with one sentence per problem, at most 20."""
    return read_file(Company, document, what="The company file", checks=_checks)


def company_document(company: Company) -> Json:
    """Give the canonical plain JSON of a company."""
    return file_document(Company, company)


def company_schema() -> Json:
    """Give the JSON Schema of a company file (plan/demo/company.schema.json)."""
    return file_schema(Company, title="A company: products, lots, channels, people")


def unfilled(plan: Plan, company: Company) -> tuple[FieldError, ...]:
    """Tell what the plan asks for and the company lacks: people, deputies, places to halt."""
    found = []
    for name, duty in plan.roles.items():
        role = Role(name)
        if not company.holders(role):
            found.append(FieldError("people", f"Nobody holds the role {role} ({duty.title_en})."))
        elif duty.deputy_needed and not company.deputies(role):
            found.append(FieldError("people", f"Nobody stands in for {role} ({duty.title_en})."))
    reached = {channel.kind for channel in company.channels}
    used = reached | {consignee.kind for consignee in company.consignees}
    found += [
        FieldError("channels", f"Goods go to a {kind}, but no channel of that kind can be halted.")
        for kind in sorted(used - reached)
    ]
    return tuple(found)


# ---------------------------------------------------------------- checks

Wrong = Iterator[FieldError]


def _checks(company: Company) -> Wrong:
    yield from _unique(company)
    yield from _products(company)
    for number, lot in enumerate(company.lots):
        yield from _lot(company, f"lots.{number}", lot)
    yield from _channels(company)
    yield from _addresses(company)
    yield from _people(company)
    yield from _hotlines(company)


def _hotlines(company: Company) -> Wrong:
    seen = {company.home_market}
    for number, row in enumerate(company.hotlines):
        path = f"hotlines.{number}.market"
        yield from _markets(path, (row.market,))
        if row.market in seen:
            yield FieldError(path, f"{row.market!r} has a number already.")
        seen.add(row.market)


def _unique(company: Company) -> Wrong:
    tables: dict[str, list[str]] = {
        name: [row.id for row in getattr(company, name)]
        for name in ("products", "lots", "sites", "channels", "consignees", "suppliers", "people")
    }
    tables["products"] += [item.gtin for product in company.products for item in product.items]
    tables["suppliers"] += [raw.id for supplier in company.suppliers for raw in supplier.raw_lots]
    for name, ids in tables.items():
        for double in (one for one, count in Counter(ids).items() if count > 1):
            yield FieldError(name, f"{double!r} stands here twice; each needs a name of its own.")


def _products(company: Company) -> Wrong:
    known = _ids(company.products)
    for number, product in enumerate(company.products):
        path = f"products.{number}"
        for position, item in enumerate(product.items):
            if not gtin_is_valid(item.gtin):
                sentence = f"{item.gtin!r} is no GTIN: 8, 12, 13 or 14 digits and a check digit."
                yield FieldError(f"{path}.items.{position}.gtin", sentence)
            elif company.demo and not item.gtin.zfill(14).startswith("0" + DEMO_GTIN_PREFIX):
                sentence = f"A demo company numbers its packs with {DEMO_GTIN_PREFIX} only."
                yield FieldError(f"{path}.items.{position}.gtin", sentence)
        yield from _markets(f"{path}.markets", product.markets)
        yield from _refer(f"{path}.contains", product.contains, known, "product")


def _lot(company: Company, path: str, lot: Lot) -> Wrong:
    sites = {site.id: site for site in company.sites}
    raw = {one.id for supplier in company.suppliers for one in supplier.raw_lots}
    if lot.id.strip().upper() == EVERY_LOT:
        yield FieldError(f"{path}.id", f"{lot.id!r} means every lot in files; number it anew.")
    yield from _refer(f"{path}.product", (lot.product,), _ids(company.products), "product")
    yield from _refer(f"{path}.plant", (lot.plant,), sites, "site")
    yield from _refer(f"{path}.raw_lots", lot.raw_lots, raw, "raw-material lot")
    yield from _refer(f"{path}.component_lots", lot.component_lots, _ids(company.lots), "lot")
    yield from _refer(f"{path}.on_hand", [part.site for part in lot.on_hand], sites, "site")
    to, by = [part.consignee for part in lot.shipped], [part.channel for part in lot.sold_direct]
    yield from _refer(f"{path}.shipped", to, _ids(company.consignees), "consignee")
    yield from _refer(f"{path}.sold_direct", by, _ids(company.channels), "channel")
    if lot.plant in sites and lot.line not in sites[lot.plant].lines:
        yield FieldError(f"{path}.line", f"{lot.plant} has no line {lot.line!r}.")
    if lot.expires_on <= lot.made_on:
        yield FieldError(f"{path}.expires_on", "A lot expires after it was made.")
    if any(part.shipped_on < lot.made_on for part in lot.shipped):
        yield FieldError(f"{path}.shipped", "Nothing ships before it was made.")
    if lot.unexplained < 0:
        sentence = f"{-lot.unexplained} more units are accounted for than were made."
        yield FieldError(f"{path}.quantity", sentence)


def _channels(company: Company) -> Wrong:
    for number, channel in enumerate(company.channels):
        path = f"channels.{number}"
        for name in ("site", "consignee", "supplier"):
            owner = getattr(channel, name)
            if owner is not None:
                yield from _refer(
                    f"{path}.{name}", (owner,), _ids(getattr(company, f"{name}s")), name
                )
        if channel.adapter == "outbox":
            yield from _mail(company, f"{path}.address", channel.address)
        if channel.adapter == "email":
            # The connection may stand before it, with a colon (integrations/adapter_email.py).
            address = channel.address.rpartition(":")[2]
            yield from _mail(company, f"{path}.address", address)
        if channel.phone:
            yield from _phone(f"{path}.phone", channel.phone)


def _addresses(company: Company) -> Wrong:
    for name in ("channels", "consignees", "suppliers"):
        for number, row in enumerate(getattr(company, name)):
            yield from _markets(f"{name}.{number}.market", (row.market,))
            yield from _language(f"{name}.{number}.language", (row.language,))
    for name in ("consignees", "suppliers", "people"):
        for number, row in enumerate(getattr(company, name)):
            yield from _mail(company, f"{name}.{number}.email", row.email)


def _people(company: Company) -> Wrong:
    for number, person in enumerate(company.people):
        path = f"people.{number}"
        if not person.roles:
            yield FieldError(f"{path}.roles", "Everybody in the plan holds a role; staff is one.")
        for role in person.deputy_for:
            if role in person.roles:
                sentence = f"Nobody is their own deputy: {role} stands in both lists."
                yield FieldError(f"{path}.deputy_for", sentence)
        if Role.LANGUAGE_REVIEWER in person.roles and not person.reviews:
            yield FieldError(f"{path}.reviews", "Say which languages this person attests.")
        yield from _language(f"{path}.reviews", person.reviews)
        yield from _language(f"{path}.language", (person.language,))
        yield from _markets(f"{path}.markets", person.markets)


def _ids(rows: Iterable[Any]) -> frozenset[str]:
    return frozenset(row.id for row in rows)


def _refer(path: str, ids: Iterable[str], known: Iterable[str], word: str) -> Wrong:
    for one in ids:
        if one not in known:
            yield FieldError(path, f"There is no {word} {one!r} in this file.")


def _mail(company: Company, path: str, address: str) -> Wrong:
    if not _MAIL.fullmatch(address):
        yield FieldError(path, f"{address!r} is no e-mail address.")
    elif company.demo and not _EXAMPLE_MAIL.fullmatch(address):
        yield FieldError(path, "A demo company writes to example domains only (RFC 2606).")


def _phone(path: str, number: str) -> Wrong:
    try:
        kept_value(ValueKind.PHONE, number)
    except Refused as unfit:
        yield FieldError(path, f"{unfit.sentence} {unfit.hint}")


def _markets(path: str, markets: Iterable[str]) -> Wrong:
    for market in markets:
        if not _MARKET.fullmatch(market):
            yield FieldError(path, f"{market!r} is no market: two capital letters, such as CN.")


def _language(path: str, languages: Iterable[str]) -> Wrong:
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            yield FieldError(path, f"{language!r} is no language: such as zh, en or pt-BR.")
