"""What a filing is called, by what its duty asks: a first report, a follow-up, a status report.

What belongs here: names of the acts that file, and of what was filed. What never does: who may file
(domain/filing.py), or when it is due.
"""

from api.pages.lens import Lens
from api.pages.looking import View
from domain.message import CommandSpec
from domain.regulation_terms import ClockStart, FilingKind
from domain.state.notice import Duty

FILE_FIRST = "file_first"


def act_title(view: View, spec: CommandSpec, item: str = "") -> str:
    """Name an act about a thing; the first filing under a duty by what that duty asks for.

    The clock of a periodic report starts with the filing before it: nobody files a "first report"
    there for the third time.
    """
    lens, duty = view.lens, view.state.notice.duties.get(item)
    if spec.name == FILE_FIRST and duty is not None:
        if duty.start_fact is ClockStart.FILING:
            return lens("File the status report")
        if duty.start_fact is ClockStart.NEW_INFORMATION:
            return lens("File the follow-up report")
    return lens(spec.title)


def filing_kind(lens: Lens, duty: Duty, kind: FilingKind) -> str:
    """Name what was filed under a duty."""
    if kind is FilingKind.INITIAL and duty.start_fact is ClockStart.FILING:
        return lens("Status report")
    return lens.word(kind)
