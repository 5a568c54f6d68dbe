"""Every list of words that a page may need: the domain's own, and those that belong to pages alone.

What belongs here: putting the lists together. What never does: a word (activities/word_lists.py has
those of the domain, for messages use them too; api/page_words.py and api/event_names.py the rest).
"""

from typing import Final

from activities.word_lists import LISTS as DOMAIN_LISTS
from activities.word_lists import STAGE
from api.event_names import EVENT_NAMES
from api.page_words import (
    ACCESS_HOLDS,
    AUDIT_QUESTION,
    DEPARTURE,
    ENTRY_KIND,
    ERASURE,
    FACT,
    PREVIEW,
    PROBLEM,
    QUESTION_NOTE,
    QUESTION_STEP,
    QUEUE_PART,
    STAGE_WORD,
    TIME,
    WAIT,
    WAIT_ACT,
)
from api.plan_words import PLAN_LISTS
from api.question_words import QUESTION_LISTS
from api.thing_words import THING

__all__ = ["LISTS", "STAGE"]

LISTS: Final = {
    **DOMAIN_LISTS,
    **FACT,
    **ERASURE,
    **TIME,
    "problem": PROBLEM,
    "stage_word": STAGE_WORD,
    "question_step": QUESTION_STEP,
    "question_note": QUESTION_NOTE,
    "audit_question": AUDIT_QUESTION,
    "departure": DEPARTURE,
    "entry_kind": ENTRY_KIND,
    "event": EVENT_NAMES,
    "Shows": PREVIEW,
    "Wait": WAIT,
    "wait_act": WAIT_ACT,
    "Part": QUEUE_PART,
    "access_holds": ACCESS_HOLDS,
    "thing": THING,
    **PLAN_LISTS,
    **QUESTION_LISTS,
}
