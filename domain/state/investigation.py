"""State of stage `investigation`: evidence, tests, facts, evaluations, findings.

What belongs here: shapes and their word lists. What never does: a rule (domain/investigation.py,
domain/facts.py, domain/hazard.py, domain/finding.py). Everything earlier is kept beside the later.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.fact_values import SaidIn, ValueKind
from domain.severity import CredibleHarm, Likelihood, Noticeable, Users
from domain.wire import added


class Verdict(StrEnum):
    """What a laboratory's result says against its limit."""

    PASS = "pass"  # noqa: S105 - the laboratory's word, not a secret
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


class FactStatus(StrEnum):
    """How sure we are of a fact; only verified facts print without "preliminary"."""

    REPORTED = "reported"
    VERIFIED = "verified"
    DISPUTED = "disputed"
    RETRACTED = "retracted"


class FindingOutcome(StrEnum):
    """The seven ways an investigation may end (reference 8, row 12)."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    NOT_FOUND = "not_found"
    NOT_PRODUCT_RELATED = "not_product_related"
    USE_OR_STORAGE = "use_or_storage"
    COUNTERFEIT = "counterfeit"
    TAMPERING = "tampering"


class Origin(StrEnum):
    """Where a cause came into the product."""

    OWN = "own"
    SUPPLIER = "supplier"
    STORAGE = "storage"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """One link of a chain of custody: when, to whom, where it is kept, whether the seal held."""

    seq: int
    at: datetime
    handed_to: str
    storage: str
    seal_number: str
    seal_intact: bool
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing kept as evidence (E1, E2, ...) and its chain of custody."""

    id: str
    seq: int
    what: str
    source: str
    place: str
    taken_at: datetime
    seal_number: str
    storage: str
    collected_by: str
    lot: str | None = None
    retained_sample: bool = False
    sha256: str | None = None
    custody: tuple[Custody, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabTest:
    """One test (T1, T2, ...) as ordered and, once `verdict` stands, as reported."""

    id: str
    seq: int
    laboratory: str
    accreditation: str
    method: str
    sample: str
    lot: str | None
    ordered_at: datetime
    ordered_by: str
    expected_at: datetime | None = None
    re_test_of: str = ""
    result: str = ""
    unit: str = ""
    limit: str = ""
    uncertainty: str = ""
    verdict: Verdict | None = None
    report: str | None = None
    recorded_at: datetime | None = None
    result_seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """The newest version of one fact; earlier ones stand in the ledger.

    `seq` is the entry that last changed it (0: known from the incident itself, not recorded),
    `source` the entry it was drawn from, `as_of` the instant it was true at. `value` is in its kept
    form (domain/fact_values.py); `said_in` are its words in single languages, where they differ.
    """

    key: str
    value: str
    unit: str
    as_of: datetime
    status: FactStatus
    version: int
    seq: int
    source: int | None = None
    recorded_by: str = ""
    verifier: str | None = None
    reason: str = ""
    name: str = added("")
    kind: ValueKind = added(ValueKind.TEXT)
    said_in: tuple[SaidIn, ...] = added(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One health hazard evaluation, preliminary or signed by two."""

    number: int
    seq: int
    at: datetime
    preliminary: bool
    users: tuple[Users, ...]
    credible_harm: CredibleHarm
    likelihood: Likelihood
    noticeable: Noticeable
    signers: tuple[str, ...]
    valid_until_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One signed finding on the cause; a later one replaces it and both are kept."""

    number: int
    seq: int
    at: datetime
    outcome: FindingOutcome
    interim: bool
    cause: str
    mechanism: str
    origin: Origin
    lots: tuple[str, ...]
    basis: tuple[int, ...]
    doubts: str
    signers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationState:
    """Everything stage `investigation` knows; keys are E1, T1 and the names of facts."""

    evidence: dict[str, Evidence] = field(default_factory=dict)
    tests: dict[str, LabTest] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    evaluations: tuple[Evaluation, ...] = ()
    has_evaluation: bool = False
    evaluation_signed: bool = False
    evaluation_signed_at: datetime | None = None
    evaluation_valid_until_at: datetime | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def finding(self) -> Finding | None:
        """Give the finding that stands: the newest, interim or final."""
        return self.findings[-1] if self.findings else None

    @property
    def is_concluded(self) -> bool:
        """Say whether a final finding is signed."""
        return self.finding is not None and not self.finding.interim

    def evaluation_holds(self, at: datetime) -> bool:
        """Say whether a signed evaluation stands that is still valid at `at`."""
        until = self.evaluation_valid_until_at
        return self.evaluation_signed and (until is None or at < until)

    @property
    def word(self) -> str:
        """Say in one word where the stage stands (see domain/overview.py)."""
        if self.is_concluded:
            return "done"
        begun = self.evidence or self.tests or self.facts or self.evaluations or self.findings
        return "running" if begun else "none"
