"""What one of several things of a state is called, where a difference between two moments names it.

What belongs here: words for the collections of the state, by stage and field. What never does: what
a field is called as a whole (field_words.py), or a sentence.
"""

from typing import Final

Words = dict[str, str]

THING: Final[Words] = {
    "report.reports": "Report",
    "report.assessments": "Assessment",
    "report.cases": "Person hurt",
    "investigation.evidence": "Evidence",
    "investigation.tests": "Test",
    "investigation.facts": "Fact",
    "investigation.evaluations": "Evaluation",
    "investigation.findings": "Finding",
    "halt.listed": "On the list of channels",
    "halt.orders": "Halt order",
    "halt.channels": "Channel",
    "halt.lines": "Production line",
    "halt.left_off": "Level decided against",
    "halt.quarantine": "Stock set apart",
    "recall.versions": "Version of the scope",
    "recall.decisions": "Decision",
    "recall.consignees": "Consignee",
    "recall.told": "Who is told",
    "recall.tallies": "Count of a lot",
    "recall.settlements": "Settlement",
    "recall.ends": "End of the recall",
    "recall.counts": "Count",
    "recall.letters": "Letter",
    "statement.statements": "Text",
    "statement.enquiries": "Enquiry",
    "statement.mentions": "Mention",
    "statement.decided": "Decision on a text",
    "statement.hotline_calls": "Test call to the hotline",
    "notice.duties": "Duty",
    "notice.judged": "Rule judged",
    "notice.acts": "Act of an authority",
    "notice.classes": "Class of a product",
    "notice.partners": "Partner",
    "notice.to_tell": "Also to be told",
    "review.actions": "Action",
    "review.lessons": "Lesson",
    "people.roles": "Role",
    "people.absences": "Absence",
    "people.interests": "Interest",
    "people.meetings": "Meeting",
    "people.holds": "Legal hold",
    "people.outsiders": "From outside",
    "people.adoptions": "Plan version adopted",
    "people.rooms": "Inspector's room",
    "people.room_questions": "Question of an inspector",
}
"""One thing of a collection of the state, by stage and field: a number or a name follows."""
