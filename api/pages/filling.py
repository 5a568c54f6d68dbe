"""What a form starts with: what is known already, so that nobody types it again.

What belongs here: bodies to begin with, and hashes of what was read, which no person types. What
never does: the fields themselves (api/forms.py), or a rule.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from api.pages.looking import View
from api.pages.possible import item_field, open_items
from api.typed import Raw, last, local_text, raw_of
from domain.errors import AndonError
from domain.message import CommandSpec
from domain.state.statement import Statement
from domain.wire import encode
from services import drafting

HIDDEN: Final = "sha256"
"""The hash of the text that a form shows travels unseen, so that the act means those bytes."""

LANGUAGES: Final = ("zh-CN", "en")
"""Languages that a first draft begins with."""


def filled_before(view: View, spec: CommandSpec, item: str) -> Raw:
    """Fill a form with what is known already, where asking for it again would be a burden."""
    begin = _BEGINNINGS.get(spec.name)
    return {**_only_one(view, spec), **(begin(view, spec, item) if begin else {})}


def _only_one(view: View, spec: CommandSpec) -> Raw:
    """Choose what the act is about, when there is only one thing it can be about."""
    items = open_items(view, spec) or ()
    return {item_field(spec): list(items)} if len(items) == 1 else {}


def hidden_fields(view: View, spec: CommandSpec, item: str) -> dict[str, str]:
    """Give the fields that the page fills in by itself: the hash of the text it shows."""
    text = view.state.statement.statements.get(item)
    if text is None or spec.item != "statement":
        return {}
    return {HIDDEN: text.sha256}


def _answers(view: View, spec: CommandSpec, _item: str) -> Raw:
    answers = view.state.report.answers
    return raw_of(spec.type, {"answers": encode(type(answers), answers)}, view.lens.zone)


def _scope(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin a scope with the one that stands, or with what was reported."""
    scope, report = view.state.recall.scope, view.state.report
    if scope is None:
        product = report.products[0] if report.products else ""
        body: dict[str, Any] = {
            "products": list(report.products),
            "lots": [{"lot": lot, "product": product} for lot in report.lots],
            "markets": list(report.answers.markets),
            "unbounded": report.lots_unknown,
        }
        return raw_of(spec.type, body, view.lens.zone)
    body = {
        "products": list(scope.products),
        "markets": list(scope.markets),
        "lots": [encode(type(lot), lot) for lot in scope.lots],
        "gaps": list(scope.gaps),
        "neighbours": [encode(type(one), one) for one in scope.neighbours],
        "unbounded": scope.unbounded,
        "consignees": [one for one, c in view.state.recall.consignees.items() if c.listed],
    }
    return raw_of(spec.type, body, view.lens.zone)


def _plan(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin a recall plan with the depth decided, and how each product comes back."""
    recall, items = view.state.recall, view.lens.names.items("product")
    products = recall.scope.products if recall.scope else ()
    documents = {one: items[one].document if one in items else {} for one in products}
    body: dict[str, Any] = {
        "remedies": ["refund", "exchange"],
        "returns": [
            {
                "product": one,
                "method": document.get("return_method", ""),
                "dangerous_goods": bool(document.get("dangerous_goods")),
            }
            for one, document in documents.items()
        ],
    }
    if recall.depth is not None:
        body["depth"] = str(recall.depth)
    return raw_of(spec.type, body, view.lens.zone)


def _answer(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin a consignee's answer with the lots of the scope."""
    scope = view.state.recall.scope
    lots = [{"lot": lot.lot} for lot in scope.lots] if scope else []
    return raw_of(spec.type, {"lots": lots}, view.lens.zone)


def _fact(view: View, _spec: CommandSpec, _item: str) -> Raw:
    return {"as_of": [local_text(view.lens.now, view.lens.zone)]}


def _text(view: View, spec: CommandSpec, item: str) -> Raw:
    """Begin a change, correction or newer text with the words that stand."""
    now = view.state.statement.statements.get(item)
    if now is None:
        return {}
    body = _body_of(now)
    kind = {"correct_statement": "correction", "retract_statement": "retraction"}.get(spec.name)
    if kind is not None:
        body["texts"] = suggested(view, kind, now.languages, about=item) or body["texts"]
    return raw_of(spec.type, body, view.lens.zone)


def _body_of(now: Statement) -> dict[str, Any]:
    return {
        "markets": list(now.markets),
        "texts": [encode(type(text), text) for text in now.texts],
        "facts": [fact.key for fact in now.facts],
        "preliminary": now.preliminary,
        "medical": now.medical,
    }


def _draft(view: View, spec: CommandSpec, _item: str) -> Raw:
    """Begin a text with the kind that the address names, from its template."""
    kind = view.visit.request.query_params.get("kind", "")
    body: dict[str, Any] = {"markets": list(view.state.report.answers.markets) or ["CN"]}
    if kind:
        body["texts"] = suggested(view, kind, LANGUAGES)
    return raw_of(spec.type, body, view.lens.zone)


def suggested(
    view: View, kind: str, languages: Iterable[str], about: str = ""
) -> list[dict[str, str]]:
    """Draft a text of a kind in some languages; a language without a template is left out."""
    found = []
    for language in dict.fromkeys(languages):
        try:
            told = drafting.suggest(view.visit.house, view.state, kind, language, about)
        except AndonError:
            continue
        found.append({"language": language, "title": told.title, "body": told.body})
    return found


def with_suggestion(view: View, spec: CommandSpec, raw: Raw) -> Raw:
    """Put a first draft of the chosen kind into a form, in the languages it names so far."""
    kind = last(raw, "kind")
    named = [last(raw, name) for name in raw if name.endswith("-language") and last(raw, name)]
    texts = suggested(view, kind, named or LANGUAGES)
    kept = {name: told for name, told in raw.items() if not name.startswith("texts-")}
    return {**kept, **raw_of(spec.type, {"texts": texts}, view.lens.zone)}


_BEGINNINGS: Final[dict[str, Callable[[View, CommandSpec, str], Raw]]] = {
    "assess_severity": _answers,
    "set_scope": _scope,
    "widen_scope": _scope,
    "narrow_scope": _scope,
    "sign_recall_plan": _plan,
    "answer_as_consignee": _answer,
    "record_fact": _fact,
    "draft_statement": _draft,
    "revise_statement": _text,
    "correct_statement": _text,
    "retract_statement": _text,
    "supersede_statement": _text,
}
