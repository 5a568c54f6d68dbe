"""Stage `notice`: people who are no authority and must hear: insurer, partners, exchange, parent.

What belongs here: the record that they were told, what and when (R13). What never does: a legal
deadline: what they must hear comes from contracts and from the company's plan, never from law data.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.authorities import hash_of_sent, require_sent
from domain.dispatch import Act, decides, evolves
from domain.message import ask, command, event
from domain.people import Access, Role
from domain.regulation_terms import PartnerKind
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.notice import Partner
from domain.values import BlobId, PublicText

TELLERS = (
    Role.LEGAL,
    Role.REGULATORY_AFFAIRS,
    Role.FINANCE,
    Role.SUPPLY_CHAIN,
    Role.INCIDENT_COMMANDER,
    Role.LEGAL_REPRESENTATIVE,
)


@event("PartnerInformed", stage=Stage.NOTICE, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerInformed:
    """Somebody who is no authority was told; `sha256` is over exactly what was sent."""

    kind: PartnerKind
    name: PublicText
    told_at: datetime
    channel: PublicText
    text: PublicText
    document: str | None
    sha256: str
    receipt: PublicText
    by: str


@command("inform_partner", stage=Stage.NOTICE, roles=TELLERS, title="A partner was informed")
@dataclass(frozen=True, slots=True, kw_only=True)
class InformPartner:
    """Who was told, what, when and how."""

    kind: PartnerKind = ask("Who is it?")
    name: PublicText = ask("Name of the company or body", max=200)
    told_at: datetime = ask("When was it told?", past=True)
    channel: PublicText = ask("How?", max=200)
    text: PublicText = ask("The text as it was sent (or attach it)", default=PublicText(""))
    document: BlobId | None = ask("What was sent, as a file", default=None)
    receipt: PublicText = ask("Receipt or number", default=PublicText(""), max=500)


@decides(InformPartner)
def inform_partner(
    _incident: Incident, act: Act, said: InformPartner
) -> tuple[PartnerInformed, ...]:
    """Record that somebody was told; what was said is kept by its hash."""
    require_sent(act, said.told_at, late_reason="", late=False)
    return (
        PartnerInformed(
            kind=said.kind,
            name=said.name,
            told_at=said.told_at,
            channel=said.channel,
            text=said.text,
            document=said.document,
            sha256=hash_of_sent(said.text, said.document),
            receipt=said.receipt,
            by=act.who,
        ),
    )


@evolves(PartnerInformed)
def _informed(incident: Incident, told: PartnerInformed, mark: Mark) -> Incident:
    partner = Partner(
        seq=mark.seq,
        kind=told.kind,
        name=told.name,
        told_at=told.told_at,
        channel=told.channel,
        sha256=told.sha256,
        by=told.by,
    )
    return with_stage(incident, "notice", partners=(*incident.notice.partners, partner))
