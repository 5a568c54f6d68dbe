"""What comes next although no clock asks for it: the step that a page names when nobody is due.

What belongs here: reading what stands half done: a text approved and not out, a hurt person without
a record, an incident that is ready to close. What never does: a time (domain/agenda.py), a rule of
when an act makes sense (domain/openings.py), or deciding. A step that is not taken is nothing late.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from domain.agreed import line_wanted_in
from domain.authorities import ANSWER
from domain.effectiveness import open_checks
from domain.facts import CAME_BACK_BEFORE
from domain.grading import QUALITY_ROLES, has_outgrown_its_grade
from domain.halt import OPEN_REPORT
from domain.language_names import languages_named
from domain.one_step import NextStep
from domain.people import Role
from domain.publication import places_to_put_right, stands_otherwise, unseen_languages
from domain.refused_channels import refusals
from domain.regulation_terms import AuthorityActKind
from domain.review import blocking_items, lacks_action, lacks_lesson, open_items
from domain.severity import Outcome
from domain.stages import Stage
from domain.state import Incident
from domain.state.investigation import FactStatus
from domain.state.statement import EDITABLE, PlaceState, Statement, Status
from domain.statement_demand import corrections, next_act
from domain.statement_lookup import named_findings, open_blocks
from domain.statement_openings import asks_where_it_stands, waits_for_eyes
from domain.statement_override import OVERRIDABLE
from domain.statement_places import is_by_hand
from domain.termination import letter_for, to_confirm_within
from domain.told_wrong import told_wrong


def next_steps(incident: Incident) -> tuple[NextStep, ...]:
    """List what stands half done: first what people read wrong, then in the order of the stages."""
    if incident.report.status not in OPEN_REPORT or incident.review.closed_at is not None:
        return ()
    return tuple(step for find in _FINDERS for step in find(incident))


def _read_wrong(incident: Incident) -> Iterator[NextStep]:
    """Name the texts that stand out there in other words than approved, or are called wrong."""
    for text in incident.statement.statements.values():
        for place in places_to_put_right(text):
            yield _put_right(text, place)
    for demand in corrections(incident):
        act, item, roles = next_act(incident, demand)
        yield NextStep(
            act=act,
            title=f"{demand.about} is out and called wrong: correct it, or find it right"
            if item == demand.about
            else f"{demand.about} is out and called wrong: bring {item} out, which answers it",
            stage=Stage.STATEMENT,
            item=item,
            roles=roles,
            urgent=True,
        )


def _put_right(text: Statement, place: PlaceState) -> NextStep:
    by_hand = is_by_hand(place.place)
    return NextStep(
        act="confirm_published_by_hand" if by_hand else "publish_statement",
        title=f"Other words than those approved stand where {text.id} was brought: put them right "
        "there, then look again"
        if by_hand
        else f"Other words than those approved stand on our page for {text.id}: send it again",
        stage=Stage.STATEMENT,
        item=text.id,
        own=True,
        urgent=True,
    )


def _given_wrong(incident: Incident) -> Iterator[NextStep]:
    """Name who asked from outside and holds words of ours that do not stand any more."""
    for one in told_wrong(incident):
        yield NextStep(
            act="answer_enquiry",
            title=one.title,
            stage=Stage.STATEMENT,
            item=one.enquiry,
            roles=(Role.PR_LEAD, Role.PR_OFFICER),
            own=True,
            urgent=one.is_urgent,
        )


def _people_to_register(incident: Incident) -> Iterator[NextStep]:
    told, known = incident.report.answers.people, len(incident.report.cases)
    besides = incident.report.told_besides
    if besides:
        yield NextStep(
            act="register_case",
            title="Reports tell of one more person hurt who is not registered"
            if besides == 1
            else f"Reports tell of {besides} more people hurt who are not registered",
            stage=Stage.REPORT,
        )
    if told is not None and told > known:
        yield NextStep(
            act="register_case",
            title="One person is said to be hurt and is not registered yet"
            if told == 1
            else f"{told} people are said to be hurt, {known} of them registered",
            stage=Stage.REPORT,
        )


def _regrading(incident: Incident) -> Iterator[NextStep]:
    hides_harm = _says_nobody_is_hurt(incident)
    if hides_harm or has_outgrown_its_grade(incident):
        yield NextStep(
            act="assess_severity",
            title="Reports tell of people hurt, and the answers say that nobody is: grade it again"
            if hides_harm
            else "What is known has changed: grade it again",
            stage=Stage.REPORT,
            roles=(*QUALITY_ROLES, Role.INCIDENT_COMMANDER),
            own=True,
        )


def _says_nobody_is_hurt(incident: Incident) -> bool:
    report = incident.report
    return bool(report.told_besides) and report.answers.worst_outcome is Outcome.NONE


def _investigation(incident: Incident) -> Iterator[NextStep]:
    """Name how an investigation begins: something to test, a test of it, and what was before."""
    now = incident.investigation
    if not incident.report.is_accepted or now.is_concluded:
        return
    if not now.evidence:
        yield NextStep(
            act="collect_evidence",
            title="Keep what can be tested: no evidence is recorded yet",
            stage=Stage.INVESTIGATION,
            roles=QUALITY_ROLES,
        )
    elif not now.tests:
        yield NextStep(
            act="order_test",
            title="No test is ordered yet",
            stage=Stage.INVESTIGATION,
            roles=QUALITY_ROLES,
        )
    for test in now.tests.values():
        if test.verdict is None:
            yield NextStep(
                act="record_test",
                title=f"Test {test.id} has no result yet: record it once the laboratory answers",
                stage=Stage.INVESTIGATION,
                item=test.id,
                roles=QUALITY_ROLES,
            )
    before = now.facts.get(CAME_BACK_BEFORE)
    if before is None or before.status is FactStatus.RETRACTED:
        yield NextStep(
            act="record_fact",
            item=CAME_BACK_BEFORE,
            title="Find out whether it came back before: complaints, returns or recalls of this "
            "lot or product",
            stage=Stage.INVESTIGATION,
            roles=(*QUALITY_ROLES, Role.SERVICE_LEAD),
        )


def _to_verify(incident: Incident) -> Iterator[NextStep]:
    """Name the facts that one person told and no other has looked at: texts mark them."""
    told = [
        one for one in incident.investigation.facts.values() if one.status is FactStatus.REPORTED
    ]
    if told and incident.report.is_accepted:
        yield NextStep(
            act="verify_fact" if len(told) == 1 else "verify_facts",
            title="One fact is told and not verified: texts say so until then"
            if len(told) == 1
            else f"{len(told)} facts are told and not verified: texts say so until then",
            stage=Stage.INVESTIGATION,
        )


def _carrying_out(incident: Incident) -> Iterator[NextStep]:
    """Name what a running recall asks for once consignees have answered."""
    recall = incident.recall
    rows = [row for row in recall.consignees.values() if not row.let_go]
    if not recall.is_running or recall.plan is None or not any(row.answers for row in rows):
        return
    unchecked = len(open_checks(recall))
    if unchecked:
        yield NextStep(
            act="check_effectiveness",
            title="Check that the recall works: one consignee is not checked"
            if unchecked == 1
            else f"Check that the recall works: {unchecked} consignees are not checked",
            stage=Stage.RECALL,
        )
    if not any(tally.received or tally.own_stock for tally in recall.tallies):
        yield NextStep(
            act="receive_goods",
            title="Count the goods that come back, and our own stock",
            stage=Stage.RECALL,
        )


def _disposal(incident: Incident) -> Iterator[NextStep]:
    """Name the goods that were counted and are still with us."""
    units = sum(
        tally.received + tally.own_stock - tally.disposed for tally in incident.recall.tallies
    )
    if incident.recall.is_decided and units > 0:
        yield NextStep(
            act="dispose_goods",
            title=f"{units:,} units that were counted are not disposed of",
            stage=Stage.RECALL,
        )


def _neighbours(incident: Incident) -> Iterator[NextStep]:
    scope = incident.recall.scope
    if scope is not None and scope.not_looked_at and incident.recall.is_running:
        yield NextStep(
            act="widen_scope", title="Look at what else may share the fault", stage=Stage.RECALL
        )


def _ends(incident: Incident) -> Iterator[NextStep]:
    told = _told_of_termination(incident)
    for market, end in incident.recall.ends.items():
        if end.granted_on is None and market in told:
            yield NextStep(
                act="record_termination",
                title=f"The authority's termination in {market} is here ({told[market]}): record "
                "its letter, which ends the recall there and the reports about it",
                stage=Stage.RECALL,
                item=market,
            )
        elif end.granted_on is None and end.requested_at is None:
            yield NextStep(
                act="request_termination",
                title=f"The recall is completed in {market}: ask the authority to terminate it",
                stage=Stage.RECALL,
                item=market,
            )
        elif end.granted_on is None:
            yield NextStep(
                act="record_termination",
                title=f"The authority in {market} is asked to terminate the recall: "
                "record its answer",
                stage=Stage.RECALL,
                item=market,
            )
    for market in incident.recall.open_markets:
        yield from _ends_after_completion(incident, market, told.get(market, ""))
    for market in (*incident.recall.open_markets, *incident.recall.ends):
        yield from _ends_in_a_country(incident, market)


def _ends_in_a_country(incident: Incident, market: str) -> Iterator[NextStep]:
    """Name the letters for a country of a market that nobody has confirmed yet."""
    for letter in to_confirm_within(incident.recall, market):
        yield NextStep(
            act="record_termination",
            title=f"The authority's termination in {letter.market} is here ({letter.act}): confirm "
            f"its letter; the recall stays open in {market}",
            stage=Stage.RECALL,
            item=letter.market,
        )


def _ends_after_completion(incident: Incident, market: str, act: str) -> Iterator[NextStep]:
    """Name what is left to do where the authority's letter came before our own completion."""
    kept = letter_for(incident.recall, market)
    if kept is not None and not kept.confirm:
        yield NextStep(
            act="complete_recall",
            title=f"The authority's letter of termination in {market} is here: complete the "
            "recall there, and it ends with that letter",
            stage=Stage.RECALL,
            item=market,
        )
    elif act:
        yield NextStep(
            act="record_termination" if kept else "complete_recall",
            title=f"The authority's termination in {market} is here ({act}): confirm its letter, "
            "which counts once the recall is completed there"
            if kept
            else f"The authority's termination in {market} is here ({act}): complete "
            "the recall there, then record the letter",
            stage=Stage.RECALL,
            item=market,
        )


def _told_of_termination(incident: Incident) -> dict[str, str]:
    """Give by market which act of an authority says that it terminates the recall that runs."""
    since = incident.recall.since
    return {
        act.market: act.id
        for act in incident.notice.acts.values()
        if act.stands
        and act.kind is AuthorityActKind.TERMINATION
        and since
        and act.received_at >= since
    }


def _ordered(incident: Incident) -> Iterator[NextStep]:
    """Name what an authority's order asks of us and nobody has decided: a halt, a recall."""
    for act in incident.notice.acts.values():
        if not act.stands:
            continue
        if act.kind is AuthorityActKind.ORDER_STOP and not incident.halt.orders:
            yield NextStep(
                act="order_halt",
                title=f"{act.authority} ordered to stop ({act.id}): order the halt",
                stage=Stage.HALT,
                urgent=True,
            )
        elif act.kind is AuthorityActKind.ORDER_RECALL and not incident.recall.is_decided:
            scoped = incident.recall.scope is not None
            yield NextStep(
                act="decide_recall" if scoped else "set_scope",
                title=f"{act.authority} ordered a recall ({act.id}): decide it"
                if scoped
                else f"{act.authority} ordered a recall ({act.id}): say which goods, then decide",
                stage=Stage.RECALL,
                urgent=True,
            )


def _withdrawn(incident: Incident) -> Iterator[NextStep]:
    """Name the answer to question 9 that only a withdrawn act gave."""
    said = incident.report.answers.authority_act
    acts = incident.notice.acts.values()
    told = [act for act in acts if ANSWER.get(act.kind) is said]
    if told and not any(act.stands for act in told):
        yield NextStep(
            act="assess_severity",
            title=f"{told[-1].id} was recorded by mistake, and the grade still counts with it: "
            "answer the questions again",
            stage=Stage.REPORT,
            roles=(*QUALITY_ROLES, Role.INCIDENT_COMMANDER),
            own=True,
        )


def _sale(incident: Incident) -> Iterator[NextStep]:
    over = incident.recall.is_decided and not incident.recall.is_running
    if over and incident.halt.levels:
        levels = ", ".join(incident.halt.levels)
        yield NextStep(
            act="resume_sale",
            title=f"The recall is completed; halt {levels} stands: resume sale, or leave it",
            stage=Stage.HALT,
        )


def _line(incident: Incident) -> Iterator[NextStep]:
    """Name the languages in which texts wait for the agreed line."""
    wanted = line_wanted_in(incident)
    if wanted:
        yield NextStep(
            act="set_agreed_line",
            title=f"Say the agreed line in these languages, texts wait for it: "
            f"{languages_named(wanted)}",
            stage=Stage.STATEMENT,
            roles=(Role.PR_LEAD, Role.SPOKESPERSON),
        )


def _blocked(incident: Incident) -> Iterator[NextStep]:
    """Name the texts that a wording rule holds: other words, or legal's word on these."""
    for text in incident.statement.statements.values():
        held = open_blocks(incident, text) if text.status in EDITABLE else ()
        passable = [one for one in held if one.may_be_overridden]
        if passable and text.status in OVERRIDABLE:
            law = any(one.law for one in passable)
            words = named_findings(passable)
            yield NextStep(
                act="override_finding",
                title=f"{text.id} waits for legal and the commander: may these words stand? {words}"
                if law
                else f"{text.id} waits for legal: may these words stand? {words}",
                stage=Stage.STATEMENT,
                item=text.id,
                roles=(Role.LEGAL,),
            )
        if held:
            row = incident.rules.plan.statement(text.kind)
            yield NextStep(
                act="revise_statement",
                title=f"Mend what keeps {text.id} from approval: {named_findings(held)}",
                stage=Stage.STATEMENT,
                item=text.id,
                roles=tuple(dict.fromkeys((*row.authors, Role.PR_LEAD))),
            )


def _texts(incident: Incident) -> Iterator[NextStep]:
    for text in incident.statement.statements.values():
        if any(map(stands_otherwise, text.places.values())):
            continue  # that comes first
        if text.status is Status.APPROVED:
            yield NextStep(
                act="publish_statement",
                title=f"{text.id} is approved and not out yet: {text.texts[0].title}",
                stage=Stage.STATEMENT,
                item=text.id,
            )
        unseen = {one for place in text.places.values() for one in unseen_languages(text, place)}
        if asks_where_it_stands(text):
            names = languages_named(one for one in text.languages if one in unseen)
            yield NextStep(
                act="confirm_published_by_hand",
                title=f"{text.id} stands at a place where nobody has seen these languages: {names}"
                if unseen
                else f"{text.id} was handed over: say where it stands now",
                stage=Stage.STATEMENT,
                item=text.id,
            )


def places_by_hand(text: Statement) -> tuple[str, ...]:
    """List the places that a text was brought to, and where nobody has seen all of it yet."""
    return tuple(name for name, place in text.places.items() if waits_for_eyes(text, place))


def _review(incident: Incident) -> Iterator[NextStep]:
    """Name what the plan's review asks for, once a cause is found; then the closing itself."""
    if not incident.investigation.is_concluded:
        return
    if lacks_action(incident):
        yield NextStep(
            act="assign_action",
            title="The cause is found: assign what removes it",
            stage=Stage.REVIEW,
        )
    if lacks_lesson(incident):
        yield NextStep(act="record_lesson", title="Record what was learned", stage=Stage.REVIEW)
    if incident.report.is_accepted and not any(blocking_items(incident)):
        yield _closing(incident)


def _closing(incident: Incident) -> NextStep:
    left = len(open_items(incident))
    ready = NextStep(
        act="close_incident", title="Nothing keeps this incident from closing", stage=Stage.REVIEW
    )
    if not left:
        return ready
    if left == 1:
        return replace(ready, title="This incident may close: one point stays open, with a reason")
    return replace(ready, title=f"This incident may close: {left} points stay open, with a reason")


_FINDERS: Final[tuple[Callable[[Incident], Iterable[NextStep]], ...]] = (
    _read_wrong,
    _given_wrong,
    refusals,
    _people_to_register,
    _ordered,
    _regrading,
    _withdrawn,
    _investigation,
    _to_verify,
    _neighbours,
    _carrying_out,
    _disposal,
    _ends,
    _sale,
    _line,
    _blocked,
    _texts,
    _review,
)
