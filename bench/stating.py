"""One statement in eight languages: rendered from its templates, and held against every rule.

What belongs here: processor time of this process alone. What never does: an approval, a database.
Beside it, the same templates rendered by Jinja alone, without types, paragraphs or rules.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from jinja2 import Environment, FileSystemLoader

from activities.press_templates import PRESS, SUFFIX, PressTemplates
from bench.figures import Figures, percentile, ratio
from domain.fact_values import Value
from domain.statement_text import Rendition, passages
from domain.values import PublicText
from domain.wording import Bearing, Passage, Situation, Wording, findings
from services.company import read_rules

KINDS: Final = ("holding", "recall_notice", "consumer_message", "correction")
MARKETS: Final = ("CN", "US", "DE", "FR", "ES", "IT", "JP", "KR")
RUNS: Final = 50
LENGTH: Final = 20_000
HOSTILE: Final = (
    ("0" * LENGTH, "en"),
    ("voluntary " * (LENGTH // 10), "en"),
    ("自愿" * (LENGTH // 2), "zh-CN"),
    ("将对" * (LENGTH // 2 - 2) + " 召回", "zh-CN"),
    ("위탁" + " " * (LENGTH - 6) + " 과실", "ko"),
    ("공인" + " " * (LENGTH - 6) + "안전", "ko"),
)
"""The longest texts that are taken, made to keep patterns busy."""


async def stating() -> Figures:
    """Measure rendering and linting a text of each kind in all its languages."""
    wording, templates = read_rules().wording, PressTemplates()
    plain = Environment(loader=FileSystemLoader(PRESS), autoescape=False)  # noqa: S701 - plain text
    ours, bare = list[float](), list[float]()
    for _ in range(RUNS):
        for kind in KINDS:
            ours.append(_milliseconds(partial(_state, templates, wording, kind)))
            bare.append(_milliseconds(partial(_render, plain, templates, kind)))
    figures = {
        "statement_8_languages_ms": round(percentile(ours, 95), 2),
        "bare_statement_8_languages_ms": round(percentile(bare, 95), 2),
    }
    figures["statement_8_languages_vs_bare"] = ratio(*figures.values())
    worst = max(_milliseconds(partial(_look, wording, *one)) for one in HOSTILE)
    return figures | {"statement_hostile_20k_ms": round(worst, 1)}


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _state(templates: PressTemplates, wording: Wording, kind: str) -> None:
    """Render a text in every language, and look at all of them in every market."""
    made = []
    for language in templates.languages(kind):
        text = templates.render(kind, language, _examples(templates, kind, language), final=True)
        made.append(
            Rendition(language=language, title=PublicText(text.title), body=PublicText(text.body))
        )
    bearing = Bearing(kind=kind, markets=MARKETS, situations=frozenset(Situation))
    findings(wording, passages(made), bearing)


def _look(wording: Wording, text: str, language: str) -> None:
    bearing = Bearing(kind="holding", markets=MARKETS, situations=frozenset(Situation))
    findings(wording, (Passage(language=language, part="body", text=text),), bearing)


def _render(plain: Environment, templates: PressTemplates, kind: str) -> None:
    for language in templates.languages(kind):
        said = _examples(templates, kind, language)
        plain.get_template(f"{kind}/{language}{SUFFIX}").render(said)


def _examples(templates: PressTemplates, kind: str, language: str) -> dict[str, Value]:
    names, catalogue = templates.contract(kind).names, templates.catalogue()
    return {name: catalogue.variable(name).example(language) for name in names}
