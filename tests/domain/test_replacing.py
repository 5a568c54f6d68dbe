"""Copying a value with some fields changed: as the standard library does it, only sooner."""

import dataclasses
from dataclasses import dataclass, field

import pytest

from domain.replacing import replace
from domain.state import Incident
from domain.state.halt import ChannelHalt, HaltState
from tests.domain.story import START, rules


@dataclass(frozen=True)
class Open:
    """A value without slots."""

    one: int
    two: int = 2


@dataclass(frozen=True, slots=True)
class Made:
    """A value that does something when it is made."""

    one: int
    two: int = 2

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if self.one < 0:
            raise ValueError("below zero")


@dataclass(frozen=True, slots=True)
class Half:
    """A value with a field that nobody gives."""

    one: int
    two: int = field(default=2, init=False)


VALUES = {
    "a channel": (ChannelHalt(channel="c", order=1, state="ordered", ordered_at=START), "state"),
    "a stage": (HaltState(drifts=3), "levels"),
    "an incident": (Incident(id="INC-2026-0001", rules=rules()), "size"),
    "without slots": (Open(1), "two"),
    "with a check": (Made(1), "two"),
    "with a field of its own": (Half(1), "one"),
}


@pytest.mark.parametrize(("value", "name"), VALUES.values(), ids=VALUES.keys())
def test_it_gives_what_the_standard_library_gives(value: object, name: str) -> None:
    changed = replace(value, **{name: 7})
    assert changed == dataclasses.replace(value, **{name: 7})  # type: ignore[type-var]
    assert type(changed) is type(value)
    assert getattr(changed, name) == 7
    assert getattr(value, name) != 7
    assert replace(value) == value


@pytest.mark.parametrize(("value", "name"), VALUES.values(), ids=VALUES.keys())
def test_a_field_that_is_not_there_is_refused(value: object, name: str) -> None:
    with pytest.raises(TypeError):
        replace(value, nobody=1)


def test_what_a_value_checks_when_it_is_made_is_checked() -> None:
    with pytest.raises(ValueError, match="below zero"):
        replace(Made(1), one=-1)
