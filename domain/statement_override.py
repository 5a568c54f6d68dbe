"""Stage `statement`: letting a wording block pass, in exactly these bytes.

What belongs here: the one act. What never does: the rules (domain/wording.py). A rule of the house
is overridden by legal, one of verified law by legal and the commander, always with a reason and
for one version only (reference 4.3); silence leaves the block.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.dispatch import Act, decides, evolves
from domain.errors import NotAllowed, Refused
from domain.message import ask, command, event
from domain.people import Role
from domain.stages import Stage
from domain.state import Incident, Mark, Signature
from domain.state.statement import Override, Statement, Status
from domain.statement_lookup import (
    find_statement,
    open_blocks,
    require_not_author,
    require_same,
    require_status,
    with_statement,
)
from domain.values import PublicText
from domain.wording import Finding

OVERRIDABLE: Final = (Status.DRAFT, Status.IN_REVIEW)
"""Where a text stands while a block may be let pass."""


class BlockBasis(StrEnum):
    """What a block rests on: it decides who may let it pass (reference 4.3)."""

    HOUSE = "house"
    LAW = "law"


@event("FindingOverridden", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class FindingOverridden:
    """A block was let pass in exactly these bytes, with a reason, by name."""

    statement: str
    version: int
    sha256: str
    finding: str
    rule: str
    matched: PublicText
    basis: BlockBasis
    reason: PublicText
    signers: tuple[Signature, ...]


@command(
    "override_finding",
    stage=Stage.STATEMENT,
    roles=[Role.LEGAL],
    act=lambda said: f"override_wording_{said.basis}",
    title="Let this wording pass",
    help="A rule of the house: legal. A rule of verified law: legal and the commander.",
    item="statement",
    meaning="This wording may stand in this text, for the reason given",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideFinding:
    """Let one block pass, in this version only."""

    statement: str = ask("Statement", max=20)
    sha256: str = ask("Hash of the text you read", max=64)
    finding: str = ask("Which finding?", max=120)
    basis: BlockBasis = ask("What does the block rest on?")
    reason: PublicText = ask("Why may it stand?", max=2000)


@decides(OverrideFinding)
def override_finding(
    incident: Incident, act: Act, said: OverrideFinding
) -> tuple[FindingOverridden, ...]:
    """Let one block pass in these bytes; a law never by legal alone, and never by an author."""
    now = find_statement(incident, said.statement)
    require_status(now, OVERRIDABLE)
    require_same(now, said.sha256)
    finding = _blocking(incident, now, said.finding)
    basis = BlockBasis.LAW if finding.law else BlockBasis.HOUSE
    if said.basis is not basis:
        raise Refused(
            f"This block rests on {'verified law' if finding.law else 'a rule of the house'}.",
            "Choose that: it decides who has to sign.",
            code="wrong_basis",
        )
    require_not_author(act, now)
    for signature in act.signers:
        if signature.person in now.authors:
            raise NotAllowed("An author signs no override of the own text.", code="author")
    return (
        FindingOverridden(
            statement=now.id,
            version=now.version,
            sha256=now.sha256,
            finding=finding.key,
            rule=finding.rule,
            matched=finding.matched or PublicText(finding.reason),
            basis=basis,
            reason=said.reason,
            signers=act.signers,
        ),
    )


def _blocking(incident: Incident, statement: Statement, key: str) -> Finding:
    for finding in open_blocks(incident, statement):
        if finding.key == key:
            if finding.may_be_overridden:
                return finding
            raise Refused(finding.reason, "Change the text.", code="not_overridable")
    raise Refused(
        f"No open block is called {key!r:.80}.",
        "It may be gone or overridden: look at the text again.",
        code="no_finding",
    )


@evolves(FindingOverridden)
def _overridden(incident: Incident, told: FindingOverridden, _mark: Mark) -> Incident:
    before = incident.statement.statements[told.statement]
    people = tuple(signature.person for signature in told.signers)
    override = Override(finding=told.finding, rule=told.rule, reason=told.reason, people=people)
    return with_statement(incident, told.statement, overrides=(*before.overrides, override))
