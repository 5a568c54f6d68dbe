"""The rule table for the grade of an incident (reference table 3.3).

What belongs here: the rows (id, floor, condition, sentences, source), the sets they speak of, and
the company's numbers they count with. What never does: running them (severity_assessment.py), the
plan's people and times, or what a market's law counts as serious (case_levels.py).

Theory of operation
    All rules are tested; the grade is the highest floor that matches; then M1 may raise it.
    `unknown` counts as the worse answer exactly where a rule's condition names it: each rule
    lists those questions in `names_unknown`, and an unknown that counted becomes a thing to find
    out. It is never counted in a number that anyone is told.
    A change that makes an answer worse never lowers the grade; tests hold every rule to that.
"""

from collections.abc import Callable
from dataclasses import dataclass

from domain.severity import (
    Answers,
    AuthorityAct,
    CredibleHarm,
    Evidence,
    Fault,
    Grade,
    Intent,
    Likelihood,
    Outcome,
    Users,
    Whereabouts,
)

RULE_SET = "severity-1"
"""Version of the rule table; a change of any rule or set below is a new version."""

FATAL = frozenset({Outcome.LIFE_THREATENING, Outcome.DEATH})
SERIOUS = frozenset(
    {
        Outcome.INFECTION,
        Outcome.INTERVENTION,
        Outcome.TEMPORARY_INCAPACITY,
        Outcome.DISFIGUREMENT,
        Outcome.DISABILITY,
        Outcome.HOSPITALISED,
        Outcome.SYSTEMIC,
        Outcome.CONGENITAL,
    }
)
HARM = frozenset(Outcome) - {Outcome.NONE}
"""Every outcome but none: `unknown` is in it."""

DANGEROUS = frozenset(
    {
        Fault.PATHOGEN,
        Fault.FORBIDDEN_INGREDIENT,
        Fault.TOXIC_CONTAMINANT,
        Fault.CORROSIVE,
        Fault.FOREIGN_BODY_SHARP,
        Fault.PACK_INJURY,
        Fault.SAFETY_LABEL,
    }
)
"""Set A of the reference: faults that can injure."""

DOUBTFUL = frozenset(
    {Fault.MICROBIAL_LIMIT, Fault.RESTRICTED_EXCESS, Fault.CONTENT_CHANGED, Fault.UNKNOWN}
)
"""Set B of the reference: faults that may affect people; `unknown` is in it."""

VULNERABLE = frozenset(Users) - {Users.GENERAL, Users.UNKNOWN}
OUT = frozenset(Whereabouts) - {Whereabouts.OWN_CONTROL}
"""Left our control, or may have: `unknown` is in it."""

SERIOUS_OR_WORSE = frozenset({CredibleHarm.SERIOUS_TREATABLE, CredibleHarm.FATAL_OR_IRREVERSIBLE})
SOME_HARM = SERIOUS_OR_WORSE | {CredibleHarm.REVERSIBLE}
SAFETY_ORDERS = frozenset(
    {AuthorityAct.SAMPLING_SAFETY, AuthorityAct.ORDER_STOP, AuthorityAct.ORDER_RECALL}
)
WORD_OF_MOUTH = frozenset({Evidence.UNKNOWN, Evidence.ALLEGATION, Evidence.SEVERAL})
"""Statements only, nothing measured: the grade is provisional (M4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Company targets of the plan that the rules count with (never law), and the rule set."""

    critical_serious_cases: int = 2
    cluster_people: int = 3
    cluster_days: int = 7
    rule_set: str = RULE_SET


Predicate = Callable[[Answers, Parameters], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    `condition` is the row for a reader of the reference; the sentences are for people who ask
    "why this grade" and may hold `{names}` of Parameters. `names_unknown` lists the questions
    whose `unknown` the condition counts as the worse answer.
    """

    id: str
    floor: Grade
    holds: Predicate
    condition: str
    sentence_en: str
    sentence_zh: str
    source: str
    names_unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Modifier:
    """A rule that is not a floor by itself: it raises, marks or bounds what the rules gave."""

    id: str
    sentence_en: str
    sentence_zh: str
    source: str
    floor: Grade | None = None


# ---------------------------------------------------------------- what the conditions ask


def is_out(answers: Answers) -> bool:
    """Say whether the product has, or may have, left our control."""
    return answers.whereabouts in OUT


def users_are_vulnerable(answers: Answers) -> bool:
    """Say whether people who are hurt more easily use it."""
    return any(group in VULNERABLE for group in answers.users)


def reaches_serious_cases(answers: Answers, parameters: Parameters) -> bool:
    """Say whether the serious cases reach the company's number."""
    # An unknown number is not a number: it counts neither here nor anywhere.
    return (answers.serious_people or 0) >= parameters.critical_serious_cases


def _class_one_or_open(answers: Answers, _: Parameters) -> bool:
    # Asks the two answers, not `expected_class`: no result is derived from another (3.1).
    class_one = (
        answers.credible_harm in SERIOUS_OR_WORSE and answers.likelihood == Likelihood.REASONABLE
    )
    fatal_and_open = (
        answers.credible_harm == CredibleHarm.FATAL_OR_IRREVERSIBLE
        and answers.likelihood == Likelihood.UNKNOWN
    )
    return is_out(answers) and (class_one or fatal_and_open)


def _hits_the_vulnerable(answers: Answers, _: Parameters) -> bool:
    return (
        answers.fault in {Fault.PATHOGEN, Fault.CORROSIVE}
        and users_are_vulnerable(answers)
        and answers.whereabouts in {Whereabouts.CONSUMERS, Whereabouts.UNKNOWN}
    )


def _done_on_purpose(answers: Answers, _: Parameters) -> bool:
    return answers.intent in {Intent.TAMPERING, Intent.THREAT} and is_out(answers)


def authority_found_danger(answers: Answers) -> bool:
    """Say whether an authority found a failure of safety, ordered, or recalled our lot."""
    # A recall abroad counts unless we know that it is another lot: unknown is the worse answer.
    of_our_lot = answers.same_lot is not False
    recalled_abroad = answers.authority_act == AuthorityAct.FOREIGN_RECALL
    return answers.authority_act in SAFETY_ORDERS or (recalled_abroad and of_our_lot)


def _cluster(answers: Answers, parameters: Parameters) -> bool:
    return answers.early_warning or answers.people_in_cluster >= parameters.cluster_people


def _serious_but_unlikely(answers: Answers, _: Parameters) -> bool:
    return (
        answers.credible_harm in SERIOUS_OR_WORSE
        and answers.likelihood in {Likelihood.REMOTE, Likelihood.UNKNOWN}
        and is_out(answers)
    )


def _doctor_without_outcome(answers: Answers, _: Parameters) -> bool:
    return answers.worst_outcome == Outcome.UNKNOWN and answers.medical_attention_mentioned


def _doubtful_or_some_harm(answers: Answers, _: Parameters) -> bool:
    # Only the fault's `unknown` is named here. If an unevaluated credible harm counted as well,
    # no report could be minor before the hazard evaluation, against the golden example of the
    # loose pump.
    return answers.fault in DOUBTFUL or answers.credible_harm in SOME_HARM


# ---------------------------------------------------------------- the table

RULES: tuple[Rule, ...] = (
    Rule(
        "K1",
        Grade.CRITICAL,
        lambda a, _: a.worst_outcome in FATAL,
        "worst_outcome in {life_threatening, death}",
        "A death, or danger to life, is reported.",
        "已报告死亡或危及生命的情况。",
        "law: EU 1223/2009 art. 2(1)(p); 21 USC 364(5); "
        "CN adverse-reaction measures (化妆品不良反应监测管理办法)",
    ),
    Rule(
        "K2",
        Grade.CRITICAL,
        reaches_serious_cases,
        "serious cases >= critical_serious_cases for the same product",
        "Serious cases with the same product have reached {critical_serious_cases}.",
        "同一产品已报告的严重病例达到 {critical_serious_cases} 例。",
        "company target",
    ),
    Rule(
        "K3",
        Grade.CRITICAL,
        _class_one_or_open,
        "expected class I, or credible_harm fatal_or_irreversible with likelihood unknown; and OUT",
        "Serious harm is reasonably likely, or fatal harm is credible and nobody has said yet how "
        "likely; and the product has, or may have, left our control.",
        "严重伤害有合理可能发生，或可信的最坏后果为死亡或不可逆而可能性尚未评定；"
        "且产品已经或可能已流出本公司控制。",
        "law: logic of 21 CFR 7.3(m)",
        ("whereabouts", "likelihood"),
    ),
    Rule(
        "K4",
        Grade.CRITICAL,
        _hits_the_vulnerable,
        "fault in {pathogen, corrosive} and VULNERABLE and whereabouts in {consumers, unknown}",
        "Germs or a burning product are, or may be, in the hands of people who are hurt more "
        "easily.",
        "致病菌或腐蚀性问题产品已经或可能已到易受伤害人群手中。",
        "practice",
        ("whereabouts",),
    ),
    Rule(
        "K5",
        Grade.CRITICAL,
        _done_on_purpose,
        "intent in {tampering, threat} and OUT",
        "There are signs of tampering or a threat, and the product has, or may have, left our "
        "control. Counsel decides about the police.",
        "存在人为破坏、投毒或威胁迹象，且产品已经或可能已流出本公司控制。是否报警由法务决定。",
        "practice; police path",
        ("whereabouts",),
    ),
    Rule(
        "K6",
        Grade.CRITICAL,
        lambda a, _: a.social_impact_marked,
        "regulatory affairs and the quality-safety responsible person mark it",
        "Regulatory affairs and the quality-safety responsible person marked it as likely to "
        "cause greater social impact.",
        "法规事务与质量安全负责人均标记为“可能引发较大社会影响”。",
        "law: CN adverse-reaction measures (化妆品不良反应监测管理办法); "
        "no case count is known, so people decide",
    ),
    Rule(
        "S1",
        Grade.SERIOUS,
        lambda a, _: a.worst_outcome in SERIOUS,
        "worst_outcome in SERIOUS",
        "Serious harm to a person is reported.",
        "已报告对人的严重伤害。",
        "law: EU 1223/2009 art. 2(1)(p); 21 USC 364(5); "
        "CN adverse-reaction measures (化妆品不良反应监测管理办法)",
    ),
    Rule(
        "S2",
        Grade.SERIOUS,
        lambda a, _: a.fault in DANGEROUS and is_out(a),
        "fault in A and OUT",
        "The fault can injure people, and the product has, or may have, left our control.",
        "该问题可能伤人，且产品已经或可能已流出本公司控制。",
        "practice",
        ("whereabouts",),
    ),
    Rule(
        "S3",
        Grade.SERIOUS,
        lambda a, _: authority_found_danger(a),
        "authority_act in {sampling_safety, order_stop, order_recall, foreign_recall of the same "
        "lot}",
        "An authority found a failure of safety, ordered a stop or a recall, or our lot is being "
        "recalled in another country or region.",
        "监管抽检安全项不合格、已责令停止或召回，或同一批次正在其他国家/地区召回。",
        "law: 化妆品生产经营监督管理办法 (SAMR Order 46) art. 53",
        ("same_lot",),
    ),
    Rule(
        "S4",
        Grade.SERIOUS,
        _cluster,
        "people harmed >= cluster_people within cluster_days in one region on one product, or an "
        "early-warning signal",
        "People hurt in one region within {cluster_days} days have reached {cluster_people}, or "
        "an early-warning signal was raised.",
        "同一地区 {cluster_days} 天内受伤害人数达到 {cluster_people} 人，或已出现预警信号。",
        "source plans; company target",
    ),
    Rule(
        "S5",
        Grade.SERIOUS,
        _serious_but_unlikely,
        "credible_harm serious_treatable or worse, likelihood remote or unknown, and OUT",
        "Serious harm is credible, though remote or of unknown likelihood, and the product has, "
        "or may have, left our control.",
        "可信的最坏后果为严重伤害（可能性很小或尚未评定），且产品已经或可能已流出本公司控制。",
        "law: logic of 21 CFR 7.3(m)",
        ("whereabouts", "likelihood"),
    ),
    Rule(
        "S6",
        Grade.SERIOUS,
        _doctor_without_outcome,
        "worst_outcome unknown and doctor, hospital or emergency is mentioned",
        "A doctor, a hospital or an emergency is mentioned and we do not know the outcome: "
        "serious until we know.",
        "提到就医、住院或急救但伤害后果不清楚，查清之前按严重处理。",
        "practice",
        ("worst_outcome",),
    ),
    Rule(
        "G1",
        Grade.GENERAL,
        lambda a, _: a.worst_outcome in HARM,
        "worst_outcome in HARM",
        "A person was hurt, or we do not know whether anyone was.",
        "有人受到伤害，或尚不清楚是否有人受伤害。",
        "law: CN adverse-reaction measures (化妆品不良反应监测管理办法): general reaction",
        ("worst_outcome",),
    ),
    Rule(
        "G2",
        Grade.GENERAL,
        lambda a, _: a.fault in DANGEROUS and not is_out(a),
        "fault in A and own_control",
        "The fault can injure people, but every affected product is still with us.",
        "该问题可能伤人，但受影响产品全部仍在本公司控制内。",
        "practice: stock recovery; SAMR Order 46 art. 33(2) still applies",
    ),
    Rule(
        "G3",
        Grade.GENERAL,
        _doubtful_or_some_harm,
        "fault in B, or credible_harm reversible or worse",
        "The fault may affect people or is not known yet, or some harm is credible.",
        "该问题可能影响人体或尚不清楚，或存在可信的伤害后果。",
        "practice",
        ("fault",),
    ),
    Rule(
        "G4",
        Grade.GENERAL,
        lambda a, _: a.authority_act in {AuthorityAct.INQUIRY, AuthorityAct.SAMPLING_OTHER},
        "authority_act in {inquiry, sampling_other}",
        "An authority has asked, or a sample failed on a point that is not safety.",
        "监管部门已问询或约谈，或抽检非安全项不合格。",
        "practice",
    ),
    Rule(
        "G5",
        Grade.GENERAL,
        # The sign of a counterfeit may be ticked under question 3 or under question 11.
        lambda a, _: a.fault == Fault.COUNTERFEIT_SUSPECTED or a.intent == Intent.COUNTERFEIT,
        "counterfeit_suspected",
        "It may be a counterfeit, which goes its own path.",
        "疑似假冒，按假冒专门流程处理。",
        "own path",
    ),
)

NOTHING_ELSE = Rule(
    "N1",
    Grade.MINOR,
    lambda _, __: True,
    "otherwise",
    "Nobody was hurt and nothing here affects the safety of use.",
    "无人受伤，且不影响产品的使用安全。",
    "source plans: 轻微质量问题",
)

MODIFIERS: tuple[Modifier, ...] = (
    Modifier(
        "M1",
        "People who are hurt more easily use it and it has, or may have, left our control: "
        "general is raised to serious.",
        "易受伤害人群使用，且产品已经或可能已流出本公司控制：由一般提高为严重。",
        "house rule",
        Grade.SERIOUS,
    ),
    Modifier(
        "M2",
        "An answer we do not know counted as the worse one; find it out.",
        "不清楚的答案已按较坏情况计算；须尽快查清。",
        "house rule",
    ),
    Modifier(
        "M3",
        "The lots are not bounded: the whole product is in scope until they are.",
        "受影响批次无法界定：界定之前以整个产品为范围。",
        "house rule",
    ),
    Modifier(
        "M4",
        "So far people say so and nothing is measured: the grade is provisional, and weak "
        "evidence never lowers it.",
        "目前只有陈述、尚无检验或记录佐证：等级为暂定；证据不足不降低等级。",
        "house rule",
    ),
    Modifier(
        "M5",
        "Anyone of the team raises a grade at once. Lowering needs a signed health hazard "
        "evaluation and, with a reason, the incident commander and the quality-safety "
        "responsible person.",
        "提高等级：团队任何人可立即作出。降低等级：须有已签署的健康危害评估，"
        "并由应急领导小组组长与质量安全负责人说明理由签署。",
        "house rule",
    ),
    Modifier(
        "M6",
        "It was used in a way nobody could expect: that alone lowers nothing; the safety assessor "
        "decides.",
        "使用方式不可预见：仅凭此点不降低等级，由安全评估人员判断。",
        "house rule",
    ),
    Modifier(
        "M7",
        "People have it and may not notice the fault: the recall must reach consumers; taking it "
        "back from trade is not enough.",
        "产品已到消费者手中且使用前未必能察觉：召回须到消费者层级，仅从渠道撤回不够。",
        "house rule",
    ),
    Modifier(
        "M8",
        "New answers run all rules again; every earlier result is kept.",
        "答案更新后全部规则重新计算；每次结果均保留。",
        "house rule",
    ),
)
