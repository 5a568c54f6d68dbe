"""Stage `investigation` 成立调查小组、调查诊断: evidence with its chain of custody, and tests.

What belongs here: what was taken, kept, handed over, tested; since when the plan's times of the
stage run. What never does: facts (domain/facts.py), the hazard evaluation (domain/hazard.py), the
finding (domain/finding.py), or the team (domain/team.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.dispatch import Act, Due, decides, evolves, watches
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import Access, Role
from domain.plan_terms import StageNeed
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.investigation import Custody, Evidence, LabTest, Verdict
from domain.steps import asked, since_rise, started_at
from domain.values import BlobId, LotNumber, PrivateText, PublicText

INVESTIGATORS = (
    Role.QUALITY,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.SAFETY_ASSESSOR,
    Role.PLANT_MANAGER,
    Role.SUPPLY_CHAIN,
    Role.REGULATORY_AFFAIRS,
    Role.MARKET_MONITORING,
    Role.SERVICE_LEAD,
    Role.SERVICE_AGENT,
    Role.LEGAL,
)
"""Whoever may hold a thing in hand: samples come from plants, shops, consumers, authorities."""

TESTERS = (Role.QUALITY, Role.QUALITY_SAFETY_RESPONSIBLE, Role.SAFETY_ASSESSOR)

# ---------------------------------------------------------------- events


@event("EvidenceCollected", stage=Stage.INVESTIGATION, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceCollected:
    """A thing was taken as evidence: what, where from, by whom, how it is sealed and kept."""

    evidence: str
    what: PublicText
    source: PublicText
    taken_by: PrivateText | None
    taken_at: datetime
    place: PublicText
    seal_number: str
    storage: PublicText
    sha256: str | None
    retained_sample: bool
    lot: str | None
    collected_by: str


@event("EvidenceHandedOver", stage=Stage.INVESTIGATION, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceHandedOver:
    """One more link of the chain of custody; `seal_intact` is what the receiver saw."""

    evidence: str
    handed_to: PublicText
    received_by: PrivateText | None
    storage: PublicText
    seal_number: str
    seal_intact: bool
    by: str


@event("TestOrdered", stage=Stage.INVESTIGATION)
@dataclass(frozen=True, slots=True, kw_only=True)
class LabTestOrdered:
    """A laboratory was asked to test something."""

    test: str
    laboratory: str
    accreditation: str
    method: str
    sample: str
    lot: str | None
    expected_at: datetime | None
    re_test_of: str
    by: str


@event("TestRecorded", stage=Stage.INVESTIGATION)
@dataclass(frozen=True, slots=True, kw_only=True)
class LabTestRecorded:
    """A laboratory's result, with all that makes it readable without the order."""

    test: str
    ordered_at: datetime
    laboratory: str
    accreditation: str
    method: str
    sample: str
    lot: str | None
    result: PublicText
    unit: str
    limit: str
    uncertainty: str
    verdict: Verdict
    report: str | None
    re_test_of: str
    by: str


# ---------------------------------------------------------------- commands


@command(
    "collect_evidence",
    stage=Stage.INVESTIGATION,
    roles=INVESTIGATORS,
    title="Keep this as evidence",
    help="A sample, a retained sample, a record, a photograph: sealed, numbered, kept.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CollectEvidence:
    """Take something as evidence."""

    what: PublicText = ask("What is it?", max=500)
    source: PublicText = ask("Where does it come from?", max=500)
    taken_at: datetime = ask("When was it taken?", past=True)
    place: PublicText = ask("Where was it taken?", max=200)
    storage: PublicText = ask("Where is it kept?", max=200)
    seal_number: str = ask(
        "Number of the seal (leave empty if it is not sealed)", default="", max=80
    )
    taken_by: PrivateText | None = ask("Who took it?", default=None)
    lot: LotNumber | None = ask("Which lot, if known?", default=None)
    retained_sample: bool = ask("It is a retained sample of ours", default=False)
    blob: BlobId | None = ask("Photograph or document", default=None)


@command("hand_over_evidence", stage=Stage.INVESTIGATION, roles=INVESTIGATORS,
         title="Hand this evidence over", item="evidence")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverEvidence:
    """Give evidence into other hands: the chain of custody grows by one link."""

    evidence: str = ask("Which evidence?", max=20)
    handed_to: PublicText = ask("To which laboratory, authority or department?", max=200)
    storage: PublicText = ask("Where is it kept now?", max=200)
    seal_intact: bool = ask("The seal was whole at the handing over")
    seal_number: str = ask(
        "Number of the seal now (leave empty if it is as before)", default="", max=80
    )
    received_by: PrivateText | None = ask("Who received it?", default=None)


@command("order_test", stage=Stage.INVESTIGATION, roles=TESTERS, title="Order a test")
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTest:
    """Ask a laboratory, our own or another, to test something."""

    laboratory: str = ask("Which laboratory?", max=200)
    method: str = ask("By which method?", max=200)
    sample: str = ask("Which sample?", default="", max=20)
    lot: LotNumber | None = ask("Which lot?", default=None)
    accreditation: str = ask("Its accreditation (leave empty if it has none)", default="", max=200)
    expected_at: datetime | None = ask("When is the result expected?", default=None)
    re_test_of: str = ask("Is it a re-test? Of which test?", default="", max=20)


@command("record_test", stage=Stage.INVESTIGATION, roles=TESTERS, title="Record the result",
         item="test")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTest:
    """Record what the laboratory found; a result stands once, a doubt is a re-test."""

    test: str = ask("Which test?", max=20)
    result: PublicText = ask("The result, as the report says it", max=2000)
    verdict: Verdict = ask("What does it say against the limit?")
    unit: str = ask("Unit", default="", max=40)
    limit: str = ask("The limit it is held against", default="", max=200)
    uncertainty: str = ask("Uncertainty of the measurement", default="", max=200)
    report: BlobId | None = ask("The laboratory's report", default=None)


# ---------------------------------------------------------------- decide


@decides(CollectEvidence)
def collect_evidence(incident: Incident, act: Act, said: CollectEvidence) -> tuple[Any, ...]:
    """Number the thing and keep how it was taken."""
    if said.taken_at > act.at:
        raise Refused(
            "Nothing can have been taken after now.", "Correct the time it was taken.", code="ahead"
        )
    return (
        EvidenceCollected(
            evidence=f"E{len(incident.investigation.evidence) + 1}",
            what=said.what,
            source=said.source,
            taken_by=said.taken_by,
            taken_at=said.taken_at,
            place=said.place,
            seal_number=said.seal_number,
            storage=said.storage,
            sha256=said.blob,
            retained_sample=said.retained_sample,
            lot=said.lot,
            collected_by=act.who,
        ),
    )


def find_evidence(incident: Incident, evidence_id: str) -> Evidence:
    """Find evidence by its number; raises Refused."""
    found = incident.investigation.evidence.get(evidence_id)
    if found is None:
        raise Refused(
            f"There is no evidence {evidence_id:.20}.",
            f"Known: {', '.join(incident.investigation.evidence)}."
            if incident.investigation.evidence
            else "Known: none yet.",
            code="no_evidence",
        )
    return found


def find_test(incident: Incident, test_id: str) -> LabTest:
    """Find a test by its number; raises Refused."""
    found = incident.investigation.tests.get(test_id)
    if found is None:
        raise Refused(
            f"There is no test {test_id:.20}.",
            f"Known: {', '.join(incident.investigation.tests) or 'none yet; order it first'}.",
            code="no_test",
        )
    return found


@decides(HandOverEvidence)
def hand_over_evidence(incident: Incident, act: Act, said: HandOverEvidence) -> tuple[Any, ...]:
    """Add a link to the chain; a broken seal is recorded, never refused."""
    kept = find_evidence(incident, said.evidence)
    return (
        EvidenceHandedOver(
            evidence=kept.id,
            handed_to=said.handed_to,
            received_by=said.received_by,
            storage=said.storage,
            seal_number=said.seal_number or kept.seal_number,
            seal_intact=said.seal_intact,
            by=act.who,
        ),
    )


@decides(OrderTest)
def order_test(incident: Incident, act: Act, said: OrderTest) -> tuple[Any, ...]:
    """Order a test; the sample and the test it repeats must be known here."""
    sample = find_evidence(incident, said.sample) if said.sample else None
    if said.re_test_of:
        find_test(incident, said.re_test_of)
    return (
        LabTestOrdered(
            test=f"T{len(incident.investigation.tests) + 1}",
            laboratory=said.laboratory,
            accreditation=said.accreditation,
            method=said.method,
            sample=said.sample,
            lot=said.lot or (sample.lot if sample else None),
            expected_at=said.expected_at,
            re_test_of=said.re_test_of,
            by=act.who,
        ),
    )


@decides(RecordTest)
def record_test(incident: Incident, act: Act, said: RecordTest) -> tuple[Any, ...]:
    """Record a result once; another opinion is another test."""
    ordered = find_test(incident, said.test)
    if ordered.verdict is not None:
        raise Refused(
            f"The result of {said.test} is recorded already.",
            f"Order a re-test of {said.test}; both results are kept.",
            code="result_stands",
        )
    return (
        LabTestRecorded(
            test=ordered.id,
            ordered_at=ordered.ordered_at,
            laboratory=ordered.laboratory,
            accreditation=ordered.accreditation,
            method=ordered.method,
            sample=ordered.sample,
            lot=ordered.lot,
            result=said.result,
            unit=said.unit,
            limit=said.limit,
            uncertainty=said.uncertainty,
            verdict=said.verdict,
            report=said.report,
            re_test_of=ordered.re_test_of,
            by=act.who,
        ),
    )


# ---------------------------------------------------------------- evolve


@evolves(EvidenceCollected)
def _collected(incident: Incident, taken: EvidenceCollected, mark: Mark) -> Incident:
    kept = Evidence(
        id=taken.evidence,
        seq=mark.seq,
        what=taken.what,
        source=taken.source,
        place=taken.place,
        taken_at=taken.taken_at,
        seal_number=taken.seal_number,
        storage=taken.storage,
        collected_by=taken.collected_by,
        lot=taken.lot,
        retained_sample=taken.retained_sample,
        sha256=taken.sha256,
    )
    return _with_evidence(incident, kept)


@evolves(EvidenceHandedOver)
def _handed_over(incident: Incident, handed: EvidenceHandedOver, mark: Mark) -> Incident:
    now = incident.investigation.evidence[handed.evidence]
    link = Custody(
        seq=mark.seq,
        at=mark.happened_at,
        handed_to=handed.handed_to,
        storage=handed.storage,
        seal_number=handed.seal_number,
        seal_intact=handed.seal_intact,
        by=handed.by,
    )
    changed = replace(
        now,
        storage=handed.storage,
        seal_number=handed.seal_number,
        custody=(*now.custody, link),
    )
    return _with_evidence(incident, changed)


def _with_evidence(incident: Incident, kept: Evidence) -> Incident:
    evidence = {**incident.investigation.evidence, kept.id: kept}
    return with_stage(incident, "investigation", evidence=evidence)


@evolves(LabTestOrdered)
def _ordered(incident: Incident, ordered: LabTestOrdered, mark: Mark) -> Incident:
    test = LabTest(
        id=ordered.test,
        seq=mark.seq,
        laboratory=ordered.laboratory,
        accreditation=ordered.accreditation,
        method=ordered.method,
        sample=ordered.sample,
        lot=ordered.lot,
        ordered_at=mark.happened_at,
        ordered_by=ordered.by,
        expected_at=ordered.expected_at,
        re_test_of=ordered.re_test_of,
    )
    return _with_test(incident, test)


@evolves(LabTestRecorded)
def _recorded(incident: Incident, told: LabTestRecorded, mark: Mark) -> Incident:
    changed = replace(
        incident.investigation.tests[told.test],
        result=told.result,
        unit=told.unit,
        limit=told.limit,
        uncertainty=told.uncertainty,
        verdict=told.verdict,
        report=told.report,
        recorded_at=mark.at,
        result_seq=mark.seq,
    )
    return _with_test(incident, changed)


def _with_test(incident: Incident, test: LabTest) -> Incident:
    tests = {**incident.investigation.tests, test.id: test}
    return with_stage(incident, "investigation", tests=tests)


# ---------------------------------------------------------------- since when, and what is due


def investigating_since(incident: Incident) -> datetime | None:
    """Say from when the times of the investigation count at the grade of now, or None.

    They count from the acceptance, where the plan's row for the grade asks for an investigation
    (tables 4.2 and 4.4); when the grade rises later, from the rise.
    """
    report = incident.report
    need = incident.rules.plan.grades[report.grade].stages[Stage.INVESTIGATION]
    if not report.is_accepted or report.decided_at is None or need == StageNeed.NO:
        return None
    return since_rise(incident, report.decided_at)


def plan_due(
    incident: Incident, stage: Stage, step: str, title: str, *, act: str, key: str = ""
) -> Iterable[Due]:
    """Yield what a step of the plan's times asks for, when the plan sets a time at this grade.

    `key` defaults to the step's own name. Nothing is asked for before the report is accepted; the
    time is counted from what the plan's row says.
    """
    limit = incident.rules.plan.step(step, incident.report.grade)
    started = started_at(incident, step)
    if investigating_since(incident) is None or limit is None or started is None:
        return
    since = since_rise(incident, started)
    yield Due(
        key=key or step,
        stage=stage,
        title=title,
        roles=asked(incident, step, act),
        start_at=since,
        due_at=incident.rules.due_at(since, limit),
        act=act,
    )


@watches(Stage.INVESTIGATION)
def results_due(incident: Incident) -> Iterable[Due]:
    """A laboratory's result is expected at the time it was promised for."""
    if investigating_since(incident) is None:
        return
    for test in incident.investigation.tests.values():
        if test.verdict is None and test.expected_at is not None:
            yield Due(
                key=f"test:{test.id}",
                stage=Stage.INVESTIGATION,
                title=f"The result of test {test.id} is expected",
                roles=(Role.QUALITY,),
                start_at=test.ordered_at,
                due_at=max(test.ordered_at, test.expected_at),
                act="record_test",
                item=test.id,
            )
