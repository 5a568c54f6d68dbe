"""Seriousness of one hurt person's case, by market (reference table 3.4).

What belongs here: which outcome each market's law counts as serious. What never does: clocks and
recipients of the reports (data of the regulations), the grade of the incident (severity_rules.py),
or a judgement of intensity: serious is not severe, seriousness speaks of the outcome (SUE
reporting guidelines 2.1).

`review` means: the duty is shown as possible, its clock already runs from awareness, and a named
person decides.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.severity import Outcome
from domain.severity_rules import FATAL


class Seriousness(StrEnum):
    """Whether a case is serious under the law of the EU or the US."""

    NO = "no"
    REVIEW = "review"
    YES = "yes"


class CnSeriousness(StrEnum):
    """How China grades a case: 一般 general, 严重 serious; `no` when nobody was hurt."""

    NO = "no"
    GENERAL = "general"
    REVIEW = "review"
    SERIOUS = "serious"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLevels:
    """One case under three laws.

    `eu`: serious undesirable effect, 1223/2009 art. 2(1)(p). `us`: serious adverse event, 21 USC
    364(5). `cn`: 化妆品不良反应监测管理办法. `social_impact_asked`: people must be asked about
    可能引发较大社会影响; no rule answers that.
    """

    eu: Seriousness
    us: Seriousness
    cn: CnSeriousness
    social_impact_asked: bool


_NO, _REVIEW, _YES = Seriousness.NO, Seriousness.REVIEW, Seriousness.YES
_CN_GENERAL, _CN_REVIEW, _CN_SERIOUS = (
    CnSeriousness.GENERAL,
    CnSeriousness.REVIEW,
    CnSeriousness.SERIOUS,
)

BY_OUTCOME: dict[Outcome, tuple[Seriousness, Seriousness, CnSeriousness]] = {
    # outcome: EU, US, CN. The EU list has neither disfigurement nor infection; the US has both.
    Outcome.NONE: (_NO, _NO, CnSeriousness.NO),
    Outcome.MILD: (_NO, _NO, _CN_GENERAL),
    Outcome.TREATED: (_NO, _NO, _CN_GENERAL),
    Outcome.INFECTION: (_REVIEW, _YES, _CN_REVIEW),
    Outcome.INTERVENTION: (_REVIEW, _YES, _CN_REVIEW),
    Outcome.TEMPORARY_INCAPACITY: (_YES, _REVIEW, _CN_SERIOUS),
    Outcome.DISFIGUREMENT: (_REVIEW, _YES, _CN_SERIOUS),
    Outcome.DISABILITY: (_YES, _YES, _CN_SERIOUS),
    Outcome.HOSPITALISED: (_YES, _YES, _CN_SERIOUS),
    Outcome.SYSTEMIC: (_REVIEW, _REVIEW, _CN_SERIOUS),
    Outcome.CONGENITAL: (_YES, _YES, _CN_SERIOUS),
    Outcome.LIFE_THREATENING: (_YES, _YES, _CN_SERIOUS),
    Outcome.DEATH: (_YES, _YES, _CN_SERIOUS),
    Outcome.UNKNOWN: (_REVIEW, _REVIEW, _CN_REVIEW),
}
"""The table of the reference, one row per outcome."""

_EU_US_ORDER = tuple(Seriousness)
_CN_ORDER = tuple(CnSeriousness)


def case_levels(outcomes: tuple[Outcome, ...], *, counterfeit: bool = False) -> CaseLevels:
    """Judge one person's outcomes; of several the highest counts in each market.

    No outcome at all is an unknown one. `counterfeit` says that a counterfeit is suspected or
    found: such goods lie outside 不良反应, so China's level becomes `review` (a person decides,
    the clock runs) and never silently none; EU and US levels stay.
    """
    rows = [BY_OUTCOME[outcome] for outcome in outcomes or (Outcome.UNKNOWN,)]
    cn = max((row[2] for row in rows), key=_CN_ORDER.index)
    if counterfeit and cn != CnSeriousness.NO:
        cn = CnSeriousness.REVIEW
    return CaseLevels(
        eu=max((row[0] for row in rows), key=_EU_US_ORDER.index),
        us=max((row[1] for row in rows), key=_EU_US_ORDER.index),
        cn=cn,
        social_impact_asked=any(outcome in FATAL for outcome in outcomes),
    )


def serious_in(levels: CaseLevels) -> tuple[str, ...]:
    """Name the markets whose law calls the case serious.

    One is enough to count a person as seriously hurt, wherever the person is: the graver counts.
    What a market has to be told follows its own law alone (domain/triggers.py).
    """
    found = {
        "CN": levels.cn == CnSeriousness.SERIOUS,
        "EU": levels.eu == _YES,
        "US": levels.us == _YES,
    }
    return tuple(market for market, serious in found.items() if serious)
