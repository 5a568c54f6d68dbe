"""What further reports tell of people hurt who are not registered: said beside the count.

What belongs here: the sentence, wherever the number of people hurt is read or sent. What never
does: adding the two. The same person may stand in both, and only who registers them can say so.
"""

from api.pages.lens import Drawn, Lens
from domain.state.report import ReportState


def told_besides(lens: Lens, report: ReportState) -> str:
    """Say how many more further reports tell of; nothing where they tell of none."""
    if not report.told_besides:
        return ""
    told = lens.words.ngettext(
        "reports tell of %(n)s more who is not registered",
        "reports tell of %(n)s more who are not registered",
        report.told_besides,
    )
    return told % {"n": lens.number(report.told_besides)}


def people_rows(lens: Lens, report: ReportState) -> list[Drawn]:
    """Give what a report to an authority has to know of people hurt, where reports tell of more."""
    besides = told_besides(lens, report)
    if not besides:
        return []
    registered = lens("registered: %(n)s", n=lens.number(len(report.cases)))
    note = lens(
        "The two are not added up: the same person may stand in both. Give both numbers, and "
        "register each person."
    )
    return [{"label": lens("People hurt"), "text": f"{registered} · {besides}", "note": note}]
