"""What a plan may say of those who are no authority and must hear: its rows `told`.

What belongs here: the checks of these rows. What never does: their shape (domain/plan_rows.py), or
when one holds in an incident (domain/partners_due.py). None of them is law.
"""

import re
from collections.abc import Iterator

from domain.errors import FieldError
from domain.people import SEES_INSIDE, TELLS_OTHERS
from domain.plan_rows import ToldRow
from domain.plan_terms import Basis
from domain.plan_whole import Plan
from domain.regulation_terms import PartnerKind

Wrong = Iterator[FieldError]
_KEY = re.compile("[a-z][a-z0-9_]{0,39}")


def told_checks(plan: Plan) -> Wrong:
    """Say what does not fit together in the rows of those who must hear beside the authorities."""
    keys = [row.key for row in plan.told]
    for number, row in enumerate(plan.told):
        path = f"told.{number}"
        if not _KEY.fullmatch(row.key):
            yield FieldError(f"{path}.key", "Write up to 40 small letters, digits and _.")
        if keys.index(row.key) != number:
            yield FieldError(f"{path}.key", f"{row.key} stands here twice.")
        if row.basis is Basis.LAW:
            sentence = "No law is written here: its times come from the regulations alone."
            yield FieldError(f"{path}.basis", sentence)
        if not row.within.amount:
            sentence = "Write a time: what is due at once is late before anybody has read it."
            yield FieldError(f"{path}.within", sentence)
        yield from _conditions(path, row)
        yield from _who_tells(path, row)


def _conditions(path: str, row: ToldRow) -> Wrong:
    if not row.when:
        yield FieldError(f"{path}.when", "Say when they are told, or take the row out.")
    for number, one in enumerate(row.when):
        held = (one.grade, one.recall, one.halted, one.hurt, one.supplier, one.listed)
        if not any(held):
            yield FieldError(f"{path}.when.{number}", "Say on which condition.")


def _who_tells(path: str, row: ToldRow) -> Wrong:
    """Name roles that may tell; what a market does not know yet stays with those who see it."""
    inside = row.kind is PartnerKind.EXCHANGE
    allowed = [role for role in TELLS_OTHERS if not inside or role in SEES_INSIDE]
    if not row.roles:
        yield FieldError(f"{path}.roles", "Name at least one role.")
    for role in row.roles:
        if role not in allowed:
            choose = f"Choose: {', '.join(allowed)}."
            sentence = (
                f"{role} does not see what an exchange is told. {choose}"
                if inside
                else f"{role} does not tell those who are no authority. {choose}"
            )
            yield FieldError(f"{path}.roles", sentence)
