"""Who was on the team at a moment, as page and terminal say it.

What belongs here: the names, each with what is to be known of them. What never does: who could act
by the company's list, or who is on the team (domain/team.py).
"""

from api.pages.lens import Drawn, Lens
from domain.state import Incident
from domain.team import OnTeam, on_team


def team_told(lens: Lens, state: Incident) -> list[Drawn]:
    """Give each role with the names of those who carry it or are named for it."""
    rows: dict[str, list[Drawn]] = {}
    for one in on_team(state):
        rows.setdefault(one.role, []).append({"name": _name(lens, one)})
    return [{"label": lens.role(role), "chips": chips} for role, chips in rows.items()]


def _name(lens: Lens, one: OnTeam) -> str:
    name = lens.person(one.person)
    if not one.accepted:
        return lens("%(name)s (not accepted yet)", name=name)
    return lens("%(name)s (away)", name=name) if one.absent else name
