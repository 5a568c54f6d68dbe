"""What a form offers to choose from: the company's lists, and what stands in the incident.

What belongs here: finding choices for a field. What never does: drawing it (api/forms.py), or a
rule: a choice that the plan forbids is refused by `decide`, with a reason.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from activities.derived import asked
from api.forms import Asked, Option, enum_options
from api.pages.answering import languages_to_give, texts_to_give
from api.pages.case_choices import outcomes
from api.pages.channel_choices import channels_offered
from api.pages.fact_words import fact_line, fact_name
from api.pages.facts_filling import facts_to_verify
from api.pages.frame import Visit
from api.pages.gate_words import gate_lines
from api.pages.hotline_words import numbers_offered
from api.pages.items import item_name
from api.pages.kept_files import offered
from api.pages.lens import Lens
from api.pages.level_choices import levels_offered
from api.pages.looking import LANGUAGES_FIRST, View
from api.pages.lot_records import receipt, received
from api.pages.people_choices import offered_people
from api.pages.possible import item_field, open_items
from api.pages.remarks import BEGINNING, paragraph_name, paragraphs_offered
from api.pages.remedy_choices import remedies
from api.pages.room_choices import room_classes
from api.pages.shared import previews_to_withdraw
from api.pages.slots import own_slots, slot_name
from api.pages.stopped_choices import goods_offered
from api.pages.telling import sentence_of, tell_of
from api.pages.text_filling import markets_of
from api.word_lists import LISTS
from domain.agenda import RungReached
from domain.duties import DutyOverdue
from domain.facts import CAME_BACK_BEFORE, all_facts
from domain.in_words import without_brackets
from domain.limits import Counting
from domain.markets import regional
from domain.message import COMMANDS
from domain.people import SYSTEM_ROLES, Access, Role
from domain.plan_terms import STATEMENT_KINDS
from domain.publishing import free_places
from domain.recall_terms import Remedy
from domain.severity import Grade, HaltLevel, Outcome
from domain.stages import SEVEN_STAGES, Stage
from domain.state.statement import Statement
from domain.statement_comment import open_comments
from domain.statement_gate import gate
from domain.statement_lookup import open_blocks
from domain.statement_openings import waits_for_eyes
from domain.statement_places import Place
from domain.values import BlobId, ChannelId, ConsigneeId, LotNumber, PersonId, ProductId
from services import reading, versions
from storage import catalog
from storage.incidents import IncidentRow

CURRENCIES: Final = ("CNY", "EUR", "USD", "GBP", "HKD", "JPY")
ENTRIES_OFFERED: Final = 40
ANYWHERE: Final = frozenset({"record_authority_act", "class_product", "plan_recall_start"})
"""Acts in a country that may be none of the company's markets."""


@dataclass(frozen=True)
class Offers:
    """Finds the choices of a field; `view` is None while nothing is reported yet."""

    lens: Lens
    guest: Visit
    view: View | None = None
    item: str = ""
    command: str = ""

    def __call__(self, asked: Asked) -> list[Option] | None:
        """Give the choices of a field, or None when it is free to type."""
        about = goods_offered(self.view, self.command, asked.type) or self.about(asked)
        if about is not None:
            return about
        by_type = _BY_TYPE.get(asked.type)
        if by_type is not None:
            return by_type(self, asked) or None
        if asked.type not in (str, int):
            return None  # its type says what may stand there
        by_name = _BY_SOURCE.get(asked.source) or _BY_NAME.get(asked.path.split(".")[-1])
        return (by_name(self, asked) or None) if by_name is not None else None

    def about(self, asked: Asked) -> list[Option] | None:
        """Offer the things that the act can be about now, when it is about something here."""
        spec = COMMANDS.get(self.command)
        if self.view is None or spec is None or asked.path != item_field(spec):
            return None
        items = open_items(self.view, spec)
        if items and spec.item == "statement":
            items = items[::-1]  # the newest text is the likeliest, and the longest list is theirs
        return [option(one, item_name(self.view, spec, one)) for one in items] if items else None

    # ------------------------------------------------------------ the company's lists

    def listed(self, kind: str, ids: Iterable[str] | None = None) -> list[Option]:
        """Offer things of a list of the company, those with some ids first."""
        items, first = self.lens.names.items(kind), list(ids or ())
        order = [one for one in first if one in items] + [one for one in items if one not in first]
        return [option(one, self.lens.named(kind, one)) for one in order]

    def products(self, _asked: Asked) -> list[Option]:
        """Offer the products, those of the incident first."""
        return self.listed("product", self.view.state.report.products if self.view else ())

    def lots(self, _asked: Asked) -> list[Option]:
        """Offer the lots of the incident's products; all lots before anything is reported."""
        wanted = self.view.state.report.products if self.view else self.lens.names.items("product")
        found = [
            option(lot.number, lot.number, self.lens.named("product", product))
            for product in wanted
            for lot in catalog.lots_of(self.guest.house.engine, product)
        ]
        first = self._own_lots()
        found.sort(key=lambda one: one["value"] not in first)
        return found or [option(one, one) for one in first]

    def _own_lots(self) -> tuple[str, ...]:
        """List the lots that the incident is about: those of the scope and those reported."""
        if self.view is None:
            return ()
        lots = (*self.view.state.recall.coverage.lots, *self.view.state.report.lots)
        return tuple(dict.fromkeys(lots))

    def channels(self, _asked: Asked) -> list[Option]:
        """Offer the channels that were ordered to stop, else all."""
        ordered = channels_offered(self.view, self.command)
        if ordered:
            return [option(one, self.lens.named("channel", one)) for one in ordered]
        return self.listed("channel")

    def consignees(self, asked: Asked) -> list[Option]:
        """Offer the consignees of the scope; where the scope is set, all others after them.

        Who received the lots, as the company's list has it, comes first and says so.
        """
        known = self.view.state.recall.consignees if self.view else {}
        if known and asked.path != "consignees":
            return [option(one, self.lens.named("consignee", one)) for one in known]
        got = received(self.view) if self.view else {}
        listed = self.listed("consignee", dict.fromkeys((*known, *got)))
        for one in listed:
            if one["value"] in got:
                one["help"] = receipt(self.lens, got[one["value"]])
        return listed

    def people(self, asked: Asked) -> list[Option]:
        """Offer the people of the company who may do what follows, the team first."""
        return offered_people(self.lens, self.view, self.command, asked.path)

    def roles(self, _asked: Asked) -> list[Option]:
        """Offer the roles that people hold."""
        machines = SYSTEM_ROLES | {Role.ADMIN}
        return [option(str(role), self.lens.role(role)) for role in Role if role not in machines]

    def countries(self, _asked: Asked) -> list[Option]:
        """Offer countries: those of the incident and those we sell in, then all by their names."""
        first = [code for code in self._own_markets() if code != "EU"]
        return [option(code, self.lens.market(code)) for code in self.lens.countries(first)]

    def markets(self, _asked: Asked) -> list[Option]:
        """Offer the markets that our products are sold in, those of the incident first.

        An authority acts where it wants: there every country is offered, as for a hurt person.
        """
        own = self._own_markets()
        found = self.lens.countries(self._ruled() + own) if self.command in ANYWHERE else own
        return [option(code, self.lens.market(code)) for code in found]

    def _ruled(self) -> list[str]:
        """List where people are hurt and where a duty runs: a country, and the Union over it."""
        if self.view is None:
            return []
        state = self.view.state
        over = [(one.place, one.market) for one in state.notice.duties.values()]
        return [*(one.country for one in state.report.cases.values()), *chain(*over)]

    def _own_markets(self) -> list[str]:
        """List the markets that matter here: of the incident, at home, then where we sell."""
        found: list[str] = []
        if self.view is not None:
            scope = self.view.state.recall.scope
            report = self.view.state.report
            found += [*(scope.markets if scope else ()), *report.answers.markets]
            found += [one.first_known_country for one in report.reports]
        items = self.lens.names.items
        home = [item.market for item in items("channel").values() if item.kind == "own_shop"]
        sold = {
            market
            for item in items("product").values()
            for market in item.document.get("markets", ())
        } | {item.market for kind in ("channel", "consignee") for item in items(kind).values()}
        return list(dict.fromkeys(code for code in [*found, *home, *sorted(sold)] if code))

    def languages(self, _asked: Asked) -> list[Option]:
        """Offer the languages that texts are written in; by region where markets share one."""
        markets = markets_of(self.view) if self.view is not None else []
        codes = dict.fromkeys((*LANGUAGES_FIRST, *regional(markets)))
        return [
            option(code, f"{without_brackets(self.lens.language(code))} ({code})") for code in codes
        ]

    def currencies(self, _asked: Asked) -> list[Option]:
        """Offer the usual currencies."""
        return [option(code, f"{self.lens.currency(code)} ({code})") for code in CURRENCIES]

    def report_channels(self, _asked: Asked) -> list[Option]:
        """Offer the ways a report reaches us."""
        words = self.lens.words
        return [option(code, words.of("report_channel", code)) for code in LISTS["report_channel"]]

    def kinds_of_text(self, _asked: Asked) -> list[Option]:
        """Offer the kinds of statements, as the plan names them."""
        plan = self.lens.plan
        return [
            option(kind, self.lens.words.pick(row.title_en, row.title_zh))
            for kind in STATEMENT_KINDS
            if plan is not None and (row := plan.statements.get(kind)) is not None
        ]

    def incidents(self, _asked: Asked) -> list[Option]:
        """Offer the other open incidents; that there is only one does not make it the right one."""
        rows = reading.board(self.guest.house, self.guest.who.actor)
        mine = self.view.row.id if self.view else ""
        return [
            {**option(row.id, row.id, self._title(row)), "may_be_meant": False}
            for row in rows
            if row.id != mine
        ]

    def _title(self, row: IncidentRow) -> str:
        return self.lens.products(row.products or row.title.split(", "))

    # ------------------------------------------------------------ what stands in the incident

    def entries(self, asked: Asked) -> list[Option] | None:
        """Offer the entries that weigh, the newest first; an own form names others by number."""
        if self.view is None:
            return None
        found = [
            one
            for one in reversed(self.view.entries())
            if tell_of(one.event).weighty and not isinstance(one.event, RungReached | DutyOverdue)
        ]
        options = [
            option(str(one.seq), f"#{one.seq} {sentence_of(self.lens, one.event)}")
            for one in found[:ENTRIES_OFFERED]
        ]
        return options if asked.type is int else self._kept() + options

    def _kept(self) -> list[Option]:
        return [*(self.evidence(None) or ()), *(self.tests(None) or ())]

    def evidence(self, _asked: Asked | None) -> list[Option] | None:
        """Offer what is kept as evidence."""
        if self.view is None:
            return None
        kept = self.view.state.investigation.evidence.values()
        return [option(one.id, f"{one.id} {one.what}") for one in kept]

    def tests(self, _asked: Asked | None) -> list[Option] | None:
        """Offer the tests."""
        if self.view is None:
            return None
        ordered = self.view.state.investigation.tests.values()
        return [option(one.id, f"{one.id} {one.method} · {one.laboratory}") for one in ordered]

    def fact_names(self, asked: Asked) -> list[Option] | None:
        """Offer the facts at hand; a new fact is named freely."""
        if self.view is None or not asked.several:
            return None
        facts = all_facts(self.view.state).values()
        lens = self.lens
        return [option(one.key, fact_line(lens, one), lens.word(one.status)) for one in facts]

    def places_in_texts(self, _asked: Asked) -> list[Option]:
        """Offer what our templates ask for and nobody has derived, and what is always asked."""
        words = self.lens.words
        found = [option(v.name, words.pick(v.meaning_en, v.meaning_zh)) for v in asked()]
        found.append(option(CAME_BACK_BEFORE, fact_name(self.lens, CAME_BACK_BEFORE)))
        return sorted(found, key=lambda one: str(one["label"]).casefold())

    # ------------------------------------------------------------ texts and duties

    def text(self) -> Statement | None:
        """Give the text that the act is about, where it is about one."""
        return self.view.state.statement.statements.get(self.item) if self.view else None

    def slots_of_text(self, _asked: Asked) -> list[Option] | None:
        """Offer the approvals that a text still needs."""
        text = self.text()
        if text is None:
            return None
        slots = own_slots(self.view, text)
        return [option(slot.key, slot_name(self.lens, slot)) for slot in slots]

    def places(self, _asked: Asked) -> list[Option] | None:
        """Offer the places where a text may still go, or where a person brings it by hand."""
        text = self.text()
        if text is None or self.view is None:
            return None
        if self.command == "confirm_published_by_hand":
            found = [p.place for p in text.places.values() if waits_for_eyes(text, p)]
        else:
            found = list(map(str, free_places(self.view.state, text)))
        return [option(one, self.lens.words.of("Place", one)) for one in found]

    def stages_to_open(self, _asked: Asked) -> list[Option]:
        """Offer the stages that somebody from outside may see."""
        return [option(str(stage), self.lens.word(stage)) for stage in SEVEN_STAGES]

    def grades(self, _asked: Asked) -> list[Option] | None:
        """Offer the grades that an act may lead to: higher ones, or lower ones."""
        if self.view is None or self.command not in ("raise_grade", "lower_grade"):
            return None
        now, up = self.view.state.report.grade, self.command == "raise_grade"
        fitting = [one for one in Grade if (one > now if up else one < now)]
        return [option(str(one), self.lens.word(one)) for one in fitting]

    def blocks_of_text(self, _asked: Asked) -> list[Option] | None:
        """Offer the findings that block a text."""
        text = self.text()
        if text is None or self.view is None:
            return None
        found = open_blocks(self.view.state, text)
        return [
            option(one.key, _quoted(self.lens, one.matched), self.lens.sentence(one.reason))
            for one in found
        ]

    def open_comments(self, _asked: Asked) -> list[Option] | None:
        """Offer the remarks on a text that wait for an answer."""
        text = self.text()
        if text is None:
            return None
        return [
            option(
                str(one.number),
                self.lens.named_line(
                    paragraph_name(self.lens, one.language, one.paragraph), one.words[:BEGINNING]
                ),
                self.lens.person(one.by),
            )
            for one in open_comments(text)
        ]

    def open_previews(self, _asked: Asked) -> list[Option] | None:
        """Offer the previews of a text that can be withdrawn."""
        text = self.text()
        return previews_to_withdraw(self.view, text) if self.view and text else None

    def gate_items(self, asked: Asked) -> list[Option]:
        """Offer the questions of the gate, with what is missing where the record knows."""
        plan, text = self.lens.plan, self.text()
        assert plan is not None
        if text is None or self.view is None:
            return [option(i.key, self.lens.words.pick(i.en, i.zh)) for i in plan.gate]
        state, now = self.view.state, self.lens.now
        every = frozenset(item.key for item in plan.gate)
        open_ones = {c.key: c for c in gate(state, text, now, frozenset()) if c.answer == "gap"}
        by_person = {c.key for c in gate(state, text, now, every) if c.answer == "confirmed"}
        return [
            option(
                i.key,
                self.lens.words.pick(i.en, i.zh),
                "\n".join(gate_lines(self.view, text, open_ones[i.key])),
            )
            for i in plan.gate
            if i.key in open_ones
            and (i.key in by_person if asked.path == "confirmed" else i.may_be_overridden)
        ]

    def kept_files(self, asked: Asked) -> list[Option] | None:
        """Offer the texts and files that are kept in the incident already."""
        return offered(self.view, self.command, asked.path) if self.view is not None else None

    def filings(self, _asked: Asked) -> list[Option] | None:
        """Offer the reports that were filed under a duty."""
        duty = self.view.state.notice.duties.get(self.item) if self.view else None
        if duty is None:
            return None
        return [
            option(str(one.number), f"{one.number}. {self.lens.word(one.kind)}", one.channel)
            for one in duty.filings
        ]

    def halt_levels(self, _asked: Asked) -> list[Option]:
        """Offer the halt levels with what each stops and who feels it, as the plan has them."""
        return levels_offered(self.lens, self.view, self.command)

    def plan_versions(self, _asked: Asked) -> list[Option] | None:
        """Offer the versions of the plan that this incident may adopt."""
        if self.view is None:
            return None
        return [
            option(
                each.rules.hash, each.rules.plan.version, self.lens.day(each.rules.plan.adopted_on)
            )
            for each in versions.adoptable(self.guest.house, self.view.state)
        ]


def option(value: str, label: str, help: str = "") -> Option:  # noqa: A002 - the component's word
    """Make one choice."""
    return {"value": value, "label": label, "help": help}


Finder = Callable[[Offers, Asked], list[Option] | None]

_BY_TYPE: Final[dict[Any, Finder]] = {
    ProductId: Offers.products,
    LotNumber: Offers.lots,
    ChannelId: Offers.channels,
    ConsigneeId: Offers.consignees,
    PersonId: Offers.people,
    Role: Offers.roles,
    HaltLevel: Offers.halt_levels,
    Grade: Offers.grades,
    Place: Offers.places,
    Outcome: lambda offers, _asked: outcomes(offers.lens.words, offers.command),
    Remedy: lambda offers, asked: remedies(offers.lens.words, asked.path),
    BlobId: Offers.kept_files,
    Stage: Offers.stages_to_open,
    Access: lambda offers, _asked: room_classes(offers.lens.words, offers.guest.who.actor),
}

_BY_SOURCE: Final[dict[str, Finder]] = {
    "statement_kinds": Offers.kinds_of_text,
    "statement_slots": Offers.slots_of_text,
    "gate": Offers.gate_items,
    "places_in_texts": Offers.places_in_texts,
    "facts_to_verify": lambda o, _: facts_to_verify(o.view) if o.view is not None else None,
    "plan_versions": Offers.plan_versions,
    "paragraphs": lambda o, _: paragraphs_offered(o.lens, o.text()),
    "open_comments": Offers.open_comments,
    "open_previews": Offers.open_previews,
    "languages_to_give": lambda o, _: languages_to_give(o.view) if o.view is not None else None,
    "hotlines": lambda o, _: numbers_offered(o.lens, o.guest.house),
}
"""By the list that a field of a command names (`choices_from`)."""

_BY_NAME: Final[dict[str, Finder]] = {
    "first_known_country": Offers.countries,
    "country": Offers.countries,
    "market": Offers.markets,
    "markets": Offers.markets,
    "language": Offers.languages,
    "own_language": Offers.languages,
    "counting": lambda offers, _: enum_options(Counting, offers.lens.words),
    "currency": Offers.currencies,
    "incident": Offers.incidents,
    "basis": Offers.entries,
    "decisions": Offers.entries,
    "entries": Offers.entries,
    "source": Offers.entries,
    "sample": Offers.evidence,
    "re_test_of": Offers.tests,
    "channel": Offers.report_channels,
    "facts": Offers.fact_names,
    "statement": lambda o, _: texts_to_give(o.view) if o.view is not None else None,
    "finding": Offers.blocks_of_text,
    "filing": Offers.filings,
}
"""By the name of the field, where a plain string or number means something that is there."""


def _quoted(lens: Lens, matched: str) -> str:
    """Quote what a rule found, or say that something is not there."""
    return f"“{matched}”" if matched else lens("It is missing.")
