"""Other versions of the default plan, for incidents that adopt one.

What belongs here: making them. What never does: an assertion.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from domain.plan import read_plan
from domain.rules import Rules, rules_of
from domain.severity import Grade
from domain.values import PublicText
from tests.domain.plans import changed, put
from tests.domain.story import rules

Change = Callable[[dict[str, Any]], object]
WHY = PublicText("The drill showed that trade answers later than we asked.")


def version(*changes: Change, **more: Any) -> Rules:
    """The default plan a month later, with something changed; `more` are parts beside the plan."""

    def change(document: dict[str, Any]) -> None:
        document.update(version="2026.2", adopted_on=date(2026, 12, 1), review_on=date(2027, 12, 1))
        for each in changes:
            each(document)

    own = rules()
    told = {"calendar": own.calendar, "wording": own.wording, "regulations": own.regulations}
    return rules_of(read_plan(changed(change)), **{**told, **more})


def within(row: str, limit: str) -> Change:
    """Give a row another time at the two gravest grades."""

    def change(document: dict[str, Any]) -> None:
        for grade in ("critical", "serious"):
            put(f"{row}.within.{grade}", limit)(document)

    return change


def milder_halts(document: dict[str, Any]) -> None:
    """Order nothing any more on a report or at the acceptance."""
    for grade in Grade:
        document["grades"][grade]["halt_on_report"] = "H0"
        document["grades"][grade]["halt_on_acceptance"] = "H0"


def other_signer(document: dict[str, Any]) -> None:
    """Let legal sign when sale goes on, and nobody else."""
    document["acts"]["resume_sale"]["signers"][0]["roles"] = ["legal"]


def stricter_text(document: dict[str, Any]) -> None:
    """Ask one more approval for a first statement."""
    document["statements"]["holding"]["approvals"].append(
        {"roles": ["legal_representative"], "label_en": "Management", "label_zh": "管理层"}
    )
