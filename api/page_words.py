"""English words of lists that belong to pages alone: headings, kinds of entries, amounts of time.

What belongs here: one word or phrase per key. What never does: a list of the domain
(activities/word_lists.py), or a text that stands in a template.
"""

from typing import Final

Words = dict[str, str]

AUDIT_QUESTION: Final[Words] = {
    "1": "Who in the company knew first, when, and when did the firm act?",
    "2": "Why this grade, why not higher, who lowered it?",
    "3": "Why these lots and no others? Why not earlier lots?",
    "4": "Who decided to recall, or not to, on what basis, against whose view?",
    "5": "At this minute: what was on sale, what did the public text say, what did you know?",
    "6": "Every duty to tell an authority: trigger, clock, due, filed, receipt; which were judged "
    "not reportable, and by whom?",
    "7": "A consignee: told when, how often, answered what, where are its units? Prove the total.",
    "8": "Who approved exactly this sentence, did the published bytes match, who corrected it?",
    "9": "Was the plan approved, trained and drilled before, and followed now? Where did you "
    "depart from it?",
    "10": "Is the record whole? What was changed, hidden, erased, entered late, read by whom?",
}
"""What an auditor asks first (practice of inspections)."""

ERASURE: Final[dict[str, Words]] = {
    "erasure_basis": {
        "no_longer_needed": "no longer needed for what it was told for",
        "consent_withdrawn": "consent was withdrawn",
        "objection": "the person objected",
        "unlawful": "it should not have been kept",
        "legal_duty": "a law asks for it",
        "period_over": "the time for keeping it is over",
    },
    "erasure_state": {
        "asked": "waits for legal",
        "withdrawn": "withdrawn",
        "done": "erased",
    },
    "keeps": {
        "hold": "A legal hold stands",
        "open": "It is not closed: what was told is still needed",
        "period": "The law's time for keeping it runs",
        "doubt": "How long it must be kept is not certain",
    },
}
"""On what ground something is erased, where a request stands, and what stands against it."""

PREVIEW: Final[Words] = {
    "open": "readable now",
    "withdrawn": "withdrawn",
    "changed": "closed: the text is no longer the one that was shared",
    "blocked": "shows nothing: a wording rule blocks this text now",
    "out": "published: leads to the public page, where there is one",
    "ended": "over: its time has passed",
}
"""What a preview of a text shows now (domain/previews.py)."""

WAIT: Final[Words] = {
    "differs": "Other words than those approved stand there: put them right, then look again",
    "not_there": "It could not be brought everywhere",
    "mend": "Out, and said to be wrong: correct it, or find it right",
    "correcting": "Out, and said to be wrong: another text is begun that answers it",
    "write": "The plan asks for it, and nobody has begun it",
    "approve": "Waits for approval",
    "change": "Has to be changed before it goes on",
    "publish": "Approved, and not out yet",
    "look": "Handed over: somebody has to say where it stands now",
    "sending": "On its way out",
    "time": "Goes out by itself at its time",
    "embargo": "Approved; readers outside have it under embargo",
    "record": "Approved; something has to be on the record before it goes out",
    "hand_in": "A draft that can be handed in",
    "fill_in": "A draft in which something is to be filled in or mended",
}
"""What a text waits for (domain/text_waits.py)."""

WAIT_ACT: Final[Words] = {
    "differs": "Put it right",
    "not_there": "Put it right",
    "mend": "Write a correction",
    "write": "Write a text",
    "approve": "Read and approve",
    "change": "Read and change it",
    "publish": "Read and publish",
    "look": "Say where it stands",
    "hand_in": "Read and hand in",
    "fill_in": "Fill it in",
}
"""How the queue of texts leads whoever can end a wait to it."""

QUEUE_PART: Final[Words] = {
    "wrong": "Out, and not right",
    "approve": "For you to approve now",
    "change": "For you to change",
    "write": "For you to write",
    "publish": "Ready to go out",
    "look": "Out: say where it stands",
    "timed": "Waiting for a time, or for what must come first",
    "others": "Waiting for somebody else",
    "drafts": "Drafts",
}
"""The parts of the queue of texts."""

QUESTION_STEP: Final[Words] = {
    "I": "Five questions before anything is stopped",
    "A": "What the assessment needs",
    "H": "What the health hazard evaluation says",
}

QUESTION_NOTE: Final[Words] = {
    "A": "within hours; leave open what nobody knows",
    "H": "leave open until it is signed",
}
"""The steps in which the severity questions are asked, and when each is answered."""

FACT: Final[dict[str, Words]] = {
    "fact": {
        "products": "Products",
        "lots": "Lots",
        "markets": "Markets",
        "people_hurt": "People hurt",
        "people_seriously_hurt": "People seriously hurt, by the law of any market",
        "people_told_besides": "More people that reports tell of, not registered",
        "cases_registered": "Cases registered",
        "units_affected": "Units affected",
        "units_made": "Units made",
        "units_shipped": "Units shipped",
        "units_sold": "Units sold",
        "came_back_before": "Complaints, returns and recalls of it before",
    },
    "fact_unit": {"people": "people", "cases": "cases", "units": "units"},
    "fact_unit_one": {"people": "person", "cases": "case", "units": "unit"},
}
"""Names and units of the facts that an incident knows by itself."""

TIME: Final[dict[str, Words]] = {
    "limit_unit": {
        "immediately": "at once",
        "minutes": "%(n)s minutes",
        "hours": "%(n)s hours",
        "calendar_days": "%(n)s days",
        "working_days": "%(n)s working days",
        "months": "%(n)s months",
    },
    "limit_unit_one": {
        "minutes": "%(n)s minute",
        "hours": "%(n)s hour",
        "calendar_days": "%(n)s day",
        "working_days": "%(n)s working day",
        "months": "%(n)s month",
    },
}
"""Amounts of time."""

ENTRY_KIND: Final[Words] = {
    "decision": "Decisions",
    "order": "Orders given",
    "answer": "Replies",
    "publication": "Publications",
    "filing": "Filings",
    "person": "People",
    "overdue": "Overdue",
    "refused": "Refused",
    "note": "Other",
}
"""Kinds of entries by which the ledger is filtered."""

DEPARTURE: Final[Words] = {
    "late": "Late",
    "overridden": "Overridden, or let pass with a reason",
    "silence": "By silence",
    "backfilled": "Entered late",
    "lapsed": "Proposed, and no longer allowed as it stood",
    "refused": "Refused",
}
"""How an incident can depart from its plan, as the auditor's ninth question has it."""

WORDING_SOURCE: Final[Words] = {
    "gap": "a text with a gap is not finished",
    "hurt": "adverse-reaction procedure: stop using at once",
    "counsel": "communication practice of counsel",
    "practice": "communication practice",
    "override": "legal may override",
    "read": "copy read",
    "check": "to be checked",
    "fda": "FDA guidance Public Warning and Notification of Recalls (2019)",
    "fda_short": "FDA guidance (2019)",
}
"""What stands behind a wording rule that is no law (plan/wording/): said in both languages."""

CITED: Final[Words] = {"reference 4.6": "figures in a text follow facts"}
"""What the domain cites by the number of a chapter that no reader has (domain/references.py)."""

PROBLEM: Final[Words] = {
    "401": "You are not signed in",
    "403": "This is not yours to do",
    "404": "Nothing is here",
    "405": "This address takes no such request",
    "409": "Not possible as things stand",
    "413": "Too large",
    "422": "This cannot be read",
    "429": "Too many at once",
    "500": "Something went wrong on our side",
    "503": "Not confirmed yet",
}
"""What stands over the page of a refusal or failure, by its status."""

STAGE_WORD: Final[Words] = {
    "left": "ended, not all confirmed",
    "stopped": "ended, stays stopped",
    "none": "not begun",
    "waiting": "waits",
    "running": "running",
    "done": "done",
    "not_needed": "not needed",
}
"""How a stage stands, in one word (domain/overview.py)."""

DEEDS: Final = {
    "tell_owner": "Record that the owner of the product was told",
    "tell_sellers": "Record that sellers were told",
    "tell_consumers": "Record that consumers were told",
    "finish_recall": "Show that the recall is finished",
}
"""What is done under a duty that asks for no report, by what its rule wants done."""

BEFORE: Final = {"limit": "%(length)s before"}
"""How a limit before an event is written."""

ACCESS_HOLDS: Final[dict[str, str]] = {
    "restricted": "Notes about people who had to do with the matter: who knew first, who took "
    "or received evidence, who answered, what ties somebody to it, enquiries and what was said.",
    "health": "What was told of people who are or may be hurt, in their own words, and who "
    "they are: also the words of the report itself.",
    "enquiry": "Who asked from outside, such as the press, and how they are reached.",
    "inside": "What nobody may know before the market is told.",
}
"""Which private words belong to a class, for whoever chooses what a room shows."""
