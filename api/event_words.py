"""What happened, in one sentence per kind of event: the table behind the timeline.

What belongs here: the sentence, the kind of mark, and which events weigh more than others; those of
the halt stand in api/halt_event_words.py, those of texts in api/text_event_words.py. What never
does: a rule, or a name from the company's lists (`{by:person}` is filled in by
api/pages/telling.py). A hole names a field of the event and how it is told:

    person people product products channel consignee role roles level word count number day when
    signers (who signed, each with their role)
    fact facts (by what people call them)
    quote (a text of somebody, in quotation marks), text (a kind of text, as the plan names it),
    pair (`{title:pair}`: of `title_en` and `title_zh`) and, without any, the value as it is.

An event may have several sentences, told apart by a variant (`ReportDecided:accepted`). One that
has no sentence here is told by its name, so that a new event never breaks a page.
"""

from collections.abc import Callable
from typing import Any, Final

from api.halt_event_words import HALT_TELLS
from api.room_event_words import ROOM_TELLS
from api.tell import Tell
from api.text_event_words import TEXT_TELLS
from domain.severity import Grade


def _looked(e: Any) -> str:
    """Say which of the four sentences tells a look: who sells, and whom nobody can look at."""
    if e.selling:
        return "selling_part" if e.not_seen else "selling"
    return "" if not e.not_seen else "part" if e.clean else "none"


def _answered(e: Any) -> str:
    """Tell apart whose yes leaves something open, and what became of an order to resume."""
    if e.unanswered or e.left_to_person or e.state == "confirmed":
        beside = "_part" if e.unanswered else "_beside" if e.left_to_person else ""
        return f"confirmed{beside}{'_units' if e.units is not None else ''}"
    return _resumed(e)


def _resumed(e: Any) -> str:
    """Tell apart who resumes from whom other orders still stop all of it that is there.

    An order to resume that was merely handed over is no error, and no answer.
    """
    if e.state == "resuming" and not e.error:
        return "told"
    if e.state == "resumed" and e.proof.startswith(NOTHING_AGAIN):
        return "resumed_none"
    if e.state == "resumed" and e.under:
        return "resumed_part"
    return str(e.state)


def _found(e: Any) -> str:
    """Tell apart what a look counted, with its units where the shop counts them, and a sighting."""
    if e.offers is not None:
        return "looked" if e.units is None else "looked_units"
    return "units" if e.units_sold else ""


NOTHING_AGAIN: Final = "Nothing goes on sale here"
"""How a channel begins at which nothing changed (integrations/shelves.py, channels.py)."""

VARIANTS: Final[dict[str, Callable[[Any], str]]] = {
    "ReportReceived": lambda e: "danger" if e.immediate_danger else "",
    "ReportDecided": lambda e: "silence" if e.by_silence else e.outcome,
    "CaseRegistered": lambda e: "follow_up" if e.follow_up else "",
    "HaltOrdered": lambda e: "plan" if e.by_plan else "part" if e.part_of else "",
    "SaleResumed": lambda e: "some" if e.orders else "",
    "ChannelAnswered": _answered,
    "DriftFound": _found,
    "ShipmentsIntercepted": lambda e: "expected" if e.expected_units is not None else "",
    "ChannelsLookedAt": _looked,
    "OrderAnswered": lambda e: (
        "resumed" if e.answer == "resumed" else "where" * bool(e.where) + "way" * bool(e.on_its_way)
    ),
    "HotlineCalled": lambda e: "" if e.answered else "no",
    "PublicationFailed": lambda e: "differs" if e.differs else "",
    "ActDeclined": lambda e: "withdrawn" if e.withdrawn else "veto" if e.veto else "",
    "ActSigned": lambda e: "complete" if e.complete else "",
    "FactRecorded": lambda e: str(e.status),
    "StatementFlagged": lambda e: ("moved" if e.now else "gone") if e.fact else "",
    "ConsigneeAnswered": lambda e: "never" if e.never_had else "",
    "EffectivenessChecked": lambda e: "authority" if e.by_authority else "",
    "HazardEvaluated": lambda e: "preliminary" if e.preliminary else "",
    "FindingSigned": lambda e: "interim" if e.interim else "",
    "RemedySettled": lambda e: "given" if e.taken else "refused",
    "RecallDecided": lambda e: "no" if e.kind == "no_recall" else "",
    "RecallEnded": lambda e: str(e.step),
    "TerminationKept": lambda e: "to_confirm" if e.confirm else "part" if e.within else "",
    "ActionVerified": lambda e: str(e.verdict),
    "AbsenceMarked": lambda e: "until" if e.until_at else "",
    "RecordConfirmed": lambda e: "" if e.is_right else "wrong",
    "StatementApproved": lambda e: "complete" if e.complete else "",
    "StatementKindDecided": lambda e: "" if e.wanted else "no",
    "DutyFiled": lambda e: "first" if e.kind == "initial" else "",
    "AuthorityAnswered": lambda e: "part" if e.part else "",
    "ObjectionSettled": lambda e: "" if e.asked else "no",
    "RuleJudged": lambda e: "" if e.applies else "no",
    "DutyArisen": lambda e: "possible" if e.possible else "",
    "EvidenceHandedOver": lambda e: "" if e.seal_intact else "broken",
}


def _drafted(event: Any) -> str:
    """Say who made a version of a text: people, a fact that moved, the performer.

    A text that waited for approval or had it goes back to draft by a fact.
    """
    if event.because:
        return "returned" if event.again else "because"
    return "begun" if event.by == "performer" else ""


def _severity(event: Any) -> str:
    """Say how a grade came about; Minor is also where every incident begins, before any grade."""
    if not event.before or event.before == event.grade:
        return ""
    if event.before == Grade.MINOR and not event.reason:
        return "graded"
    return "raised" if event.grade > event.before else "lowered"


def _scope(event: Any) -> str:
    """Say what a version of the scope changed; one that reaches no other goods has new numbers."""
    if event.step == "widened" and not event.grows:
        return "recounted"
    return str(event.step)


def _rung(reached: Any) -> str:
    """Tell rungs of one share apart by whom they are told to: at 150 % there may be two."""
    told_above = reached.act in ("commander", "legal_representative")
    if not reached.overdue or (reached.percent <= 100 and not told_above):
        return "overdue" if reached.overdue else ""
    return reached.act if f"RungReached:{reached.act}" in TELLS else "longer"


VARIANTS["StatementDrafted"] = _drafted
VARIANTS["SeverityAssessed"] = _severity
VARIANTS["RungReached"] = _rung
VARIANTS["ScopeSet"] = _scope


_REPORT: Final[dict[str, Tell]] = {
    "ReportReceived": Tell("person", "A problem with {products:products} was reported.", True),
    "ReportReceived:danger": Tell(
        "person", "A problem with {products:products} was reported; somebody is in danger.", True
    ),
    "ReportAcknowledged": Tell("note", "{by:person} looks into the report."),
    "ReportDecided:accepted": Tell(
        "decision", "{by:person} accepted the report as an incident, grade {grade:word}.", True
    ),
    "ReportDecided:silence": Tell(
        "decision", "Nobody decided in time: the plan accepted the report as an incident.", True
    ),
    "ReportDecided:closed": Tell(
        "decision", "{by:person} closed the report without an incident: {reason:quote}", True
    ),
    "ReportDecided:linked": Tell(
        "decision", "{by:person} linked the report to {linked_to}: {reason:quote}", True
    ),
    "ReportReopened": Tell(
        "decision", "The report waits again to be accepted, closed or linked.", True
    ),
    "SeverityAssessed": Tell("decision", "Grade {grade:word}; attention {attention:word}."),
    "SeverityAssessed:graded": Tell(
        "decision", "Graded {grade:word}; attention {attention:word}.", True
    ),
    "SeverityAssessed:raised": Tell(
        "decision", "The grade rose from {before:word} to {grade:word}.", True
    ),
    "SeverityAssessed:lowered": Tell(
        "decision", "The grade was lowered from {before:word} to {grade:word}: {reason:quote}", True
    ),
    "CaseRegistered": Tell(
        "person", "Case {case}: a person was hurt by {product:product} ({outcomes:words}).", True
    ),
    "CaseRegistered:follow_up": Tell("person", "More is known of case {case} ({outcomes:words})."),
    "CasesCounted": Tell(
        "note",
        "After-sales cases of this incident: {count:number}; settled: {settled:number}; somebody "
        "is hurt in {hurt:number}.",
    ),
}

_INVESTIGATION: Final[dict[str, Tell]] = {
    "EvidenceCollected": Tell("note", "Kept as evidence {evidence}: {what:quote}"),
    "EvidenceHandedOver": Tell("note", "Evidence {evidence} went to {handed_to}, seal whole."),
    "EvidenceHandedOver:broken": Tell(
        "overdue", "Evidence {evidence} went to {handed_to}; the seal was broken.", True
    ),
    "TestOrdered": Tell("order", "Test {test} was ordered from {laboratory}: {method}."),
    "TestRecorded": Tell(
        "answer", "Result of test {test} by {laboratory}: {verdict:word}. {result:quote}", True
    ),
    "FactRecorded:reported": Tell("note", "Fact “{key}” as told: {value} {unit}."),
    "FactRecorded:verified": Tell("answer", "Fact “{key}” is verified: {value} {unit}."),
    "FactRecorded:disputed": Tell("overdue", "Fact “{key}” is disputed: {reason:quote}"),
    "FactRecorded:retracted": Tell("refused", "Fact “{key}” was retracted: {reason:quote}", True),
    "HazardEvaluated": Tell(
        "decision",
        "Health hazard evaluation {number} is signed. Worst credible harm: {credible_harm:word}. "
        "How likely: {likelihood:word}.",
        True,
    ),
    "HazardEvaluated:preliminary": Tell(
        "decision",
        "Preliminary health hazard evaluation {number}. Worst credible harm: {credible_harm:word}. "
        "How likely: {likelihood:word}.",
        True,
    ),
    "FindingSigned": Tell("decision", "Finding {number} is signed: {outcome:word}.", True),
    "FindingSigned:interim": Tell(
        "decision", "Interim finding {number} is signed: {outcome:word}.", True
    ),
}

_RECALL: Final[dict[str, Tell]] = {
    "ScopeSet": Tell("decision", "Scope version {version}: {reason:quote}", True),
    "ScopeSet:first": Tell("decision", "The scope is set, version {version}: {reason:quote}", True),
    "ScopeSet:widened": Tell(
        "decision", "The scope was widened, version {version}: {reason:quote}", True
    ),
    "ScopeSet:recounted": Tell(
        "decision",
        "The scope has other numbers or consignees, version {version}: {reason:quote}",
    ),
    "ScopeSet:narrowed": Tell(
        "decision", "The scope was narrowed, version {version}: {reason:quote}", True
    ),
    "RecallDecided": Tell("decision", "Decided: {kind:action}. {reason:quote}", True),
    "RecallDecided:no": Tell(
        "decision", "Decided: no recall; looked at again {review_at:when}. {reason:quote}", True
    ),
    "RecallReopened": Tell("decision", "The decision on the recall is open again.", True),
    "RecallPlanSigned": Tell(
        "decision", "The recall plan is signed, version {version}; done by {finish_at:until}.", True
    ),
    "NotificationSent": Tell(
        "publication", "Told: {reader:word}, {count:number} by {channel:word}.", True
    ),
    "ConsigneeAnswered": Tell("answer", "{consignee:consignee} answered. {proof:quote}"),
    "ConsigneeAnswered:never": Tell("answer", "{consignee:consignee} never had any of it."),
    "ConsigneeTakenOver": Tell(
        "answer", "{by:person} answers for {consignee:consignee}: {reason:quote}"
    ),
    "EffectivenessChecked": Tell("answer", "Effectiveness was checked by {method:word}."),
    "EffectivenessChecked:authority": Tell(
        "answer", "{authority} checked the effectiveness by {method:word}."
    ),
    "RemedySettled:given": Tell("answer", "Claim {claim} is settled: {taken:word}."),
    "RemedySettled:refused": Tell("refused", "Claim {claim} was refused: {refused_why:quote}"),
    "ClaimsCounted": Tell(
        "note",
        "Claims counted: {settled:number} settled, {refused:number} refused, {late:number} late.",
    ),
    "GoodsReceived": Tell("answer", "{units:number} units of lot {lot} came in at {place}."),
    "GoodsCountCorrected": Tell(
        "answer",
        "{by:person} corrected count #{count} of lot {lot}: {units:number} units, not"
        " {before:number}. {reason:quote}",
    ),
    "DisposalCorrected": Tell(
        "decision", "Disposal {disposal} was corrected to other units: {reason:quote}", True
    ),
    "GoodsDisposed": Tell("decision", "Goods were disposed of at {place}: {method:word}.", True),
    "RecallEnded:completed": Tell("decision", "The recall is completed in {market:place}.", True),
    "RecallEnded:termination_requested": Tell(
        "filing", "{authority} was asked to terminate the recall in {market:place}.", True
    ),
    "RecallEnded:terminated": Tell(
        "filing", "{authority} terminated the recall in {market:place}.", True
    ),
    "TerminationKept": Tell(
        "filing",
        "{authority} terminated the recall in {market:place}: its letter counts once the recall is"
        " completed there.",
        True,
    ),
    "TerminationKept:part": Tell(
        "filing",
        "{authority} terminated the recall in {market:place} alone: its letter is kept, and the"
        " recall stays open in {within:place}.",
        True,
    ),
    "TerminationKept:to_confirm": Tell(
        "filing",
        "The letter of {authority} ends nothing in {market:place} yet. To confirm it:"
        " {confirm:roles}.",
        True,
    ),
}

_NOTICE: Final[dict[str, Tell]] = {
    "DutyArisen": Tell("order", "Duty {duty}: {title:pair}, to the {authority:pair}.", True),
    "DutyArisen:possible": Tell(
        "order", "Possible duty {duty}: {title:pair}, to the {authority:pair}.", True
    ),
    "DutyDue": Tell("note", "Duty {duty} is due {due_at:until}."),
    "DutyWithoutDue": Tell(
        "overdue", "The calendar cannot say when duty {duty} is due: {why:quote}"
    ),
    "DutyMoved": Tell("note", "The clock of duty {duty} now starts {start_at:when}."),
    "DutyOverdue": Tell("overdue", "Duty {duty} is overdue and stays open.", True),
    "DutyEnded": Tell(
        "decision", "Duty {duty} has ended: {authority} terminated the recall.", True
    ),
    "DutyReopened": Tell("order", "Duty {duty} is open again.", True),
    "DutyVerified": Tell("order", "The rule of duty {duty} is verified by now: it counts.", True),
    "DutyConfirmed": Tell("decision", "Duty {duty} is reportable: {reason:quote}"),
    "DutyDetermined": Tell(
        "decision", "Nothing is to be filed under duty {duty}: {reason:quote}", True
    ),
    "DeterminationReviewed": Tell(
        "decision", "The determination of duty {duty} was looked at again."
    ),
    "RuleJudged": Tell(
        "decision", "{signers:signers} judged that {rule:rule} applies here. {reason:quote}"
    ),
    "RuleJudged:no": Tell(
        "decision",
        "{signers:signers} judged that {rule:rule} does not apply here. {reason:quote}",
    ),
    "DutyFiled": Tell("filing", "Duty {duty}: {kind:word} filed by {channel}.", True),
    "DutyFiled:first": Tell("filing", "Duty {duty}: its report was filed by {channel}.", True),
    "ReceiptAttached": Tell("answer", "The receipt of duty {duty} is here: {receipt:quote}"),
    "AuthorityActReceived": Tell("filing", "{authority}: {kind:word}. {words:quote}", True),
    "AuthorityAnswered": Tell("filing", "The authority was answered ({act}).", True),
    "AuthorityAnswered:part": Tell("filing", "The authority was answered in part ({act})."),
    "AnswerDueMoved": Tell(
        "decision", "The answer to {act} is due at another time: {due_at:until}. {reason:quote}"
    ),
    "ObjectionSettled": Tell("filing", "We objected, or asked for a re-test ({act})."),
    "ObjectionSettled:no": Tell("decision", "No objection to {act}. {reason:quote}"),
    "AuthorityFileAttached": Tell("evidence", "A file belongs to {act}: {what:quote}"),
    "AuthorityActWithdrawn": Tell(
        "decision", "{act} was recorded by mistake: {reason:quote} ({by:person})."
    ),
    "ProductClassed": Tell(
        "decision",
        "{product:product} counts as {product_class:word} in {market:place}: {reason:quote}",
    ),
    "RecallStartPlanned": Tell(
        "decision", "The recall begins {starts_at:when} in {market:place}: {reason:quote}"
    ),
    "PartnerInformed": Tell("publication", "{name} was told."),
    "PartnerToBeTold": Tell("note", "To be told by the plan: {name:pair}, until {due_at:until}."),
    "TellingNotNeeded": Tell(
        "decision", "{by:person} found that they need not be told: {name:pair}. {reason:quote}"
    ),
}

_PEOPLE: Final[dict[str, Tell]] = {
    "RungReached": Tell("note", "{percent} % of the time is over: {title:sentence}."),
    "RungReached:overdue": Tell("overdue", "Overdue: {title:sentence}.", True),
    "RungReached:commander": Tell(
        "overdue",
        "Overdue, {percent} % of the time, told to the commander: {title:sentence}.",
    ),
    "RungReached:legal_representative": Tell(
        "overdue",
        "Still overdue, {percent} % of the time, told to the legal representative: "
        "{title:sentence}.",
    ),
    "RungReached:longer": Tell(
        "overdue", "Still overdue, {percent} % of the time: {title:sentence}."
    ),
    "ActRefused": Tell("refused", "{by:person} tried “{command:command}”: {sentence:sentence}."),
    "ActProposed": Tell(
        "decision",
        "{first.person:person} proposed: {title:sentence} ({act}); it waits for signatures.",
    ),
    "ActSigned": Tell("decision", "{signature.person:person} signed {act}."),
    "ActSigned:complete": Tell(
        "decision", "{signature.person:person} signed {act}; it has all its signatures."
    ),
    "ActDeclined": Tell("refused", "{by:person} declined {act}: {reason:quote}", True),
    "ActDeclined:veto": Tell(
        "refused",
        "{by:person} vetoed {act} as quality-safety responsible person: {reason:quote}",
        True,
    ),
    "ActDeclined:withdrawn": Tell("refused", "{by:person} took {act} back: {reason:quote}"),
    "ActLapsed": Tell("refused", "{act} lapsed: {sentence:sentence}.", True),
    "RulesAdopted": Tell(
        "decision",
        "From here on version {version} of the plan holds, until here {old_version}; signed by "
        "{by:person} and {seconded:people}: {reason:quote}",
        True,
    ),
    "RoleAssigned": Tell("person", "{by:person} named {person:person} as {role:role}."),
    "RoleAccepted": Tell("person", "{person:person} took the role: {role:role}."),
    "AbsenceMarked": Tell("person", "{role:role} is away; the deputy may act."),
    "AbsenceMarked:until": Tell(
        "person", "{role:role} is away until {until_at:when}; the deputy may act."
    ),
    "PresenceMarked": Tell("person", "{role:role} is back."),
    "InterestDeclared": Tell("person", "{person:person} declared an interest."),
    "SituationReported": Tell(
        "note", "{by:person} issued situation report {number}, {figures:count} figures."
    ),
    "MeetingHeld": Tell("decision", "{kind:word}, {attendees:count} people.", True),
    "LegalHoldPlaced": Tell("order", "{by:person} placed legal hold {hold}: {scope:quote}", True),
    "LegalHoldAcknowledged": Tell("answer", "{person:person} keeps what legal hold {hold} names."),
    "LegalHoldReleased": Tell("decision", "Legal hold {hold} was released: {reason:quote}", True),
    "OutsiderInvited": Tell("person", "{by:person} invited {person:person} until {until_at:when}."),
    "InvitationEnded": Tell("person", "The invitation of {person:person} ended."),
    "RecordedOnBehalf": Tell(
        "person", "{scribe:person} recorded entries {first} to {last} for {principal:person}."
    ),
    "RecordConfirmed": Tell("answer", "{by:person} confirmed what was recorded for them."),
    "RecordConfirmed:wrong": Tell(
        "refused", "{by:person} says it was not recorded rightly: {note:quote}", True
    ),
}

_REVIEW: Final[dict[str, Tell]] = {
    "ActionAssigned": Tell("order", "{action}: {owner:person} does “{title}” by {due_on:day}."),
    "ActionDone": Tell("answer", "{by:person} says {action} is done: {outcome:quote}"),
    "ActionVerified:effective": Tell("answer", "{action} worked: {finding:quote}", True),
    "ActionVerified:not_effective": Tell("refused", "{action} did not work: {finding:quote}", True),
    "LessonRecorded": Tell("note", "Lesson: {text:quote}"),
    "IncidentClosed": Tell("decision", "The incident is closed and sealed.", True),
    "IncidentReopened": Tell(
        "decision", "{by:person} opened the incident again: {new_fact:quote}", True
    ),
}

TELLS: Final[dict[str, Tell]] = {
    **_REPORT,
    **HALT_TELLS,
    **_INVESTIGATION,
    **_RECALL,
    **TEXT_TELLS,
    **_NOTICE,
    **_PEOPLE,
    **ROOM_TELLS,
    **_REVIEW,
}
