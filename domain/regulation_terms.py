"""The words of stage `notice`: the closed lists that rule files and forms choose from.

What belongs here: word lists only. What never does: a rule, a limit, a message. It imports nothing
of the incident's state, so that the pinned rules (domain/rules.py) may use it.
"""

from enum import StrEnum


class Subject(StrEnum):
    """What a duty is about: one duty for the incident, per hurt person, or per authority act."""

    INCIDENT = "incident"
    CASE = "case"
    AUTHORITY_ACT = "authority_act"


class CaseIs(StrEnum):
    """How the law of the rule's market sees one hurt person's case (reference table 3.4).

    `serious` is 严重 in China and "yes" in the EU and the US; `general` is 一般 and exists in China
    alone; `review`: a named person decides, and the clock runs meanwhile.
    """

    GENERAL = "general"
    REVIEW = "review"
    SERIOUS = "serious"


class SocialImpact(StrEnum):
    """可能引发较大社会影响: asked because of an outcome, or marked by the people who may (K6)."""

    ASKED = "asked"
    MARKED = "marked"


class FindingIs(StrEnum):
    """The signed findings that a rule may ask for (words of the investigation's outcomes)."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    COUNTERFEIT = "counterfeit"
    TAMPERING = "tampering"


class ClockStart(StrEnum):
    """The fact at which a rule's clock starts: a fact of the incident, never "now"."""

    AWARENESS = "awareness"
    """Any employee became aware: of the person for a case, else of anything in the incident."""
    RECEIPT = "receipt"
    """The report reached us; not told apart from awareness, so that it is never too late."""
    FINDING = "finding"
    """What triggers the rule was found: signed, or first told in the answers."""
    DECISION = "decision"
    AUTHORITY_ACT = "authority_act"
    """The authority's act reached us."""
    NEW_INFORMATION = "new_information"
    FILING = "filing"
    """The report before this one was sent."""
    RECALL_START = "recall_start"
    """The day and hour at which the recall is planned to begin there; else that of its decision."""
    COMPLETION = "completion"
    """The recall was completed by us there."""
    RESUMPTION = "resumption"
    """Sale or production was resumed."""


class Force(StrEnum):
    """How far the limit of a rule binds; only `law` is a legal number."""

    LAW = "law"
    GUIDELINE = "guideline"
    """The number stands in an authority's guideline; the law itself names none."""
    REQUEST = "request"
    """The authority asks; no law demands."""


class DueBasis(StrEnum):
    """Where a due time comes from: the force of its rule, our own target, or a person's hand."""

    LAW = "law"
    GUIDELINE = "guideline"
    REQUEST = "request"
    COMPANY = "company"
    """The company's own target, where a rule says "immediately"; never shown as law."""
    BY_HAND = "by_hand"
    READ = "read"
    """A limit that legal read in this incident, of a rule that nobody verified; never law."""


class RecordStart(StrEnum):
    """The fact of an incident that the time of a record is counted from."""

    REPORT = "report"
    """The last report, hurt person or filing that the incident knows."""
    NOTICE = "notice"
    """The last notice to sellers; none of it is there before one."""
    GOODS = "goods"
    """The record is of goods and trade: nothing about people hangs on it."""


class Obliged(StrEnum):
    """The role of a firm in a market that a rule obliges."""

    REGISTRANT = "registrant"
    """注册人、备案人"""
    DOMESTIC_RESPONSIBLE = "domestic_responsible"
    """境内责任人"""
    CONTRACT_MANUFACTURER = "contract_manufacturer"
    OPERATOR = "operator"
    """化妆品经营者"""
    RESPONSIBLE_PERSON = "responsible_person"
    MANUFACTURER = "manufacturer"
    IMPORTER = "importer"
    DISTRIBUTOR = "distributor"
    RECALLING_FIRM = "recalling_firm"
    MARKETPLACE = "marketplace"
    AUTHORISATION_HOLDER = "authorisation_holder"
    """製造販売業者"""
    RESPONSIBLE_DISTRIBUTOR = "responsible_distributor"
    """책임판매업자"""
    NOTIFYING_COMPANY = "notifying_company"
    """Who notified the product and places it on the market (ASEAN Cosmetic Directive)."""
    SUPPLIER = "supplier"
    """Anyone in the chain who supplies in trade or commerce (Australian Consumer Law)."""


USUAL_ROLES = frozenset(Obliged) - {
    Obliged.CONTRACT_MANUFACTURER,
    Obliged.OPERATOR,
    Obliged.IMPORTER,
    Obliged.DISTRIBUTOR,
    Obliged.MARKETPLACE,
}
"""What a company is in a market of which its plan says nothing: the owner of the brand."""


class ProductClass(StrEnum):
    """What a product is by the law of a market; a sunscreen is a drug in the United States."""

    COSMETIC = "cosmetic"
    DRUG = "drug"
    QUASI_DRUG = "quasi_drug"
    """医薬部外品"""
    CONSUMER_PRODUCT = "consumer_product"
    """An applicator, a device or a pack that is judged by itself."""


class Deed(StrEnum):
    """What a rule wants done by its time; all but a report are shown by evidence."""

    REPORT = "report"
    TELL_OWNER = "tell_owner"
    """Tell the registrant, filer or manufacturer who answers for the product."""
    TELL_SELLERS = "tell_sellers"
    TELL_CONSUMERS = "tell_consumers"
    FINISH_RECALL = "finish_recall"


class AuthorityActKind(StrEnum):
    """What authorities do to us."""

    INQUIRY = "inquiry"
    INTERVIEW = "interview"
    """约谈"""
    INSPECTION = "inspection"
    SAMPLING = "sampling"
    """Samples were taken; there is no result yet."""
    SAMPLING_FAILED_OTHER = "sampling_failed_other"
    SAMPLING_FAILED_SAFETY = "sampling_failed_safety"
    RETEST_PASSED = "retest_passed"
    """复检合格: the first result does not stand."""
    RETEST_FAILED = "retest_failed"
    """复检不合格: the first result stands."""
    ORDER_STOP = "order_stop"
    """责令停止"""
    ORDER_RECALL = "order_recall"
    """责令召回"""
    CONSENT = "consent"
    """It allows to sell or to make again what it had stopped (同意恢复)."""
    CLASS = "class"
    """The class of a recall, per product line; only the authority assigns it (21 CFR 7.41(b))."""
    COMMENT = "comment"
    """On a draft of ours."""
    TERMINATION = "termination"


class AuthorityClass(StrEnum):
    """The class an authority assigned to a product line."""

    I = "I"  # noqa: E741 - the agency's own numeral
    II = "II"
    III = "III"


class FilingKind(StrEnum):
    """Which report of a duty was filed (SUE Form A: initial, follow-up, final)."""

    INITIAL = "initial"
    FOLLOW_UP = "follow_up"
    FINAL = "final"


class DutyStatus(StrEnum):
    """Where a duty stands; `told` means spoken, with the written report still to come.

    `ended`: its own rule says until when it runs, and that has come (21 CFR 7.53(c)).
    """

    OPEN = "open"
    TOLD = "told"
    FILED = "filed"
    DETERMINED = "determined"
    ENDED = "ended"


class Determination(StrEnum):
    """Why nothing of ours is filed under a duty. No firm waives law (reference 8, row 6)."""

    NOT_REPORTABLE = "not_reportable"
    """判定无需报告"""
    MET_BY_OTHER = "met_by_other"
    """Another firm, or another incident of ours, has filed it."""
    RULE_DOES_NOT_APPLY = "rule_does_not_apply"
    """The rule was not verified, and two people say that it does not apply here."""


class PartnerKind(StrEnum):
    """Who else must hear, by contract and never by the law data (R13)."""

    INSURER = "insurer"
    CONTRACT_PARTNER = "contract_partner"
    SUPPLIER = "supplier"
    CERTIFICATION_BODY = "certification_body"
    EXCHANGE = "exchange"
    PARENT_COMPANY = "parent_company"
    OTHER = "other"
