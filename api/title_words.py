"""Patterns of texts that the domain puts together and that are no sentences: titles, parts.

Belongs here: such a text as the domain writes it, its values as numbered holes. Never here: a
translation. A part of a sentence may itself be one of these (api/words.py looks again).
"""

from typing import Final

TITLES: Final = {
    "decided": "Decide whether there will be this text: {0}",
    "ready": "Have it approved and ready: {0}",
    "out": "Publish: {0}",
    "again": "Next: {0}",
    "correct": "Correct {0}, or find it right",
    "answer": "Answer {0}: {1}",
    "tell_trade": "Tell the consignees",
    "tell_consumers": "Tell the consumers",
    "silent": "{0} consignees have not answered",
    "silent_one": "{0} has not answered",
    "decide": "Decide: recall, yes or no",
    "finding": "Sign the finding on the cause, or an interim one",
    "hazard": "Evaluate the health hazard, preliminarily",
    "hazard_final": "Sign the health hazard evaluation",
    "team": "Form the team: every role named and accepted",
    "reportable": "Is it reportable? {0}",
    "by_hand": "Set the due time by hand: {0}. {1}",
    "unverified": "Not verified: does {0} apply here? {1}",
    "applies": "{0} applies after all: {1}",
    "duty": "{0}, to the {1}",
    "duty_possible": "Possibly: {0}",
    "at_place": "{0} ({1})",
    "guideline": "{0} (guideline)",
    "request": "{0} (request of the authority)",
    "company": "{0} (our own target; the law says: at once)",
    "hand": "{0} (time set by hand)",
    "phone": "{0} by phone (our own target; the law says: at once)",
    "early": "{0} (our own earlier target)",
}

PARTS: Final = {
    "none yet": "none yet",
    "at once": "at once",
    "message": "message in the outbox",
    "every approval": "every approval",
    "meaning": "I approve this act as it stands",
    "limit": "{0}, above the limit of {1}",
    "version": "{0} version {1}",
    "report": "the report is neither accepted nor closed",
    "recall": "a recall is not completed in every market",
    "duty": "duty {0} is neither filed nor determined not reportable",
    "authority": "the authority's act {0} waits for an answer",
    "action": "action {0} ({1}) is not verified",
    "halt": "halt {0} stands",
    "act": "act {0} waits for signatures",
    "reason": "reason: {0}",
    "cannot close": "The incident cannot close: {0}.",
    "still open": "Still open: {0}.",
    "no doubt": "New facts leave no doubt: {0}",
    "blocks": "A wording rule blocks this text now: “{0}”. {1}",
    "no article": "article number not seen",
    "chart": "flow chart, article number not seen",
    "lots": "Every lot that is not named",
    "in words": "{0} is now {1}",
}
