"""Question 6: every duty to tell an authority, and which were judged not reportable, by whom.

What belongs here: each duty with trigger, clock, derivation, filings, receipts, determinations.
What never does: which duties there are, or how a due time is counted (domain/duties.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from domain.determining import DeterminationReviewed, DutyDetermined, RuleJudged
from domain.duties import DutyArisen, DutyDue, DutyMoved
from domain.filing import DutyFiled, ReceiptAttached
from domain.ledger import Entry
from domain.state.notice import Duty, Filing
from services.questions.rows import Answer, Record, Table, Value, table

NOT_VERIFIED: Final = "not verified: legal confirms first"
"""Why a duty under a rule that nobody verified has no due time."""

Rows = Iterator[tuple[tuple[Value, ...], tuple[int, ...]]]


def every_duty(record: Record) -> Answer:
    """Answer question 6: all duties, all filings, all that was judged not to be filed."""
    duties = tuple(sorted(record.state.notice.duties.values(), key=lambda one: one.seq))
    entries = {one.seq: one for one in record.entries}
    return Answer(
        number=6,
        facts=_counted(record, duties),
        tables=(
            _duties(duties, entries),
            table(
                "derivations",
                "duty:duty due_at calendar derivation:steps",
                _derivations(duties, entries),
            ),
            table(
                "filings",
                "duty:duty number kind sent_at due_at late late_reason channel signers:people"
                " sha256 verbatim receipt receipt_file",
                _filings(record),
            ),
            table(
                "not_reportable",
                "duty:duty at outcome reason other signers:people review_at looked_again",
                _determinations(record),
            ),
            table(
                "rules_judged",
                "rule:rule applies at reason citation signers:people",
                _judged(record),
            ),
            table("moved", "duty:duty at before now why:moved_why", _moved(record)),
        ),
    )


def _counted(record: Record, duties: Sequence[Duty]) -> dict[str, Value]:
    """Count the duties by what became of them."""
    away = [one for one in duties if one.determinations and not one.is_open]
    judges = (who for one in away for who in one.determinations[-1].signers)
    filings = [one for duty in duties for one in duty.filings]
    return {
        "duties": len(duties),
        "filed": sum(bool(one.filings) for one in duties),
        "late": sum(map(_is_late, duties)),
        "open": sum(one.is_open for one in duties),
        "overdue": sum(one.is_open and one.overdue_at is not None for one in duties),
        "not_reportable": len(away),
        "determined_by": tuple(dict.fromkeys(judges)),
        "rules_judged_away": sum(not one.applies for one in record.state.notice.judged.values()),
        "ended": sum(map(_is_ended, duties)),
        "without_receipt": sum(not (one.receipt or one.receipt_document) for one in filings),
    }


def _duties(duties: Iterable[Duty], entries: Mapping[int, Entry]) -> Table:
    return table(
        "duties",
        "duty:duty title:pair authority:pair market:market subject:subject trigger trigger_at"
        " why:conditions limit:limit counting:counting due_at no_due_why:sentence basis"
        " filed_at late receipt status:duty_status possible not_reportable_by:people law",
        [_duty(one, entries) for one in duties],
    )


def _judged(record: Record) -> Rows:
    """Give each rule that nobody had verified, and what two people judged of it here."""
    for one in record.of(RuleJudged):
        told = one.event
        people = tuple(who.person for who in told.signers)
        yield (told.rule, told.applies, one.at, told.reason, told.citation, people), (one.seq,)


def _is_ended(duty: Duty) -> bool:
    """Say whether an authority ended it before anything of ours was filed or determined."""
    return duty.ended is not None and not duty.filings and not duty.determinations


def _is_late(duty: Duty) -> bool:
    return any(one.late for one in duty.filings) or duty.overdue_at is not None


def _no_due_why(duty: Duty) -> str:
    """Say why a started clock has no due time; nothing where it has one, or is being counted."""
    if duty.due_at is not None:
        return ""
    return duty.no_due_why or ("" if duty.counts else NOT_VERIFIED)


def _first_written(duty: Duty) -> Filing | None:
    written = [one for one in duty.filings if not one.spoken]
    return written[0] if written else duty.filings[0] if duty.filings else None


def _duty(duty: Duty, entries: Mapping[int, Entry]) -> tuple[tuple[Value, ...], tuple[int, ...]]:
    """Give one duty with the entries it arose by, was timed by, filed and determined by."""
    arisen = entries.get(duty.seq)
    why = arisen.event.why if arisen and isinstance(arisen.event, DutyArisen) else ()
    law = arisen.event.citation if arisen and isinstance(arisen.event, DutyArisen) else ""
    filing = _first_written(duty)
    determined = duty.determinations[-1] if duty.determinations and not duty.is_open else None
    return (
        (
            duty.id,
            (duty.title_en, duty.title_zh),
            (duty.authority_en, duty.authority_zh),
            duty.place or duty.market,
            duty.subject,
            duty.start_fact,
            duty.start_at,
            tuple(why),
            duty.limit,
            duty.counting,
            duty.due_at,
            _no_due_why(duty),
            duty.due_basis,
            filing.sent_at if filing else None,
            _is_late(duty),
            bool(filing.receipt or filing.receipt_document) if filing else None,
            duty.status,
            duty.possible and duty.is_open,
            determined.signers if determined else (),
            law,
        ),
        (
            duty.seq,
            duty.due_seq or 0,
            *(one.seq for one in duty.filings),
            *(one.seq for one in duty.determinations),
        ),
    )


def _derivations(duties: Iterable[Duty], entries: Mapping[int, Entry]) -> Rows:
    """Give how each due time was counted, step by step, and by which calendar."""
    for duty in duties:
        due = entries.get(duty.due_seq or 0)
        if due is not None and isinstance(due.event, DutyDue):
            told = due.event
            steps = (tuple(told.steps_en), tuple(told.steps_zh))
            calendar = f"{told.calendar} {told.calendar_version}".strip()
            yield (duty.id, told.due_at, calendar, steps), (due.seq,)


def _filings(record: Record) -> Rows:
    """Give every report as filed, its words and the receipt, with where the receipt came later."""
    later: dict[tuple[str, int], list[int]] = {}
    for one in record.of(ReceiptAttached):
        later.setdefault((one.event.duty, one.event.filing), []).append(one.seq)
    state = record.state.notice.duties
    for one in record.of(DutyFiled):
        told = one.event
        duty = state.get(told.duty)
        kept = next((f for f in duty.filings if f.seq == one.seq), None) if duty else None
        receipt = kept.receipt if kept else told.receipt
        file = kept.receipt_document if kept else told.receipt_document
        yield (
            (
                told.duty, told.number, told.kind, told.sent_at, told.due_at, told.late,
                told.late_reason, told.channel, tuple(who.person for who in told.signers)
                or (told.by,), told.content_sha256 or told.sha256, told.text, receipt, file or "",
            ),
            (one.seq, *later.get((told.duty, told.number), ())),
        )  # fmt: skip


def _determinations(record: Record) -> Rows:
    """Give what was determined not to be filed, by which two people, and when it was reviewed."""
    reviewed: dict[str, list[Entry]] = {}
    for one in record.of(DeterminationReviewed):
        reviewed.setdefault(one.event.duty, []).append(one)
    for one in record.of(DutyDetermined):
        told = one.event
        again = [each for each in reviewed.get(told.duty, ()) if each.seq > one.seq]
        yield (
            (
                told.duty, one.at, told.outcome, told.reason, told.other,
                tuple(who.person for who in told.signers), told.review_at,
                tuple(each.at for each in again),
            ),
            (one.seq, *(each.seq for each in again)),
        )  # fmt: skip


def _moved(record: Record) -> Rows:
    """Give every due time that changed: what it was, what it became, and why."""
    for one in record.of(DutyMoved, DutyDue):
        told = one.event
        if isinstance(told, DutyMoved):
            yield (told.duty, one.at, told.old_due_at, None, tuple(told.why)), (one.seq,)
        elif told.old_due_at is not None and told.old_due_at != told.due_at:
            yield (told.duty, one.at, told.old_due_at, told.due_at, (told.reason,)), (one.seq,)
