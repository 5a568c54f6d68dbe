"""Running the severity rules: one set of answers in, the results and their reasons out.

What belongs here: grade with its reasons, attention, expected class (reference table 3.5), the
first halt levels (4.5), and when a grade may be lowered (M5). What never does: a row of the rule
table (severity_rules.py), or who signs and by when (the plan).

Grade, attention and expected class are each derived from the answers alone and never from one
another; the case levels come from the outcomes of one person (case_levels.py). Only the halt
levels are read from the grade, because that is how 4.5 defines them.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from domain.people import Role
from domain.severity import (
    Answers,
    Attention,
    AuthorityAct,
    CredibleHarm,
    Evidence,
    ExpectedClass,
    Fault,
    Grade,
    HaltLevel,
    Likelihood,
    Lots,
    Noticeable,
    Publicity,
    Use,
    Whereabouts,
)
from domain.severity_rules import (
    DANGEROUS,
    DOUBTFUL,
    FATAL,
    HARM,
    MODIFIERS,
    NOTHING_ELSE,
    RULES,
    SERIOUS_OR_WORSE,
    WORD_OF_MOUTH,
    Modifier,
    Parameters,
    Rule,
    authority_found_danger,
    is_out,
    reaches_serious_cases,
    users_are_vulnerable,
)

NO_NEWS_HOURS = 24
"""For so long "no new reports" alone lowers nothing (M5)."""

LOWERED_BY = (Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE)
"""Both sign a lower grade, with a reason (M5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one rule or modifier stands in a result, in both languages, with its source."""

    rule: str
    floor: Grade | None
    sentence_en: str
    sentence_zh: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything one run of the rules says; kept for ever beside later runs (M8).

    `rules` holds every rule that matched and every modifier that applied, in table order;
    `made_by` those of them whose floor is the grade. `first_action` is how far selling stops
    (H0 to H3) and `stop_production` says that H4 is due beside it: H4 does not imply H3.
    `find_out` lists questions (or parts of question 2) whose `unknown` counted as the worse
    answer. `social_impact_asked` says that regulatory affairs and the quality-safety responsible
    person must be asked about 可能引发较大社会影响: no case count is known in law.
    """

    grade: Grade
    rules: tuple[str, ...]
    made_by: tuple[str, ...]
    attention: Attention
    expected_class: ExpectedClass
    first_action: HaltLevel
    stop_production: bool
    provisional: bool
    find_out: tuple[str, ...]
    recall_depth_consumer: bool
    social_impact_asked: bool
    rule_set: str
    explanations: tuple[Explanation, ...]

    @property
    def halt_levels(self) -> tuple[HaltLevel, ...]:
        """List every level that is due now, mildest first: (H1, H2, H4) leaves trade alone."""
        goods = (HaltLevel.H1, HaltLevel.H2, HaltLevel.H3)
        due = tuple(level for level in goods if level <= self.first_action)
        return (*due, HaltLevel.H4) if self.stop_production else due


_ROWS: dict[str, Rule | Modifier] = {
    **{rule.id: rule for rule in (*RULES, NOTHING_ELSE)},
    **{modifier.id: modifier for modifier in MODIFIERS},
}


def assess(answers: Answers, parameters: Parameters) -> Assessment:
    """Run all rules over `answers`; every combination of answers has a result."""
    matched = matching_rules(answers, parameters)
    base = max(rule.floor for rule in matched)
    raised = _raised(base, answers)
    grade = Grade.SERIOUS if raised else base
    find_out = _find_out(matched, answers, raised=raised)
    applied = _applied(answers, raised=raised, counted_unknown=bool(find_out))
    rules = (*(rule.id for rule in matched), *applied)
    return Assessment(
        grade=grade,
        rules=rules,
        made_by=tuple(id_ for id_ in rules if _ROWS[id_].floor == grade),
        attention=attention(answers.publicity),
        expected_class=expected_class(answers.credible_harm, answers.likelihood),
        first_action=first_action(grade, answers),
        stop_production=stop_production(answers),
        provisional=_is_provisional(answers),
        find_out=find_out,
        recall_depth_consumer=_must_reach_consumers(answers),
        social_impact_asked=_ask_social_impact(answers, parameters),
        rule_set=parameters.rule_set,
        explanations=explain(rules, parameters),
    )


def matching_rules(answers: Answers, parameters: Parameters) -> tuple[Rule, ...]:
    """Give every rule whose condition holds, in table order; N1 alone when none does."""
    return tuple(r for r in RULES if r.holds(answers, parameters)) or (NOTHING_ELSE,)


def explain(rules: Iterable[str], parameters: Parameters) -> tuple[Explanation, ...]:
    """Say why each of `rules` stands, with the plan's numbers filled in.

    Raises KeyError for an id that no row of this rule set has.
    """
    numbers = asdict(parameters)
    return tuple(
        Explanation(
            rule=row.id,
            floor=row.floor,
            sentence_en=row.sentence_en.format(**numbers),
            sentence_zh=row.sentence_zh.format(**numbers),
            source=row.source,
        )
        for row in (_ROWS[id_] for id_ in rules)
    )


# ---------------------------------------------------------------- grade


def _raised(base: Grade, answers: Answers) -> bool:
    """Apply M1: VULNERABLE and OUT and general because of HARM, A or B."""
    because = answers.worst_outcome in HARM or answers.fault in DANGEROUS | DOUBTFUL
    return base == Grade.GENERAL and because and users_are_vulnerable(answers) and is_out(answers)


_M1_NAMES_UNKNOWN = ("worst_outcome", "fault", "whereabouts")
_UNKNOWNS = ("worst_outcome", "same_lot", "fault", "whereabouts", "likelihood")


def _find_out(matched: tuple[Rule, ...], answers: Answers, *, raised: bool) -> tuple[str, ...]:
    """List, in the order of the questions, the unknowns that counted as the worse answer (M2)."""
    named = {code for rule in matched for code in rule.names_unknown}
    named.update(_M1_NAMES_UNKNOWN if raised else ())
    return tuple(code for code in _UNKNOWNS if code in named and _is_unknown(answers, code))


def _is_unknown(answers: Answers, code: str) -> bool:
    if code == "same_lot":
        # Of all of S3 only a recall abroad asks whether it is our lot.
        return answers.same_lot is None and answers.authority_act == AuthorityAct.FOREIGN_RECALL
    return bool(getattr(answers, code) == "unknown")


def _applied(answers: Answers, *, raised: bool, counted_unknown: bool) -> tuple[str, ...]:
    """List the modifiers that apply; M5 and M8 speak of changes, not of one set of answers."""
    holds = {
        "M1": raised,
        "M2": counted_unknown,
        "M3": answers.lots == Lots.UNBOUNDED,
        "M4": _is_provisional(answers),
        "M6": answers.use == Use.UNFORESEEABLE,
        "M7": _must_reach_consumers(answers),
    }
    return tuple(id_ for id_, does in holds.items() if does)


def _is_provisional(answers: Answers) -> bool:
    """Apply M4: nothing stands behind the answers but what people say."""
    return answers.evidence in WORD_OF_MOUTH


def _must_reach_consumers(answers: Answers) -> bool:
    """Apply M7: noticeable is no or sometimes, and consumers have it."""
    hidden = answers.noticeable in {Noticeable.NO, Noticeable.SOMETIMES}
    return hidden and answers.whereabouts == Whereabouts.CONSUMERS


def _ask_social_impact(answers: Answers, parameters: Parameters) -> bool:
    # Reference 3.4 and 3.7: asked after a death or danger to life, and after several serious cases.
    return answers.worst_outcome in FATAL or reaches_serious_cases(answers, parameters)


# ---------------------------------------------------------------- beside the grade

_ATTENTION = {
    Publicity.NONE: Attention.LOW,
    Publicity.POSTS: Attention.RISING,
    Publicity.ASKED: Attention.RISING,
    Publicity.SPREADING: Attention.HIGH,
    Publicity.NATIONAL: Attention.HIGH,
    Publicity.UNKNOWN: Attention.LOW,
}


def attention(publicity: Publicity) -> Attention:
    """Say how much the public looks; an authority's public notice is answer `national`."""
    return _ATTENTION[publicity]


def expected_class(credible_harm: CredibleHarm, likelihood: Likelihood) -> ExpectedClass:
    """Give the class we expect for a product line (reference table 3.5; 21 CFR 7.3(m)).

    Always shown with "FDA assigns the class (7.41(b))". No class is expected while the harm, or
    the likelihood of some harm, is not known.
    """
    if credible_harm == CredibleHarm.NONE:
        return ExpectedClass.III
    if credible_harm == CredibleHarm.UNKNOWN or likelihood == Likelihood.UNKNOWN:
        return ExpectedClass.NONE_YET
    if likelihood == Likelihood.NOT_LIKELY:
        return ExpectedClass.III
    if credible_harm in SERIOUS_OR_WORSE and likelihood == Likelihood.REASONABLE:
        return ExpectedClass.I
    return ExpectedClass.II


# ---------------------------------------------------------------- first action

_FIRST_ACTION = {
    Grade.MINOR: HaltLevel.H0,
    Grade.GENERAL: HaltLevel.H1,
    Grade.SERIOUS: HaltLevel.H2,
    Grade.CRITICAL: HaltLevel.H3,
}


def first_action(grade: Grade, answers: Answers) -> HaltLevel:
    """Say how far selling stops before anything is confirmed, H0 to H3 (reference table 4.5).

    A serious grade reaches H3 when more than one person's word stands behind it; otherwise the
    commander decides on H3 within 4 h. What an authority found or ordered is such evidence even
    while question 7 is open (SAMR Order 46 art. 53).
    """
    known = answers.evidence not in {Evidence.UNKNOWN, Evidence.ALLEGATION}
    if grade == Grade.SERIOUS and (known or authority_found_danger(answers)):
        return HaltLevel.H3
    return _FIRST_ACTION[grade]


def stop_production(answers: Answers) -> bool:
    """Say whether H4 is due before confirmation (reference table 4.5).

    It is when the fault can injure, and when our own inspection found, in the Chinese market, a
    fault that may affect people (SAMR Order 46 art. 33(2)).
    """
    found_by_us_in_china = answers.evidence == Evidence.OWN_RECORDS and "CN" in answers.markets
    may_affect = answers.fault in DOUBTFUL - {Fault.UNKNOWN}
    return answers.fault in DANGEROUS or (found_by_us_in_china and may_affect)


# ---------------------------------------------------------------- lowering


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One sentence of a verdict, with a code for programs."""

    code: str
    sentence_en: str
    sentence_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeChange:
    """Whether a grade may change, why (or what is missing), and whose signatures it takes."""

    allowed: bool
    reasons: tuple[Reason, ...]
    signers: tuple[Role, ...]


_NOT_LOWER = Reason(
    code="not_lower",
    sentence_en="This does not lower the grade: anyone of the team may do it at once.",
    sentence_zh="这不是降低等级：团队任何人可立即作出。",
)
_READY = Reason(
    code="ready_to_sign",
    sentence_en="The health hazard evaluation is signed. The incident commander and the "
    "quality-safety responsible person may lower the grade, with a reason.",
    sentence_zh="健康危害评估已签署。应急领导小组组长与质量安全负责人可说明理由、签署降低等级。",
)
_NO_EVALUATION = Reason(
    code="evaluation_not_signed",
    sentence_en="The health hazard evaluation is not signed yet: have it signed first.",
    sentence_zh="健康危害评估尚未签署：请先完成签署。",
)
_ONLY_SILENCE = Reason(
    code="only_no_new_reports",
    sentence_en=f"In the first {NO_NEWS_HOURS} hours, that no new reports came in is not enough: "
    "name another reason, or wait.",
    sentence_zh=f"最初 {NO_NEWS_HOURS} 小时内，不能仅以“没有新报告”为由降低等级："
    "请另行说明理由，或等待。",
)


def may_lower(
    current: Grade,
    proposed: Grade,
    *,
    evaluation_signed: bool,
    hours_since_first: int,
    only_no_new_reports: bool,
) -> GradeChange:
    """Say whether `proposed` may replace `current` (M5), naming everything that is missing.

    `hours_since_first` counts whole hours since the first report. A grade that is not lower is
    always allowed and takes no signature.
    """
    if proposed >= current:
        return GradeChange(allowed=True, reasons=(_NOT_LOWER,), signers=())
    missing: tuple[Reason, ...] = ()
    if not evaluation_signed:
        missing += (_NO_EVALUATION,)
    if only_no_new_reports and hours_since_first < NO_NEWS_HOURS:
        missing += (_ONLY_SILENCE,)
    return GradeChange(allowed=not missing, reasons=missing or (_READY,), signers=LOWERED_BY)
