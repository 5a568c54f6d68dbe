"""Which worker runs what, and in which order: what takes longest begins first.

What belongs here: what goes to one worker together, and when. What never does: what is tested.

Tests that share an installation are a group (`xdist_group`). Of all others those of one file go
together, for they share its fixtures; where a test takes seconds, each goes to who has time.
"""

from typing import Any

from xdist.scheduler import LoadGroupScheduling

EACH_ALONE = tuple(f"tests/{room}/" for room in "durability properties engine replay".split())
"""Where a test takes seconds and shares little with its neighbours."""

LONG = (
    *EACH_ALONE,
    *(f"tests/{room}/" for room in "cli services activities integrations architecture".split()),
)
"""What begins after the groups, in this order; what takes little fills the gaps at the end."""


def is_of_group(nodeid: str) -> bool:
    """Say whether a test's name ends with its group, as pytest-xdist marks it."""
    return nodeid.rfind("@") > nodeid.rfind("]")


def name_alone(nodeid: str) -> str:
    """Give a test's name as it is without workers: without its group."""
    return nodeid.rpartition("@")[0] if is_of_group(nodeid) else nodeid


def unit_of(nodeid: str) -> str:
    """Name what goes to one worker together: a group, a file, or the test alone."""
    if is_of_group(nodeid):
        return nodeid.rpartition("@")[2]
    return nodeid if nodeid.startswith(EACH_ALONE) else nodeid.partition("::")[0]


def rank_of(unit: str) -> int:
    """Say when a unit begins: groups first, the shortest last."""
    if not unit.startswith("tests/"):
        return 0
    return next((n for n, room in enumerate(LONG, 1) if unit.startswith(room)), len(LONG) + 1)


class LongestFirst(LoadGroupScheduling):  # type: ignore[misc] # it has no types
    """Hand out what was collected unit by unit, longest first, the larger of two alike."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        first = min(self.workqueue, key=lambda unit: (rank_of(unit), -len(self.workqueue[unit])))
        self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)
