"""What an act needs on the record before it can be done, by its row of the plan.

What belongs here: a command's row, and what of its needs is lacking. What never does: whether an
act makes sense now (openings.py), or refusing one (conditions.py).
"""

from dataclasses import fields
from typing import Final

from domain.conditions import MISSING, Missing, is_on_record
from domain.message import COMMANDS
from domain.plan_rows import ActRule
from domain.plan_terms import Need
from domain.scene import Scene
from domain.state import Incident

_RECALL_DECISIONS: Final = ("decide_recall", "decide_no_recall")
GROUND: Final = (Need.HAZARD_EVALUATION, Need.SCOPE)
"""What every decision on a recall rests on, whatever the plan adds."""


def row_of(scene: Scene, command: str) -> ActRule | None:
    """Give the plan's row of a command, where it does not depend on what is filled in."""
    try:
        key = COMMANDS[command].act(None)
    except AttributeError:
        return None
    return None if key is None else scene.incident.rules.plan.act(key, scene.incident.grade)


def missing_before(incident: Incident, command: str) -> tuple[Missing, ...]:
    """Say which earlier steps the decision on a recall waits for; nothing for another act."""
    if command not in _RECALL_DECISIONS:
        return ()
    needs = incident.rules.plan.act(command, incident.grade).needs
    wanted = dict.fromkeys((*GROUND, *needs))
    return tuple(MISSING[need] for need in wanted if not is_on_record(incident, need))


def lacking(scene: Scene, command: str, rule: ActRule) -> tuple[Need, ...]:
    """Give what the row needs, is not on the record, and does not come with the command."""
    brings = {part.name for part in fields(COMMANDS[command].type)}
    needs = [need for need in rule.needs if not (need is Need.EVIDENCE and "evidence" in brings)]
    return tuple(need for need in needs if not is_on_record(scene.incident, need))
