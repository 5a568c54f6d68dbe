"""An incident as one person finds it at one moment: what can be asked without acting.

What belongs here: who looks at what, and when. What never does: a rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.acts import may
from domain.dispatch import Act
from domain.people import Actor, Role
from domain.rules import Rules
from domain.state import Incident


@dataclass(frozen=True, slots=True)
class Scene:
    """An incident, who looks at it, and when; `company` are the rules that new incidents get."""

    incident: Incident
    who: Actor
    at: datetime
    company: Rules | None = None

    @property
    def act(self) -> Act:
        """Give an act of this person that says nothing yet, for rules that ask who acts."""
        return Act(command_id="", actor=self.who, at=self.at, happened_at=self.at, command=None)

    def may(self, roles: Iterable[Role]) -> bool:
        """Say whether the person may act for one of some roles now, as a deputy too."""
        return may(self.incident, self.act, roles)
