"""What a filing is called, by what its duty asks: a first report, a follow-up, a status report.

What belongs here: names of the acts that file, and of what was filed. What never does: who may file
(domain/filing.py), or when it is due.
"""

from api.page_words import DEEDS
from api.pages.lens import Lens
from api.pages.looking import View
from domain.message import CommandSpec
from domain.regulation_terms import ClockStart, Deed, FilingKind
from domain.state.notice import Duty

FILE_FIRST = "file_first"


def deed_of(view: View, duty: Duty) -> Deed:
    """Say what the rule of a duty wants done; a report where the rules that hold lack it."""
    rules = view.state.rules.regulations
    return next((rule.deed for rule in rules if rule.id == duty.rule), Deed.REPORT)


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
        return lens(DEEDS.get(deed_of(view, duty), spec.title))
    return lens(spec.title)


def act_help(view: View, spec: CommandSpec, item: str = "") -> str:
    """Say how to do an act; where a duty asks for no report, what shows that it was done."""
    duty = view.state.notice.duties.get(item)
    if spec.name == FILE_FIRST and duty is not None and deed_of(view, duty) in DEEDS:
        return view.lens(
            "No report is asked for here. Say who was told or what is finished, how and when, and "
            "attach what shows it."
        )
    return view.lens(spec.help)


def filing_kind(lens: Lens, duty: Duty, kind: FilingKind) -> str:
    """Name what was filed under a duty."""
    if kind is FilingKind.INITIAL and duty.start_fact is ClockStart.FILING:
        return lens("Status report")
    return lens.word(kind)
