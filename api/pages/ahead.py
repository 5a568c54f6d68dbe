"""What is still open before an act that ends something, or changes with it: above its form.

What belongs here: asking the domain what stays open. What never does: judging it; `decide` refuses
what may not end, and demands a reason for what may.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import urlencode

from activities import drafting
from api.pages import blocks
from api.pages.all_or_named import RESUME, is_nothing_chosen
from api.pages.deciding import deciding_rows
from api.pages.earlier import open_elsewhere
from api.pages.fact_words import fact_name
from api.pages.facts_filling import TOGETHER, asked_for, is_on_the_form, waiting
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.market_ends import (
    ELSEWHERE,
    figures,
    is_open_in,
    missing_at_end,
    open_points,
)
from api.pages.open_places import elsewhere
from api.pages.people_told import people_rows
from api.pages.plan import changes_block
from api.pages.possible import APPROVE, act_link
from api.pages.resumed_there import goods_to_resume, goods_to_stop
from api.pages.selling_again import lifting, resuming, resuming_none
from api.pages.slots import own_slots
from api.pages.text_filling import languages_for, markets_of
from api.pages.titles import told_title
from api.pages.unplaced_units import nowhere_rows, unplaced_rows
from api.pages.verifying import going_back
from api.typed import Raw, last, rows_in
from domain.adopting import ADOPT
from domain.facts import all_facts
from domain.left_at_end import left_at_end
from domain.markets import LANGUAGES, markets_without_text
from domain.message import COMMANDS, CommandSpec
from domain.next_steps import next_steps
from domain.plan_terms import STATEMENT_KINDS
from domain.recall_end import open_units, recovery
from domain.references import REFERENCE
from domain.resuming_goods import Named
from domain.review import blocking_items, open_items
from domain.stages import Stage
from domain.state.investigation import FactStatus
from domain.statement_facts import quoted_unasked
from domain.statement_gate import gaps, gate
from domain.statement_lookup import is_for_staff
from services.versions import adoptable

SOME: Final = 2
"""Open places from which one form for all is worth a link; one alone has its own."""


def ahead_of(view: View, spec: CommandSpec, item: str, raw: Raw) -> list[Drawn]:
    """Give what is still open before this act, as blocks; nothing for most acts.

    `raw` is what stands in the form, `item` what the act is about.
    """
    if spec.name == "draft_statement":
        return _drafting(view, raw)
    if spec.name in ("ask_for_review", "approve_statement"):
        return _handing_on(view, item)
    if spec.name in _AHEAD_OF_ITEM:
        return _AHEAD_OF_ITEM[spec.name](view, item)
    if spec.name == RESUME:
        goods = Named(tuple(raw.get("products", ())), tuple(raw.get("lots", ())))
        if is_nothing_chosen(raw):
            return resuming_none(view)
        return resuming(view, raw.get("levels", ()), raw.get("channels", ()), goods)
    found = _AHEAD.get(spec.name)
    return found(view) if found else []


def demanded_by(view: View, spec: CommandSpec, item: str) -> frozenset[str]:
    """Name the fields that are asked for because something is open, and may be empty otherwise."""
    if spec.name == "close_incident" and open_items(view.state):
        return frozenset({"reason_for_open_items"})
    recall = view.state.recall
    if spec.name == "complete_recall" and item in recall.open_markets:
        return frozenset({"reason"} if is_open_in(view, item) else ())
    if spec.name == "publish_statement" and _asks_for_eyes(view, item):
        return frozenset({"confirmed"})
    if spec.name == APPROVE and (text := view.state.statement.statements.get(item)) is not None:
        return frozenset({"slot"} if own_slots(view, text) else ())
    return frozenset()


def as_demanded(drawn: Drawn) -> Drawn:
    """Mark a field of a form as asked for; nobody is offered to leave it open."""
    if not drawn.get("choices"):
        return {**drawn, "required": True}
    offered = [each for each in drawn["choices"] if each["value"]]
    return {**drawn, "required": True, "choices": offered}


def _asks_for_eyes(view: View, item: str) -> bool:
    """Say whether the gate of a text has a question that only a person can answer."""
    text = view.state.statement.statements.get(item)
    if text is None:
        return False
    everything = frozenset(one.key for one in view.state.rules.plan.gate)
    by_itself = gaps(gate(view.state, text, view.lens.now, frozenset()))
    return by_itself != gaps(gate(view.state, text, view.lens.now, everything))


def left_out(view: View, spec: CommandSpec) -> list[str]:
    """Name the fields that a form does not show.

    Nothing can be chosen for them yet, or the page fills them in by the company's list.
    """
    if spec.name == "complete_recall":
        return [ELSEWHERE]
    if spec.name != "order_test":
        return []
    known = view.state.investigation
    return ["sample"] * (not known.evidence) + ["re_test_of"] * (not known.tests)


def _testing(view: View) -> list[Drawn]:
    if view.state.investigation.evidence:
        return []
    told = view.lens("No evidence is recorded yet. A test of a sample names it: keep it first.")
    row = {"label": view.lens("Evidence"), "text": told}
    return [blocks.pairs("", [{**row, "acts": act_link(view, "collect_evidence")}])]


def closing(view: View) -> list[Drawn]:
    """Give what keeps the incident from closing, what may stay open, and what is half done."""
    return [blocks.pairs(view.lens("What is still open"), closing_rows(view))]


def closing_rows(view: View) -> list[Drawn]:
    """Give the same as rows; the clock of a closing that waits for its signatures is none."""
    lens, state = view.lens, view.state
    waits = [one.id for one in state.pending.values() if one.command["type"] == "close_incident"]
    first = [lens.sentence(one) for one in blocking_items(state)]
    later = [lens.sentence(one) for one in open_items(state)]
    clocks = Counter(
        f"{told_title(view, due.titled(lens.now), due.item)} · {lens.until(due.due_at)}"
        for due in view.due()
        if due.act != "sign_act" or due.item not in waits
    )
    running = [
        lens("%(told)s (%(n)s times)", told=told, n=str(n)) if n > 1 else told
        for told, n in clocks.items()
    ]
    half = [lens.sentence(one.title) for one in next_steps(state) if one.stage != Stage.REVIEW]
    return [
        {"label": lens("Must be finished first"), "lines": first or [lens("nothing")]},
        {"label": lens("May stay open, with a reason"), "lines": later or [lens("nothing")]},
        {"label": lens("Half done"), "lines": half or [lens("nothing")]},
        {"label": lens("Clocks that stop with it"), "lines": running or [lens("nothing")]},
        {"label": lens("Left open where the recall was completed"), "lines": _left_open(view)},
        *unplaced_rows(view),
        *left_rows(view, left_at_end(state)),
        *open_elsewhere(view),
    ]


def left_rows(view: View, left: Sequence[str]) -> list[Drawn]:
    """Say what is not confirmed at the end, and what came back of each lot."""
    lens = view.lens
    lines = [lens.sentence(one) for one in left]
    return [{"label": lens("Not confirmed, and what came back"), "lines": lines}] if lines else []


def _left_open(view: View) -> list[str]:
    """Say what each market's completion left open, as its entry names it for ever."""
    lens, lines = view.lens, []
    for market, end in view.state.recall.ends.items():
        told = [lens.sentence(one) for one in end.unmet]
        told += missing_at_end(view, end)
        if end.granted_on is None:
            told.append(lens("The authority has not terminated it."))
        lines += [f"{lens.market(market)} · {one}" for one in told]
    return lines or [lens("nothing")]


def _deciding(view: View) -> list[Drawn]:
    rows = deciding_rows(view)
    return [blocks.pairs(view.lens("What this decision rests on"), rows)] if rows else []


def _completing(view: View) -> list[Drawn]:
    recall = view.state.recall
    rows = [completing_row(view, one) for one in recall.open_markets if recall.is_decided]
    rows += [*unaccounted_rows(view), *nowhere_rows(view)] if rows else []
    return [blocks.pairs(view.lens("What is still open"), rows)] if rows else []


def completing_row(view: View, market: str) -> Drawn:
    """Say what is open in one market before the recall is completed there."""
    lines = [*figures(view, market), *(open_points(view, market) or [view.lens("nothing")])]
    return {"label": view.lens.market(market), "lines": lines}


def unaccounted_rows(view: View) -> list[Drawn]:
    """Name the lots with units that nobody can account for: they stay named in the entry."""
    lens = view.lens
    lines = [
        lens("lot %(lot)s: %(n)s units", lot=one.lot, n=lens.number(one.units) or lens("unknown"))
        for one in open_units(recovery(view.state.recall))
    ]
    label = lens("Units nobody can account for, all markets together")
    return [{"label": label, "lines": lines}] if lines else []


def _handing_on(view: View, item: str) -> list[Drawn]:
    """Tell whoever hands a text in or approves it which market could not read it."""
    text, lens = view.state.statement.statements.get(item), view.lens
    if text is None or is_for_staff(view.state, text.kind, text.about):
        return []
    missing = markets_without_text(text.languages, text.markets)
    told = lens(
        "This text has no words in the language of %(markets)s, and is held back there when it "
        "should go out. Add the language now: added later, it voids every approval.",
        markets=lens.listed(map(lens.place, missing)),
    )
    row: Drawn = {"label": lens("A language is missing"), "text": told, "tone": "critical"}
    row["acts"] = act_link(view, "revise_statement", text.id)
    return [blocks.pairs(lens("What this text lacks so far"), [row])] if missing else []


def _drafting(view: View, raw: Raw) -> list[Drawn]:
    """Say early what is missing: found at the gate, it would void every approval."""
    kind = last(raw, "kind")
    markets = raw.get("markets") or markets_of(view)
    spoken = _written(raw) or languages_for(view, kind, markets)
    inside = kind in STATEMENT_KINDS and is_for_staff(view.state, kind)
    begun = bool(kind or _written(raw)) and not inside
    rows = _unspoken(view, kind, markets_without_text(spoken, markets)) if begun else []
    rows += _unbound(view, raw)
    rows += _apart(view, drafting.own_forms(kind, markets))
    rows += _uncalled(view, drafting.without_number(view.visit.house.desk, kind, markets))
    rows += [_unsaid(view, one) for one in drafting.unsaid(view.state, kind, markets, spoken)]
    lacking = drafting.lacking(view.visit.house.desk, view.state, kind, markets)
    rows += [_lacking(view, one) for one in lacking] + to_record(view, kind)
    title = view.lens("What this text lacks so far") if rows else ""
    return [blocks.pairs(title, rows)] if rows else []


def _written(raw: Raw) -> tuple[str, ...]:
    """List the languages in which words stand in the form of a text."""
    rows = (f"texts-{number}-" for number in range(rows_in(raw, "texts")))
    return tuple(last(raw, f"{row}language") for row in rows if last(raw, f"{row}body").strip())


def _unbound(view: View, raw: Raw) -> list[Drawn]:
    """Say which facts a text answers for that names none and refers to none."""
    said = "\n".join(text for name, texts in raw.items() if name[:6] == "texts-" for text in texts)
    if raw.get("facts") or not _written(raw) or REFERENCE.search(said):
        return []
    standing = [
        fact for fact in all_facts(view.state).values() if fact.status is not FactStatus.RETRACTED
    ]
    lens, keys = view.lens, quoted_unasked(standing)
    names = [fact_name(lens, fact.key, fact.name) for fact in standing if fact.key in keys]
    if not names:
        return []
    told = lens(
        "No fact is ticked below, and the words refer to none: the text is taken to tell all that "
        "are known. Each of them must be verified before it goes out, unless the text calls itself "
        "preliminary. Tick those that it really tells. Known: %(facts)s.",
        facts=lens.listed(names),
    )
    return [{"label": lens("Facts that it answers for"), "text": told}]


def _unspoken(view: View, kind: str, markets: Sequence[str]) -> list[Drawn]:
    """Say which market could not read the text, and what can be done where we have no template."""
    lens, bare = view.lens, drafting.without_template(kind, markets)
    rest = [market for market in markets if market not in bare]
    rows = [_bare(view, bare)] if bare else []
    if not rest:
        return rows
    told = lens(
        "No text is there in the language of %(markets)s. Add that language below, and its "
        "reviewer in time: a text goes out when every market can read it.",
        markets=lens.listed(map(lens.place, rest)),
    )
    return [*rows, {"label": lens("A language is missing"), "text": told}]


def _bare(view: View, markets: Sequence[str]) -> Drawn:
    """Name the languages in which somebody writes by hand, and who may let a market wait."""
    lens = view.lens
    languages = dict.fromkeys(one for market in markets for one in LANGUAGES.get(market, ()))
    told = lens(
        "No text is there in the language of %(markets)s, and we have no template of this kind in "
        "it (%(languages)s). Write it by hand below, and find its reviewer in time. Where the "
        "others cannot wait, the commander may let the text go out first and name the market that "
        "follows later: by “%(act)s”, once it is handed in.",
        markets=lens.listed(map(lens.place, markets)),
        languages=lens.listed(map(lens.language, languages)) or lens("unknown"),
        act=lens(COMMANDS["allow_gaps"].title),
    )
    return {"label": lens("No template in a language"), "text": told}


def _uncalled(view: View, markets: Sequence[str]) -> list[Drawn]:
    """Say for which markets the company's file has no number, and where one is added."""
    lens = view.lens
    if not markets:
        return []
    told = lens(
        "Nobody in %(markets)s can call the number of the home market, so the text has a gap. Add "
        "the number of each market to the company's file, under `hotlines` (market, number), and "
        "start this text again; or write it into the text by hand.",
        markets=lens.listed(map(lens.market, markets)),
    )
    return [{"label": lens("A phone number is missing"), "text": told}]


def _unsaid(view: View, one: drafting.Unsaid) -> Drawn:
    """Name a recorded fact without words in a language of the text, and where they are added."""
    lens = view.lens
    told = lens(
        "It is recorded, and not said in %(languages)s yet: the text has a gap there. Record it "
        "again with its words in each language.",
        languages=lens.listed(map(lens.language, one.languages)),
    )
    address = urlencode({"key": one.variable.name, "language": one.languages}, doseq=True)
    links = [
        {"text": lens("Add the words"), "href": f"{link['href']}?{address}"}
        for link in act_link(view, "record_fact")
    ]
    label = one.variable.meaning(lens.words.language)
    return {"label": label, "text": told, "acts": links}


def _apart(view: View, forms: Sequence[str]) -> list[Drawn]:
    lens = view.lens
    if not forms:
        return []
    told = lens(
        "Each of these asks for this text in a form of its own, and one text cannot be all of "
        "them: %(markets)s. Write one for each.",
        markets=lens.listed(map(lens.market, forms)),
    )
    if len(forms) == 1:
        told = lens(
            "%(market)s asks for this text in a form of its own, and the other markets chosen do "
            "not: write one text for it, and one for the others.",
            market=lens.market(forms[0]),
        )
    return [{"label": lens("A text for each market"), "text": told}]


def to_record(view: View, kind: str = "", text: str = "") -> list[Drawn]:
    """Say how many places a draft leaves open, and where each is filled."""
    places = waiting(view, kind, text) if kind or text else ()
    if not places:
        return []
    lens = view.lens
    told = lens.words.ngettext(
        "%(n)s place of this text is open: %(what)s.",
        "%(n)s places of this text are open: %(what)s.",
        len(places),
    )
    what = lens.listed(one.variable.meaning(lens.words.language) for one in places)
    row: Drawn = {"label": lens("To fill in"), "text": told % {"n": len(places), "what": what}}
    if sum(is_on_the_form(view, one) for one in places) >= SOME:
        about = urlencode({"text": text} if text else {"kind": kind})
        links = act_link(view, TOGETHER, text=lens("Record them on one form"))
        row["acts"] = [{**one, "href": f"{one['href']}?{about}"} for one in links]
    return [row, *elsewhere(view, places, text)]


def _lacking(view: View, one: drafting.Lacking) -> Drawn:
    """Name what is missing, who asks for it, and where it is recorded."""
    lens, language = view.lens, view.lens.words.language
    links = [
        {"text": lens("Record: %(what)s", what=v.meaning(language)), "href": f"{form}?key={v.name}"}
        for v in one.recordable
        for form in [link["href"] for link in act_link(view, "record_fact")]
    ]
    return {
        "label": one.element.label(language),
        "text": one.element.citation or lens("expected of every text of this kind"),
        "acts": links,
    }


def _filling(view: View) -> list[Drawn]:
    """Say above the one form what no line of it fills, and where that is filled."""
    kind, text = asked_for(view)
    rows = elsewhere(view, waiting(view, kind, text), text)
    title = view.lens("What these texts lack beside, and where it is filled in")
    return [blocks.pairs(title, rows)] if rows else []


def _checking(view: View) -> list[Drawn]:
    rows = unplaced_rows(view)
    return [blocks.pairs(view.lens("What no check reaches"), rows)] if rows else []


def _filing(view: View) -> list[Drawn]:
    rows = people_rows(view.lens, view.state.report)
    return [blocks.pairs(view.lens("Before you send it"), rows)] if rows else []


def _adopting(view: View) -> list[Drawn]:
    found = adoptable(view.visit.house, view.state)
    return [changes_block(view, each.rules) for each in found]


_AHEAD: Final[dict[str, Callable[[View], list[Drawn]]]] = {
    "close_incident": closing,
    "complete_recall": _completing,
    "decide_recall": _deciding,
    "decide_no_recall": _deciding,
    "order_test": _testing,
    "lift_halt": lifting,
    "check_effectiveness": _checking,
    "verify_facts": going_back,
    "file_first": _filing,
    "file_full": _filing,
    TOGETHER: _filling,
    ADOPT: _adopting,
}

_AHEAD_OF_ITEM: Final[dict[str, Callable[[View, str], list[Drawn]]]] = {
    "verify_fact": going_back,
    "confirm_resumed": goods_to_resume,
    "confirm_channel": goods_to_stop,
    "take_over_channel": goods_to_stop,
    "report_drift": goods_to_stop,
}
