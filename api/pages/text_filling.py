"""What the forms of texts start with: first drafts, and the hash of what was read.

What belongs here: words to begin with, and which facts they tell. What never does: a template
(activities/drafting.py), or a rule of wording.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from activities import drafting
from api.pages.looking import View, language_of_page
from api.pages.slots import own_slots
from api.typed import Raw, last, raw_of
from domain.agreed import agreed_line, line_in, line_wanted_in, own_language_of, speaker_in
from domain.errors import AndonError
from domain.message import CommandSpec
from domain.next_steps import places_by_hand
from domain.plan_terms import STATEMENT_KINDS
from domain.publishing import next_places
from domain.references import REFERENCE
from domain.state.investigation import FactStatus
from domain.state.statement import Statement
from domain.statement_facts import LISTED
from domain.statement_lookup import is_inside
from domain.wire import encode

HIDDEN: Final = "sha256"
"""The hash of the text that a form shows travels unseen, so that the act means those bytes."""

LANGUAGES: Final = ("zh-CN", "en")
"""Languages that every first draft has: those of the people who approve it."""

PRELIMINARY: Final = re.compile(r"preliminary|初步信息", re.IGNORECASE)
"""How our templates say that what they tell is preliminary."""


def hidden_fields(view: View, spec: CommandSpec, item: str) -> dict[str, str]:
    """Give the fields that the page fills in by itself: which words, which version it shows."""
    text = view.state.statement.statements.get(item)
    if text is not None and spec.item == "statement":
        return {HIDDEN: text.sha256}
    fact = view.state.investigation.facts.get(item)
    return {"version": str(fact.version)} if fact and spec.name == "verify_fact" else {}


def _text(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin a change, correction or newer text with the words that stand."""
    now = view.state.statement.statements.get(item)
    if now is None:
        return {}
    body = _body_of(now)
    kind = {"correct_statement": "correction", "retract_statement": "retraction"}.get(spec.name)
    if kind is not None:
        told = suggested(view, kind, now.languages, about=item, markets=now.markets)
        # What has no template is written by a person: never the words that are wrong.
        begun = {one["language"]: one for one in told}
        blank = [{"language": one, "title": "", "body": ""} for one in now.languages]
        body["texts"] = [begun.get(one["language"], one) for one in blank]
    return raw_of(spec.type, body, view.lens.zone)


def _body_of(now: Statement) -> dict[str, Any]:
    return {
        "markets": list(now.markets),
        "texts": [encode(type(text), text) for text in now.sources or now.texts],
        "facts": [fact.key for fact in now.facts if fact.status != LISTED],
        "preliminary": now.preliminary,
        "medical": now.medical,
    }


def _draft(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin a text with the kind that the address names, from its template."""
    kind = view.visit.request.query_params.get("kind", "")
    markets = markets_of(view)
    languages = languages_for(view, kind, markets) if kind else ()
    texts = suggested(view, kind, languages, markets=markets)
    body: dict[str, Any] = {"markets": markets, **_telling(view, texts)}
    if texts:
        body["texts"] = texts
    return raw_of(spec.type, body, view.lens.zone)


def languages_for(view: View, kind: str, markets: Iterable[str]) -> tuple[str, ...]:
    """Give the languages that a first draft has; inside the company no market's own is needed."""
    inside = kind in STATEMENT_KINDS and is_inside(view.state, kind)
    spoken = () if inside else drafting.languages_of(kind, markets)
    return tuple(dict.fromkeys((*LANGUAGES, *spoken)))


def markets_of(view: View) -> list[str]:
    """Give the markets that a text speaks to unless somebody says otherwise: the scope's.

    Before there is one, those that were answered, else where it was known first.
    """
    scope, report = view.state.recall.scope, view.state.report
    if scope is not None:
        return list(scope.markets)
    known_in = [one.first_known_country for one in report.reports[:1]]
    return list(report.markets or report.answers.markets or known_in)


def _telling(view: View, texts: list[dict[str, str]]) -> dict[str, Any]:
    """Say what a first draft tells, and whether it is preliminary.

    A draft that refers to facts tells those; one that does not tells what is verified.
    """
    refers = any(REFERENCE.search(f"{text['title']}\n{text['body']}") for text in texts)
    facts = view.state.investigation.facts.values()
    verified = [f.key for f in facts if f.status is FactStatus.VERIFIED and not refers]
    preliminary = any(PRELIMINARY.search(text["body"]) for text in texts)
    return {"facts": verified, "preliminary": preliminary}


def suggested(
    view: View,
    kind: str,
    languages: Iterable[str],
    about: str = "",
    markets: Iterable[str] = (),
) -> list[dict[str, str]]:
    """Draft a text of a kind in some languages; a language without a template is left out."""
    found = []
    for language in dict.fromkeys(languages):
        try:
            told = drafting.suggest(
                view.visit.house.desk, view.state, kind, language, about, markets, referring=True
            )
        except AndonError:
            continue
        found.append({"language": language, "title": told.title, "body": told.body})
    return found


def with_suggestion(view: View, spec: CommandSpec, raw: Raw) -> Raw:
    """Put a first draft of the chosen kind into a form, in the languages it names so far."""
    kind = last(raw, "kind")
    named = [last(raw, name) for name in raw if name.endswith("-language") and last(raw, name)]
    markets = raw.get("markets", ())
    texts = suggested(view, kind, named or languages_for(view, kind, markets), markets=markets)
    kept = {name: told for name, told in raw.items() if not name.startswith("texts-")}
    body = {"texts": texts, **_telling(view, texts)}
    return {**kept, **raw_of(spec.type, body, view.lens.zone)}


def _agreed_line(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin with the line that stands: what is not said again is gone.

    A row stands there for each language that it is said in, that the address names, or that texts
    at hand wait for.
    """
    line = agreed_line(view.state)
    if line is None:
        return raw_of(spec.type, {"own_language": language_of_page(view)}, view.lens.zone)
    own = own_language_of(line)
    named = view.visit.request.query_params.getlist("language")
    lacking = [
        one
        for one in dict.fromkeys((*named, *line_wanted_in(view.state)))
        if not line_in(line, one) or not speaker_in(line, one)
    ]
    words = {one.language: encode(type(one), one) for one in line.said_in if one.language != own}
    rows = {one: {"language": one, "value": line_in(line, one)} for one in lacking} | words
    body = {
        "messages": list(line.messages),
        "do_not_say": list(line.do_not_say),
        "spokesperson": line.spokesperson,
        "said_in": list(rows.values()),
        "own_language": own,
        "answers": [encode(type(one), one) for one in line.answers],
        "not_said_in": [encode(type(one), one) for one in line.not_said_in],
    }
    return raw_of(spec.type, body, view.lens.zone)


def _approval(view: View, spec: CommandSpec, item: str) -> Raw:
    """Choose the approval that is left for the reader, when there is only one."""
    text = view.state.statement.statements.get(item)
    slots = own_slots(view, text) if text else []
    return raw_of(spec.type, {"slot": slots[0].key} if len(slots) == 1 else {}, view.lens.zone)


def _sending(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin with the usual places of the text's readers: what is ticked is where it goes."""
    text = view.state.statement.statements.get(item)
    places = next_places(view.state, text) if text else ()
    return raw_of(spec.type, {"places": [str(one) for one in places]}, view.lens.zone)


def _standing(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin with the place that the text was handed over to, when there is only one."""
    text = view.state.statement.statements.get(item)
    places = places_by_hand(text) if text else ()
    return raw_of(spec.type, {"place": places[0]} if len(places) == 1 else {}, view.lens.zone)


BEGINNINGS: Final[dict[str, Callable[[View, CommandSpec, str], Raw]]] = {
    "approve_statement": _approval,
    "confirm_published_by_hand": _standing,
    "draft_statement": _draft,
    "publish_statement": _sending,
    "revise_statement": _text,
    "set_agreed_line": _agreed_line,
    "correct_statement": _text,
    "retract_statement": _text,
    "supersede_statement": _text,
}
