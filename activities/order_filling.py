"""What an order to a channel says to people there: approved words, goods, whom to ask, till when.

What belongs here: filling an order from the incident as recorded and the company's own lists. What
never does: how a channel is spoken to, or what must stop (the order says it). An adapter only
passes on what stands in the order, so that every channel is told the same.
"""

from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeVar

from sqlalchemy.engine import Engine

from activities import moment
from activities.derived import (
    TEMPLATES,
    Desk,
    about_company,
    name_in,
    products_listed,
    recorded_values,
    told_in,
)
from activities.goods_said import goods_beside, goods_by_product, goods_said, lots_of_goods
from activities.hotlines import hotline
from activities.recorded_rules import rules_under
from activities.speaking import Speech, Speeches
from activities.stop_words import MATERIAL_USED, SEEN, STAYS, STAYS_BESIDE, again_said, stop_words
from domain.channel_answers import ended_at
from domain.desired import Hold
from domain.drift import had_said_so, seen_at
from domain.envelope import ChannelOrder
from domain.errors import NotFound
from domain.fact_values import Value
from domain.goods_in_pairs import Goods
from domain.in_words import row_in
from domain.markets import nearest_language
from domain.ordered_anew import behind_resume, is_behind, reminders
from domain.orders_there import answer_due_of
from domain.people import Role
from domain.severity import HaltLevel
from domain.state import Incident, read_incident_text
from domain.state.statement import STANDS
from domain.statement_facts import clock_of
from domain.statement_text import Rendition
from domain.taken_back import recalled_lots, takes_back_all
from domain.values import PublicText
from domain.wire import instant_text
from storage import catalog, holds, incidents, people

KIND: Final = "trade_hold"
"""The text that goes to trade with the order to stop (plan, `statements.trade_hold`)."""

ALL_LOTS: Final = {"en": "all lots", "zh": "全部批次"}

ASKED_FIRST: Final = (Role.CHANNEL_LEAD, Role.SUPPLY_CHAIN, Role.DUTY_OFFICER)
"""Whose address an order names where the company has no number for a market."""


_T = TypeVar("_T")


@dataclass(frozen=True)
class _Order:
    """One order with what it is filled from."""

    order: ChannelOrder
    incident: Incident
    speech: Speech
    language: str
    market: str
    due: datetime | None
    contact: str
    lots: tuple[str, ...]


class OrderFilling:
    """Fills orders from one installation's database."""

    def __init__(
        self, desk: Desk, answer_link: Callable[[str, str, int], str] = lambda *_names: ""
    ) -> None:
        """Keep the desk, and what makes the address of the page where an order is answered."""
        self._desk = desk
        self._speeches = Speeches(desk.engine)
        self._answer_link = answer_link

    def together(self) -> "Filled":
        """Fill orders that leave at one moment: what they share is read and worded once."""
        return Filled(self._desk, self._speeches, self._answer_link)


class Filled:
    """Orders of one moment. What several say alike is made once; no thread shares one of these."""

    def __init__(
        self, desk: Desk, speeches: Speeches, answer_link: Callable[[str, str, int], str]
    ) -> None:
        """Keep where words come from; nothing is read yet."""
        self._desk = desk
        self._speeches = speeches
        self._answer_link = answer_link
        self._made: dict[Hashable, Any] = {}

    def __call__(self, order: ChannelOrder) -> ChannelOrder:
        """Give the order with the words that people read. Raises NotFound."""
        listed = catalog.item(self._desk.engine, "channel", order.channel)
        language = "zh" if listed.market == "CN" else "en"
        speech = self._once(("speech", language), lambda: self._speeches.to(language))
        order = self._beside_others(order)
        incident = self._once(("incident", order.incident), lambda: self._incident(order.incident))
        of = (order.incident, order.action, order.order, *_goods_of(order))
        parts = self._once(("parts", *of), lambda: self._by_product(order, incident))
        goods = self._once(("goods", language, *of), lambda: _goods(speech, order, parts))
        told = replace(order, language=language, goods=goods)
        if order.action == "halt":
            codes = self._once(("codes", *order.products), lambda: self.codes(order.products))
            handling = stop_words(listed.kind, language).handling
            told = replace(told, handling=handling, codes=codes)
        if incident is None:
            return told
        if listed.kind in MATERIAL_USED and order.action == "halt":
            told = replace(told, materials=_blocked(incident))
        return self._for_incident(told, incident, speech, listed)

    def _for_incident(
        self, told: ChannelOrder, incident: Incident, speech: Speech, listed: catalog.Item
    ) -> ChannelOrder:
        language, market = told.language, listed.market
        contact = self._once(
            ("contact", told.incident, language, market),
            lambda: self.contact(incident, language, market),
        )
        told = replace(
            told,
            contact=contact,
            recalled=list(recalled_lots(incident)),
            recalled_whole=takes_back_all(incident),
        )
        if told.action != "halt":
            ended = ended_at(incident, told.channel)
            link = self._answer_link(told.incident, told.channel, ended) if ended else ""
            return replace(told, answer_link=link)
        if _is_lifted(incident, told):
            return replace(told, is_lifted=True)
        due = _due(incident, told)
        parts = self._by_product(told, incident)
        lots = tuple(lots_of_goods(parts))
        if len(parts) > 1:  # the text names all products in one line, and their lots in another
            lots = tuple(speech.goods(*part) for part in parts)
        whole = _Order(told, incident, speech, language, market, due, contact, lots)
        alike = (told.incident, told.order, told.level, language, market, due)
        words = self._once(("words", *alike, *_goods_of(told)), lambda: self._words(whole))
        by = instant_text(due) if due else ""
        said = self._once(("by", by, language, market), lambda: speech.when(by, market))
        stays = _stays(incident, told)
        return replace(
            told,
            title=words.title if words else "",
            text=words.body if words else "",
            answer_by=by,
            answer_by_said=said,
            answer_link=self._answer_link(told.incident, told.channel, told.order),
            again="" if stays else _again(incident, told, speech, market),
            stays=stays,
            behind=_behind(incident, told),
            seen=_seen(incident, told, speech, listed),
        )

    def _once(self, name: Hashable, make: Callable[[], _T]) -> _T:
        if name not in self._made:
            self._made[name] = make()
        made: _T = self._made[name]
        return made

    def free(self, order: ChannelOrder, incident: Incident, speech: Speech) -> str:
        """Name what an order to sell again frees at its channel; nothing where all is held."""
        order = self._beside_others(order)
        if order.is_all_held:
            return ""
        return _goods(speech, order, self._by_product(order, incident))

    def _beside_others(self, order: ChannelOrder) -> ChannelOrder:
        """Give an order to sell again with what other orders still stop there.

        What any incident recalled is kept, as its own; what is only stopped is held. A lot that is
        stopped for one product stays for all, but where nothing is left of that product: then the
        product stays, and the others have the lot back.
        """
        if order.action != "resume":
            return order
        found = [
            one.hold for one in holds.at_channel(self._desk.engine, order.channel, order.drill)
        ]
        whole = {one for one in order.products if _is_whole(order, one, found)}
        left = set(order.products) - whole or set(order.products)
        same = [hold for hold in found if not left.isdisjoint(hold.products)]
        kept = {*order.kept, *(lot for hold in same if hold.recalled for lot in hold.lots)}
        held = {lot for hold in same for lot in hold.lots} - kept
        is_all = set(order.products) <= whole or (
            bool(order.lots) and set(order.lots) <= kept | held
        )
        return replace(
            order,
            kept=sorted(kept),
            held=sorted(held),
            held_products=sorted(whole),
            is_all_held=is_all,
        )

    def _by_product(self, order: ChannelOrder, incident: Incident | None) -> tuple[Goods, ...]:
        """Give the goods of an order, product by product; of one to sell again, what is free."""
        stay = {*order.kept, *order.held} if order.action == "resume" else set()
        lots = tuple(lot for lot in order.lots if lot not in stay)
        products = tuple(one for one in order.products if one not in order.held_products)
        beside = goods_beside(incident, order.action, order.order)
        return goods_by_product(self._desk.engine, [(products, lots)], incident, beside)

    def _incident(self, number: str) -> Incident | None:
        stored = incidents.load_state(self._desk.engine, number)
        if stored is None:
            return None
        return _read(self._desk.engine, stored.state, stored.rules_hash)

    def codes(self, products: Sequence[str]) -> list[str]:
        """List the bar codes of products."""
        listed = products_listed(self._desk, products)
        found = (pack.get("gtin") for item in listed for pack in item.document.get("items", ()))
        return list(dict.fromkeys(code for code in found if code))

    # ------------------------------------------------------------ whom to ask

    def contact(self, incident: Incident, language: str, market: str) -> str:
        """Give whom the channel asks: who was recorded, the market's number, else who leads."""
        markets = (market,) if market else ()
        told = told_in(self._desk, incident, language, markets=markets)
        said = recorded_values(told).get("contact", "")
        if isinstance(said, str) and said:
            return said
        company = about_company(self._desk.engine)
        return hotline(company, markets, language) or self._who_leads(language)

    def _who_leads(self, language: str) -> str:
        there = [one for one in people.list_people(self._desk.engine) if one.active and one.email]
        for role in ASKED_FIRST:
            for one in there:
                if role in one.roles:
                    name = one.name_zh if language == "zh" else one.name_en
                    return f"{name or one.id}, {one.email}"
        return ""

    # ------------------------------------------------------------ the words

    def _words(self, whole: _Order) -> Rendition | None:
        """Give the words for trade: the incident's own approved text, else the pre-approved one."""
        if whole.order.level != HaltLevel.H3:
            return None
        return _approved(whole) or self._pre_approved(whole)

    def _pre_approved(self, whole: _Order) -> Rendition | None:
        """Fill the wording that was approved beforehand; none with a gap in it goes out."""
        row = whole.incident.rules.plan.statement(KIND)
        language = TEMPLATES.written_in(KIND, "", whole.language)
        approved = {one.language: one.sha256 for one in row.pre_approved}
        if not whole.due or not whole.contact or language not in approved:
            return None
        with suppress(NotFound):
            if TEMPLATES.version(KIND, language) == approved[language]:
                here, zone = clock_of(whole.incident, (whole.market,)).told_by(language)
                values = self._values(whole, here)
                told = TEMPLATES.render(KIND, language, values, zone=zone)
                return Rendition(
                    language=language, title=PublicText(told.title), body=PublicText(told.body)
                )
        return None

    def _values(self, whole: _Order, here: Callable[[datetime], datetime]) -> dict[str, Value]:
        order, language = whole.order, whole.language
        listed = products_listed(self._desk, order.products)
        company = about_company(self._desk.engine)
        assert whole.due is not None
        return {
            "product": row_in(language, [name_in(item, language) for item in listed])
            or row_in(language, order.products),
            "lots": whole.lots or (ALL_LOTS[language],),
            "codes": tuple(order.codes) or tuple(order.products),
            "answer_by": here(whole.due),
            "contact": whole.contact,
            "incident": order.incident,
            "company": str(company.get("name_zh" if language == "zh" else "name_en", "")),
            # Brought again, an order says the same words: receivers may compare them by its key.
            "as_of": here(_ordered_at(whole.incident, order)),
        }


def _again(incident: Incident, order: ChannelOrder, speech: Speech, market: str) -> str:
    """Say which request this one is, by the entry that it leaves by, and when the first went."""
    before = _reminders(incident, order)
    first = instant_text(_ordered_at(incident, order))
    return again_said(before + 1, speech.when(first, market), order.language)


def _stays(incident: Incident, order: ChannelOrder) -> str:
    """Say what stays stopped: what is left of an order, or what another order stops beside.

    Until the channel is reminded of it.
    """
    now = incident.halt.channels.get(order.channel)
    left = any(one.number == order.order and one.part_of for one in incident.halt.orders)
    if left and not _reminders(incident, order):
        return STAYS[order.language]
    beside = now is not None and is_behind(now, order.order, order.seq)
    return STAYS_BESIDE[order.language] if beside else ""


def _behind(incident: Incident, order: ChannelOrder) -> str:
    now = incident.halt.channels.get(order.channel)
    return behind_resume(incident, now, order.order, order.seq or 1) if now is not None else ""


def _seen(incident: Incident, order: ChannelOrder, speech: Speech, listed: catalog.Item) -> str:
    """Say that goods were seen on sale, in what leaves since then."""
    now = incident.halt.channels.get(order.channel)
    if now is None or now.drift is None or order.seq < now.drift.seq:
        return ""
    at = seen_at(incident, now, order.order)
    if at is None:
        return ""
    words = SEEN[order.language, had_said_so(incident, now, order.order)]
    done = stop_words(listed.kind, order.language).is_done
    return words.format(when=speech.when(instant_text(at), listed.market), is_done=done)


def _reminders(incident: Incident, order: ChannelOrder) -> int:
    now = incident.halt.channels.get(order.channel)
    return 0 if now is None else reminders(incident, now, order.order, until=order.seq or 1)


def _blocked(incident: Incident) -> list[str]:
    """List the raw-material lots that plants have blocked so far."""
    return sorted({lot for line in incident.halt.lines for lot in line.blocked_materials})


def _is_whole(order: ChannelOrder, product: str, found: Sequence[Hold]) -> bool:
    """Say whether holds stop all that an order to sell again names of a product."""
    mine = [hold for hold in found if product in hold.products]
    lots = {lot for hold in mine for lot in hold.lots}
    return any(not hold.lots for hold in mine) or (bool(order.lots) and lots.issuperset(order.lots))


def _goods_of(order: ChannelOrder) -> tuple[tuple[str, ...], ...]:
    told = (order.products, order.lots, order.kept, order.held, order.held_products)
    return tuple(map(tuple, told))


@lru_cache(maxsize=8)
def _read(engine: Engine, state: str, rules_hash: str) -> Incident:
    """Read a state once for all the orders that leave together."""
    return read_incident_text(state, rules_under(engine, rules_hash))


def _due(incident: Incident, order: ChannelOrder) -> datetime | None:
    """Give by when the channel answers; a time that has passed asks for an answer at once."""
    now = incident.halt.channels.get(order.channel)
    due = answer_due_of(now, order.order) if now is not None else None
    return due if due is not None and due > moment.now() else None


def _is_lifted(incident: Incident, order: ChannelOrder) -> bool:
    """Say whether an order stops its channel no more: it is tried again long after it was given."""
    found = (one for one in incident.halt.orders if one.number == order.order)
    return any(one.lifted_at is not None or order.channel in one.resumed for one in found)


def _ordered_at(incident: Incident, order: ChannelOrder) -> datetime:
    found = (one.ordered_at for one in incident.halt.orders if one.number == order.order)
    return next(found, moment.now())


def _approved(whole: _Order) -> Rendition | None:
    """Give the newest text for trade of the incident that stands, in the channel's language."""
    for text in reversed(whole.incident.statement.statements.values()):
        is_meant = not text.markets or whole.market in text.markets
        if text.kind != KIND or text.status not in STANDS or not is_meant:
            continue
        chosen = nearest_language(text.languages, [whole.language])
        for words in text.texts:
            if words.language == chosen:
                return words
    return None


def _goods(speech: Speech, order: ChannelOrder, goods: Sequence[Goods]) -> str:
    """Name the goods of an order; of one to sell again, those that nothing else stops."""
    stays = order.action == "resume" and bool(order.kept or order.held)
    return goods_said(speech, goods, others=stays)
