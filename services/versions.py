"""The versions of the plan that the company has kept, and those that an incident may adopt.

What belongs here: reading them. What never does: adopting one for the company (services/company.py)
or for an incident (that is an act, domain/adopting.py).
"""

from dataclasses import dataclass
from datetime import datetime

from domain.adopting import is_newer
from domain.errors import BrokenSetup
from domain.rules import Rules
from domain.state import Incident
from services.house import House
from storage.rules import kept_rules


@dataclass(frozen=True, slots=True)
class Kept:
    """Rules that were once adopted for new incidents; `is_current` of those that are now."""

    rules: Rules
    kept_at: datetime
    is_current: bool


def kept(house: House) -> list[Kept]:
    """List the versions that are kept, the newest first; what this release cannot read is not."""
    current, found = house.current_rules().hash, []
    for rules_hash, kept_at in kept_rules(house.engine, "incident"):
        try:
            found.append(Kept(house.rules(rules_hash), kept_at, rules_hash == current))
        except BrokenSetup:
            continue
    return found[::-1]


def adoptable(house: House, incident: Incident) -> list[Kept]:
    """List the versions that an incident may adopt, those of new incidents first."""
    fitting = [each for each in kept(house) if is_newer(each.rules, incident)]
    return sorted(fitting, key=lambda each: not each.is_current)
