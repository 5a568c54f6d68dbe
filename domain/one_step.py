"""One step that stands half done.

What belongs here: its shape. What never does: which steps there are (domain/next_steps.py).
"""

from dataclasses import dataclass

from domain.people import Role
from domain.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """One step: the act that takes it, and the thing it is about where it is about one.

    `roles` names who is asked first where many may; empty means all who may. A step of its `own` is
    named even while a clock asks for the same act for another reason. An `urgent` one goes before
    whatever has a time: people read now what is wrong, or an authority has ordered it.
    """

    act: str
    title: str
    stage: Stage
    item: str = ""
    roles: tuple[Role, ...] = ()
    own: bool = False
    urgent: bool = False
