"""The one agreed line 统一口径, wherever it was agreed: set by itself, or in a meeting.

What belongs here: reading which line stands now. What never does: setting it
(domain/enquiries.py, domain/meetings.py).
"""

from domain.state import Incident
from domain.state.statement import AgreedLine


def agreed_line(incident: Incident) -> AgreedLine | None:
    """Give the line agreed last; what is not to be said and who speaks stay as they were set.

    Of a line that a meeting agreed nobody is named in `by`.
    """
    line, people = incident.statement.agreed_line, incident.people
    held = next((one for one in people.meetings if one.seq == people.agreed_line_seq), None)
    if held is None or (line is not None and line.at > held.ended_at):
        return line
    return AgreedLine(
        version=line.version if line else 0,
        messages=(people.agreed_line,),
        do_not_say=line.do_not_say if line else (),
        spokesperson=line.spokesperson if line else "",
        at=held.ended_at,
        by="",
    )
