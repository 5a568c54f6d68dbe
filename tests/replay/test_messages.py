"""What travels and is kept, against what was published: fields are added, nothing else."""

from copy import deepcopy

import pytest

from tests.replay.messages import PUBLISHED, Text, differences, read_text, todays, write_text

RULE = """
What was published never changes its meaning; fields are only added, with a default (CONTRIBUTING.md,
"Change an event or a workflow"). What is safe is taken over by `make record ARGS="messages"`."""


def test_messages_are_those_that_were_published() -> None:
    found = differences(read_text(PUBLISHED.read_text(encoding="utf-8")), todays())
    told = [f"{'safe' if each.safe else 'NOT SAFE'}: {each.sentence}" for each in found]
    assert not told, "\n".join([*told, RULE])


def test_the_text_says_everything_once() -> None:
    assert read_text(write_text(todays())) == read_text(write_text(read_text(write_text(todays()))))
    assert len(todays()) > 400


# ---------------------------------------------------------------- what a difference means

BEFORE = """
event LidLost | v1 | report | open
  lid | str |  | max 20
  seen | int | 0

command lose_lid | v1 | report | lid
  lid | str

choice Lid
  cap
  pump

state Shelf
  lids | list of str | []

travels Parcel
  name | str

workflow Fetch | (Parcel) -> str
  signal stop | (Parcel)
"""

CHANGES = {
    "an event is gone": ("event LidLost", None, False, "Ledgers hold it for ever"),
    "a command is gone": ("command lose_lid", None, False, "Histories and proposed acts"),
    "a workflow is gone": ("workflow Fetch", None, False, "Keep the name"),
    "another version": ("event LidLost/", ("v2", "report", "open"), False, "was `v1 | report"),
    "another stage": ("command lose_lid/", ("v1", "halt", "lid"), False, "is `v1 | halt"),
    "a field is gone": ("event LidLost/seen", None, False, "seen is gone"),
    "another type": ("event LidLost/seen", ("str", "0"), False, "was `int | 0`"),
    "another default": ("event LidLost/seen", ("int", "1"), False, "new type beside it"),
    "no default any more": ("event LidLost/seen", ("int",), False, "was `int | 0`"),
    "a lower limit": ("event LidLost/lid", ("str", "", "max 10"), False, "max 10"),
    "a new limit": ("event LidLost/seen", ("int", "0", "max 10"), False, "max 10"),
    "a higher limit": ("event LidLost/lid", ("str", "", "max 40"), True, "more than it took"),
    "no limit any more": ("event LidLost/lid", ("str",), True, "more than it took"),
    "a default where none was": ("event LidLost/lid", ("str", '""', "max 20"), True, "more than"),
    "a needed field": ("event LidLost/why", ("str",), False, "has no default"),
    "a field that changes bytes": ("event LidLost/why", ("str", '""'), False, "added("),
    "a field as it should be": (
        "event LidLost/why",
        ("str", '""', "added"),
        True,
        "with a default",
    ),
    "a field of an envelope": ("travels Parcel/size", ("int", "0"), True, "with a default"),
    "a needed field of a state": ("state Shelf/size", ("int",), False, "has no default"),
    "a field of a state is gone": ("state Shelf/lids", None, True, "states"),
    "a choice more": ("choice Lid/tube", (), True, "tube is new"),
    "a choice less": ("choice Lid/pump", None, False, "readable for ever"),
    "another signal": ("workflow Fetch/signal stop", ("(str)",), False, "was `(Parcel)`"),
    "a signal more": ("workflow Fetch/signal go", ("(Parcel)",), True, "signal go is new"),
    "a new event": ("event CapLost", {"lid": ("str",)}, True, "event CapLost is new"),
}


@pytest.mark.parametrize(("where", "told", "safe", "word"), CHANGES.values(), ids=CHANGES.keys())
def test_a_difference_is_safe_or_says_what_to_do(
    where: str, told: object, *, safe: bool, word: str
) -> None:
    before = read_text(BEFORE)
    now = _with(before, where, told)
    assert not differences(before, before)
    (found,) = differences(before, now)
    assert found.safe is safe
    assert word in found.sentence


def _with(before: Text, where: str, told: object) -> Text:
    now = deepcopy(before)
    head, slash, name = where.partition("/")
    if told is None:
        (now[head] if slash else now).pop(name if slash else head)
    elif slash:
        now[head][name] = told  # type: ignore[assignment]
    else:
        now[head] = told  # type: ignore[assignment]
    return now
