"""What the plan says of a remedy: who may give how much, and by when it is promised.

What belongs here: the arithmetic of limits and promises, the same for a claim under a recall and
for an after-sales case. What never does: whether a remedy is owed (domain/remedies.py,
domain/service_remedies.py). Who may promise how much stands in the plan (reference 4.3).
"""

from datetime import datetime
from typing import Protocol

from domain.errors import Refused
from domain.people import Role
from domain.plan import Plan
from domain.plan_rows import AboveLimit
from domain.recall_terms import CHOICES, Remedy
from domain.rules import Rules

ACT_OF = {
    Remedy.REFUND: "refund_within_policy",
    Remedy.EXCHANGE: "refund_within_policy",
    Remedy.REPAIR: "refund_within_policy",
    Remedy.MEDICAL_COST: "medical_cost",
    Remedy.DAMAGES: "damages",
}
"""Which row of the plan's acts says who may give a remedy."""


class Payment(Protocol):
    """A remedy as somebody means to give it; money in minor units of `currency` ("": the plan's).

    `limit_minor` is the same amount in the plan's currency, where it was paid in another.
    """

    @property
    def taken(self) -> Remedy:
        """Say what the person gets."""

    @property
    def units(self) -> int:
        """Say for how many units."""

    @property
    def amount_minor(self) -> int:
        """Say how much money."""

    @property
    def currency(self) -> str:
        """Say in which currency."""

    @property
    def limit_minor(self) -> int | None:
        """Say how much that is in the plan's currency."""

    @property
    def given_at(self) -> datetime:
        """Say when it is or was given."""


def measured_minor(plan: Plan, payment: Payment) -> int:
    """Give the amount as limits are measured: in the plan's currency; raises Refused."""
    own = plan.remedies.currency
    if payment.currency in ("", own) or not payment.amount_minor:
        return payment.amount_minor
    if payment.limit_minor is None or payment.limit_minor <= 0:
        raise Refused(
            f"Limits are measured in {own}.",
            f"Say how much the amount is in {own}.",
            code="limit_currency",
        )
    return payment.limit_minor


def above_limit(plan: Plan, payment: Payment) -> AboveLimit | None:
    """Give what the plan's row asks above its amount, or None below it; raises Refused."""
    above = plan.act(ACT_OF[payment.taken]).above
    exceeds = above is not None and measured_minor(plan, payment) > plan.remedies.amount(
        above.limit
    )
    return above if exceeds else None


def further_slots(plan: Plan, payment: Payment) -> tuple[tuple[Role, ...], ...]:
    """Give the roles of the signatures that the amount asks for beyond the plan's row."""
    above = above_limit(plan, payment)
    return () if above is None else tuple(slot.roles for slot in above.signers)


def limit_named(plan: Plan, payment: Payment) -> str:
    """Name the row of the plan that allows it, and the limit it is above."""
    above = above_limit(plan, payment)
    key = ACT_OF[payment.taken]
    return key if above is None else f"{key}, above the limit of {above.limit.replace('_', ' ')}"


def promised_at(rules: Rules, remedy: Remedy, claimed_at: datetime) -> datetime | None:
    """Say by when the plan promises it: returns and exchanges have a time, money for harm none."""
    if remedy not in CHOICES:
        return None
    limits = rules.plan.remedies
    limit = limits.refund_within if remedy is Remedy.REFUND else limits.exchange_within
    return rules.due_at(claimed_at, limit)


def check_payment(payment: Payment, claimed_at: datetime, now: datetime) -> None:
    """Refuse amounts, currencies and times that cannot be; raises Refused."""
    if payment.amount_minor < 0 or payment.units < 1:
        raise Refused("Amounts are not below zero, units not below one.", "Correct them.",
                      code="bad_count")  # fmt: skip
    if payment.currency and not _is_currency(payment.currency):
        raise Refused(
            f"{payment.currency!r} is not a currency.", "Write three letters, such as CNY.",
            code="bad_currency",
        )  # fmt: skip
    if payment.taken in (Remedy.MEDICAL_COST, Remedy.DAMAGES) and not payment.amount_minor:
        raise Refused("No amount is named.", "Say how much is paid.", code="no_amount")
    if payment.given_at < claimed_at or claimed_at > now:
        raise Refused(
            "It was given before it was asked for, or asked for in the future.",
            "Correct the times.",
            code="bad_times",
        )


def _is_currency(text: str) -> bool:
    return len(text) == 3 and text.isalpha() and text.isascii() and text.isupper()
