"""What authorities do to a company in its worst week, and what is said before a recall begins."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.hazard import EvaluateHazard
from domain.recall import DecideRecall
from domain.recall_scope import SetScope
from domain.wire import encode, instant_text
from services.evidence import Brought, keep
from tests.domain.recalls import evaluation, recall, scope
from tests.replay.scene import (
    AGENT,
    ASSESSOR,
    BOSS,
    COMMANDER,
    LEGAL,
    QUALITY,
    QUALITY_HEAD,
    REGULATORY,
    Scene,
    now,
)
from tests.replay.stories.incident import halted, in_days
from tests.replay.taking import Story
from workflows.ids import incident_workflow


async def authorities(on: Scene) -> Story:
    """A failed sample with a re-test, an act recorded by mistake, a recall told of before."""
    await on.reports()
    await on.until(halted)
    await on.does(COMMANDER, "accept_report", reason="Two calls to the clinic.")
    await _sample(on)
    await _by_mistake(on)
    await _a_case_of_long_ago(on)
    await _a_recall_that_begins_later(on)
    await on.stands_still()
    return Story((on.incident,), (incident_workflow(on.incident),))


async def _act(on: Scene, kind: str, **more: Any) -> str:
    told = {"authority": "Market regulator of the city", "market": "CN", "kind": kind}
    words = {"received_at": now(), "words": "Lot L1, plate count."}
    await on.does(REGULATORY, "record_authority_act", **{**told, **words, **more})
    return list((await on.state()).notice.acts)[-1]


async def _sample(on: Scene) -> None:
    """We ask for a re-test, get more time, and send the minutes along."""
    asked = await _act(
        on, "sampling_failed_other", answer_due_at=in_days(5), objection_due_at=in_days(7)
    )
    more = {"due_at": in_days(9), "reason": "Granted on the phone by the desk."}
    await on.does(REGULATORY, "extend_answer", act=asked, **more)
    objected = {"asked": True, "reason": "Our retained sample is clean."}
    sent = {"sent_at": now(), "channel": "letter", "text": "We ask for a re-test of lot L1."}
    await on.does(REGULATORY, "settle_objection", act=asked, **objected, **sent)
    brought = Brought(content=b"Sampled: L1.", name="sampling.txt", command_id="sampling")
    paper = await asyncio.to_thread(keep, on.house, REGULATORY, brought)
    file = {"what": "Record of the sampling", "document": paper.address}
    await on.does(REGULATORY, "attach_to_authority_act", act=asked, **file)


async def _by_mistake(on: Scene) -> None:
    wrong = await _act(on, "inquiry")
    why = "It was a letter to another company."
    await on.does(REGULATORY, "withdraw_authority_act", act=wrong, reason=why)


async def _a_case_of_long_ago(on: Scene) -> None:
    """No calendar reaches back to 2009: a person sets when that report was due."""
    long_ago = instant_text(datetime(2009, 3, 2, 8, 0, tzinfo=UTC))
    hurt = {"outcomes": ["hospitalised"], "awareness_at": long_ago, "product": "cream"}
    await on.does(AGENT, "register_case", country="DE", **hurt)
    await on.until(lambda s: any(duty.no_due_why for duty in s.notice.duties.values()))


async def _a_recall_that_begins_later(on: Scene) -> None:
    """The cream counts as a drug in one country, and the recall there begins in three days."""
    said = {"product": "cream", "market": "US", "product_class": "drug", "reason": "It says SPF."}
    await on.does(REGULATORY, "class_product", **said)
    lots = SetScope(**scope(markets=("CN", "DE", "SG")))
    await on.does(QUALITY, "set_scope", **encode(SetScope, lots))
    await on.does(ASSESSOR, "evaluate_hazard", **encode(EvaluateHazard, evaluation()))
    await on.does(COMMANDER, "decide_recall", **encode(DecideRecall, recall()))
    await on.signs(QUALITY_HEAD, BOSS)
    begins = instant_text(datetime.now(UTC) + timedelta(days=3))
    why = "The hauliers are booked."
    await on.does(COMMANDER, "plan_recall_start", market="SG", starts_at=begins, reason=why)
    line = next(one.plan_row for one in (await on.state()).notice.to_tell if one.waits)
    await on.does(LEGAL, "tell_not_needed", plan_row=line, reason="There is no such contract.")
