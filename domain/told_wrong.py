"""Who asked from outside and was given what no longer holds.

What belongs here: reading which enquiry was last answered with a text that was corrected, taken
back, replaced or called wrong since. What never does: answering (domain/enquiries.py), or who is
asked to (domain/next_steps.py). A newer answer with a text that stands settles it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from domain.state import Incident
from domain.state.statement import Enquiry, Statement, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldWrong:
    """An enquiry whose last answer does not hold; `title` says so, and what is to be done.

    `is_urgent` where somebody may hold wrong figures, and not only older ones.
    """

    enquiry: str
    title: str = ""
    is_urgent: bool = False


def told_wrong(incident: Incident) -> Iterator[ToldWrong]:
    """List whoever asked and was last given what no longer holds."""
    for enquiry in incident.statement.enquiries.values():
        found = given_wrong(incident, enquiry)
        if found is not None:
            yield found


def given_wrong(incident: Incident, enquiry: Enquiry) -> ToldWrong | None:
    """Say what is wrong with what an enquiry was last answered with; None while it holds."""
    if not enquiry.answers:
        return None
    last = enquiry.answers[-1]
    text = incident.statement.statements[last.statement]
    if text.changed_by:
        return _instead(enquiry.id, text, text.changed_by[-1])
    if text.flags:
        return ToldWrong(
            enquiry=enquiry.id,
            title=f"Tell who asked {enquiry.id} what is right: they were given {text.id}, which is "
            "called wrong",
            is_urgent=True,
        )
    if text.sha256 == last.sha256:
        return None
    return ToldWrong(
        enquiry=enquiry.id,
        title=f"Tell who asked {enquiry.id} what holds now: they were given {text.id} as it stood "
        "before it was changed",
    )


def _instead(asked: str, text: Statement, newer: str) -> ToldWrong:
    """Say which newer text tells what holds instead of the one that was given."""
    made = ToldWrong(enquiry=asked)
    if text.status is Status.RETRACTED:
        return replace(
            made,
            title=f"Tell who asked {asked}: they were given {text.id}, which {newer} takes back",
        )
    if text.status is Status.SUPERSEDED:
        return replace(
            made,
            title=f"Tell who asked {asked} what holds now: they were given {text.id}, which "
            f"{newer} replaces",
        )
    return replace(
        made,
        title=f"Tell who asked {asked} what is right: they were given {text.id}, which {newer} "
        "corrects",
        is_urgent=True,
    )
