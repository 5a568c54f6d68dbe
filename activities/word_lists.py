"""English words of every closed list that people meet; `make messages` collects them all.

What belongs here: one word or short phrase per code. What never does: the severity answers (their
questions carry the words, domain/severity_questions.py), names of roles, grades, levels and texts
(the plan carries those, in both languages), or a rule. A list that is missing here is shown by its
codes, made readable.
"""

from typing import Final

from activities.notice_words import CLOCKS, NOTICE, OUTBOX, PLACES

Words = dict[str, str]

STAGE: Final[Words] = {
    "report": "Report",
    "investigation": "Investigation",
    "halt": "Halt",
    "recall": "Recall",
    "statement": "Statement",
    "notice": "Notice",
    "review": "Review",
    "people": "People",
    "case": "After-sales case",
}

GRADE: Final[Words] = {
    "minor": "Minor",
    "general": "General",
    "serious": "Serious",
    "critical": "Critical",
}

_INVESTIGATION: Final[dict[str, Words]] = {
    "domain.state.investigation.Verdict": {
        "pass": "Within the limit",
        "fail": "Outside the limit",
        "inconclusive": "Not conclusive",
    },
    "FactStatus": {
        "reported": "reported, not verified",
        "verified": "verified",
        "disputed": "disputed",
        "retracted": "retracted",
        "listed": "from the company's list",
    },
    "ValueKind": {
        "text": "Words",
        "row": "Several things in a row, such as lots",
        "points": "Several sentences, one on each line",
        "day": "A day, such as 2026-03-02",
        "moment": "A moment with its zone, such as 2026-03-02T09:30+08:00",
        "number": "A whole number",
        "phone": "A phone number",
        "link": "A web address",
        "name": "A name or code, the same in every language",
    },
    "FindingOutcome": {
        "confirmed": "The cause is confirmed",
        "probable": "The cause is probable",
        "not_found": "The cause was not found",
        "not_product_related": "It does not come from the product",
        "use_or_storage": "It comes from use or storage",
        "counterfeit": "The goods are counterfeit",
        "tampering": "Somebody tampered with the goods",
    },
    "Origin": {
        "own": "In our own production",
        "supplier": "At a supplier",
        "storage": "In storage or transport",
        "other": "Somewhere else",
        "unknown": "Not known",
    },
}

_REPORT: Final[dict[str, Words]] = {
    "Attention": {"low": "Low", "rising": "Rising", "high": "High"},
    "ExpectedClass": {
        "I": "Class I",
        "II": "Class II",
        "III": "Class III",
        "none_yet": "None yet",
    },
    "Seriousness": {"no": "Not serious", "review": "A person decides", "yes": "Serious case"},
    "CnSeriousness": {
        "no": "No adverse reaction",
        "general": "General reaction",
        "review": "A person decides",
        "serious": "Serious reaction",
    },
    "report_status": {
        "none": "Nothing reported",
        "received": "Received, not decided",
        "accepted": "Accepted as an incident",
        "closed": "Closed without an incident",
        "linked": "Linked to another incident",
    },
    "report_channel": {
        "console": "This console",
        "phone": "Telephone",
        "e_mail": "E-mail",
        "chat": "Chat",
        "shop": "A shop",
        "social": "Social media",
        "authority": "An authority",
        "supplier": "A supplier",
        "api": "Another system",
    },
}

_HALT: Final[dict[str, Words]] = {
    "ChannelKind": {
        "warehouse": "Own warehouse",
        "carrier": "Carrier",
        "samples": "Samples and testers",
        "own_shop": "Own shop",
        "promotion": "Promotion",
        "retailer": "Retailer",
        "marketplace": "Marketplace",
        "distributor": "Distributor",
        "salon": "Salon",
        "duty_free": "Duty free",
        "cross_border": "Cross-border shop",
        "export": "Export",
        "plant": "Plant",
        "supplier_material": "Raw material at the supplier",
    },
    "OnItsWay": {
        "unshipped": "Paid and unshipped orders",
        "parcels": "Parcels under way",
        "samples": "Samples",
        "testers": "Testers",
        "gifts": "Gifts",
    },
    "channel_state": {
        "ordered": "ordered, not confirmed yet",
        "accepted": "accepted, not confirmed yet",
        "confirmed": "confirmed stopped",
        "refused": "refused",
        "failed": "could not be reached",
        "selling": "still on sale",
        "silent": "silent: no answer in its time",
        "taken_over": "taken over by a person",
        "resuming": "told that it may resume",
        "resumed": "resumed, by decision",
    },
    "channel_resuming": {
        "own_shop": "told to sell again",
        "retailer": "told to sell again",
        "marketplace": "told to sell again",
        "distributor": "told to sell again",
        "duty_free": "told to sell again",
        "cross_border": "told to sell again",
        "export": "told to sell again",
        "warehouse": "told to ship again",
        "carrier": "told to carry it again",
        "samples": "told to hand it out again",
        "promotion": "told to show it again",
        "salon": "told to use and sell it again",
        "plant": "told to produce again",
        "supplier_material": "told to deliver again",
        "": "told that it may resume",
    },
    "channel_resumed": {
        "own_shop": "selling again, by decision",
        "retailer": "selling again, by decision",
        "marketplace": "selling again, by decision",
        "distributor": "selling again, by decision",
        "duty_free": "selling again, by decision",
        "cross_border": "selling again, by decision",
        "export": "selling again, by decision",
        "warehouse": "shipping again, by decision",
        "carrier": "carrying it again, by decision",
        "samples": "handing it out again, by decision",
        "promotion": "showing it again, by decision",
        "salon": "using and selling it again, by decision",
        "plant": "producing again, by decision",
        "supplier_material": "delivering again, by decision",
        "": "resumed, by decision",
    },
    "channel_again": {
        "own_shop": "sells again",
        "retailer": "sells again",
        "marketplace": "sells again",
        "distributor": "sells again",
        "duty_free": "sells again",
        "cross_border": "sells again",
        "export": "sells again",
        "warehouse": "ships again",
        "carrier": "carries it again",
        "samples": "hands it out again",
        "promotion": "shows it again",
        "salon": "uses and sells it again",
        "plant": "produces again",
        "supplier_material": "delivers again",
        "": "has resumed",
    },
    "HaltLevel": {
        "H0": "H0 Watch",
        "H1": "H1 Own stock and shipments",
        "H2": "H2 Own shops and all promotion",
        "H3": "H3 Trade and marketplaces",
        "H4": "H4 Production",
    },
}

_RECALL: Final[dict[str, Words]] = {
    "RecallAction": {
        "correct_in_place": "Correct the goods where they stand",
        "withdrawal": "Withdraw from the trade",
        "recall": "Recall from users",
        "no_recall": "No recall",
    },
    "Depth": {
        "trade": "Down to wholesale",
        "retail": "Down to the shops",
        "consumer": "Down to the consumer",
    },
    "RecallMethod": {
        "letter": "Letter",
        "e_mail": "E-mail",
        "phone": "Telephone",
        "visit": "Visit",
        "shop_notice": "Notice in shops",
        "marketplace_message": "Message through the marketplace",
        "own_channels": "Our own website and apps",
        "press": "Press",
        "social_media": "Social media",
    },
    "CheckMethod": {
        "visit": "Visit",
        "phone": "Telephone",
        "letter": "Letter",
        "e_mail": "E-mail",
    },
    "Remedy": {
        "refund": "Refund",
        "exchange": "Replacement",
        "repair": "Repair of pack, applicator or label",
        "medical_cost": "Medical cost",
        "damages": "Compensation",
    },
    "LotShown": {
        "pack": "The pack itself",
        "photo": "A photo of the pack",
        "number": "The lot number, told",
        "receipt": "A receipt",
        "word": "Their word",
    },
    "GoodsCondition": {
        "unopened": "Unopened",
        "opened": "Opened",
        "damaged": "Damaged",
        "mixed": "Mixed",
    },
    "GoodsSource": {
        "consignee": "A consignee",
        "consumer": "Consumers",
        "carrier": "A carrier",
        "own_stock": "Our own stock",
    },
    "DisposalMethod": {
        "destroyed": "Destroyed",
        "harmless_treatment": "Made harmless",
        "rework": "Reworked",
        "relabel": "Relabelled",
    },
    "NeighbourKind": {
        "same_bulk": "Other goods of the same bulk",
        "same_raw_lot": "Other goods of the same raw-material lot",
        "same_line": "Other goods of the same line",
        "same_filling_day": "Other goods of the same filling day",
        "sets": "Sets that contain it",
        "samples_and_testers": "Samples and testers",
        "refills": "Refills",
        "private_label": "Private-label goods",
        "travelling_parcels": "Parcels on their way",
    },
    "NeighbourVerdict": {
        "included": "Taken into the scope",
        "excluded": "Looked at and left out",
        "none_exist": "There are none",
        "open": "Still to be looked at",
    },
    "domain.recall_terms.Reader": {
        "consignee": "Consignees",
        "consumer": "Consumers",
        "supplier": "Suppliers",
        "professional": "Doctors and poison centres",
    },
    "ReturnMethod": {
        "prepaid_post": "By post, prepaid by us",
        "collection": "We collect it",
        "to_shop": "Back to a shop",
        "dispose_with_proof": "Thrown away with proof",
        "keep_until_collected": "Kept until we collect it",
    },
    "EffectivenessLevel": {
        "A": "A: all consignees",
        "B": "B: a share that you name",
        "C": "C: 10 % of the consignees",
        "D": "D: 2 % of the consignees",
        "E": "E: no checks",
    },
    "EndStep": {
        "completed": "Completed by us",
        "termination_requested": "Termination asked for",
        "terminated": "Terminated by the authority",
    },
    "scope_number": {
        "made": "Made",
        "on_hand": "Still with us",
        "shipped": "Shipped",
        "sold": "Sold to consumers",
        "returned": "Came back before",
        "scrapped": "Scrapped",
    },
}

_PEOPLE: Final[dict[str, Words]] = {
    # Roles that the plan gives no duty, so no title either.
    "domain.people.Role": {
        "admin": "Administrator",
        "performer": "Carries out what was decided",
        "clock": "The clock",
        "channel": "A channel, by the link of its order",
    },
    # Who acts without being a person.
    "machines": {"clock": "The clock", "performer": "Andon", "plan": "The plan"},
    "MeetingKind": {
        "kick_off": "Kick-off",
        "special": "Special meeting",
        "situation": "Situation meeting",
        "review": "Review meeting",
    },
    "Silence": {
        "kept": "it is kept",
        "accepted_by_plan": "the plan accepts it by itself",
        "stays_on": "the halt stays on",
        "stays_stopped": "it stays stopped",
        "escalates": "it goes up the ladder; nothing happens by itself",
        "not_published": "it is not published, and goes up the ladder",
        "duty_stays_open": "the duty stays open",
        "old_stands": "what stood before still stands",
        "given": "the remedy is given",
        "goods_locked": "the goods stay locked",
        "stays_open": "it stays open",
    },
    "LadderAct": {
        "remind": "Reminder",
        "remind_loud": "Reminder by telephone",
        "deputy_may_act": "The deputy may act",
        "commander": "The commander is told",
        "legal_representative": "The legal representative is told",
    },
    "Basis": {
        "law": "law",
        "guid": "guidance of an authority",
        "prac": "common practice",
        "PRO": "company target",
        "seed": "our own plan",
    },
    "Access": {
        "open": "Open",
        "restricted": "Restricted",
        "health": "Health",
        "privileged": "Privileged",
        "enquiry": "Who asked from outside",
        "inside": "Inside information",
    },
    "method": {
        "password": "signed in with a password",
        "token": "by a program",
        "scribe": "recorded by a scribe",
        "system": "by the system",
        "drill": "in a drill",
    },
    "Need": {
        "evidence": "evidence",
        "hazard_evaluation": "a health hazard evaluation",
        "scope": "a scope",
        "finding": "a signed finding",
        "recall_decision": "a recall decision",
        "harm_confirmed": "confirmed harm",
        "authority_consent": "the authority's consent",
    },
    "Barred": {
        "author": "the author",
        "lot_releaser": "whoever released the lot",
        "action_owner": "the owner of the action",
        "halt_orderer": "whoever ordered the halt",
    },
}

_REVIEW: Final[dict[str, Words]] = {
    "ActionKind": {
        "corrective": "Corrective: removes this cause",
        "preventive": "Preventive: keeps it from happening elsewhere",
        "training": "Training",
        "brand_repair": "Repair of trust in the brand",
    },
    "domain.actions.Verdict": {
        "effective": "It worked",
        "not_effective": "It did not work",
    },
    "action_state": {
        "open": "To be done",
        "done": "Done, to be verified",
        "verified": "Verified",
        "failed": "Did not work",
    },
}

_STATEMENT: Final[dict[str, Words]] = {
    "domain.state.statement.Status": {
        "draft": "Draft",
        "in_review": "Waits for approval",
        "changes_requested": "Changes asked for",
        "approved": "Approved",
        "scheduled": "Goes out at a time",
        "publishing": "On its way out",
        "published": "Published",
        "corrected": "Published and corrected since",
        "superseded": "Published and replaced since",
        "retracted": "Taken back",
        "dropped": "Not used",
    },
    "Place": PLACES,
    "place_state": {
        "ordered": "on its way",
        "handed_over": "handed over, to be brought by hand",
        "published": "published",
        "failed": "failed",
    },
    "Fate": {
        "refused": "refused by the mail server",
        "unreached": "the mail server could not be reached or took nothing: nothing was sent",
        "unsure": "perhaps sent: ask there before you send it again",
        "bounced": "sent, but it did not arrive",
        "unlisted": "no longer on the press list",
        "not_in_its_language": "the text is not in the language that this newsroom got before",
    },
    "GateAnswer": {
        "passed": "Yes, by the record",
        "confirmed": "Yes, confirmed",
        "not_needed": "Not needed",
        "gap": "Missing",
        "allowed": "Missing, let go by",
    },
    "BlockBasis": {"house": "A rule of the house", "law": "A rule of verified law"},
    "part": {"title": "headline", "body": "text"},
    "demand": {
        "decided": "Decide whether there will be one",
        "ready": "Have it approved and ready",
        "out": "Publish it",
        "again": "The next one",
        "correct": "Correct it, or find it right",
    },
}

LISTS: Final[dict[str, Words]] = {
    "Stage": STAGE,
    "Grade": GRADE,
    **_INVESTIGATION,
    **_REPORT,
    **_HALT,
    **_RECALL,
    **_PEOPLE,
    **_REVIEW,
    **_STATEMENT,
    **CLOCKS,
    **NOTICE,
    **OUTBOX,
}
