"""What verifying a dossier finds: faults by name, how many, and the verdict.

What belongs here: the names, which never change, and counting. What never does: finding one
(services/dossier_verifying.py), or the words for people (cli/verify_text.py).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from domain.witness import Agreed

NAMES: Final = (
    "not_a_zip",
    "container",
    "bad_manifest",
    "manifest_signature",
    "manifest_differs",
    "foreign_key",
    "key_retired",
    "member_missing",
    "member_extra",
    "member_order",
    "member_changed",
    "member_size",
    "member_malformed",
    "entry_malformed",
    "entry_number",
    "entry_not_canonical",
    "entry_order",
    "head_malformed",
    "head_order",
    "head_signature",
    "head_root",
    "head_beyond",
    "head_missing",
    "head_unlogged",
    "log_head_signature",
    "log_root",
    "log_line",
    "stamp_malformed",
    "stamp_imprint",
    "stamp_head",
    "stamp_untrusted",
    "witness_signature",
    "witness_other",
    "witness_diverges",
    "witness_beyond",
    "key_not_announced",
    "rules_hash",
    "statement_hash",
    "filing_hash",
    "evidence_hash",
    "private_commitment",
    "viewer_differs",
    "fold",
    "history",
)
"""Every fault there is, in the order in which it is told; docs/reference/verifying.md explains."""

TOLD_AT_MOST: Final = 100
"""Faults of one name that are told one by one; the rest is counted."""

_PLACE: Final = {name: place for place, name in enumerate(NAMES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is not whole: its name, the member and entry it is about, and what of it."""

    name: str
    member: str = ""
    entry: int = 0
    what: str = ""


@dataclass(slots=True)
class Faults:
    """Collects faults; a file that has a million of them fills no memory."""

    counts: Counter[str] = field(default_factory=Counter)
    kept: list[Fault] = field(default_factory=list)

    def add(self, name: str, member: str = "", *, entry: int = 0, what: str = "") -> None:
        """Note one."""
        assert name in _PLACE, f"{name} is no fault"
        self.counts[name] += 1
        if self.counts[name] <= TOLD_AT_MOST:
            self.kept.append(Fault(name=name, member=member, entry=entry, what=what))

    def also(self, others: "Faults") -> None:
        """Take over what another part found."""
        self.counts.update(others.counts)
        self.kept += others.kept

    def told(self) -> tuple[Fault, ...]:
        """Give those that are told, in the order of their names, then as they were found."""
        found: Counter[str] = Counter()
        shown = []
        for one in sorted(self.kept, key=lambda each: _PLACE[each.name]):
            found[one.name] += 1
            if found[one.name] <= TOLD_AT_MOST:
                shown.append(one)
        return tuple(shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """A sound time stamp: which member, whose by the maker's word, when (an instant as text).

    `entries` of the record are under the stamped head; `is_trusted` says that the stamp was held
    against a root that was handed in.
    """

    file: str
    authority: str
    at: str
    entries: int
    is_trusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What verifying one dossier came to: whole when `counts` is empty.

    `counts` says how often each name was found, `faults` tells the first of each. `signed` is how
    many of the `entries` the newest sound head covers. `keys` are those that signed here and are
    believed, as words; `is_trusted` says that keys were handed in (`given`), not taken from the
    file itself. `witnessed` are the witnesses that agree, `agreed` says up to where, `stamped` are
    the time stamps that do; `checked` and
    `left_out` what was looked at and what not.
    """

    incident: str = ""
    origin: str = ""
    made_at: str = ""
    made_by: str = ""
    build: str = ""
    redacted: bool = False
    private: bool = False
    entries: int = 0
    root: str = ""
    signed: int = 0
    heads: int = 0
    keys: tuple[str, ...] = ()
    is_trusted: bool = False
    given: tuple[str, ...] = ()
    witnessed: tuple[str, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    stamped: tuple[Stamped, ...] = ()
    checked: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Say whether nothing was found."""
        return not self.counts

    @property
    def is_dossier(self) -> bool:
        """Say whether the file could be read as a dossier at all."""
        return "not_a_zip" not in self.counts

    @property
    def unsigned(self) -> int:
        """Count the entries that are younger than the newest head: no fault, and said."""
        return max(0, self.entries - self.signed)

    @property
    def names(self) -> frozenset[str]:
        """Give the names of what was found."""
        return frozenset(self.counts)


def places(names: Iterable[str]) -> list[str]:
    """Sort names of faults as they are told."""
    return sorted(names, key=_PLACE.__getitem__)
