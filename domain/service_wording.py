"""What nobody may write in an after-sales case: to the person, or about them.

What belongs here: the wording rules (domain/wording.py) as they bear on one case, and the labels
that are never put on a person. What never does: a phrase of the rules (plan/wording/).

No reaction is called normal, no medicine is chosen for anybody, nothing is blamed on a person
before it is found, and whoever presses hard is a matter for legal, without a name for it
(reference 1 and 8, row 23).
"""

import re
import unicodedata

from domain.errors import Refused
from domain.markets import EVERYWHERE
from domain.seen import as_seen
from domain.service_terms import Cause
from domain.state.service_case import ServiceCase
from domain.values import PublicText
from domain.wording import Bearing, Passage, Severity, Situation, findings

LABELS = re.compile(
    r"敲诈|勒索|讹诈|讹人|碰瓷|刁民|恶意(投诉|索赔|维权)|职业(打假|索赔)"
    r"|\bextort\w*|\bblackmail\w*|\bfraudster\w*|\bprofessional (complainer|claimant)s?\b",
    re.IGNORECASE,
)


def refuse_words(case: ServiceCase, *texts: PublicText, cause: Cause | None = None) -> None:
    """Refuse texts that the rules block in an answer to this person; raises Refused.

    `cause` is the one that is being recorded, so that it may be named in its own reasons.
    """
    for text in texts:
        label = LABELS.search(as_seen(text).text)
        if label is not None:
            raise Refused(
                f"“{label[0]}” is a label on a person and stands in no case.",
                "Write what was asked for; what needs counsel goes to legal, without a name.",
                code="label",
            )
        for found in findings(case.rules.wording, [_passage(text)], _bearing(case, cause)):
            if found.severity is Severity.BLOCK:
                raise Refused(
                    f"“{found.matched}” may not be said. {found.reason}",
                    "Say what is known, to stop using it, and to ask a doctor or pharmacist.",
                    code="wording",
                )


def _passage(text: str) -> Passage:
    """Take a text with one Chinese character in it for Chinese."""
    is_chinese = any(unicodedata.name(letter, "").startswith("CJK") for letter in text)
    return Passage(language="zh" if is_chinese else "en", part="body", text=text)


def _bearing(case: ServiceCase, cause: Cause | None) -> Bearing:
    """Say which rules hold: those for a reply, where the person lives, as far as things stand."""
    situations = set()
    known = cause or (case.cause.cause if case.cause else None)
    if known in (None, Cause.NOT_FOUND):
        situations.add(Situation.CAUSE_OPEN)
    if case.hurt:
        situations |= {Situation.SOMEONE_HURT, Situation.HURT_OR_PATHOGEN}
    if case.incident is None:
        situations.add(Situation.BEFORE_RECALL)
    return Bearing(
        kind="reply",
        markets=(case.country or EVERYWHERE,),
        situations=frozenset(situations),
    )
