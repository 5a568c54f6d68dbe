"""State of one after-sales case: a stream of its own, beside the incidents.

What belongs here: shapes. What never does: a rule. What people told us stands in the vault; only
references to it are here.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.recall_terms import CHOICES, Remedy
from domain.rules import Rules
from domain.service_terms import CaseKind, Cause, Condition, Medium, Onset, Step
from domain.severity import Grade, Outcome
from domain.state.stream import StreamState, read_state_text, state_text
from domain.values import PrivateText


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """What the person told us of themselves: who they are, what they bought, how they used it."""

    customer: PrivateText | None = None
    purchase: PrivateText | None = None
    use: PrivateText | None = None
    words: tuple[PrivateText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven:
    """One answer to the person; its words stand in the ledger under `seq`."""

    seq: int
    at: datetime
    by: str
    medium: Medium
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseFound:
    """The cause as found last."""

    seq: int
    at: datetime
    cause: Cause
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A refund, exchange or repair that was asked for or offered, and by when it is given.

    `owed_since` is set when the promised time passed in silence: the person then has it.
    """

    seq: int
    remedies: tuple[Remedy, ...]
    asked_at: datetime
    due_at: datetime
    owed_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One remedy that was given; money in minor units."""

    seq: int
    taken: Remedy
    amount_minor: int
    currency: str
    given_at: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    """A call that we promised."""

    seq: int
    promised_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCase(StreamState):
    """The whole case: the value that `decide_case` reads and `evolve` makes."""

    kind: CaseKind = CaseKind.SERVICE
    hurt: bool = False
    outcomes: tuple[Outcome, ...] = ()
    onset: Onset = Onset.UNKNOWN
    level: Grade = Grade.MINOR
    product: str = ""
    lot: str = ""
    photos: tuple[str, ...] = ()
    country: str = ""
    file: CustomerFile = CustomerFile()
    earlier: tuple[str, ...] = ()
    received_at: datetime | None = None
    opened_at: datetime | None = None
    opened_by: str = ""
    incident: str | None = None
    answer_due_at: datetime | None = None
    answers: tuple[AnswerGiven, ...] = ()
    steps: tuple[Step, ...] = ()
    cause: CauseFound | None = None
    offered: tuple[Remedy, ...] = ()
    promise: Promise | None = None
    given: tuple[Given, ...] = ()
    refused_seq: int | None = None
    call_back: CallBack | None = None
    condition: Condition | None = None
    satisfaction: int | None = None
    closed_at: datetime | None = None

    @property
    def grade(self) -> Grade:
        """Give the case's level: the plan's times and acts are chosen by it."""
        return self.level

    @property
    def is_settled(self) -> bool:
        """Say whether the person got, or was refused, all they asked for."""
        return (bool(self.given) or self.refused_seq is not None) and self.promise is None

    @property
    def status(self) -> str:
        """Say in one word where the case stands: none, open, answered, settled, closed."""
        if self.closed_at is not None:
            return "closed"
        if self.is_settled:
            return "settled"
        if self.opened_at is None:
            return "none"
        return "answered" if self.answers else "open"

    @property
    def choice_given(self) -> bool:
        """Say whether a refund, exchange or repair was given."""
        return any(one.taken in CHOICES for one in self.given)


def case_title(kind: CaseKind, product: str) -> str:
    """Name a case for lists: what it is about and which product; never a person."""
    return f"{kind.replace('_', ' ')}: {product}" if product else kind.replace("_", " ")


def case_text(case: ServiceCase) -> str:
    """Give the case as compact JSON text: what a new run and the read model hold."""
    return state_text(ServiceCase, case)


def read_case_text(text: str, rules: Rules) -> ServiceCase:
    """Read a case back from its JSON text; raises Malformed."""
    return read_state_text(ServiceCase, text, rules)
