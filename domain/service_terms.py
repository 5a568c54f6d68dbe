"""The words of an after-sales case: the closed lists that its forms choose from.

What belongs here: word lists. What never does: a message, a number of the plan, or a rule. No word
is a verdict on a person: who asks for something has asked for it, and that is all (reference 1).
"""

from enum import StrEnum


class CaseKind(StrEnum):
    """What somebody came to us with."""

    ADVERSE_REACTION = "adverse_reaction"
    QUALITY = "quality"
    WRONG_RECOMMENDATION = "wrong_recommendation"
    DELIVERY_MISSING = "delivery_missing"
    DELIVERY_WRONG = "delivery_wrong"
    DELIVERY_LEAKING = "delivery_leaking"
    SERVICE = "service"


class Onset(StrEnum):
    """When a reaction began; late and slow ones are real, and no reason to go on using."""

    AT_ONCE = "at_once"
    WITHIN_DAYS = "within_days"
    AFTER_LONG_USE = "after_long_use"
    UNKNOWN = "unknown"


class Cause(StrEnum):
    """What the cause was found to be; never said before it is found."""

    QUALITY = "quality"
    PERSONAL_CONSTITUTION = "personal_constitution"
    WRONG_USE = "wrong_use"
    WRONG_STORAGE = "wrong_storage"
    WRONG_RECOMMENDATION = "wrong_recommendation"
    NOT_FOUND = "not_found"


WITH_THE_PERSON = frozenset({Cause.PERSONAL_CONSTITUTION, Cause.WRONG_USE, Cause.WRONG_STORAGE})
"""Causes that lie with the person: only found on evidence, never assumed."""


class Step(StrEnum):
    """What we told the person to do, or do for them; never a medicine, never another product."""

    STOP_USING = "stop_using"
    KEEP_PRODUCT = "keep_product"
    SETTLES_BY_ITSELF = "settles_by_itself"
    DOCTOR_OR_PHARMACIST = "doctor_or_pharmacist"
    HOSPITAL = "hospital"
    TRACE_PARCEL = "trace_parcel"
    SEND_AGAIN = "send_again"
    COLLECT_AT_OUR_COST = "collect_at_our_cost"


class Medium(StrEnum):
    """How a person was answered."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    CHAT = "chat"
    E_MAIL = "e_mail"
    LETTER = "letter"


class Condition(StrEnum):
    """How the person was when we called back."""

    RECOVERED = "recovered"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    NOT_REACHED = "not_reached"
    NOT_HURT = "not_hurt"
