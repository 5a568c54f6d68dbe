"""Stage `investigation`: the signed finding on the cause.

What belongs here: the seven outcomes, independence, interim and final. What never does: the recall
decision, which never waits for the cause (domain/recall.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.clock import Limit
from domain.dispatch import Act, Due, decides, evolves, watches
from domain.errors import NotAllowed, Refused
from domain.investigation import find_evidence, find_test, investigating_since, plan_due
from domain.message import ask, command, event
from domain.people import Role
from domain.plan_terms import Barred
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.investigation import Finding, FindingOutcome, Origin
from domain.steps import asked
from domain.values import LotNumber, PublicText

SAYS_A_CAUSE = (FindingOutcome.CONFIRMED, FindingOutcome.PROBABLE)


@event("FindingSigned", stage=Stage.INVESTIGATION)
@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSigned:
    """What the investigation found, on which entries it rests, and who signed it."""

    number: int
    outcome: FindingOutcome
    interim: bool
    cause: PublicText
    mechanism: PublicText
    origin: Origin
    lots: tuple[str, ...]
    basis: tuple[int, ...]
    doubts: PublicText
    replaces: int | None
    signers: tuple[Signature, ...]


@command(
    "sign_finding",
    stage=Stage.INVESTIGATION,
    roles=[Role.QUALITY],
    act="sign_finding",
    title="Sign the finding on the cause",
    help="Seven outcomes are honest endings; a later finding replaces this one, both are kept.",
    meaning="This finding rests on the evidence named here; I did not release the lot",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SignFinding:
    """Say what was found, how it came about, and what it rests on."""

    outcome: FindingOutcome = ask("What did the investigation find?")
    basis: tuple[str, ...] = ask(
        "On which evidence, tests and entries does it rest?",
        some=True,
    )
    i_released_the_lot: bool = ask("I released one of the lots myself")
    cause: PublicText = ask("The cause, as far as found", default=PublicText(""), max=4000)
    mechanism: PublicText = ask("How it came about", default=PublicText(""), max=4000)
    origin: Origin = ask("Where it came into the product", default=Origin.UNKNOWN)
    lots: tuple[LotNumber, ...] = ask("Which lots does it touch?", default=())
    doubts: PublicText = ask("What stays in doubt?", default=PublicText(""), max=4000)
    interim: bool = ask("This is an interim finding; the investigation goes on", default=False)


@decides(SignFinding)
def sign_finding(incident: Incident, act: Act, said: SignFinding) -> tuple[FindingSigned, ...]:
    """Sign a finding on named evidence; whoever released a lot does not (reference 4.1)."""
    row = incident.rules.plan.act("sign_finding", incident.report.grade)
    if said.i_released_the_lot and Barred.LOT_RELEASER in row.barred:
        raise NotAllowed(
            "Who released the lot signs no finding on its cause.",
            "Let a colleague of quality sign.",
            code="lot_releaser",
        )
    if said.outcome in SAYS_A_CAUSE and not said.cause.strip():
        raise Refused(
            f"A {said.outcome} finding names the cause.",
            "Write the cause, or choose that it was not found.",
            code="cause_missing",
        )
    basis = tuple(sorted({_entry(incident, name) for name in said.basis}))
    before = incident.investigation.findings
    return (
        FindingSigned(
            number=len(before) + 1,
            outcome=said.outcome,
            interim=said.interim,
            cause=said.cause,
            mechanism=said.mechanism,
            origin=said.origin,
            lots=tuple(sorted(set(said.lots))),
            basis=basis,
            doubts=said.doubts,
            replaces=before[-1].number if before else None,
            signers=act.signers,
        ),
    )


def _entry(incident: Incident, name: str) -> int:
    """Give the entry number behind E1, T2 or a number; raises Refused."""
    if name.startswith("E"):
        return find_evidence(incident, name).seq
    if name.startswith("T"):
        test = find_test(incident, name)
        if test.result_seq is None:
            raise Refused(f"Test {name} has no result yet.", "Record it first.", code="no_result")
        return test.result_seq
    number = int(name) if name.isascii() and name.isdigit() and len(name) < 10 else 0
    if not 1 <= number <= incident.size:
        raise Refused(
            f"{name!r:.30} is no evidence, test or entry here.",
            f"Write E1, T2 or an entry from 1 to {incident.size}.",
            code="no_entry",
        )
    return number


@evolves(FindingSigned)
def _signed(incident: Incident, signed: FindingSigned, mark: Mark) -> Incident:
    finding = Finding(
        number=signed.number,
        seq=mark.seq,
        at=mark.at,
        outcome=signed.outcome,
        interim=signed.interim,
        cause=signed.cause,
        mechanism=signed.mechanism,
        origin=signed.origin,
        lots=signed.lots,
        basis=signed.basis,
        doubts=signed.doubts,
        signers=tuple(signature.person for signature in signed.signers),
    )
    findings = (*incident.investigation.findings, finding)
    return with_stage(incident, "investigation", findings=findings)


@watches(Stage.INVESTIGATION)
def finding_due(incident: Incident) -> Iterable[Due]:
    """A finding, or an interim one and then the next (table 4.4)."""
    now = incident.investigation
    title = "Sign the finding on the cause, or an interim one"
    if now.finding is None:
        yield from plan_due(
            incident, Stage.INVESTIGATION, "cause_finding", title, act="sign_finding"
        )
        return
    again = _again(incident)
    if now.is_concluded or again is None or investigating_since(incident) is None:
        return
    yield Due(
        key=f"cause_finding:{now.finding.number + 1}",
        stage=Stage.INVESTIGATION,
        title=title,
        roles=asked(incident, "cause_finding", "sign_finding"),
        start_at=now.finding.at,
        due_at=incident.rules.due_at(now.finding.at, again),
        act="sign_finding",
    )


def _again(incident: Incident) -> Limit | None:
    """Give the plan's rhythm after an interim finding, else its first limit once more."""
    row, grade = incident.rules.plan.times["cause_finding"], incident.report.grade
    return row.then_every.get(grade) or row.within.get(grade)
