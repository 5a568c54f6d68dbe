"""When rules were put into use in the company, and by whom: as its log has it.

What belongs here: finding the line. What never does: what the plan's own text says of its adoption
(domain/plan_whole.py), or adopting (services/company.py).
"""

from collections.abc import Iterable
from typing import Final

from services.house import House
from storage import company
from storage.company import LogLine

ADOPTED: Final = frozenset({"PlanAdopted"})
"""Lines of the company's log by which rules came into use."""


def put_into_use(lines: Iterable[LogLine], rules: str) -> LogLine | None:
    """Give the latest line by which rules of this hash came into use; None where none tells."""
    found = [one for one in lines if one.type in ADOPTED and one.body.get("rules") == rules]
    return found[-1] if found else None


def of_rules(house: House, rules: str) -> LogLine | None:
    """Give the line of the company's log for rules of this hash; None where none tells."""
    return put_into_use(company.lines_of(house.engine, ADOPTED), rules)
