"""The answers to the severity questions, and the values that rules derive from them.

What belongs here: the answer lists, the one value `Answers` that holds what is known now, and
what can come out of it (grade, attention, expected class, halt level). What never does: the words
of the questions (severity_questions.py), a rule (severity_rules.py), the law of a market
(case_levels.py). Codes are those of reference table 3.2; every list takes `unknown`.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class _Ranked(StrEnum):
    """A StrEnum that compares by its place in the class, not by the alphabet.

    Without this, "minor" > "critical" would be silently true wherever two grades meet.
    """

    rank: int
    """Place in the order, 0 the mildest."""

    def __init__(self, _code: str) -> None:
        # Once per member, not at every comparison: every act compares grades some hundred times.
        self.rank = len(type(self).__members__)

    def _rank_of(self, other: str) -> int:
        return other.rank if isinstance(other, type(self)) else type(self)(other).rank

    def __lt__(self, other: str) -> bool:
        """Compare by rank; raises ValueError when `other` is no member."""
        return self.rank < self._rank_of(other)

    def __le__(self, other: str) -> bool:
        """Compare by rank; raises ValueError when `other` is no member."""
        return self.rank <= self._rank_of(other)

    def __gt__(self, other: str) -> bool:
        """Compare by rank; raises ValueError when `other` is no member."""
        return self.rank > self._rank_of(other)

    def __ge__(self, other: str) -> bool:
        """Compare by rank; raises ValueError when `other` is no member."""
        return self.rank >= self._rank_of(other)


class Grade(_Ranked):
    """Grade of an incident 事件等级, mildest first; `<`, `max` and `sorted` follow that order."""

    MINOR = "minor"
    GENERAL = "general"
    SERIOUS = "serious"
    CRITICAL = "critical"


class Attention(_Ranked):
    """How much the public looks 舆情热度: drives statement times only, never the grade."""

    LOW = "low"
    RISING = "rising"
    HIGH = "high"


class ExpectedClass(StrEnum):
    """The class we expect FDA to assign to a product line; FDA assigns it (21 CFR 7.41(b))."""

    I = "I"  # noqa: E741 - the agency's own numeral
    II = "II"
    III = "III"
    NONE_YET = "none_yet"


class HaltLevel(StrEnum):
    """What stops (reference table 4.5); H4 stands beside the others and does not imply H3.

    H1 own stock and shipments, H2 own shops and all promotion, H3 trade, H4 production.
    """

    H0 = "H0"
    H1 = "H1"
    H2 = "H2"
    H3 = "H3"
    H4 = "H4"


class Outcome(StrEnum):
    """What happened to a person, mildest first."""

    NONE = "none"
    MILD = "mild"
    TREATED = "treated"
    INFECTION = "infection"
    INTERVENTION = "intervention"
    TEMPORARY_INCAPACITY = "temporary_incapacity"
    DISFIGUREMENT = "disfigurement"
    DISABILITY = "disability"
    HOSPITALISED = "hospitalised"
    SYSTEMIC = "systemic"
    CONGENITAL = "congenital"
    LIFE_THREATENING = "life_threatening"
    DEATH = "death"
    UNKNOWN = "unknown"


class Fault(StrEnum):
    """What is wrong, or suspected wrong, with the product."""

    PATHOGEN = "pathogen"
    MICROBIAL_LIMIT = "microbial_limit"
    FORBIDDEN_INGREDIENT = "forbidden_ingredient"
    RESTRICTED_EXCESS = "restricted_excess"
    TOXIC_CONTAMINANT = "toxic_contaminant"
    CORROSIVE = "corrosive"
    FOREIGN_BODY_SHARP = "foreign_body_sharp"
    PACK_INJURY = "pack_injury"
    SAFETY_LABEL = "safety_label"
    CONTENT_CHANGED = "content_changed"
    PACK_LABEL_COSMETIC = "pack_label_cosmetic"
    EFFICACY_CLAIM = "efficacy_claim"
    COUNTERFEIT_SUSPECTED = "counterfeit_suspected"
    SERVICE_OR_PRICE = "service_or_price"
    REPUTATION_ONLY = "reputation_only"
    UNKNOWN = "unknown"


class Users(StrEnum):
    """Who uses it, and where on the body; several can apply."""

    INFANTS_CHILDREN = "infants_children"
    PREGNANT = "pregnant"
    EYE_MUCOSA_BROKEN_SKIN = "eye_mucosa_broken_skin"
    INHALED = "inhaled"
    WEAK_OR_MEDICAL = "weak_or_medical"
    GENERAL = "general"
    UNKNOWN = "unknown"


class Whereabouts(StrEnum):
    """How far the affected product has gone, nearest first."""

    OWN_CONTROL = "own_control"
    TRADE = "trade"
    CONSUMERS = "consumers"
    UNKNOWN = "unknown"


class Use(StrEnum):
    """Whether it was used as the label says."""

    AS_LABELLED = "as_labelled"
    FORESEEABLE_MISUSE = "foreseeable_misuse"
    UNFORESEEABLE = "unforeseeable"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """How we know."""

    ALLEGATION = "allegation"
    SEVERAL = "several"
    OWN_RECORDS = "own_records"
    ACCREDITED_LAB = "accredited_lab"
    AUTHORITY = "authority"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


class Lots(StrEnum):
    """Whether we know which lots are affected."""

    BOUNDED = "bounded"
    PARTLY = "partly"
    UNBOUNDED = "unbounded"
    UNKNOWN = "unknown"


class AuthorityAct(StrEnum):
    """What an authority has done."""

    NONE = "none"
    INQUIRY = "inquiry"
    SAMPLING_OTHER = "sampling_other"
    SAMPLING_SAFETY = "sampling_safety"
    ORDER_STOP = "order_stop"
    ORDER_RECALL = "order_recall"
    FOREIGN_RECALL = "foreign_recall"
    UNKNOWN = "unknown"


class Publicity(StrEnum):
    """How public it is."""

    NONE = "none"
    POSTS = "posts"
    ASKED = "asked"
    SPREADING = "spreading"
    NATIONAL = "national"
    UNKNOWN = "unknown"


class Intent(StrEnum):
    """Signs that somebody did it on purpose."""

    NONE = "none"
    COUNTERFEIT = "counterfeit"
    TAMPERING = "tampering"
    THREAT = "threat"
    UNKNOWN = "unknown"


class CredibleHarm(StrEnum):
    """The worst harm that is credible if someone uses it, mildest first."""

    NONE = "none"
    REVERSIBLE = "reversible"
    SERIOUS_TREATABLE = "serious_treatable"
    FATAL_OR_IRREVERSIBLE = "fatal_or_irreversible"
    UNKNOWN = "unknown"


class Likelihood(StrEnum):
    """How likely that harm is in normal use of the affected lots, least likely first."""

    NOT_LIKELY = "not_likely"
    REMOTE = "remote"
    REASONABLE = "reasonable"
    UNKNOWN = "unknown"


class Noticeable(StrEnum):
    """Whether a user would notice the fault before use."""

    YES = "yes"
    SOMETIMES = "sometimes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What is known now; every field defaults to "not known", so that step I alone is enough.

    None in a number or a yes/no means not known, and so does an empty tuple. `same_lot` says
    whether the cases, and a recall abroad where there is one, concern one and the same lot of
    ours. `people_in_cluster` is the largest number of people harmed within `cluster_days` in one
    region on one product; the caller counts it. `social_impact_marked` is true when regulatory
    affairs *and* the quality-safety responsible person have marked it (rule K6).
    """

    worst_outcome: Outcome = Outcome.UNKNOWN
    people: int | None = None
    serious_people: int | None = None
    regions: tuple[str, ...] = ()
    first_onset_on: date | None = None
    same_lot: bool | None = None
    fault: Fault = Fault.UNKNOWN
    users: tuple[Users, ...] = ()
    whereabouts: Whereabouts = Whereabouts.UNKNOWN
    units: int | None = None
    markets: tuple[str, ...] = ()
    use: Use = Use.UNKNOWN
    evidence: Evidence = Evidence.UNKNOWN
    lots: Lots = Lots.UNKNOWN
    authority_act: AuthorityAct = AuthorityAct.UNKNOWN
    publicity: Publicity = Publicity.UNKNOWN
    intent: Intent = Intent.UNKNOWN
    credible_harm: CredibleHarm = CredibleHarm.UNKNOWN
    likelihood: Likelihood = Likelihood.UNKNOWN
    noticeable: Noticeable = Noticeable.UNKNOWN
    # Facts beside the fourteen questions; their words for a reader stand here, having no table.
    medical_attention_mentioned: bool = field(
        default=False, metadata={"label": "A doctor, a hospital or an emergency is mentioned"}
    )
    social_impact_marked: bool = field(
        default=False,
        metadata={"label": "Marked as likely to cause greater social impact"},
    )
    early_warning: bool = field(
        default=False, metadata={"label": "An early-warning signal was raised"}
    )
    people_in_cluster: int = field(
        default=0, metadata={"label": "People hurt in one region within the days of the plan"}
    )
