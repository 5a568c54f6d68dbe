"""What a careful reader of the ledger knows of texts, worked out apart from the code under test.

What belongs here: who has to approve which text, read off the plan's file; who did, from what
people sent; what a text says of each fact, and what the fact says now. What never does: asking the
domain what it thinks of a text. Of a flag alone it asks the state whether it is there.
"""

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from domain.people import Actor, Role
from domain.state import Incident

REFERS = re.compile(r"\{\{\s*([a-z_]+)")
FIGURE = re.compile(r"\d[\d,. ]*")
LEAD = str(Role.INCIDENT_COMMANDER)


@cache
def plan() -> dict[str, Any]:
    """Read the plan as its file has it."""
    file = Path(__file__).parents[2] / "plan" / "default.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def beforehand(kind: str) -> dict[str, str]:
    """Give the templates that the plan approves beforehand, by language."""
    rows = plan()["statements"][kind].get("pre_approved", ())
    return {row["language"]: row["sha256"] for row in rows}


@dataclass(frozen=True)
class Needed:
    """One approval that a version needs; `row` is the line that it comes from."""

    row: int
    roles: frozenset[str]
    market: str = ""
    language: str = ""


@dataclass
class Version:
    """One version as it was written: its words as typed, and what it says of each fact."""

    statement: str
    number: int
    kind: str
    sha256: str
    languages: tuple[str, ...]
    markets: tuple[str, ...]
    typed: tuple[str, ...]
    says: dict[str, str]
    medical: bool
    about: str
    relation: str
    lane: bool
    named: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        """Name the facts that its words refer to, or that it was said to tell."""
        return {key for words in self.typed for key in REFERS.findall(words)} | {*self.named}


@dataclass
class Known:
    """A fact as it stands: what it says, whether anybody may be told, and whose words it is."""

    value: str
    status: str
    worded: bool
    by: str

    @property
    def told(self) -> str:
        """Give what a text may say of it now; nothing where it does not stand."""
        return self.value if self.status in ("reported", "verified") else ""


@dataclass
class Text:
    """What the oracle knows of one text."""

    version: Version
    authors: set[str] = field(default_factory=set)
    author_roles: set[str] = field(default_factory=set)
    handed_in: str = ""
    needed: tuple[Needed, ...] = ()
    given: dict[Needed, str] = field(default_factory=dict)
    doubts: dict[str, None] = field(default_factory=dict)
    allowed: dict[str, str] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    out: Version | None = None
    gone: bool = False
    seen: dict[str, set[str]] = field(default_factory=dict)
    cleared: dict[str, set[str]] = field(default_factory=dict)


def hash_of(incident: str, made: Any) -> str:
    """Hash what was written, by the words of docs alone: canonical JSON over all languages."""
    document = {
        "format": "andon-statement-1",
        "incident": incident,
        "statement": made.statement,
        "version": made.version,
        "kind": made.kind,
        "markets": list(made.markets),
        "texts": [
            {"language": each.language, "title": each.title, "body": each.body}
            for each in made.texts
        ],
        "facts_hash": made.facts_hash,
        "preliminary": made.preliminary,
        "about": made.about,
        "relation": made.relation,
    }
    if made.templates:
        document["templates"] = [
            {
                "language": one.language,
                "template": one.template,
                "sha256": one.sha256,
                "unchanged": one.unchanged,
            }
            for one in made.templates
        ]
    told = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


class Oracle:
    """Follows what people send and what is recorded of it; `assert`s what must hold."""

    def __init__(self, incident: str) -> None:
        """Begin with no text and no fact."""
        self.incident = incident
        self.texts: dict[str, Text] = {}
        self.facts: dict[str, Known] = {}
        self.published = 0

    # ------------------------------------------------------------ following

    def heard(self, who: Actor, command: Any, events: list[Any], marks: tuple[Any, ...]) -> None:
        """Take in what one act led to."""
        for event in events:
            take = getattr(self, f"_{type(event).__name__}", None)
            if take is not None:
                take(event, who, command, marks)

    def _FactRecorded(self, event: Any, who: Actor, *_: Any) -> None:  # noqa: N802
        worded = str(event.kind) in ("text", "points")
        by = who.id if event.status == "reported" else self.facts[event.key].by
        self.facts[event.key] = Known(str(event.value), str(event.status), worded, by)

    def _StatementDrafted(  # noqa: N802
        self, event: Any, who: Actor, command: Any, marks: tuple[Any, ...]
    ) -> None:
        before = self.texts.get(event.statement)
        assert event.sha256 == hash_of(self.incident, event)
        follows = bool(event.because)
        typed = before.version.typed if before and follows else _typed(command)
        lane = before.version.lane if before and follows else self._lane(event, marks)
        made = Version(
            event.statement, event.version, event.kind, event.sha256,
            tuple(each.language for each in event.texts), tuple(event.markets), typed, {},
            event.medical, event.about, event.relation, lane,
            before.version.named if before and follows else tuple(command.facts),
        )  # fmt: skip
        made.says = {key: self.facts[key].told for key in made.keys if key in self.facts}
        self._require_printed(made, event)
        text = self.texts.setdefault(event.statement, Text(made))
        assert text.out is None, "what is out was changed"
        if self._complete(text):
            text.doubts = {}
        text.version, text.handed_in, text.given, text.allowed = made, "", {}, {}
        if not follows:
            text.authors |= {who.id}
            text.author_roles |= set(map(str, who.roles))

    def _lane(self, event: Any, marks: tuple[Any, ...]) -> bool:
        """Say whether every language is a template of the plan, with its words kept."""
        known = beforehand(event.kind)
        good = {
            one.language for one in marks if one.unchanged and known.get(one.language) == one.sha256
        }
        has = "fast_lane" in plan()["statements"][event.kind]
        return has and {each.language for each in event.texts} <= good

    def _require_printed(self, made: Version, event: Any) -> None:
        """A figure stands in the words as the fact has it: no other, and not an older one."""
        for each in event.texts:
            found = {re.sub(r"\D", "", hit) for hit in FIGURE.findall(each.body)}
            for key, value in made.says.items():
                if value.isdecimal():
                    assert value in found, (key, value, each.body)
            told = {value for value in made.says.values() if value.isdecimal()}
            assert {one for one in found if len(one) == 4} <= told, (found, told)

    def _StatementReviewAsked(self, event: Any, *_: Any) -> None:  # noqa: N802
        text = self.texts[event.statement]
        assert event.sha256 == text.version.sha256
        text.handed_in, text.given = event.sha256, {}
        text.needed = self.needed(text)
        asked = {(slot.row, slot.market, slot.language) for slot in event.slots}
        assert asked == {(one.row, one.market, one.language) for one in text.needed}

    def _StatementApproved(self, event: Any, who: Actor, command: Any, *_: Any) -> None:  # noqa: N802
        text = self.texts[event.statement]
        assert command.sha256 == event.sha256 == text.version.sha256 == text.handed_in
        assert who.id not in text.authors, "an author approved"
        for key in text.version.keys & set(self.facts):
            assert not self.facts[key].worded or who.id != self.facts[key].by, "own words"
        (slot,) = [
            one for one in text.needed
            if (one.row, one.market, one.language) == (event.row, event.market, event.language)
        ]  # fmt: skip
        roles = set(map(str, who.roles))
        stands_in = LEAD in roles and bool(text.author_roles & slot.roles)
        assert roles & slot.roles or stands_in, "a role that does not approve this"
        assert slot not in text.given
        assert {one.row for one, by in text.given.items() if by == who.id} <= {slot.row}
        text.given[slot] = who.id
        assert event.complete is self._complete(text)

    def _StatementChangesRequested(self, event: Any, *_: Any) -> None:  # noqa: N802
        text = self.texts[event.statement]
        if self._complete(text):
            text.doubts = {}
        text.handed_in, text.given = "", {}
        text.doubts |= {str(event.role): None}

    def _StatementPublishing(self, event: Any, _who: Actor, command: Any, *_: Any) -> None:  # noqa: N802
        text = self.texts[event.statement]
        assert getattr(command, "sha256", event.sha256) == event.sha256, "other words were read"
        assert event.sha256 == text.version.sha256 == text.handed_in, "bytes nobody handed in"
        assert self._complete(text), (text.needed, text.given)
        assert not text.gone
        for key, says in text.version.says.items():
            now = self.facts[key].told
            assert now == says or text.allowed.get(key) == now, (key, says, now)
        text.sent.add(event.sha256)

    def _GapsAllowed(self, event: Any, *_: Any) -> None:  # noqa: N802
        """Let go by is what the facts said at that moment, and nothing that they say later."""
        text = self.texts[event.statement]
        if "facts_verified" in event.items:
            text.allowed = {key: self.facts[key].told for key in text.version.says}

    def _StatementPublished(self, event: Any, *_: Any) -> None:  # noqa: N802
        text = self.texts[event.statement]
        assert event.sha256 in text.sent, "it stands there, and nobody sent it"
        assert event.by_hand or event.read_back == event.sha256
        text.out = text.version
        self.published += 1

    def _StatementDropped(self, event: Any, *_: Any) -> None:  # noqa: N802
        text = self.texts[event.statement]
        assert text.out is None
        text.gone, text.handed_in = True, ""

    def _StatementFlagCleared(self, event: Any, *_: Any) -> None:  # noqa: N802
        text = self.texts[event.statement]
        for key, values in text.seen.items():
            text.cleared.setdefault(key, set()).update(values)

    # ------------------------------------------------------------ approvals

    def _complete(self, text: Text) -> bool:
        return bool(text.handed_in) and set(text.needed) == set(text.given)

    def root(self, text: Text) -> str:
        """Give the kind whose people approve: a correction is approved as its original."""
        while plan()["statements"][text.version.kind].get("as_original"):
            text = self.texts[text.version.about]
        return text.version.kind

    def needed(self, text: Text) -> tuple[Needed, ...]:
        """List the approvals that the plan's file asks for a text as it stands."""
        made, kind = text.version, plan()["statements"][self.root(text)]
        fast = kind.get("fast_lane") if made.lane else None
        if fast == [] and self._tells_unseen_words(made):
            fast = None
        rows = kind["approvals"] if fast is None else fast
        found = tuple(slot for number, row in enumerate(rows) for slot in _slots(made, number, row))
        if found or fast is None:
            return found
        return tuple(Needed(row, frozenset({role})) for row, role in enumerate(self._doubts(text)))

    def _doubts(self, text: Text) -> dict[str, None]:
        """Name who asked for changes in this text, or in another of its kind, unanswered."""
        found = dict(text.doubts)
        for other in self.texts.values():
            alike = other is not text and other.version.kind == text.version.kind
            if alike and not self._complete(other):
                found |= other.doubts
        return found

    def _tells_unseen_words(self, made: Version) -> bool:
        return any(
            self.facts[key].worded and self.facts[key].status != "verified"
            for key in made.keys & set(self.facts)
        )

    # ------------------------------------------------------------ numbers

    def holds(self, incident: Incident) -> None:
        """Assert that no figure that stands out there differs from its fact without a flag."""
        changed = {(text.out.about, text.out.relation) for text in self.texts.values() if text.out}
        for name, text in self.texts.items():
            if text.out is None or {(name, "supersedes"), (name, "retracts")} & changed:
                continue
            flagged = {flag.fact for flag in incident.statement.statements[name].flags}
            for key, says in text.out.says.items():
                now = self.facts[key].told
                if not says or self._told_anew(name, key):
                    continue
                if now == says:
                    text.seen.pop(key, None)
                    text.cleared.pop(key, None)
                    assert key not in flagged, f"{name} is flagged for {key}, and says it right"
                    continue
                text.seen.setdefault(key, set()).add(now)
                assert key in flagged or now in text.cleared.get(key, ()), (name, key, says, now)

    def _told_anew(self, name: str, key: str) -> bool:
        """Say whether a newer text about this one, that stands, tells the fact."""
        return any(
            key in text.out.says or self._told_anew(other, key)
            for other, text in self.texts.items()
            if text.out is not None and text.out.about == name
        )


def _typed(command: Any) -> tuple[str, ...]:
    return tuple(f"{each.title}\n{each.body}" for each in command.texts)


def _slots(made: Version, number: int, row: dict[str, Any]) -> list[Needed]:
    roles, applies = frozenset(row["roles"]), row.get("applies", "once")
    if applies == "each_market":
        return [Needed(number, roles, market=each) for each in made.markets]
    if applies == "each_language":
        return [Needed(number, roles, language=each) for each in made.languages]
    if applies == "each_other_language":
        read = plan()["languages_read"]
        others = [each for each in made.languages if each[:2] not in read]
        return [Needed(number, roles, language=each) for each in others]
    if applies == "medical_text" and not made.medical:
        return []
    return [Needed(number, roles)]
