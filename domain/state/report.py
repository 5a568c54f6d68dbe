"""State of stage `report`: what was reported, the answers, the grade, the hurt people."""

from dataclasses import dataclass, field
from datetime import datetime

from domain.case_levels import CaseLevels
from domain.severity import Answers, Attention, ExpectedClass, Grade, Outcome
from domain.values import PrivateText
from domain.wire import added


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report as received; the first opens the incident."""

    seq: int
    received_at: datetime
    channel: str
    reporter: str
    first_known_at: datetime
    first_known_country: str
    words: PrivateText | None
    evidence: tuple[str, ...] = ()
    people_hurt: int | None = added(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One hurt person: the minimal record of the case register, with seriousness by market."""

    id: str
    seq: int
    outcomes: tuple[Outcome, ...]
    levels: CaseLevels
    awareness_at: datetime
    country: str
    product: str
    lot: str | None
    person: PrivateText | None
    counterfeit: bool = False
    follow_ups: int = 0
    judged_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """One result of the severity rules, kept for ever beside the later ones."""

    seq: int
    at: datetime
    grade: Grade
    attention: Attention
    expected_class: ExpectedClass
    rules: tuple[str, ...]
    provisional: bool
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCount:
    """The after-sales cases of the incident as counted last; `sha256` is over their numbers."""

    seq: int
    at: datetime
    count: int
    settled: int
    hurt: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportState:
    """Everything stage `report` knows.

    `lowered_on` holds the answers under which people last lowered the grade by their signatures;
    None once the grade rose again. `reopened_at` is when a report that had ended without an
    incident came to wait for its decision again, and `reopenings` how often it did.
    `told_besides` are the people hurt that further reports tell of: they are neither registered nor
    among those of the answers, until somebody says so. `fault_since` and `evidence_since` are since
    when these two answers say what they say: what the first report told, since its first knowledge.
    """

    status: str = "none"
    received_at: datetime | None = None
    reports: tuple[Report, ...] = ()
    products: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    lots_unknown: bool = False
    markets: tuple[str, ...] = ()
    answers: Answers = Answers()
    grade: Grade = Grade.MINOR
    attention: Attention = Attention.LOW
    expected_class: ExpectedClass = ExpectedClass.NONE_YET
    assessments: tuple[Assessed, ...] = ()
    find_out: tuple[str, ...] = ()
    lowered_on: Answers | None = None
    assessed_at: datetime | None = None
    first_harm_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    by_silence: bool = False
    reason: str = ""
    linked_to: str | None = None
    commander: str | None = None
    cases: dict[str, Case] = field(default_factory=dict)
    after_sales: CaseCount | None = None
    reopened_at: datetime | None = added(None)
    reopenings: int = added(0)
    told_besides: int = added(0)
    fault_since: datetime | None = added(None)
    evidence_since: datetime | None = added(None)

    @property
    def is_accepted(self) -> bool:
        """Say whether the report stands as an incident."""
        return self.status == "accepted"

    @property
    def people_hurt(self) -> int | None:
        """Give how many people are hurt: those registered, never fewer than reported.

        Those of `told_besides` are never added in silence: they are said beside this number.
        """
        told, registered = self.answers.people, len(self.cases)
        return max(told or 0, registered) if registered else told
