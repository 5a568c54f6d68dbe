"""Whatever people do with texts in whatever order: nothing goes out unapproved, or wrong unsaid.

Acts go through the real plan; what must hold is worked out beside it (tests/properties/oracle.py).
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.acts import ActRefused
from domain.agenda import PassTime, next_ring
from domain.fact_values import ValueKind
from domain.facts import DisputeFact, RecordFact, RetractFact, VerifyFact
from domain.people import CLOCK, PERFORMER, Actor, Role
from domain.publication import ConfirmPublishedByHand, Placed, ReportPublication
from domain.publishing import AllowGaps, PublishStatement
from domain.statement import DraftStatement, DropStatement, ReviseStatement
from domain.statement_approval import ApproveStatement, AskForReview, RequestChanges
from domain.statement_change import (
    ClearFlag,
    CorrectStatement,
    DraftCorrection,
    FlagStatement,
    RetractStatement,
    SupersedeStatement,
)
from domain.statement_places import Place
from domain.statement_text import Rendition, TemplateMark
from domain.values import PublicText
from tests.domain.story import SERIOUS, Story, person
from tests.domain.texts import EVERYTHING
from tests.properties.oracle import Oracle, beforehand

PEOPLE = (
    person(Role.PR_OFFICER, name="officer"),
    person(Role.PR_LEAD, name="lead"),
    person(Role.PR_LEAD, Role.LEGAL, name="both"),
    person(Role.LEGAL, name="legal"),
    person(Role.CHANNEL_LEAD, name="channels"),
    person(Role.QUALITY_SAFETY_RESPONSIBLE, name="qsr"),
    person(Role.QUALITY, name="quality"),
    person(Role.REGULATORY_AFFAIRS, name="affairs"),
    person(Role.LANGUAGE_REVIEWER, name="reviewer"),
    person(Role.INCIDENT_COMMANDER, name="commander"),
)
KINDS = ("holding", "trade_hold", "update")
FACTS = {
    "units_sold": ("1201", "1302", "1403"),
    "units_returned": ("2201", "2302", "2403"),
    "contact": ("热线转一", "热线转二", "热线转三"),
}
BODIES = (
    "已售出 {{units_sold}} 件。",
    "已售出 {{units_sold}} 件，退回 {{units_returned}} 件。",
    "退回 {{units_returned}} 件。{{contact}}",
    "我们已停止销售，正在调查。{{units_sold}}",
)
PLACES = ((), ("site",), ("press",), ("site", "press"), ("trade",))
WORDS = PublicText("因为有误。")
FOLLOWING = {
    "correct": (CorrectStatement, "what_was_wrong"),
    "retract": (RetractStatement, "reason"),
    "supersede": (SupersedeStatement, "reason"),
}


class Desk:
    """People at work on the texts of one incident; the oracle hears all of it."""

    def __init__(self) -> None:
        """Begin with an accepted incident and two figures on record."""
        self.story = Story()
        self.story.accepted(SERIOUS)
        self.oracle = Oracle(self.story.incident.id)
        self.fact(0, 0)
        self.fact(1, 0)

    # ------------------------------------------------------------ acting

    def act(self, who: Actor, command: Any, marks: tuple[TemplateMark, ...] = ()) -> bool:
        """Let somebody act; what the plan refuses changes nothing. Says whether it was taken."""
        events = self.story.does(who, command, templates=marks)
        self.oracle.heard(who, command, events, marks)
        self.oracle.holds(self.story.incident)
        return not any(isinstance(event, ActRefused) for event in events)

    def text(self, choice: int) -> Any:
        """Choose a text; none where nobody has written one."""
        texts = list(self.story.incident.statement.statements.values())
        return texts[choice % len(texts)] if texts else None

    def words(self, kind: str, choice: int) -> tuple[dict[str, Any], tuple[TemplateMark, ...]]:
        """Choose words, and how far they are those of a template."""
        languages = ("zh-CN",) if choice % 3 else ("zh-CN", "de")
        body = BODIES[choice % len(BODIES)]
        texts = tuple(
            Rendition(language=one, title=PublicText("通报"), body=PublicText(body))
            for one in languages
        )
        known = beforehand(kind)
        marks = tuple(
            TemplateMark(
                language=one,
                template=f"{kind}/{one}",
                sha256=known.get(one, "0" * 64) if choice % 5 else "0" * 64,
                unchanged=bool(choice % 4),
            )
            for one in languages
        )
        markets = ("CN",) if len(languages) == 1 else ("CN", "DE")
        said = {"texts": texts, "markets": markets, "preliminary": choice % 2 == 0}
        return said | (self.typed(texts) if choice % 11 == 3 else {}), marks

    def typed(self, texts: tuple[Rendition, ...]) -> dict[str, Any]:
        """Type a figure in place of a reference, and name the fact that it comes from."""
        fact = self.story.incident.investigation.facts.get("units_sold")
        if fact is None or fact.status not in ("reported", "verified"):
            return {}
        body = PublicText(f"已售出 {fact.value} 件。")
        return {
            "texts": tuple(replace(each, body=body) for each in texts),
            "facts": ("units_sold",),
        }

    # ------------------------------------------------------------ writing

    def draft(self, one: int, other: int) -> None:
        """Write a text."""
        kind = KINDS[one % len(KINDS)]
        said, marks = self.words(kind, other)
        author = PEOPLE[4] if kind == "trade_hold" and other % 2 else PEOPLE[one % 3]
        self.act(author, DraftStatement(kind=kind, hand_in=other % 7 == 0, **said), marks)

    def revise(self, one: int, other: int) -> None:
        """Change a text, now and then with the hash of an earlier version."""
        if text := self.text(one):
            said, marks = self.words(text.kind, other)
            sha256 = text.versions[0].sha256 if other % 6 == 0 else text.sha256
            author = PEOPLE[other % 5]
            self.act(author, ReviseStatement(statement=text.id, sha256=sha256, **said), marks)

    def follow(self, one: int, other: int) -> None:
        """Correct, retract or supersede a text."""
        if text := self.text(one):
            command, why = FOLLOWING[tuple(FOLLOWING)[other % 3]]
            said, marks = self.words(text.kind, other // 3)
            made = command(statement=text.id, **{why: WORDS}, **said)
            self.act(PEOPLE[other % 2], made, marks)

    def begin(self, one: int, other: int) -> None:
        """Let the performer begin a correction."""
        if text := self.text(one):
            said, _ = self.words(text.kind, other)
            self.act(PERFORMER, DraftCorrection(statement=text.id, what_was_wrong=WORDS, **said))

    def again(self, one: int, other: int) -> None:
        """Write fixed words; somebody asks for changes, and others write the same once more."""
        for number in range(2):
            said, marks = self.words("trade_hold", 13)  # one language, a template, unchanged
            self.act(PEOPLE[1], DraftStatement(kind="trade_hold", hand_in=True, **said), marks)
            text = self.text(len(self.story.incident.statement.statements) - 1)
            if number == 0 and one % 2:
                self.changes(len(self.story.incident.statement.statements) - 1, 1)
            elif text is not None and other % 2:
                self.send(text.id, text.sha256)

    def overtaken(self, one: int, other: int) -> None:
        """Type a figure; its fact moves, the commander lets that go by, and it moves once more."""
        said, marks = self.words("holding", 25 if other % 2 else 14)  # typed, in one language
        if not self.act(PEOPLE[0], DraftStatement(kind="holding", hand_in=True, **said), marks):
            return
        last = len(self.story.incident.statement.statements) - 1
        self.approve_all(last, 1)
        self.fact(0, one)
        text = self.text(last)
        items = ("facts_verified", "languages_complete")
        gaps = AllowGaps(statement=text.id, sha256=text.sha256, items=items, reason=WORDS)
        self.act(PEOPLE[9], gaps)
        if other % 3:
            self.fact(0, one + 1)
        self.send(text.id, text.sha256)

    def drop(self, one: int, other: int) -> None:
        """Lay a text aside."""
        if (text := self.text(one)) and other % 4 == 0:
            self.act(PEOPLE[1], DropStatement(statement=text.id, reason=WORDS))

    # ------------------------------------------------------------ approving

    def hand_in(self, one: int, other: int) -> None:
        """Hand a text in."""
        if text := self.text(one):
            self.act(PEOPLE[other % 3], AskForReview(statement=text.id, sha256=text.sha256))

    def approve(self, one: int, other: int) -> None:
        """Let anybody try to approve anything, also words that are gone."""
        if text := self.text(one):
            sha256 = text.versions[0].sha256 if other % 3 == 0 else text.sha256
            slots = ["", *(slot.key for slot in text.slots)]
            slot = slots[other % len(slots)]
            who = PEOPLE[other % len(PEOPLE)]
            self.act(who, ApproveStatement(statement=text.id, sha256=sha256, slot=slot))

    def approve_all(self, one: int, other: int) -> None:
        """Let whoever may fill what is open, but sometimes for one approval."""
        if text := self.text(one):
            for number, slot in enumerate(text.open_slots):
                if other % 4 == 0 and number == 0:
                    continue
                sha256 = text.versions[0].sha256 if other % 7 == 0 else text.sha256
                said = ApproveStatement(statement=text.id, sha256=sha256, slot=slot.key)
                fitting = [who for who in PEOPLE if set(who.roles) & {*slot.roles}]
                any(self.act(who, said) for who in [*fitting, PEOPLE[9]])

    def changes(self, one: int, other: int) -> None:
        """Ask for changes."""
        if text := self.text(one):
            said = RequestChanges(statement=text.id, sha256=text.sha256, reason=WORDS)
            who = PEOPLE[9] if other % 2 else PEOPLE[other % len(PEOPLE)]
            self.act(who, said)

    # ------------------------------------------------------------ facts

    def fact(self, one: int, other: int) -> None:
        """Record a fact: a first time, again, or otherwise."""
        key = tuple(FACTS)[one % len(FACTS)]
        kind = ValueKind.TEXT if key == "contact" else ValueKind.NUMBER
        value = PublicText(FACTS[key][other % 3])
        who = PEOPLE[(one + other) % len(PEOPLE)]
        said = RecordFact(
            key=key, value=value, kind=kind, as_of=self.story.now, own_language="zh-CN"
        )
        self.act(who, said)

    def judge(self, one: int, other: int) -> None:
        """Verify, dispute or take back a fact."""
        key, who = tuple(FACTS)[one % len(FACTS)], PEOPLE[other % len(PEOPLE)]
        command: Any = VerifyFact(key=key)
        if other % 8 == 0:
            command = DisputeFact(key=key, reason=WORDS)
        elif other % 8 == 1:
            command = RetractFact(key=key, reason=WORDS)
        self.act(who, command)

    # ------------------------------------------------------------ going out

    def publish(self, one: int, other: int) -> None:
        """Send a text out, at once or at a time, through the gate."""
        if text := self.text(one):
            items = ("facts_verified", "languages_complete")
            if other % 2:
                said = AllowGaps(statement=text.id, sha256=text.sha256, items=items, reason=WORDS)
                self.act(PEOPLE[9], said)
            sha256 = text.versions[0].sha256 if other % 7 == 0 else text.sha256
            ahead = self.story.now + timedelta(hours=1) if other % 5 == 0 else None
            self.send(text.id, sha256, *PLACES[other % len(PLACES)], ahead=ahead)

    def send(self, text: str, sha256: str, *places: str, ahead: datetime | None = None) -> bool:
        """Send bytes out; to the usual places where none is named."""
        return self.act(
            PEOPLE[1],
            PublishStatement(
                statement=text,
                sha256=sha256,
                places=tuple(map(Place, places)),
                confirmed=tuple(EVERYTHING),
                release_at=ahead,
            ),
        )

    def report(self, one: int, other: int) -> None:
        """Let the publisher say what it found: as approved, other words, or nothing."""
        if text := self.text(one):
            back = text.sha256 if other % 4 else "0" * 64
            error = "" if other % 6 else "The site does not answer."
            places = tuple(
                Placed(place=name, link="/x", read_back=back, error=error) for name in text.places
            )
            self.act(
                PERFORMER,
                ReportPublication(statement=text.id, version=text.version, places=places),
            )

    def look(self, one: int, other: int) -> None:
        """Let somebody look at what stands where people bring it."""
        if (text := self.text(one)) and text.places:
            place = Place(list(text.places)[other % len(text.places)])
            seen = "".join(each.body for each in text.texts) if other % 4 else "别的话。"
            said = ConfirmPublishedByHand(
                statement=text.id, place=place, link="x", text_seen=PublicText(seen)
            )
            self.act(PEOPLE[1], said)

    def flag(self, one: int, other: int) -> None:
        """Call a text wrong, or find it right."""
        if text := self.text(one):
            said: Any = FlagStatement(statement=text.id, what=WORDS)
            if other % 3:
                said = ClearFlag(statement=text.id, reason=WORDS)
            self.act(PEOPLE[3] if other % 2 else PEOPLE[1], said)

    def wait(self, one: int, _other: int) -> None:
        """Let time pass, and what was scheduled go out."""
        end = self.story.now + timedelta(minutes=20 * (one + 1))
        while (bell := next_ring(self.story.incident)) is not None and bell <= end:
            self.story.now = max(self.story.now, bell)
            self.act(CLOCK, PassTime())
        self.story.now = end

    # ------------------------------------------------------------ the whole way

    def bring(self, one: int, other: int) -> None:
        """Bring a text all the way, as on a good day."""
        if (text := self.text(one)) is None:
            return
        place = list(self.story.incident.statement.statements).index(text.id)
        for author in PEOPLE[:5]:
            if self.act(author, AskForReview(statement=text.id, sha256=text.sha256)):
                break
        self.approve_all(place, 1 if other % 9 else 7)
        items = ("facts_verified", "languages_complete")
        gaps = AllowGaps(statement=text.id, sha256=text.sha256, items=items, reason=WORDS)
        if other % 3 == 0 or not self.act(PEOPLE[9], gaps):
            return
        # Whoever read the first version sends no later one by that.
        if self.send(text.id, text.versions[0].sha256) or self.send(text.id, text.sha256):
            self.report(place, other)
            self.look(place, other)


ACTIONS: tuple[Callable[[Desk, int, int], None], ...] = (
    Desk.draft, Desk.revise, Desk.follow, Desk.begin, Desk.drop, Desk.hand_in, Desk.approve,
    Desk.approve_all, Desk.changes, Desk.fact, Desk.fact, Desk.judge, Desk.publish, Desk.report,
    Desk.look, Desk.flag, Desk.wait, Desk.bring, Desk.bring, Desk.bring, Desk.changes, Desk.again,
    Desk.overtaken,
)  # fmt: skip
STEPS = st.tuples(st.sampled_from(ACTIONS), st.integers(0, 11), st.integers(0, 41))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(first=st.tuples(st.integers(0, 11), st.integers(0, 41)), steps=st.lists(STEPS, max_size=30))
def test_nothing_goes_out_unapproved_and_no_published_number_differs_unflagged(
    first: tuple[int, int], steps: list[tuple[Callable[[Desk, int, int], None], int, int]]
) -> None:
    desk = Desk()
    desk.draft(*first)
    for action, one, other in steps:
        action(desk, one, other)
