"""Every field of every row of the plan is read by something that decides or shows it.

What a plan says and nothing reads would be worse than what it does not say. So every read of a
field is noted, with the module that read it, while every recorded story is decided again
(tests/replay) and the pages of the plan are drawn. Reading, checking and comparing plan files does
not count: it reads everything alike.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

import pytest

import domain.plan_rows as rows
from domain.plan_whole import Plan
from domain.severity_rules import Parameters
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted
from tests.api.serving import Served
from tests.domain.plans import the_plan
from tests.domain.story import MILD, START, Story
from tests.replay.corpus import goldens
from tests.replay.leading import lead_all

pytestmark = pytest.mark.xdist_group("pages")

KINDS: tuple[Any, ...] = (
    Plan,
    Parameters,
    *(row for row in vars(rows).values() if is_dataclass(row)),
)
COUNT_FOR_NOTHING = frozenset(
    "dataclasses domain.wire domain.plan domain.plan_reading domain.plan_meaning"
    " domain.rule_changes domain.company".split()
)
"""Modules that read every field alike, or only to check it."""

Read = set[tuple[str, str]]


@contextmanager
def noted(*rooms: str) -> Iterator[Read]:
    """Note which fields are read by modules of some rooms, by class and name.

    The installation under test runs in this process too, and tells and draws meanwhile.
    """
    read: Read = set()

    def watched(kind: Any) -> None:
        unread = {field.name for field in fields(kind)}

        def get(self: Any, name: str) -> Any:
            if name in unread:  # who reads it again need not be known
                reader = str(sys._getframe(1).f_globals.get("__name__"))
                if reader not in COUNT_FOR_NOTHING and reader.partition(".")[0] in rooms:
                    read.add((kind.__name__, name))
                    unread.discard(name)
                    if not unread:  # all are known: from now on it is read as fast as ever
                        unwatched(kind)
            return object.__getattribute__(self, name)

        kind.__getattribute__ = get

    def unwatched(kind: Any) -> None:
        with suppress(AttributeError):
            del kind.__getattribute__

    for kind in KINDS:
        watched(kind)
    try:
        yield read
    finally:
        for kind in KINDS:
            unwatched(kind)


LONG = ("jj-sunscreen-2021", "nmpa-sampling")
"""Stories that read nothing which the others do not, and take as long as all of them."""

WORDS = frozenset({"en", "zh", "basis", "citation"})
SHOWN_ALONE = {
    ("Plan", "adopted_by"): "who adopted it",
    ("Plan", "calendar"): "the calendar that was built from it is pinned beside the plan",
    ("Plan", "review_on"): "a page says when the review is overdue",
    ("Plan", "roles"): "titles and duties; who may do what stands in the acts",
    ("RoleDuty", "deputy_needed"): "`andon plan check --company` holds the company's list to it",
    ("Parameters", "cluster_days"): "whoever counts the people of a cluster reads it",
    ("StepTime", "on_decision"): "the incident's page names what waits for a decided time",
}
"""What decides nothing by itself, with what it is shown for; words of all rows are shown alone."""


def _is_word(name: str) -> bool:
    return name in WORDS or name.endswith(("_en", "_zh"))


def _at_night() -> None:
    """A mild report in the evening: reminders wait for the morning."""
    story = Story(now=START + timedelta(hours=12))
    story.accepted(MILD)
    story.later(days=2)


def test_nothing_stands_in_a_plan_that_nobody_reads(served: Served, at: SignedIn) -> None:
    number = accepted(served)
    with noted("domain", "workflows") as decided:
        _at_night()
        for golden in goldens():
            if golden.folder.name not in LONG:
                asyncio.run(lead_all(golden))
    with noted("domain", "api") as shown:
        for language in ("en", "zh"):
            at("gao.yuan", language).open("/plan")
            at("gao.yuan", language).open(f"/incidents/{number}/people")
    everything = {(kind.__name__, field.name) for kind in KINDS for field in fields(kind)}
    idle = {each for each in everything - decided if not _is_word(each[1])}
    told = "Enforce it, or show it and say here what for, or take it out of the plan"
    assert idle == set(SHOWN_ALONE), f"{told}: {sorted(idle ^ set(SHOWN_ALONE))}"
    unseen = everything - decided - shown
    assert not unseen, f"{told}: {sorted(unseen)}"


def test_a_field_that_nobody_reads_would_be_found() -> None:
    with noted("tests", "domain") as read:
        the_plan().act("report")
    assert ("Plan", "acts") in read
    assert ("RoleDuty", "citation") not in read
