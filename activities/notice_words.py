"""English words of the closed lists of the stage `notice` and of what leaves the house.

What belongs here and what never does: see word_lists.py, which joins these to its own.
"""

from typing import Final

Words = dict[str, str]

NOTICE: Final[dict[str, Words]] = {
    "Counting": {
        "elapsed": "every hour counts, whatever the days",
        "open_days": "days off stand still",
        "same_time": "to the same time of the last day",
        "day_after": "the first day does not count",
        "day_after_rolled": "the first day does not count, and a last day that is off moves on",
        "first_day_counts": "the first day counts",
        "from_next_day": "whole months from the day after",
    },
    "DutyStatus": {
        "open": "to be filed",
        "told": "told, the written one follows",
        "filed": "filed",
        "determined": "nothing to file, by two people",
        "ended": "ended: the authority terminated the recall",
    },
    "ClockStart": {
        "awareness": "we became aware",
        "receipt": "the report reached us",
        "finding": "it was found",
        "decision": "it was decided",
        "authority_act": "the authority's act reached us",
        "new_information": "something new became known",
        "filing": "the report before was sent",
        "recall_start": "the recall begins there",
        "completion": "the recall was completed by us",
        "resumption": "production was resumed",
    },
    "Force": {
        "law": "limit of the law",
        "guideline": "guideline of the authority",
        "request": "asked for by the rules; no limit of the law",
    },
    "trigger": {
        "case": "how serious the case is",
        "social_impact": "it may cause greater social impact",
        "grade": "the grade of the incident",
        "fault": "what is wrong with the product",
        "evidence": "how we know of it",
        "recall": "a recall was decided",
        "recall_open": "a recall is open",
        "finding": "what the investigation found",
        "halted": "what was stopped",
        "authority": "what an authority did",
        "new_information": "something new became known",
        "filed": "a report was filed before",
        "outcome": "what happened to the person",
        "people": "how many people are hurt there",
        "serious": "how many people are seriously hurt there",
        "intent": "signs that somebody did it on purpose",
        "changed": "the recall has changed since it was reported",
        "completed": "the recall was completed by us",
        "resumed": "production was resumed",
        "markets_not_known": "the markets are not known yet",
    },
    "DueBasis": {
        "law": "limit of the law",
        "guideline": "guideline of the authority",
        "request": "asked for by the rules; no limit of the law",
        "company": "our own target, where the rule names no number",
        "by_hand": "set by hand",
        "read": "as legal read it here; nobody has verified the rule",
    },
    "binds": {
        "law": "law",
        "guideline": "guideline",
        "request": "asked for",
        "company": "our own target",
        "by_hand": "set by hand",
        "authority": "set by the authority",
    },
    "at_once": {
        "law": "our own target; the law says: at once",
        "guideline": "our own target; the guideline says: at once",
        "request": "our own target; the rules ask for it immediately, no limit of the law",
    },
    "Obliged": {
        "registrant": "Registrant or notifier",
        "domestic_responsible": "Domestic responsible person",
        "contract_manufacturer": "Contract manufacturer",
        "operator": "Cosmetics operator",
        "responsible_person": "Responsible person",
        "manufacturer": "Manufacturer",
        "importer": "Importer",
        "distributor": "Distributor",
        "recalling_firm": "Recalling firm",
        "marketplace": "Online marketplace",
        "authorisation_holder": "Marketing authorisation holder",
        "responsible_distributor": "Responsible distributor",
        "notifying_company": "Notifying company",
        "supplier": "Supplier",
    },
    "ProductClass": {
        "cosmetic": "Cosmetic",
        "drug": "Drug",
        "quasi_drug": "Quasi-drug",
        "consumer_product": "Consumer product",
    },
    "deed": {
        "report": "Report to the authority",
        "tell_owner": "Tell whoever answers for the product",
        "tell_sellers": "Tell those who sell it",
        "tell_consumers": "Tell consumers",
        "finish_recall": "Finish the recall",
    },
    "clock_moves": {
        "arises": "a new clock starts",
        "moves": "its time moves",
        "certain": "it is certain, no longer possible",
        "reopens": "it opens again",
        "ends": "nothing is to be filed any more",
    },
    "AuthorityActKind": {
        "inquiry": "Inquiry",
        "interview": "Interview",
        "inspection": "Inspection",
        "sampling": "Samples taken, no result yet",
        "sampling_failed_other": "A sample failed, not on safety",
        "sampling_failed_safety": "A sample failed on safety",
        "retest_passed": "The re-test found nothing wrong",
        "retest_failed": "The re-test found the same",
        "order_stop": "Order to stop",
        "order_recall": "Order to recall",
        "consent": "Consent to sell or make again",
        "class": "Class of the recall",
        "comment": "Comment on a draft of ours",
        "termination": "Termination of the recall",
    },
    "AuthorityClass": {"I": "Class I", "II": "Class II", "III": "Class III"},
    "FilingKind": {
        "initial": "First report",
        "follow_up": "Follow-up report",
        "final": "Final report",
    },
    "Determination": {
        "not_reportable": "Determined not reportable",
        "met_by_other": "Met by another firm or incident",
        "rule_does_not_apply": "The rule does not apply here",
    },
    "PartnerKind": {
        "insurer": "Insurer",
        "contract_partner": "Partner by contract",
        "supplier": "Supplier",
        "certification_body": "Certification body",
        "exchange": "Stock exchange",
        "parent_company": "Parent company",
        "other": "Somebody else",
    },
}

PLACES: Final[Words] = {
    "site": "Public notice page",
    "press": "Press",
    "social": "Social media",
    "staff": "Own staff",
    "trade": "Trade",
    "buyers": "Buyers",
    "suppliers": "Suppliers",
    "professionals": "Doctors and poison centres",
    "board": "Board of the company",
    "exchange": "Stock exchange",
}
"""Where a statement may be published; a message may leave to the same places."""

CLOCKS: Final[dict[str, Words]] = {}

OUTBOX: Final[dict[str, Words]] = {
    "message_channel": {
        "email": "E-mail",
        **PLACES,
    },
    "audience": {
        "team": "People of the company",
        "channel": "A channel",
        "publish_by_hand": "To be published by hand",
        "newsroom": "A newsroom",
    },
    "message_state": {
        "shown": "shown here, not sent",
        "sending": "is being sent",
        "sent": "sent",
        "failed": "not sent: bring it there by hand",
        "unsure": "perhaps sent: look there before you send it by hand",
        "later": "not sent yet: the mail server took nothing",
        "bounced": "sent, but it did not arrive",
        "refused": "refused",
        "no_address": "not sent: no e-mail address",
    },
}
