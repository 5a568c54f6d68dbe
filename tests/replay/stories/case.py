"""After-sales cases: from the first word to the last, with an incident that counts them."""

from tests.replay.scene import AGENT, LEAD, LEGAL, QUALITY, Scene, now
from tests.replay.taking import Story
from workflows.ids import case_workflow, incident_workflow

LONG_AGO = "2026-01-22T01:00:00Z"
KIND_WORDS = "We are sorry. Please stop using it and see a doctor or a pharmacist."


async def cases(on: Scene) -> Story:
    """A person is hurt and grows worse; another one is refused; an incident hears of both."""
    await on.reports(answers={"worst_outcome": "mild", "people": 1, "whereabouts": "consumers"})
    await on.until(lambda state: state.report.status == "received")
    first = await on.opens(received_at=LONG_AGO, limits={"turn_over_after": 4})
    await on.until_case(lambda case: case.promise is not None and bool(case.promise.owed_since))
    await _led(on)
    second = await on.opens(
        kind="quality", hurt=False, outcomes=[], earlier=[first], limits={"turn_over_after": 2,
        "state_travels_up_to": 10})  # fmt: skip
    await on.until_case(lambda case: case.opened_at is not None)
    await _refused(on)
    await on.until(lambda state: _counted(state) == 2)
    await on.stands_still()
    begun = (incident_workflow(on.incident), case_workflow(first), case_workflow(second))
    return Story((on.incident, first, second), begun)


def _counted(state: object) -> int:
    after_sales = state.report.after_sales  # type: ignore[attr-defined]
    return 0 if after_sales is None else after_sales.count


async def _led(on: Scene) -> None:
    """Answered, worse, advised, called back; a medical bill above the limit; closed."""
    wrong = {"medium": "chat", "text": "This is a normal reaction."}
    await on.refused("wording", on.answers(AGENT, "answer_case", **wrong))
    await on.answers(AGENT, "answer_case", medium="phone", text=KIND_WORDS)
    await on.answers(AGENT, "add_to_case", words="It spread.", outcomes=["treated"], lot="L1")
    await on.answers(AGENT, "link_case", incident=on.incident)
    await on.answers(AGENT, "advise", steps=["stop_using", "keep_product", "doctor_or_pharmacist"])
    await on.answers(AGENT, "call_back", condition="better", note="Sleeps again.")
    await on.answers(LEAD, "offer_remedy", offered=["refund", "exchange"])
    bill = {"taken": "medical_cost", "amount_minor": 600_000, "given_at": now()}
    await on.answers(LEAD, "settle_case", **bill)
    await on.answers(LEGAL, "sign_act", act="A1")
    refund = {"taken": "refund", "amount_minor": 12_800, "given_at": now()}
    await on.answers(AGENT, "settle_case", **refund)
    await on.answers(QUALITY, "record_finding", cause="not_found", basis="The samples are clean.")
    await on.answers(AGENT, "rate_satisfaction", score=4, words="Thank you.")
    await on.answers(AGENT, "close_case", summary="A rash, gone after a week.")
    assert await on.ended(case_workflow(on.case)) == "closed"


async def _refused(on: Scene) -> None:
    """What is asked for is proposed, declined, and refused; then the case belongs to an incident."""
    told = {"medium": "phone", "text": "We have looked at the photo and at the batch record."}
    await on.answers(AGENT, "answer_case", **told)
    await on.answers(LEAD, "refuse_remedy", reason="It was bought from somebody else.")
    await on.answers(AGENT, "link_case", incident=on.incident)
    await on.answers(LEAD, "record_finding", cause="not_found", basis="The jar was empty.")
