"""The words of stage `recall`: the closed lists that its forms choose from.

What belongs here: word lists and their order. What never does: a message, a number of the plan, or
a rule. Words are those of reference 8: recall is from users, withdrawal from trade, and
`correct_in_place` is a fix of the product where it stands, never the correction of a text.
"""

from enum import StrEnum

NO_RECALL = "no_recall"
"""The decision that nothing is taken back: a signed act with a review date, never a silence."""


class RecallAction(StrEnum):
    """What is done about goods that left the house, mildest first."""

    CORRECT_IN_PLACE = "correct_in_place"
    WITHDRAWAL = "withdrawal"
    RECALL = "recall"


class Depth(StrEnum):
    """How far down the trade an action reaches (21 CFR 7.42(b)(1)), shallowest first."""

    TRADE = "trade"
    RETAIL = "retail"
    CONSUMER = "consumer"


def is_milder(action: RecallAction, depth: Depth, than: tuple[RecallAction, Depth]) -> bool:
    """Say whether an action or its depth is less than what was decided before."""
    actions, depths = list(RecallAction), list(Depth)
    return actions.index(action) < actions.index(than[0]) or depths.index(depth) < depths.index(
        than[1]
    )


class NeighbourKind(StrEnum):
    """What may share the fault with a lot: asked before a scope is believed (reference 2, 7.3)."""

    SAME_BULK = "same_bulk"
    SAME_RAW_LOT = "same_raw_lot"
    SAME_LINE = "same_line"
    SAME_FILLING_DAY = "same_filling_day"
    SETS = "sets"
    SAMPLES_AND_TESTERS = "samples_and_testers"
    REFILLS = "refills"
    PRIVATE_LABEL = "private_label"
    TRAVELLING_PARCELS = "travelling_parcels"


class NeighbourVerdict(StrEnum):
    """What came of looking at a neighbour."""

    INCLUDED = "included"
    EXCLUDED = "excluded"
    NONE_EXIST = "none_exist"
    OPEN = "open"


class RecallMethod(StrEnum):
    """How consignees and consumers are reached."""

    LETTER = "letter"
    E_MAIL = "e_mail"
    PHONE = "phone"
    VISIT = "visit"
    SHOP_NOTICE = "shop_notice"
    MARKETPLACE_MESSAGE = "marketplace_message"
    OWN_CHANNELS = "own_channels"
    PRESS = "press"
    SOCIAL_MEDIA = "social_media"


class Remedy(StrEnum):
    """What a person gets; repair is for packs, applicators and labels, never for a cream."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    MEDICAL_COST = "medical_cost"
    DAMAGES = "damages"


CHOICES = frozenset({Remedy.REFUND, Remedy.EXCHANGE, Remedy.REPAIR})
"""Among these a person chooses; medical cost and damages come beside them, never instead."""


class ReturnMethod(StrEnum):
    """How a product comes back; none of them asks the consumer to pay in advance."""

    PREPAID_POST = "prepaid_post"
    COLLECTION = "collection"
    TO_SHOP = "to_shop"
    DISPOSE_WITH_PROOF = "dispose_with_proof"
    KEEP_UNTIL_COLLECTED = "keep_until_collected"


class Reader(StrEnum):
    """To whom a notification of the recall goes."""

    CONSIGNEE = "consignee"
    CONSUMER = "consumer"
    SUPPLIER = "supplier"
    PROFESSIONAL = "professional"


class LotShown(StrEnum):
    """How a person shows that theirs is the lot; a receipt is one way, never the only one."""

    PACK = "pack"
    PHOTO = "photo"
    NUMBER = "number"
    RECEIPT = "receipt"
    WORD = "word"


class GoodsSource(StrEnum):
    """From where goods come in; own stock is counted apart and is no return."""

    CONSIGNEE = "consignee"
    CONSUMER = "consumer"
    CARRIER = "carrier"
    OWN_STOCK = "own_stock"


class GoodsCondition(StrEnum):
    """In what state goods came in."""

    UNOPENED = "unopened"
    OPENED = "opened"
    DAMAGED = "damaged"
    MIXED = "mixed"


class DisposalMethod(StrEnum):
    """What became of goods (化妆品监督管理条例 art. 44: 补救、无害化处理、销毁)."""

    DESTROYED = "destroyed"
    HARMLESS_TREATMENT = "harmless_treatment"
    REWORK = "rework"
    RELABEL = "relabel"


class CheckMethod(StrEnum):
    """How an effectiveness check was made."""

    VISIT = "visit"
    PHONE = "phone"
    LETTER = "letter"
    E_MAIL = "e_mail"


class EffectivenessLevel(StrEnum):
    """How many consignees are checked (21 CFR 7.42(b)(3)); B leaves the percentage to the plan."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class EndStep(StrEnum):
    """The three ends of a recall in one market; the authority's is never ours to say (7.55)."""

    COMPLETED = "completed"
    TERMINATION_REQUESTED = "termination_requested"
    TERMINATED = "terminated"
