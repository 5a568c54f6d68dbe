"""What is kept under a hash, held against it: the rules that are in force."""

import pytest
import sqlalchemy as sa

from services.fault import Fault
from services.house import House
from services.verifying_named import ADOPTED, named_faults
from storage import company
from storage.engine import write
from storage.schema import meta

OTHER = "ab" * 32


@pytest.mark.parametrize("says", [None, OTHER], ids=["a fact that is gone", "another fact"])
def test_rules_in_force_are_those_that_were_adopted_last(says: str | None, house: House) -> None:
    assert list(named_faults(house)) == []
    company.log(house.engine, house.now(), ADOPTED, {"rules": "cd" * 32})
    if says is None:
        with write(house.engine) as connection:
            connection.execute(sa.delete(meta).where(meta.c.key == company.ADOPTED_RULES))
    else:
        company.set_fact(house.engine, company.ADOPTED_RULES, says)
    assert list(named_faults(house)) == [Fault(kind="rules_adopted", what=says or "")]
