"""Ids of workflows and keys of effects, in one place; no personal data ever stands in them."""

TASK_QUEUE = "andon"
"""Where deciding, recording and the first orders of a halt happen: nothing there waits long."""

OUTSIDE_QUEUE = "andon-outside"
"""Where systems of others are waited for: shops that hang keep no record and no order waiting."""


def incident_workflow(incident: str, run: int = 1) -> str:
    """`INC-2026-0007/1`; reopening after the seal starts `/2`."""
    return f"{incident}/{run}"


def run_of(workflow_id: str) -> int:
    """Give the run that an incident's workflow is; 0 for what has one run for ever."""
    number = workflow_id.rpartition("/")[2]
    return int(number) if "/" in workflow_id and number.isdigit() else 0


def case_workflow(case: str) -> str:
    """`CASE-2026-000123`: a case has one run for ever, what comes later is a new case."""
    return case


def halt_workflow(incident: str, order: int) -> str:
    """`INC-2026-0007/halt/3`."""
    return f"{incident}/halt/{order}"


def halt_again_workflow(incident: str, order: int, entry: int) -> str:
    """`INC-2026-0007/halt/3/again/212`: order 3 goes out anew to some channels, by entry 212."""
    return f"{halt_workflow(incident, order)}/again/{entry}"


def resume_workflow(incident: str, target: str) -> str:
    """`INC-2026-0007/resume/1`."""
    return f"{incident}/resume/{target}"


def resume_of(workflow_id: str) -> str:
    """Give the order to resume that a workflow carries."""
    return workflow_id.rpartition("/resume/")[2]


def carried_by(workflow_id: str) -> str:
    """Name what a workflow carries of an entry that orders several things at one channel.

    That are orders that go out anew, and what is left to resume beside an order to stop
    (domain/under_way.py); nothing else: by its entry alone it is known.
    """
    if "/again/" in workflow_id:
        return workflow_id.rpartition("/again/")[0].rpartition("/halt/")[2]
    resume = resume_of(workflow_id) if "/resume/" in workflow_id else ""
    return resume if "-beside-" in resume else ""


def recall_told_workflow(incident: str, entry: int) -> str:
    """`INC-2026-0007/recalled/212`: what entry 212 changed is told to whoever keeps books."""
    return f"{incident}/recalled/{entry}"


def publish_workflow(incident: str, statement: str, version: int, order: int = 1) -> str:
    """`INC-2026-0007/publish/S2/3`; a further order for the same bytes gets `/2`, `/3`."""
    first = f"{incident}/publish/{statement}/{version}"
    return first if order == 1 else f"{first}/{order}"


def effect_key(workflow_id: str, entry: int, effect: str, target: str) -> str:
    """`<workflow id>:<entry>:<effect>:<target>`, stable over retries and new runs."""
    return f"{workflow_id}:{entry}:{effect}:{target}"


def incident_of(workflow_id: str) -> str:
    """Give the incident an incident workflow belongs to."""
    return workflow_id.rsplit("/", 1)[0]
