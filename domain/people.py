"""Actors, roles, and the tables of who may see and who stands in for whom.

What belongs here: who people are to the plan. What never does: sign-in, sessions, passwords.
Roles are those of the default plan (reference table 4.1) and the groups of the source plans.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A duty a person holds, or a machine that acts for the plan."""

    DUTY_OFFICER = "duty_officer"
    INCIDENT_COMMANDER = "incident_commander"
    QUALITY_SAFETY_RESPONSIBLE = "quality_safety_responsible"
    LEGAL_REPRESENTATIVE = "legal_representative"
    RESPONSIBLE_PERSON_EU = "responsible_person_eu"
    RESPONSIBLE_PERSON_US = "responsible_person_us"
    DOMESTIC_RESPONSIBLE_CN = "domestic_responsible_cn"
    SAFETY_ASSESSOR = "safety_assessor"
    REGULATORY_AFFAIRS = "regulatory_affairs"
    LEGAL = "legal"
    PR_LEAD = "pr_lead"
    PR_OFFICER = "pr_officer"
    SPOKESPERSON = "spokesperson"
    LANGUAGE_REVIEWER = "language_reviewer"
    CHANNEL_LEAD = "channel_lead"
    PLANT_MANAGER = "plant_manager"
    SUPPLY_CHAIN = "supply_chain"
    SERVICE_LEAD = "service_lead"
    SERVICE_AGENT = "service_agent"
    QUALITY = "quality"
    MARKET_MONITORING = "market_monitoring"
    FINANCE = "finance"
    PRIVACY_OFFICER = "privacy_officer"
    SCRIBE = "scribe"
    STAFF = "staff"
    AUDITOR = "auditor"
    OUTSIDE_EXPERT = "outside_expert"
    ADMIN = "admin"
    PERFORMER = "performer"
    CLOCK = "clock"
    CHANNEL = "channel"


SYSTEM_ROLES = frozenset({Role.PERFORMER, Role.CLOCK, Role.CHANNEL})
"""What nobody of the company is: machines, and a channel that answers its order by a link."""

EVERYONE = frozenset(set(Role) - SYSTEM_ROLES - {Role.AUDITOR, Role.ADMIN, Role.OUTSIDE_EXPERT})
"""Anyone of the company may report; an auditor reads and never acts."""

COUNTS_GOODS = (
    Role.SUPPLY_CHAIN,
    Role.PLANT_MANAGER,
    Role.QUALITY,
    Role.SERVICE_LEAD,
    Role.CHANNEL_LEAD,
)
"""Who records counts of recalled goods, and stands for them.

The same for a count and for its correction: whoever counted must be able to sign that it was wrong.
"""

TELLS_OTHERS = (
    Role.LEGAL,
    Role.REGULATORY_AFFAIRS,
    Role.FINANCE,
    Role.SUPPLY_CHAIN,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.INCIDENT_COMMANDER,
    Role.LEGAL_REPRESENTATIVE,
)
"""Who tells those who are no authority: insurer, partners by contract, certification body."""

RESPONSIBLE_IN: dict[Role, str] = {
    Role.RESPONSIBLE_PERSON_EU: "EU",
    Role.RESPONSIBLE_PERSON_US: "US",
    Role.DOMESTIC_RESPONSIBLE_CN: "CN",
}
"""Where the responsible persons of a market sign; nobody of them does for another's."""

TEAM = EVERYONE - {Role.STAFF}
"""People with a duty under the plan."""

SEES_INCIDENTS = TEAM | {Role.AUDITOR} | (SYSTEM_ROLES - {Role.CHANNEL})
"""Who may see incidents; staff see only what they reported themselves (services decides 404)."""

READS_LOG = frozenset({Role.AUDITOR, Role.PRIVACY_OFFICER, Role.ADMIN, Role.LEGAL})
"""Who may read the company's log: what belongs to no incident, and who read what."""

SEES_HEALTH = frozenset(
    {
        Role.DUTY_OFFICER,
        Role.INCIDENT_COMMANDER,
        Role.QUALITY_SAFETY_RESPONSIBLE,
        Role.SAFETY_ASSESSOR,
        Role.REGULATORY_AFFAIRS,
        Role.RESPONSIBLE_PERSON_EU,
        Role.RESPONSIBLE_PERSON_US,
        Role.DOMESTIC_RESPONSIBLE_CN,
        Role.LEGAL,
        Role.SERVICE_LEAD,
        Role.SERVICE_AGENT,
        Role.QUALITY,
        Role.PRIVACY_OFFICER,
    }
)
"""Who may open health texts of hurt people (access class `health`)."""

SEES_PRIVILEGED = frozenset({Role.LEGAL, Role.INCIDENT_COMMANDER, Role.LEGAL_REPRESENTATIVE})
"""Who may open texts under counsel's privilege."""

SEES_ASKERS = frozenset(
    {
        Role.PR_LEAD,
        Role.PR_OFFICER,
        Role.SPOKESPERSON,
        Role.SERVICE_LEAD,
        Role.SERVICE_AGENT,
        Role.LEGAL,
    }
)
"""Who may open who asked from outside, and how they are reached: those who answer, and legal."""


SEES_INSIDE = frozenset({Role.LEGAL, Role.FINANCE, Role.LEGAL_REPRESENTATIVE})
"""Who may open what an exchange was told before everybody knows it (inside information)."""


class Access(StrEnum):
    """Who may open an entry's private text: the access class of the envelope."""

    OPEN = "open"
    RESTRICTED = "restricted"
    HEALTH = "health"
    PRIVILEGED = "privileged"
    ENQUIRY = "enquiry"
    INSIDE = "inside"


SEES: dict[Access, frozenset[Role]] = {
    Access.OPEN: SEES_INCIDENTS,
    Access.RESTRICTED: SEES_INCIDENTS,
    Access.HEALTH: SEES_HEALTH,
    Access.PRIVILEGED: SEES_PRIVILEGED,
    Access.ENQUIRY: SEES_ASKERS,
    Access.INSIDE: SEES_INSIDE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: id, roles held now, roles they are deputy for, and how they signed in.

    `on_behalf_of` is set when a scribe records for a principal; `method` is how the person
    proved who they are (`password`, `token`, `system`, `answer_link`).
    """

    id: str
    roles: tuple[Role, ...]
    deputy_for: tuple[Role, ...] = ()
    on_behalf_of: str | None = None
    method: str = "password"

    def holds(self, roles: frozenset[Role] | tuple[Role, ...]) -> bool:
        """Say whether the actor holds one of `roles` in their own right."""
        return any(role in roles for role in self.roles)

    def stands_in_for(self, roles: frozenset[Role] | tuple[Role, ...]) -> bool:
        """Say whether the actor is the deputy of one of `roles`."""
        return any(role in roles for role in self.deputy_for)

    @property
    def is_from_outside(self) -> bool:
        """Say whether the actor is here by invitation only: no duty, not of the company."""
        return bool(self.roles) and set(self.roles) == {Role.OUTSIDE_EXPERT}

    @property
    def is_system(self) -> bool:
        """Say whether a machine acts (the clock, a performer)."""
        return self.holds(SYSTEM_ROLES)


CLOCK = Actor(id="clock", roles=(Role.CLOCK,), method="system")
PERFORMER = Actor(id="performer", roles=(Role.PERFORMER,), method="system")

CHANNEL_MARK = "channel:"
"""How the ids of channels begin among those who act; no person's id holds a colon."""


def channel_actor(channel: str) -> Actor:
    """Give the actor that a channel is when it answers an order itself, by its link."""
    return Actor(id=f"{CHANNEL_MARK}{channel}", roles=(Role.CHANNEL,), method="answer_link")


def may_open(actor: Actor, access: Access) -> bool:
    """Say whether `actor` may open private text of this access class."""
    return actor.holds(SEES[access])
