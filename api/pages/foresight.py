"""What an act would lead to, shown before it is done: the same `decide`, and nothing is recorded.

What belongs here: asking `decide` about the state as recorded, and telling what leaves the house.
What never does: a rule. What is told here may have changed when the act arrives; then the refusal
says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from activities import drafting, stop_words, templating
from api.pages.clocks_supposed import clocks_of
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import who_could
from api.pages.scope_reach import moved_row
from api.pages.selling_again import goods_freed
from api.pages.statement import as_it_reads
from api.pages.telling import sentence_of
from api.pages.unruled import unruled
from domain.acts import ActRefused
from domain.conditions import item_of
from domain.dispatch import Act, Effect
from domain.errors import AndonError
from domain.halt import HaltOrdered
from domain.incident import decide, effects, evolve, mark_for
from domain.message import CommandSpec
from domain.recall_scope import ScopeDraft, change_of
from domain.resuming import SaleResumed
from domain.statement import TextDraft
from domain.statement_facts import bind
from domain.statement_lookup import lint
from domain.statement_text import LANGUAGE, QuotedFact, Rendition, TemplateMark
from domain.values import PublicText
from domain.wire import decode
from services import vaulting

NAMES_SHOWN = 12
ORDERED_OTHERWISE = frozenset(stop_words.OTHERS)
"""Kinds of channels that are told something else than to stop selling."""


def foresee(view: View, spec: CommandSpec, body: Mapping[str, Any]) -> Drawn | None:
    """Tell what an act with this body would lead to; None when the body cannot be read yet."""
    try:
        command: Any = decode(spec.type, vaulting.stand_in(spec, body), strict=True)
    except AndonError:
        return None
    now = view.visit.house.now()
    act = Act(
        command_id="foreseen",
        actor=view.actor,
        at=now,
        happened_at=now,
        command=command,
        listed=_listed(view, command),
        templates=_templates(view, spec, command),
    )
    try:
        events = decide(view.state, act)
    except AndonError as refused:
        return {"refused": _refused(view.lens, refused.sentence, refused.hint, [])}
    if events and isinstance(events[0], ActRefused):
        first = events[0]
        who = who_could(view, spec, item_of(command), first.who_could, first.reason)
        return {"refused": _refused(view.lens, first.sentence, first.hint, who)}
    return {"refused": None, **_consequences(view, act, events)}


def _listed(view: View, command: Any) -> tuple[QuotedFact, ...]:
    """Quote what a text refers to of the company's lists, as it will be when it is sent."""
    if not isinstance(command, TextDraft):
        return ()
    about = drafting.about_of(view.state, type(command), getattr(command, "statement", ""))
    return _quoted(view, about, command.texts, command.markets)


def _templates(view: View, spec: CommandSpec, command: Any) -> tuple[TemplateMark, ...]:
    """Say which templates a text has, as it will be said when it is sent."""
    if not isinstance(command, TextDraft):
        return ()
    return templating.marks_of(view.visit.house.desk, view.state, spec.name, command)


def _quoted(
    view: View, about: str, texts: tuple[Rendition, ...], markets: tuple[str, ...]
) -> tuple[QuotedFact, ...]:
    house = view.visit.house
    return drafting.listed(house.desk, view.state, texts, house.now(), about, markets)


def as_typed(view: View, spec: CommandSpec, body: Mapping[str, Any]) -> list[Drawn]:
    """Show a text as it will read, and what is found in it; also while the form is not finished."""
    if not issubclass(spec.type, TextDraft):
        return []
    texts = tuple(_rendition(each) for each in body.get("texts", ()) if _is_text(each))
    markets = tuple(each for each in body.get("markets", ()) if isinstance(each, str))
    try:
        about = drafting.about_of(view.state, spec.type, str(body.get("statement", "")))
        listed = _quoted(view, about, texts, markets)
        bound = bind(view.state, texts, markets, (), listed)
    except AndonError:
        return []
    kind = _kind_of(view, spec, body)
    found = (*lint(view.state, kind, markets, bound.texts), *bound.unbound)
    return as_it_reads(view, bound.texts, found) if texts else []


def _kind_of(view: View, spec: CommandSpec, body: Mapping[str, Any]) -> str:
    kind, statement = str(body.get("kind", "")), str(body.get("statement", ""))
    return templating.kind_written(view.state, spec.name, kind, statement)


def _is_text(typed: Any) -> bool:
    named = ("language", "title", "body")
    fits = isinstance(typed, Mapping) and all(isinstance(typed.get(one), str) for one in named)
    return fits and LANGUAGE.fullmatch(typed["language"]) is not None


def _rendition(typed: Mapping[str, str]) -> Rendition:
    return Rendition(
        language=typed["language"],
        title=PublicText(typed["title"]),
        body=PublicText(typed["body"]),
    )


def _refused(lens: Lens, sentence: str, hint: str, who: list[Drawn]) -> Drawn:
    return {
        "sentence": lens.sentence(sentence),
        "hint": lens.sentence(hint),
        "who": who,
    }


def _consequences(view: View, act: Act, events: Sequence[Any]) -> Drawn:
    """Fold the events over the state as recorded, and collect what they do in the world."""
    state = view.state
    told: list[str] = []
    leaving: list[Effect] = []
    for event in events:
        mark = mark_for(state, act)
        state = evolve(state, event, mark)
        told.append(sentence_of(view.lens, event))
        leaving.extend(effects(state, event, mark))
    rows = [row for effect in leaving for row in _effect(view, effect)]
    left = {str(one.number) for one in events if isinstance(one, HaltOrdered) and one.part_of}
    orders = [one for one in leaving if one.name == "halt" and one.target not in left]
    stopped = {name for one in orders for name in one.body.get("channels", ())}
    return {
        "events": told,
        "moved": _moved(view, act.command),
        "leaves": rows,
        "stops": len(stopped),
        "again": next((_again(view, one) for one in events if isinstance(one, SaleResumed)), None),
        "clocks": clocks_of(view, act),
    }


def _again(view: View, resumed: SaleResumed) -> Drawn:
    """Say how many channels may sell what again, and whether other goods stay stopped there."""
    goods = goods_freed(view, resumed)
    return {"n": len(resumed.channels), "goods": goods, "rest": bool(resumed.orders)}


def _moved(view: View, command: Any) -> list[Drawn]:
    """Tell of a scope what it moves, and in which of its markets no duty is known."""
    if not isinstance(command, ScopeDraft):
        return []
    moved = moved_row(view, change_of(view.state, command))
    return [moved, *unruled(view, command.markets)]


def _effect(view: View, effect: Effect) -> list[Drawn]:
    """Tell one effect: what goes to whom; bookkeeping between workflows is not told."""
    channels = effect.body.get("channels", ())
    if effect.name == "halt":
        return _orders(view, channels)
    if effect.name == "halt_again":
        return _orders(view, channels, again=True)
    row = _told(view.lens, effect)
    return [row] if row is not None else []


def _orders(view: View, channels: Iterable[str], *, again: bool = False) -> list[Drawn]:
    """Tell what goes to channels, together those that are told the same; `again` is once more."""
    lens, listed = view.lens, view.state.halt.listed
    by_words: dict[str, list[str]] = {}
    for one in channels:
        kind = listed[one].kind if one in listed else ""
        words = lens.words.of("order_to_stop", kind if kind in ORDERED_OTHERWISE else "")
        by_words.setdefault(words, []).append(lens.named("channel", one))
    return [
        {
            "to": _several(lens, names),
            "what": lens("once more, as a further request: %(what)s", what=what) if again else what,
        }
        for what, names in by_words.items()
    ]


def _told(lens: Lens, effect: Effect) -> Drawn | None:
    body = effect.body
    if effect.name == "resume":
        names = [lens.named("channel", one) for one in body.get("channels", ())]
        what = lens("the order that they may resume: sell, ship, show or produce again")
        return {"to": _several(lens, names), "what": what}
    if effect.name == "tell":
        roles = lens.roles(str(role) for role in list(body.get("roles", ()))[:NAMES_SHOWN])
        person = lens.person(body["person"]) if body.get("person") else ""
        return {"to": lens.listed([person, roles]), "what": lens("a message inside the company")}
    if effect.name == "publish":
        places = lens.listed(str(one) for one in body.get("places", ()))
        return {
            "to": places or lens("the public"),
            "what": lens("the approved text, word for word"),
        }
    return None


def _several(lens: Lens, names: list[str]) -> str:
    shown, count = lens.listed(names[:NAMES_SHOWN]), lens.channels(len(names))
    if len(names) <= NAMES_SHOWN:
        return lens("%(channels)s: %(names)s", channels=count, names=shown)
    return lens("%(channels)s: %(names)s and others", channels=count, names=shown)
