"""What each act of an authority asks of people: what to do, who goes, what to bring.

What belongs here: short plain sentences for each kind, in English; the catalogue has the others.
What never does: a limit or a rule of law: the letter of the authority says by when.
"""

from dataclasses import dataclass
from typing import Final

from domain.regulation_terms import AuthorityActKind as K


@dataclass(frozen=True, slots=True)
class ActHelp:
    """What to do, who goes or signs, and what to bring or attach; empty where nothing is needed."""

    do: str
    who: str = ""
    bring: str = ""


_FAILED: Final = ActHelp(
    do="Stop the lot, read the report, and decide within its time whether to ask for a re-test.",
    who="Regulatory affairs with quality; the laboratory that keeps the retained sample.",
    bring="The test report, the record of sampling, batch record and our own results.",
)

HELP: Final[dict[K, ActHelp]] = {
    K.INQUIRY: ActHelp(
        do="Answer every question, in its order. Write what is known, and what is not known yet.",
        who="Regulatory affairs writes, legal reads it before it goes.",
        bring="The papers that the letter names. Send copies and keep the originals.",
    ),
    K.INTERVIEW: ActHelp(
        do="Go at the time that is named. Tell what is known, promise only what is decided, and "
        "attach the minutes here.",
        who="Whoever was invited by name; with them quality and legal, and one person who writes.",
        bring="The invitation, proof of identity, a signed authority for each person, and what was "
        "done so far.",
    ),
    K.INSPECTION: ActHelp(
        do="Let them in and see their identity cards. Somebody stays with them all the time. Hide "
        "and change nothing. Read the record before signing, and attach it here.",
        who="Plant manager and quality; tell regulatory affairs and legal at once.",
        bring="Licences, batch records, release records, records of complaints, and the plan.",
    ),
    K.SAMPLING: ActHelp(
        do="See that the record names lot, number and seals, keep our half of the sample sealed, "
        "and attach the record here.",
        who="Quality, with whoever is in charge at the place.",
        bring="The record of sampling, the invoice of the goods, and the retained sample's number.",
    ),
    K.SAMPLING_FAILED_OTHER: _FAILED,
    K.SAMPLING_FAILED_SAFETY: _FAILED,
    K.RETEST_PASSED: ActHelp(
        do="Ask in writing what it changes. Halts stay until people lift them.",
        who="Regulatory affairs with quality.",
        bring="The report of the re-test.",
    ),
    K.RETEST_FAILED: ActHelp(
        do="The first result stands. Do what it asks for, and look at the recall again.",
        who="Regulatory affairs, quality and the commander.",
        bring="The report of the re-test.",
    ),
    K.ORDER_STOP: ActHelp(
        do="Stop at once what the order names, look at the halts, and report what was done.",
        who="The commander orders, channel leads and plant carry it out.",
        bring="Proof of each channel that has stopped.",
    ),
    K.ORDER_RECALL: ActHelp(
        do="Decide the recall, say which goods, and report the plan of it to the authority.",
        who="The commander and the legal representative sign; legal reads the order.",
        bring="The order, the scope, the recall plan.",
    ),
    K.CONSENT: ActHelp(
        do="Read its conditions. Sale begins again only by our own signed act.",
        who="Quality-safety responsible person and regulatory affairs.",
        bring="The letter of consent.",
    ),
    K.CLASS: ActHelp(
        do="Compare the class of each product line with ours, and see what it changes in texts, "
        "checks and depth.",
        who="Regulatory affairs with quality.",
        bring="The letter with the class of each line.",
    ),
    K.COMMENT: ActHelp(
        do="Change the draft or say why not, and send it again.",
        who="Whoever wrote the draft, with regulatory affairs.",
        bring="The draft with what was changed.",
    ),
    K.TERMINATION: ActHelp(
        do="Check the date and the goods that it names. It ends the recall in its market alone.",
        who="Regulatory affairs or legal confirms it.",
        bring="The letter with its date.",
    ),
}
