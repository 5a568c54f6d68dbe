"""What the stories of duties are told with: a clock that answers, people, and acts as usual."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from activities.calendars import derived
from domain.acts import SignAct
from domain.agenda import dues
from domain.cases import FollowUpCase, RegisterCase
from domain.determining import DetermineNotReportable, SetDueByHand
from domain.dispatch import Due
from domain.envelope import DueRequest
from domain.errors import Malformed
from domain.filing import DutyFiled, FileFirst, FileFull
from domain.incident import effects
from domain.ledger import read_entry
from domain.notice import due_command, no_due_command
from domain.people import CLOCK, Actor, Role
from domain.recall_scope import SetScope
from domain.regulation_terms import FilingKind
from domain.report import AcceptReport
from domain.severity import Outcome
from domain.state.notice import Duty
from domain.values import ProductId, PublicText
from tests.domain.recalls import ASSESSOR, BOSS, QUALITY, evaluation, recall, scope
from tests.domain.story import MILD, SERIOUS, Story, person

REGULATORY = person(Role.REGULATORY_AFFAIRS)
LEGAL = person(Role.LEGAL)
QSR = person(Role.QUALITY_SAFETY_RESPONSIBLE)
SERVICE = person(Role.SERVICE_AGENT)
COMMANDER = person(Role.INCIDENT_COMMANDER)
AGENT_EU = person(Role.RESPONSIBLE_PERSON_EU)

ZONES = {"CN": "Asia/Shanghai", "DE": "Europe/Berlin", "FR": "Europe/Paris", "US": "America/New_York", "GB": "Europe/London", "IT": "Europe/Rome"}  # fmt: skip


def words(text: str) -> PublicText:
    return PublicText(text)


def utc(text: str) -> datetime:
    """Read "2026-03-02 08:00" as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Notified(Story):
    """A story whose calendar answers at once, as the performer of `derive_due` does.

    What comes back passes through JSON, as it does through Temporal. `calendar_is_away` lets the
    questions wait, as on a day without a worker.
    """

    heard: int = 0
    calendar_is_away: bool = False
    uncharted: str = ""

    def does(self, who: Actor, command: Any, **more: Any) -> list[Any]:
        events = super().does(who, command, **more)
        if not self.calendar_is_away:
            self.calendar_answers()
        return events

    def calendar_answers(self) -> None:
        """Answer every question that was asked since."""
        while self.heard < len(self.leaves):
            entry = read_entry(self.leaves[self.heard])
            self.heard += 1
            for effect in effects(self.incident, entry.event, entry.mark()):
                if effect.name == "derive_due":
                    super().does(CLOCK, answer_to(effect.body, self.uncharted))

    # ------------------------------------------------------------ reading

    def duties(self) -> dict[tuple[str, str], Duty]:
        """Give the duties by rule and what they are about, with the country where it has one."""
        return {(d.rule, about(d)): d for d in self.incident.notice.duties.values()}

    def duty(self, rule: str, of: str = "") -> Duty:
        """Give the duty of a rule, about one thing if it is not the only one."""
        found = [d for (r, what), d in self.duties().items() if r == rule and of in ("", what)]
        assert len(found) == 1, (rule, of, list(self.duties()))
        return found[0]

    def clocks(self, duty: Duty) -> list[Due]:
        """Give everything that is due about a duty."""
        items = (duty.id, duty.rule)
        return [due for due in dues(self.incident) if due.item in items]

    # ------------------------------------------------------------ acts

    def hurt(
        self,
        country: str,
        *outcomes: Outcome,
        knew_at: datetime | None = None,
        counterfeit: bool = False,
    ) -> str:
        """Register a hurt person; gives the case."""
        events = self.did(
            SERVICE,
            RegisterCase(
                outcomes=outcomes or (Outcome.HOSPITALISED,),
                awareness_at=knew_at or self.now,
                country=country,
                product=ProductId("cream"),
                counterfeit=counterfeit,
            ),
        )
        case: str = events[0].case
        return case

    def more_of(self, case: str, *outcomes: Outcome, **more: Any) -> list[Any]:
        """Add what became known of a hurt person."""
        return self.did(SERVICE, FollowUpCase(case=case, outcomes=outcomes, **more))

    def filed(self, duty: Duty, **more: Any) -> list[DutyFiled]:
        """File the first report in writing, with both signatures."""
        return self._signed_filing(FileFirst(**sent(self, duty), **more))

    def filed_full(self, duty: Duty, kind: FilingKind, **more: Any) -> list[DutyFiled]:
        """File a full report, with both signatures."""
        return self._signed_filing(FileFull(**sent(self, duty), kind=kind, **more), QSR)

    def _signed_filing(self, command: Any, second: Actor = LEGAL) -> list[DutyFiled]:
        self.did(REGULATORY, command)
        events = self.did(second, SignAct(act=list(self.incident.pending)[-1]))
        return [event for event in events if isinstance(event, DutyFiled)]


def sent(story: Story, duty: Duty) -> dict[str, Any]:
    """Give what every filing says."""
    return {
        "duty": duty.id,
        "channel": words("national system"),
        "sent_at": story.now,
        "text": words("One person, cream, lot L1, in hospital since 1 March."),
        "receipt": words("No. 2026-17"),
    }


def about(duty: Duty) -> str:
    """Name what a duty is about: its subject, with the country where the rule has one for each."""
    return f"{duty.subject}@{duty.place}" if ":" in duty.recipient else duty.subject


def answer_to(body: dict[str, Any], uncharted: str = "") -> Any:
    """Answer as the activity and the workflow do: derived, or refused with the reason.

    Every market has a calendar; `uncharted` names a place that is taken to have none.
    """
    request = DueRequest(
        start_at=body["start_at"],
        limit=body["limit"],
        calendar="ZZ" if body["calendar"] == uncharted else body["calendar"],
        counting=body["counting"],
    )
    try:
        return due_command(body["duty"], json.loads(json.dumps(asdict(derived(request)))))
    except Malformed as refusal:
        return no_due_command(body["duty"], body["start_at"], refusal.sentence)


def local(at: datetime | None, zone: str) -> str:
    """Show an instant on a place's clock, to the minute; a dash where there is none."""
    if at is None:
        return "-"
    return f"{at.astimezone(ZoneInfo(ZONES[zone])):%Y-%m-%d %H:%M}"


def story_of(country: str = "CN", *outcomes: Outcome, uncharted: str = "", **more: Any) -> Notified:
    """Give a story of one mild report and one hurt person."""
    story = Notified(uncharted=uncharted)
    story.reported(MILD)
    story.hurt(country, *outcomes, **more)
    return story


def recalled_in_the_us() -> Notified:
    """Give a story in which a recall in the US is decided and told to the FDA."""
    story = Notified()
    story.reported(SERIOUS)
    story.did(COMMANDER, AcceptReport())
    story.did(QUALITY, SetScope(**scope(markets=("US",))))
    story.did(ASSESSOR, evaluation())
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)
    story.filed(story.duty("US-CFR-7-46"))
    return story


def events_of(story: Story, kind: type) -> list[Any]:
    """Read every event of a kind back from the ledger."""
    entries = [read_entry(leaf).event for leaf in story.leaves]
    return [event for event in entries if isinstance(event, kind)]


def clock(story: Notified, rule: str, key: str) -> Due:
    """Give one clock of a duty by the beginning of its key."""
    return next(due for due in story.clocks(story.duty(rule)) if due.key.startswith(key))


def by_hand(story: Notified, rule: str, days: int = 20) -> SetDueByHand:
    """Give the act that sets a duty's due time, some days from now."""
    return SetDueByHand(
        duty=story.duty(rule).id,
        due_at=story.now + timedelta(days=days),
        reason=words("Counted by hand from the guideline."),
    )


def determine(story: Notified, rule: str, **more: Any) -> DetermineNotReportable:
    """Give the act that nothing is to be filed under a duty."""
    told = {"duty": story.duty(rule).id, "reason": words("It was no product of ours.")}
    return DetermineNotReportable(**{**told, **more})


def determined(story: Notified, rule: str, **more: Any) -> Notified:
    """Let two people determine that nothing is to be filed."""
    story.did(REGULATORY, determine(story, rule, **more))
    story.signed(LEGAL)
    return story
