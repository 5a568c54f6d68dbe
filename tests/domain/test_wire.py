"""How values travel: a field that a later release adds changes no byte of what was written before."""

import json
from dataclasses import dataclass, field

import pytest

from domain.canonical import canonical
from domain.message import ask
from domain.wire import added, decode, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A value of the first release."""

    name: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message of the first release."""

    seen: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNow(Part):
    """The same value, some releases later."""

    weight_g: int = added(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldNow:
    """The same message, some releases later."""

    seen: int
    parts: tuple[PartNow, ...] = ()
    how: str = added("by eye")
    until: str | None = ask("Until when?", default=None, added=True)


def test_a_message_of_before_keeps_its_bytes() -> None:
    before = canonical(encode(Told, Told(seen=3, parts=(Part(name="cap"),))))
    read = decode(ToldNow, json.loads(before))
    assert (read.how, read.until, read.parts[0].weight_g) == ("by eye", None, 0)
    assert canonical(encode(ToldNow, read)) == before


def test_what_an_added_field_says_travels() -> None:
    told = ToldNow(seen=3, parts=(PartNow(name="cap", weight_g=2),), how="by scale", until="noon")
    plain = encode(ToldNow, told)
    assert plain == {
        "seen": 3,
        "parts": [{"name": "cap", "note": "", "weight_g": 2}],
        "how": "by scale",
        "until": "noon",
    }
    assert decode(ToldNow, plain) == told


def test_a_field_of_the_first_release_stands_also_at_its_default() -> None:
    assert encode(Part, Part(name="cap")) == {"name": "cap", "note": ""}


def test_an_added_field_without_a_default_is_a_fault_of_the_release() -> None:
    @dataclass(frozen=True)
    class Wrong:
        needed: str = field(metadata={"added": True})

    with pytest.raises(AssertionError, match="needed was added"):
        encode(Wrong, Wrong("x"))
