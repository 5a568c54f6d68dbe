"""One after-sales case: `decide_case`, the door for every act on it, and its `Plot`.

What belongs here: which acts a case takes and when. What never does: what an act leads to
(domain/service_opening.py, service_answers.py, service_remedies.py), or an incident. A case is a
stream of its own: the same path, signatures, ladder and fold as an incident (domain/plot.py).
"""

from typing import Any

from domain import (  # noqa: F401 - each import fills the tables of domain/dispatch.py
    acts,
    agenda,
    service_answers,
    service_opening,
    service_remedies,
)
from domain.dispatch import Act
from domain.errors import Malformed, NotAllowed, Refused
from domain.message import CASE_COMMANDS, command_spec
from domain.plot import Plot, decided
from domain.rules import Rules
from domain.state.service_case import ServiceCase, case_text, read_case_text


def new_case(case_id: str, rules: Rules, *, drill: str = "") -> ServiceCase:
    """Give the case before its first entry."""
    return ServiceCase(rules=rules, id=case_id, drill=drill)


def decide_case(case: ServiceCase, act: Act) -> tuple[Any, ...]:
    """Say what an act on a case leads to. Raises Malformed for a command that no case takes."""
    spec = command_spec(act.command)
    if spec.name not in CASE_COMMANDS:
        raise Malformed(f"An after-sales case takes no {spec.name}.", "Send it to an incident.")
    return decided(case, act, lambda: _require_open(case, act, spec.name))


def _require_open(case: ServiceCase, act: Act, name: str) -> None:
    """Refuse what a case takes no more, not yet, or not by a scribe's hand; raises Refused."""
    if act.actor.on_behalf_of is not None:
        raise NotAllowed(
            "In a case everybody records for themselves.",
            "Ask the person to sign in.",
            code="own_hand",
        )
    if case.closed_at is not None and name != "pass_time":
        raise Refused(
            "This case is closed.", "Open a new one and name this one in it.", code="closed"
        )
    if case.opened_at is None and name != "open_case":
        raise Refused("Nothing was recorded here yet.", "Open a case first.", code="not_opened")
    if case.opened_at is not None and name == "open_case":
        raise Refused("This case is open already.", "Add to it.", code="opened")


CASE = Plot(
    new=new_case,
    decide=decide_case,
    is_over=lambda case: case.closed_at is not None,
    end="closed",
    words=lambda case: (case.status, str(case.level)),
    text=case_text,
    read=read_case_text,
)
"""A case, as workflow, recorder and readers need to know it."""
