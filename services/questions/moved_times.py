"""Times that a rise of the grade brought nearer: who was late for them could not know of them.

What belongs here: finding them, by what was due before and after the rise. What never does: whether
somebody is late (the ledger has it), or a word of it.
"""

from collections.abc import Callable, Iterable, Iterator

from domain.agenda import RungReached, dues
from domain.grading import SeverityAssessed
from domain.ledger import Entry
from domain.state import Incident


def moved_by_rises(entries: Iterable[Entry], at: Callable[[int], Incident]) -> dict[str, int]:
    """Give the dues that ran out by a time that a rise brought nearer, each with the rise's entry.

    `at` gives the state after an entry. It is asked for twice for each rise that has such a due
    behind it, and never where nothing was late.
    """
    listed = list(entries)
    late: dict[str, Entry] = {}
    for one in listed:
        if isinstance(one.event, RungReached) and one.event.overdue:
            late.setdefault(one.event.due, one)
    found: dict[str, int] = {}
    for rise in _rises(listed):
        if any(one.seq > rise.seq for one in late.values()):
            before = {due.key: due.due_at for due in dues(at(rise.seq - 1))}
            after = {due.key: due.due_at for due in dues(at(rise.seq))}
            for key, one in late.items():
                nearer = key in before and key in after and after[key] < before[key]
                if nearer and one.seq > rise.seq and one.recorded_at < before[key]:
                    found[key] = rise.seq
    return found


def _rises(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Give the entries that raised a grade which somebody had given.

    The first grading raises nothing: what it found is the grade that an incident begins with.
    """
    graded = (one for one in entries if isinstance(one.event, SeverityAssessed))
    next(graded, None)
    for one in graded:
        if one.event.grade > one.event.before:
            yield one
