"""State of stage `recall`: the scope, what was decided, who answered, what came back, the ends."""

from dataclasses import dataclass, field
from datetime import date, datetime

from domain.message import ask
from domain.people import Role
from domain.recall_terms import (
    NO_RECALL,
    Depth,
    DisposalMethod,
    EffectivenessLevel,
    GoodsSource,
    NeighbourKind,
    RecallMethod,
    Remedy,
    ReturnMethod,
)
from domain.scope import (
    NOTHING,
    Coverage,
    LotAnswer,
    LotBalance,
    LotCount,
    LotOpen,
    LotScope,
    Neighbour,
)
from domain.state.stream import Signature
from domain.values import ProductId, PublicText
from domain.wire import added


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The scope that stands: what is reached, its numbers, and what nobody knows."""

    version: int
    seq: int
    set_at: datetime
    products: tuple[str, ...]
    lots: tuple[LotScope, ...]
    unbounded: bool
    markets: tuple[str, ...]
    balances: tuple[LotBalance, ...]
    gaps: tuple[PublicText, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    not_looked_at: tuple[NeighbourKind, ...] = ()
    reason: str = ""
    markets_left_out: tuple[str, ...] = added(())
    consignees_left_out: tuple[str, ...] = added(())
    left_out_why: str = added("")

    @property
    def coverage(self) -> Coverage:
        """Give what the scope reaches, without its numbers."""
        lots = tuple(sorted(lot.lot for lot in self.lots))
        return Coverage(
            products=self.products, lots=lots, markets=self.markets, unbounded=self.unbounded
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeVersion:
    """One version of the scope in short; its entry holds the whole."""

    version: int
    seq: int
    at: datetime
    by: str
    grew: bool
    shrank: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision, kept beside the later ones; `kind` is a RecallAction or `no_recall`."""

    seq: int
    at: datetime
    kind: str
    depth: Depth | None
    scope_version: int
    reason: str
    options: str
    basis: tuple[int, ...]
    dissent: str
    signers: tuple[str, ...]
    review_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnWay:
    """How one product comes back; the consumer pays nothing in advance whichever it is."""

    product: ProductId = ask("Product")
    method: ReturnMethod = ask("How does it come back?")
    dangerous_goods: bool = ask("Dangerous goods (aerosol, perfume, nail polish)", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPlan:
    """The recall plan that stands."""

    version: int
    seq: int
    at: datetime
    scope_version: int
    depth: Depth
    methods: tuple[RecallMethod, ...]
    finish_at: datetime
    remedies: tuple[Remedy, ...]
    return_ways: tuple[ReturnWay, ...]
    level: EffectivenessLevel
    percent: int
    seed: str
    answered_percent: int
    recovered_percent: int | None
    criteria: str
    budget_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsigneeState:
    """Where one consignee stands; `asked_at` is when the time to answer last began.

    `listed` says that the scope names it, `let_go` that a narrowed scope does not any more.
    """

    id: str
    listed: bool = False
    let_go: bool = False
    market: str = ""
    told: int = 0
    first_told_at: datetime | None = None
    last_told_at: datetime | None = None
    bounced: bool = False
    asked_at: datetime | None = None
    answer_due_at: datetime | None = None
    answers: int = 0
    answered_at: datetime | None = None
    lots: tuple[LotAnswer, ...] = ()
    sub_accounts: int | None = None
    sub_accounts_told: int | None = None
    taken_over_by: str | None = None
    checks: int = 0
    knew: bool | None = None
    acted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldIn:
    """When one kind of reader was told last in a market; empty where a notice named none."""

    market: str
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one kind of reader was told so far, all notifications together, and in which markets."""

    times: int = 0
    count: int = 0
    sent: int = 0
    delivered: int = 0
    bounced: int = 0
    last_at: datetime | None = None
    in_markets: tuple[ToldIn, ...] = added(())


@dataclass(frozen=True, slots=True, kw_only=True)
class LotTally:
    """Units of one lot as counted since: in from outside, own stock, remedied and kept, gone."""

    lot: str
    received: int = 0
    own_stock: int = 0
    remedied: int = 0
    disposed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCorrection:
    """One correction of a count: what stood, what stands, who stands for it, and why."""

    at: datetime
    seq: int
    before: int
    units: int
    by: str
    counted_by: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsCount:
    """One count of goods that came in, by its entry's number; `first` is what it said first."""

    id: str
    seq: int
    at: datetime
    place: str
    lot: str
    units: int
    first: int
    source: GoodsSource
    consignee: str = ""
    corrected_at: datetime | None = None
    corrected_by: str = ""
    corrected_why: str = ""
    corrections: tuple[CountCorrection, ...] = added(())


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalCorrection:
    """One correction of a disposal: what stood, what stands, who signed it, and why."""

    at: datetime
    seq: int
    before: tuple[LotCount, ...]
    lots: tuple[LotCount, ...]
    signers: tuple[Signature, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal:
    """One disposal by its number as it stands; `first` is what was signed first."""

    id: str
    seq: int
    at: datetime
    place: str
    method: DisposalMethod
    lots: tuple[LotCount, ...]
    first: tuple[LotCount, ...]
    corrected_at: datetime | None = None
    corrected_why: str = ""
    corrections: tuple[DisposalCorrection, ...] = added(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One claim settled by hand: what the person took, and when it was given."""

    claim: str
    taken: Remedy
    given_at: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTotals:
    """All claims, settled by hand or counted in batches; money in minor units per currency."""

    settled: int = 0
    refused: int = 0
    late: int = 0
    paid: dict[str, int] = field(default_factory=dict)
    batches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketEnd:
    """How a recall ended in one market: completed by us, asked for, granted by the authority.

    `return_rate` and `open_units` are as recorded then; `recounted_at` says that a count behind
    them was put right since, so that they hold no longer: what the counts say now counts.
    `ended_by` are who signed that the authority's letter ends it. `elsewhere` are the consignees
    that counted in another market, by the company's list of that day.
    """

    market: str
    completed_at: datetime
    return_rate: int | None
    open_units: tuple[LotOpen, ...]
    silent: tuple[str, ...]
    unmet: tuple[PublicText, ...]
    reason: str
    requested_at: datetime | None = None
    granted_on: date | None = None
    authority: str = ""
    letter: str = ""
    recounted_at: datetime | None = added(None)
    ended_by: tuple[Signature, ...] = added(())
    elsewhere: tuple[str, ...] = added(())

    @property
    def step(self) -> str:
        """Say how far the end has come."""
        if self.granted_on is not None:
            return "terminated"
        return "completed" if self.requested_at is None else "termination_requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLetter:
    """An authority's termination that waits for our completion, or to be confirmed by a role.

    Its fields are those of `TerminationKept` (domain/termination.py).
    """

    market: str
    authority: str
    letter_sha256: str
    dated_on: date
    received_at: datetime
    act: str
    confirm: tuple[Role, ...]
    signers: tuple[Signature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStart:
    """When the recall is planned to begin in a country; `seq` is the entry that says so."""

    market: str
    starts_at: datetime
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallState:
    """Everything stage `recall` knows.

    `decision` is empty (not decided, or open again), `no_recall`, or one of RecallAction. `grew`
    is the version at which the scope last reached more goods: from then on consignees are told
    and answer anew. `ends` holds one row per market that we completed, `letters` the authority's
    terminations that came before that, before anybody confirmed them, or for one country of a
    market that stands for many (EU).
    """

    scope: Scope | None = None
    versions: tuple[ScopeVersion, ...] = ()
    grew: int = 0
    grew_at: datetime | None = None
    decision: str = ""
    depth: Depth | None = None
    decided_at: datetime | None = None
    decided_seq: int = 0
    review_at: datetime | None = None
    decisions: tuple[Decision, ...] = ()
    reopened_at: datetime | None = None
    reopened_why: str = ""
    plan: SignedPlan | None = None
    plans: int = 0
    consignees: dict[str, ConsigneeState] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    tallies: tuple[LotTally, ...] = ()
    settlements: tuple[Settlement, ...] = ()
    claims: ClaimTotals = ClaimTotals()
    disposals: int = 0
    ends: dict[str, MarketEnd] = field(default_factory=dict)
    counts: tuple[GoodsCount, ...] = added(())
    disposed: tuple[Disposal, ...] = added(())
    letters: tuple[KeptLetter, ...] = added(())
    starts: tuple[PlannedStart, ...] = added(())

    @property
    def is_decided(self) -> bool:
        """Say whether goods are to be recalled, withdrawn or corrected."""
        return self.decision not in ("", NO_RECALL)

    @property
    def is_running(self) -> bool:
        """Say whether such an action is decided and not completed in every market."""
        return self.is_decided and bool(self.open_markets)

    @property
    def since(self) -> datetime | None:
        """Say from when on telling and answering counts: the decision, or the scope that grew."""
        if self.decided_at is None or not self.is_decided:
            return None
        return max(self.decided_at, self.grew_at or self.decided_at)

    @property
    def open_markets(self) -> tuple[str, ...]:
        """Name the markets of the scope in which we have not completed it."""
        markets = self.coverage.markets
        return tuple(market for market in markets if market not in self.ends)

    @property
    def coverage(self) -> Coverage:
        """Give what the scope reaches: nothing as long as there is none."""
        return NOTHING if self.scope is None else self.scope.coverage

    @property
    def word(self) -> str:
        """Say in one word where the stage stands (see domain/overview.py)."""
        if self.is_decided:
            return "running" if self.is_running else "done"
        if self.decision == NO_RECALL:
            return "not_needed"
        return "none" if self.scope is None and self.reopened_at is None else "waiting"
