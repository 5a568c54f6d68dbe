"""Case files: what happened when, by whom. One format for drills, demos and tests.

What belongs here: the typed shape and the reader. What never does: running one
(services/drilling.py), or an incident's own rules.

A step gives one command (`do`) by one role (`by`), `after` a length of time counted from the
start; `sign` lists the roles that sign the act it proposes. In `body` and `item` a text that
begins with `$` is a path into the incident's state, such as `$statement.statements.S1.sha256`;
`each` names such a path to a list, and the step is done once for every member, `$each`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain.clock import Limit
from domain.errors import FieldError
from domain.incident import stage_of  # noqa: F401 - importing the whole completes the registry
from domain.message import COMMANDS
from domain.people import SYSTEM_ROLES, Role
from domain.plan_reading import read_file
from domain.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProduct:
    """A product of the case with its lots; ids are used in the steps."""

    id: str
    name_en: str
    name_zh: str
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChannel:
    """A channel of the case; `count` of them are made, reached by `adapter`."""

    kind: str
    market: str
    name_en: str
    name_zh: str
    count: int = 1
    adapter: str = "demo_shop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act: who does what when."""

    after: Limit
    by: Role
    do: str
    note_en: str = ""
    note_zh: str = ""
    item: str = ""
    each: str = ""
    body: Json = field(default_factory=dict)
    sign: tuple[Role, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One case: invented or real (with its sources), its world, and its steps in order."""

    id: str
    title_en: str
    title_zh: str
    invented: bool
    sources: tuple[str, ...]
    starts_at: datetime
    reporter: Role
    report: Json
    products: tuple[CaseProduct, ...]
    channels: tuple[CaseChannel, ...]
    steps: tuple[Step, ...]
    ends_after: Limit
    consignees: tuple[str, ...] = ()


def read_case_file(document: Mapping[str, Any]) -> CaseFile:
    """Read a case file. Raises BrokenSetup that names every problem with its path."""
    return read_file(CaseFile, document, what="The case file", checks=_checks)


def _checks(case: CaseFile) -> Iterator[FieldError]:
    before = None
    for number, step in enumerate(case.steps):
        path = f"steps.{number}"
        spec = COMMANDS.get(step.do)
        if spec is None or spec.roles <= SYSTEM_ROLES:
            yield FieldError(f"{path}.do", f"There is no act called {step.do!r}.")
        elif spec.item is not None and not step.item:
            yield FieldError(f"{path}.item", f"{step.do} needs an item ({spec.item}).")
        if before is not None and _minutes(step.after) < before:
            yield FieldError(f"{path}.after", "Steps stand in the order of time.")
        before = _minutes(step.after)
    if not case.invented and not case.sources:
        yield FieldError("sources", "A real case names its sources.")


def _minutes(limit: Limit) -> int:
    per_unit = {"minutes": 1, "hours": 60, "calendar_days": 1440, "immediately": 0}
    return limit.amount * per_unit.get(str(limit.unit), 1440)
