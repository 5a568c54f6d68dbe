"""The words of the emergency plan: the closed lists that a plan file may choose from.

What belongs here: word lists, and the keys that every plan must have. What never does: the rows of
the plan (domain/plan_rows.py), the whole plan (domain/plan.py), or a rule of a stage.
"""

from enum import StrEnum
from typing import Final


class Basis(StrEnum):
    """Where a line of the plan comes from; only `law` is law, everything else is our own word."""

    LAW = "law"
    GUIDANCE = "guid"
    PRACTICE = "prac"
    TARGET = "PRO"
    """A company target: promised, shown as such, never presented as law."""
    SOURCE_PLANS = "seed"


class Silence(StrEnum):
    """What happens when nobody answers: always the safer side, never a word to the outside."""

    KEPT = "kept"
    ACCEPTED_BY_PLAN = "accepted_by_plan"
    STAYS_ON = "stays_on"
    STAYS_STOPPED = "stays_stopped"
    ESCALATES = "escalates"
    NOT_PUBLISHED = "not_published"
    DUTY_STAYS_OPEN = "duty_stays_open"
    OLD_STANDS = "old_stands"
    GIVEN = "given"
    GOODS_LOCKED = "goods_locked"
    STAYS_OPEN = "stays_open"


class StageNeed(StrEnum):
    """What a grade asks of a stage."""

    NO = "no"
    YES = "yes"
    DECISION = "decision"
    """Yes or no, and either is recorded as a signed decision."""
    PREPARED = "prepared"
    BY_ATTENTION = "by_attention"
    BY_RULE = "by_rule"
    """Per case and per rule of the law, whatever the grade."""
    BY_CAUSE = "by_cause"


class ReviewDepth(StrEnum):
    """How deep the review goes."""

    NOTE = "note"
    CAPA_BY_CAUSE = "capa_by_cause"
    FULL = "full"
    FULL_AND_BOARD = "full_and_board"


class ChannelKind(StrEnum):
    """The kinds of places that a halt reaches, from our own shelf outwards."""

    WAREHOUSE = "warehouse"
    CARRIER = "carrier"
    SAMPLES = "samples"
    OWN_SHOP = "own_shop"
    PROMOTION = "promotion"
    RETAILER = "retailer"
    MARKETPLACE = "marketplace"
    DISTRIBUTOR = "distributor"
    SALON = "salon"
    DUTY_FREE = "duty_free"
    CROSS_BORDER = "cross_border"
    EXPORT = "export"
    PLANT = "plant"
    SUPPLIER_MATERIAL = "supplier_material"


SELLS: Final = frozenset(
    {
        ChannelKind.OWN_SHOP,
        ChannelKind.RETAILER,
        ChannelKind.MARKETPLACE,
        ChannelKind.DISTRIBUTOR,
        ChannelKind.DUTY_FREE,
        ChannelKind.CROSS_BORDER,
        ChannelKind.EXPORT,
        ChannelKind.SALON,
    }
)
"""Kinds of channels that sell, or use what they would sell."""


class BeforeConfirmation(StrEnum):
    """When a level may be ordered before anything is confirmed."""

    ON_ONE_REPORT = "on_one_report"
    ON_EVIDENCE = "on_evidence"
    """When the evidence is one of `evidence_enough`; else by decision."""
    ON_FAULT = "on_fault"
    """When the fault is one of `faults_enough`, or our own inspection found it."""
    BY_DECISION = "by_decision"


class Applies(StrEnum):
    """How often a slot must be signed."""

    ONCE = "once"
    EACH_MARKET = "each_market"
    EACH_LANGUAGE = "each_language"
    EACH_OTHER_LANGUAGE = "each_other_language"
    """For each language that the plan does not name in `languages_read`."""
    MEDICAL_TEXT = "medical_text"
    """Once, and only when the text has medical lines."""


class Barred(StrEnum):
    """Who may not sign, whatever role they hold (independence, reference 4.1)."""

    AUTHOR = "author"
    LOT_RELEASER = "lot_releaser"
    ACTION_OWNER = "action_owner"
    HALT_ORDERER = "halt_orderer"


class Need(StrEnum):
    """What must be on the record before an act or a text."""

    EVIDENCE = "evidence"
    HAZARD_EVALUATION = "hazard_evaluation"
    SCOPE = "scope"
    FINDING = "finding"
    RECALL_DECISION = "recall_decision"
    HARM_CONFIRMED = "harm_confirmed"
    AUTHORITY_CONSENT = "authority_consent"
    """Only where an authority ordered the stop."""


class CountedFrom(StrEnum):
    """The moment a time of the plan is counted from."""

    KNOWLEDGE = "knowledge"
    """The first person of the company knew."""
    RECEIPT = "receipt"
    """The report, claim or message that the step answers arrived."""
    ACCEPTANCE = "acceptance"
    ORDER = "order"
    """The halt order was given (it may come before the acceptance)."""
    DECISION = "decision"
    FLAG = "flag"
    """A published text was flagged as wrong."""


class ToldFrom(StrEnum):
    """From when the time counts in which somebody who is no authority is told."""

    KNOWLEDGE = "knowledge"
    """The first person of the company knew."""
    ACCEPTANCE = "acceptance"
    FACT = "fact"
    """The row came to hold: the recall was decided, the halt ordered, the grade reached."""


class StatementLevel(StrEnum):
    """The three columns of the statement table: the graver of grade and attention counts."""

    CRITICAL_OR_HIGH = "critical_or_high"
    SERIOUS_OR_RISING = "serious_or_rising"
    GENERAL = "general"


class StatementWhen(StrEnum):
    """On what condition a text is asked for at a level."""

    ALWAYS = "always"
    IF_PUBLIC_OR_ASKED = "if_public_or_asked"
    IF_ASKED = "if_asked"
    WITH_FIRST_PUBLIC_TEXT = "with_first_public_text"
    WITH_HALT_H3 = "with_halt_h3"
    AFTER_RECALL_DECISION = "after_recall_decision"
    AFTER_HARM_OR_DECISION = "after_harm_or_decision"
    ONCE_PUBLIC = "once_public"
    """From the first public text on."""
    WHEN_FLAGGED = "when_flagged"
    ON_CHANGE = "on_change"
    BY_DECISION = "by_decision"
    AT_TERMINATION = "at_termination"
    AT_TERMINATION_IF_PUBLIC = "at_termination_if_public"
    NOT_NEEDED = "not_needed"


class Audience(StrEnum):
    """Who reads a text."""

    PUBLIC = "public"
    PRESS = "press"
    STAFF = "staff"
    TRADE = "trade"
    BUYERS = "buyers"
    SUPPLIERS = "suppliers"
    PROFESSIONALS = "professionals"
    BOARD = "board"
    EXCHANGE = "exchange"
    AS_ORIGINAL = "as_original"


INSIDE: Final = frozenset({Audience.STAFF, Audience.BOARD})
"""Readers who work for the company: they read Chinese or English, whatever the markets speak."""


class LadderAct(StrEnum):
    """What a rung of the escalation ladder does, in the order of the rungs."""

    REMIND = "remind"
    REMIND_LOUD = "remind_loud"
    DEPUTY_MAY_ACT = "deputy_may_act"
    COMMANDER = "commander"
    LEGAL_REPRESENTATIVE = "legal_representative"


class MoneyLimit(StrEnum):
    """The two amounts of `remedies` that decide who must sign (reference 4.3, limits A and B)."""

    MEDICAL_COST = "medical_cost"
    SETTLEMENT = "settlement"


# ---------------------------------------------------------------- keys every plan has

STATEMENT_KINDS = (
    "trade_hold",
    "holding",
    "staff",
    "recall_notice",
    "consumer_message",
    "consignee_letter",
    "supplier_notice",
    "professional_letter",
    "apology",
    "update",
    "qa",
    "hotline_script",
    "press_brief",
    "social_post",
    "reply",
    "rumour_answer",
    "counterfeit_warning",
    "management_brief",
    "market_disclosure",
    "correction",
    "retraction",
    "closing",
)
"""The kinds of texts of reference 6.1, in its order."""

ACT_KEYS = (
    "report",
    "accept_report",
    "close_report",
    "halt_h1",
    "halt_h2",
    "halt_h3",
    "halt_h4",
    "confirm_halt",
    "lift_halt",
    "raise_grade",
    "lower_grade",
    "sign_hazard_evaluation",
    "sign_finding",
    "decide_recall",
    "decide_no_recall",
    "set_scope",
    "widen_scope",
    "narrow_scope",
    "sign_recall_plan",
    "override_wording_house",
    "override_wording_law",
    "file_first",
    "file_full",
    "determine_not_reportable",
    "refund_within_policy",
    "medical_cost",
    "damages",
    "resume_sale",
    "dispose_goods",
    "complete_recall",
    "request_termination",
    "close_incident",
    "reopen_incident",
    "adopt_plan",
    "place_legal_hold",
    "release_legal_hold",
    "verify_action",
)
"""The acts of table 4.3 and their neighbours; `approve_statement.<kind>` follows from the texts."""

LATER_ACT_KEYS = ("correct_count",)
"""Acts that plans have a row for since later: a plan without it asks for no second signature."""

STATEMENT_ACT = "approve_statement."
"""How the key of a statement's approval begins; the kind follows."""

FAST = "fast"
"""The lane of a pre-approved text that is unchanged but for its facts (reference 4.6)."""

STEP_KEYS = (
    "acknowledge_report",
    "grade_and_accept",
    "find_out",
    "order_own_channels",
    "order_trade",
    "stop_promotion",
    "confirm_own",
    "confirm_marketplace",
    "confirm_retailer",
    "confirm_distributor",
    "form_team",
    "legal_hold",
    "scope_first",
    "hazard_preliminary",
    "hazard_signed",
    "recall_decision",
    "consignees_told",
    "consumers_told",
    "authority_phone",
    "authority_written",
    "return_done",
    "first_answer",
    "cause_finding",
    "capa_verified",
)
"""The steps of table 4.4, and `find_out` of rule M2."""

GATE_KEYS = (
    "approved_bytes",
    "facts_verified",
    "phone_answers",
    "page_live",
    "remedy_ready",
    "staff_briefed",
    "authority_told",
    "trade_told",
    "languages_complete",
    "promotion_stopped",
    "no_personal_data",
    "listed_parent_told",
)
"""The twelve questions before a public text goes out, in the order of reference 6.3."""

NEVER_OVERRIDDEN = ("approved_bytes", "no_personal_data")
"""Questions 1 and 11 of the gate: no commander may go on without them."""

_ESCALATING = frozenset(
    "sign_hazard_evaluation sign_finding decide_recall decide_no_recall set_scope"
    " sign_recall_plan override_wording_house override_wording_law file_first file_full"
    " determine_not_reportable refund_within_policy medical_cost damages complete_recall"
    " request_termination close_incident reopen_incident place_legal_hold verify_action".split()
)

SAFE_SILENCE: dict[Silence, frozenset[str]] = {
    Silence.KEPT: frozenset({"report"}),
    Silence.ACCEPTED_BY_PLAN: frozenset({"accept_report", "close_report"}),
    Silence.STAYS_ON: frozenset(
        "halt_h1 halt_h2 halt_h3 halt_h4 confirm_halt lift_halt release_legal_hold".split()
    ),
    Silence.STAYS_STOPPED: frozenset({"lift_halt", "resume_sale"}),
    Silence.ESCALATES: _ESCALATING,
    Silence.NOT_PUBLISHED: frozenset({"override_wording_house", "override_wording_law"}),
    Silence.DUTY_STAYS_OPEN: frozenset({"determine_not_reportable"}),
    Silence.OLD_STANDS: frozenset(
        "raise_grade lower_grade widen_scope narrow_scope adopt_plan correct_count".split()
    ),
    Silence.GIVEN: frozenset({"refund_within_policy"}),
    Silence.GOODS_LOCKED: frozenset({"dispose_goods"}),
    Silence.STAYS_OPEN: frozenset(
        "close_report complete_recall close_incident reopen_incident verify_action".split()
    ),
}
"""For which acts a silence is the safer side; a plan may choose among these and no others.

Silence never speaks to the outside: whatever would be read outside (a statement, a filing, a
recall, a lifted wording block, a request to an authority) only waits and escalates.
"""

SPEAKS_OUTSIDE = frozenset(
    "decide_recall override_wording_house override_wording_law file_first file_full"
    " request_termination".split()
)
"""Acts after which somebody outside reads our words (besides the approval of statements)."""

SILENT_OUTSIDE = frozenset({Silence.NOT_PUBLISHED, Silence.ESCALATES})
"""The only silences that such an act may have."""

TWO_PEOPLE = frozenset(
    "lower_grade decide_recall decide_no_recall narrow_scope resume_sale lift_halt"
    " determine_not_reportable override_wording_law close_incident adopt_plan".split()
)
"""Acts towards the less safe side, and the gravest ones: one person alone never decides them."""
