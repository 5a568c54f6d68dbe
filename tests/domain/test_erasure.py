"""Who asks for an erasure and who confirms it, and what keeps the data all the same."""

from datetime import date
from itertools import chain, combinations

import pytest

from domain.erasure import (
    require_asker,
    require_confirmer,
    require_free,
    require_reference,
)
from domain.errors import Malformed, NotAllowed, Refused
from domain.people import Actor, Role
from domain.regulation_terms import RecordStart
from domain.retention import Keeps, KeepUntil, keep_until
from tests.domain.test_retention import record

OTHERS = tuple(Keeps)[1:]


def person(name: str, *roles: Role, **more: object) -> Actor:
    """Make somebody."""
    return Actor(id=name, roles=roles, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.PRIVACY_OFFICER])
def test_only_the_privacy_officer_asks(role: Role) -> None:
    require_asker(person("a", Role.PRIVACY_OFFICER))
    with pytest.raises(NotAllowed):
        require_asker(person("a", role))


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.LEGAL])
def test_only_legal_confirms(role: Role) -> None:
    require_confirmer(person("b", Role.LEGAL), "a")
    with pytest.raises(NotAllowed):
        require_confirmer(person("b", role), "a")


def test_nobody_confirms_what_they_asked_for_or_acts_for_another() -> None:
    with pytest.raises(NotAllowed, match="does not confirm"):
        require_confirmer(person("a", Role.LEGAL, Role.PRIVACY_OFFICER), "a")
    with pytest.raises(NotAllowed):
        require_asker(person("scribe", Role.PRIVACY_OFFICER, on_behalf_of="a"))


def test_a_deputy_may_act() -> None:
    require_asker(person("a", Role.STAFF, deputy_for=(Role.PRIVACY_OFFICER,)))


ON = date(2026, 11, 30)


def kept(*against: Keeps) -> KeepUntil:
    """Make what is kept for these reasons."""
    runs, unsure = record("CN", 36), record("US", None)
    periods = [runs] * (Keeps.PERIOD in against) + [unsure] * (Keeps.DOUBT in against)
    found = keep_until(
        periods,
        {"CN", "US"},
        (),
        {RecordStart.REPORT: ON},
        holds=["INC-2026-0001 L1"] * (Keeps.HOLD in against),
        is_open=Keeps.OPEN in against,
    )
    assert set(found.against(ON)) == set(against)
    return found


def every(kinds: tuple[Keeps, ...]) -> list[tuple[Keeps, ...]]:
    """Give every choice of some kinds."""
    sizes = range(len(kinds) + 1)
    return list(chain.from_iterable(combinations(kinds, size) for size in sizes))


@pytest.mark.parametrize("despite", every(tuple(Keeps)), ids=lambda one: "+".join(one) or "none")
def test_a_hold_is_never_overruled_and_all_else_by_name_alone(despite: tuple[Keeps, ...]) -> None:
    for found in every(OTHERS):
        with pytest.raises(Refused, match="INC-2026-0001 L1") as held:
            require_free(kept(Keeps.HOLD, *found), ON, despite)
        assert held.value.code == "legal_hold"
        if set(found) <= set(despite):
            require_free(kept(*found), ON, despite)
        else:
            with pytest.raises(Refused, match="It must be kept") as refused:
                require_free(kept(*found), ON, despite)
            assert refused.value.code == "must_be_kept"


@pytest.mark.parametrize("told", ["DSR-2026/17", "a.b_c", "", "  R1 "])
def test_the_number_of_a_request_is_kept(told: str) -> None:
    assert require_reference(told) == told.strip()


@pytest.mark.parametrize("told", ["Mrs. Li asked", "li.wei@example.com", "x" * 61, "-1"])
def test_what_may_name_a_person_is_no_number(told: str) -> None:
    with pytest.raises(Malformed):
        require_reference(told)
