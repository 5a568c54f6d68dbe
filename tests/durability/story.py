"""The story that is told while processes die: one incident through all seven stages, and reopened.

What belongs here: who presses what, in which order, and what each must wait for. What never does: a
process, or a check of the outcome. Each step uses a key of its own, so that pressing again counts
once. A new stage adds its acts to `STAGES` and nothing else changes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.people import Actor, Role
from domain.recall_terms import Reader
from domain.state import Incident
from domain.state.statement import Statement
from services.reading import see
from storage import streams
from tests.domain.texts import EVERYTHING
from tests.durability.pressing import EVIDENCE, OPEN_CASE, REPORT, Pressed
from tests.durability.site import Running, now

CRITICAL = {"worst_outcome": "life_threatening", "people": 1, "whereabouts": "consumers"}
WORDS = "My face swelled up an hour after I used it."
READER = Actor(id="auditor", roles=(Role.AUDITOR,))


def one(role: Role) -> Actor:
    """Give the one person of a role."""
    return Actor(id=str(role), roles=(role,))


AGENT = one(Role.SERVICE_AGENT)
COMMANDER = one(Role.INCIDENT_COMMANDER)
CHANNEL_LEAD = one(Role.CHANNEL_LEAD)
QUALITY = one(Role.QUALITY)
QUALITY_HEAD = one(Role.QUALITY_SAFETY_RESPONSIBLE)
ASSESSOR = one(Role.SAFETY_ASSESSOR)
BOSS = one(Role.LEGAL_REPRESENTATIVE)
LEGAL = one(Role.LEGAL)
REGULATORY = one(Role.REGULATORY_AFFAIRS)
SUPPLY = one(Role.SUPPLY_CHAIN)
AUTHOR = one(Role.PR_OFFICER)
PR_LEAD = one(Role.PR_LEAD)


@dataclass
class Telling:
    """One incident being told at a site; `tag` makes its keys its own."""

    site: Running
    tag: str
    incident: str = ""
    case: str = ""
    acts: int = 0

    async def does(self, who: Actor, command: str, **body: Any) -> Pressed:
        """Press until it is answered, and insist that it was done."""
        return await self._does(self.incident, who, command, body)

    async def does_for_customer(self, who: Actor, command: str, **body: Any) -> Pressed:
        """Do the same in the customer's case."""
        return await self._does(self.case, who, command, body)

    async def _does(self, stream: str, who: Actor, command: str, body: dict[str, Any]) -> Pressed:
        pressed = await self._press(who, command, body, stream)
        assert pressed.is_done, f"{command} by {who.id}: {pressed.told}"
        return pressed

    async def refused(self, who: Actor, command: str, code: str, **body: Any) -> None:
        """Press until it is answered, and insist on a refusal for this reason."""
        told = (await self._press(who, command, body, self.incident)).told
        assert told.get("code") == code, f"{command} by {who.id}: {told}"

    async def proposes(self, who: Actor, command: str, *signers: Actor, **body: Any) -> None:
        """Do what more people must sign, and let them sign, all at once."""
        await self.does(who, command, **body)
        act = await self.pending()
        await asyncio.gather(*(self.does(signer, "sign_act", act=act) for signer in signers))

    async def pending(self) -> str:
        """Name the act that was proposed last."""
        return list((await self.until("a proposal", lambda s: bool(s.pending))).pending)[-1]

    async def reports(self) -> None:
        """Open the incident."""
        body = {
            "first_known_at": _ago(minutes=30),
            "first_known_country": "CN",
            "products": ["cream"],
            "lots": ["L1"],
            "words": WORDS,
            "answers": CRITICAL,
        }
        self.incident = (await self.does(AGENT, REPORT, **body)).told["id"]

    async def brings(self, who: Actor, name: str) -> str:
        """Bring a file; gives its address."""
        kept = await self.does(who, EVIDENCE, name=name, content=content_of(name))
        return str(kept.told["id"])

    async def _press(self, who: Actor, command: str, body: dict[str, Any], stream: str) -> Pressed:
        self.acts += 1
        return await self.site.press(who, command, body, f"{self.tag}:{self.acts}", stream=stream)

    async def state(self) -> Incident | None:
        """Look at the page."""
        return (await asyncio.to_thread(see, self.site.house, READER, self.incident)).state

    def _size(self) -> int:
        return streams.head(self.site.database.ledger, self.incident).size

    async def until(self, what: str, there: Callable[[Incident], bool]) -> Incident:
        """Wait until the recorded state is as asked."""
        began, seen = time.monotonic(), -1
        while time.monotonic() - began < self.site.patience_s:
            assert not self.site.broken, self.site.broken
            size = await asyncio.to_thread(self._size)
            state = await self.state() if size != seen else None
            if state is not None and there(state):
                return state
            seen = size
            await asyncio.sleep(0.05)
        raise AssertionError(f"{self.incident} never came to: {what}")


def content_of(name: str) -> str:
    """Say what stands in a file that is brought."""
    return f"This is the {name}."


def _ago(**length: float) -> str:
    return (now() - timedelta(**length)).isoformat()


def _ahead(**length: float) -> str:
    return (now() + timedelta(**length)).isoformat()


# ---------------------------------------------------------------- the stages


async def report(telling: Telling) -> None:
    """A critical report stops every shop before anybody accepted it."""
    await telling.reports()
    await telling.until("all orders out", _all_answered)
    await telling.does(COMMANDER, "accept_report", reason="Two calls to the clinic.")
    await telling.refused(AGENT, "order_halt", "not_allowed", level="H3")


async def halt(telling: Telling) -> None:
    """Who is written to is confirmed by telephone; a shop that sold on is found and stopped."""
    state = await telling.until("all told", _all_answered)
    for channel in state.halt.channels.values():
        if channel.state == "accepted":
            await telling.does(
                CHANNEL_LEAD,
                "confirm_channel",
                channel=channel.channel,
                proof="By telephone.",
                units=12,
            )
    await telling.does(QUALITY, "confirm_halt", number=1)
    shop = "own_shop-1"
    await telling.does(CHANNEL_LEAD, "report_drift", channel=shop, how_seen="Bought one at 14:10.")
    await telling.does(CHANNEL_LEAD, "confirm_channel", channel=shop, proof="I was there.")


async def service(telling: Telling) -> None:
    """Whoever was hurt gets a case of their own: answered, advised, paid back, closed."""
    opened = await telling.does_for_customer(
        AGENT,
        OPEN_CASE,
        kind="adverse_reaction",
        hurt=True,
        outcomes=["mild"],
        product="cream",
        lot="L1",
        country="CN",
        received_at=_ago(minutes=20),
        words=WORDS,
        asks_for=["refund"],
        incident=telling.incident,
    )
    telling.case = opened.told["id"]
    kind = "We are sorry. Please stop using it and see a doctor or a pharmacist."
    does = telling.does_for_customer
    await does(AGENT, "answer_case", medium="phone", text=kind)
    await does(AGENT, "advise", steps=["stop_using", "keep_product"])
    await does(QUALITY, "record_finding", cause="not_found", basis="It is being looked into.")
    await does(AGENT, "settle_case", taken="refund", amount_minor=12_800, given_at=_ago(seconds=1))
    await does(AGENT, "close_case")


async def statement(telling: Telling) -> None:
    """A first word to the public: approved by its bytes, published, read back, brought by hand."""
    text = {"language": "zh-CN", "title": "首次回应", "body": "我们已停止销售，正在调查。"}
    draft = {"kind": "holding", "markets": ["CN"], "texts": [text], "preliminary": True}
    await telling.does(AUTHOR, "draft_statement", **draft)
    bytes_of = {"statement": "S1", "sha256": (await _text(telling)).sha256}
    await telling.does(AUTHOR, "ask_for_review", **bytes_of)
    slots = (await _text(telling)).slots
    await telling.refused(AUTHOR, "approve_statement", "author", **bytes_of, slot=slots[0].key)
    await asyncio.gather(
        *(
            telling.does(one(slot.roles[0]), "approve_statement", **bytes_of, slot=slot.key)
            for slot in slots
        )
    )
    await telling.does(PR_LEAD, "publish_statement", **bytes_of, confirmed=EVERYTHING)
    await telling.until("the press has it", lambda s: _place(s, "press") == "handed_over")
    await telling.does(
        AUTHOR,
        "confirm_published_by_hand",
        statement="S1",
        place="press",
        link="https://news.example/1",
        text_seen=text["body"],
    )


async def investigation(telling: Telling) -> None:
    """Facts are told and verified by somebody else; the cause is signed on evidence."""
    fact = {"value": "L1", "as_of": _ago(minutes=5), "source": None}
    await telling.does(QUALITY, "record_fact", key="lot.suspect", **fact)
    await telling.does(QUALITY_HEAD, "verify_fact", key="lot.suspect", version=1, how="Batch log.")
    await asyncio.gather(
        telling.does(QUALITY, "record_fact", key="lot.made", **{**fact, "value": "1000"}),
        telling.does(LEGAL, "record_fact", key="lot.sold", **{**fact, "value": "500"}),
        telling.does(ASSESSOR, "evaluate_hazard", **_evaluation()),
    )
    sheet = await telling.brings(QUALITY, "laboratory sheet")
    await telling.does(
        QUALITY,
        "collect_evidence",
        what="Laboratory sheet",
        source="Our laboratory",
        taken_at=_ago(minutes=2),
        place="Plant 1",
        storage="Archive",
        blob=sheet,
    )
    await telling.proposes(
        QUALITY,
        "sign_finding",
        QUALITY_HEAD,
        outcome="confirmed",
        basis=["E1"],
        i_released_the_lot=False,
        cause="Too much preservative in bulk B7.",
    )


async def recall(telling: Telling) -> None:
    """The lot comes back from trade and consumers, and is counted."""
    await telling.does(QUALITY, "set_scope", **_scope())
    weighed = {"reason": "People are hurt.", "options": "A withdrawal leaves it with consumers."}
    await telling.proposes(
        COMMANDER, "decide_recall", QUALITY_HEAD, BOSS, action="recall", depth="consumer", **weighed
    )
    await telling.proposes(COMMANDER, "sign_recall_plan", QUALITY_HEAD, **_plan())
    letter = await telling.brings(SUPPLY, "letter")
    told = {"channel": "letter", "language": "zh", "text": letter, "market": "CN"}
    readers = {"count": 500, "readers_list": letter}
    await telling.does(
        SUPPLY, "record_notification", reader=Reader.CONSIGNEE, recipients=["shop-1"], **told
    )
    await telling.does(SUPPLY, "record_notification", reader=Reader.CONSUMER, **readers, **told)
    await telling.does(
        SUPPLY,
        "answer_as_consignee",
        consignee="shop-1",
        lots=[{"lot": "L1", "received": 790, "returned": 290}],
        proof="On the phone.",
    )
    counted = {"counted_by": str(Role.SUPPLY_CHAIN), "counted_again_by": str(Role.QUALITY)}
    goods = {"place": "Hall 3", "lot": "L1", "condition": "unopened", "source": "consignee"}
    await telling.does(SUPPLY, "receive_goods", units=290, consignee="shop-1", **counted, **goods)
    await telling.proposes(
        COMMANDER, "complete_recall", REGULATORY, market="CN", reason="The rest is used up."
    )


async def notice(telling: Telling) -> None:
    """Duties get their due times from the calendar; each is filed, signed by two people."""
    state = await telling.until("due times", _all_dated)
    for duty in state.notice.open_duties:
        await telling.proposes(
            REGULATORY,
            "file_first",
            LEGAL,
            duty=duty,
            channel="Web form",
            sent_at=_ago(seconds=5),
            text="One person was hurt; the lot is being recalled.",
            receipt="No. 4711",
            late_reason="The form was away.",
        )


async def review(telling: Telling) -> None:
    """Selling again takes two people, an action two more; then three close and seal."""
    await telling.until("its case is counted", _is_counted)
    await telling.does(COMMANDER, "resume_sale", basis="Lot L1 is out; the others are good.")
    act = await telling.pending()
    await telling.refused(COMMANDER, "sign_act", "four_eyes", act=act)
    await telling.does(QUALITY_HEAD, "sign_act", act=act)
    state = await telling.until("all sell again, or were told to", _all_told_to_resume)
    for channel, halt in state.halt.channels.items():
        if halt.is_handed_over:
            said = {"channel": channel, "proof": "By telephone."}
            await telling.does(CHANNEL_LEAD, "confirm_resumed", **said)
    await telling.until("all sell again", _all_resumed)
    await telling.does(
        COMMANDER,
        "assign_action",
        title="Weigh the preservative twice.",
        kind="corrective",
        owner=str(Role.PLANT_MANAGER),
        due_on=_ahead(days=3)[:10],
        test="Ten batches in a row.",
    )
    await telling.does(
        one(Role.PLANT_MANAGER), "complete_action", action="M1", outcome="A second scale stands."
    )
    await telling.does(
        QUALITY, "verify_action", action="M1", verdict="effective", finding="Ten good batches."
    )
    await _close(telling, 1)


async def reopened(telling: Telling) -> None:
    """After the seal a new fact opens the incident again; it ends a second time."""
    await telling.refused(QUALITY, "record_lesson", "closed", text="Too late.")
    await telling.does(QUALITY, "reopen_incident", new_fact="Another person called.")
    await telling.does(QUALITY, "record_lesson", text="Call everybody back.", changes_plan=True)
    await _close(telling, 2)


async def _close(telling: Telling, time_: int) -> None:
    await telling.proposes(
        COMMANDER,
        "close_incident",
        QUALITY_HEAD,
        LEGAL,
        summary=f"The lot is back, for the {time_}. time.",
        reason_for_open_items="Nothing else was asked.",
    )
    await telling.until("sealed", lambda s: s.review.closed_at is not None)


STAGES: tuple[Callable[[Telling], Awaitable[None]], ...] = (
    report,
    halt,
    service,
    statement,
    investigation,
    recall,
    notice,
    review,
    reopened,
)
"""The story: the seven stages of the plan, a customer's case, and what comes after the seal."""


async def tell(site: Running, tag: str) -> str:
    """Tell the whole story at a site; gives the incident's number."""
    telling = Telling(site, tag)
    for stage in STAGES:
        await stage(telling)
    return telling.incident


# ---------------------------------------------------------------- what is said and looked for


def _evaluation() -> dict[str, Any]:
    told = ("injuries", "conditions", "groups_at_risk", "seriousness", "occurrence", "consequences")
    return {
        **dict.fromkeys((*told, "credentials"), "As far as known."),
        "preliminary": True,
        "credible_harm": "serious_treatable",
        "likelihood": "remote",
        "noticeable": "no",
    }


def _scope() -> dict[str, Any]:
    counted = {"made": 1000, "on_hand": 205, "shipped": 790, "sold": 500, "returned": 0}
    return {
        "products": ["cream"],
        "lots": [{"lot": "L1", "product": "cream", "scrapped": 5, **counted}],
        "markets": ["CN"],
        "consignees": ["shop-1"],
        "reason": "Bulk B7 went into this lot alone.",
    }


def _plan() -> dict[str, Any]:
    return {
        "depth": "consumer",
        "methods": ["letter", "own_channels"],
        "finish_at": _ahead(days=30),
        "remedies": ["refund", "exchange"],
        "returns": [{"product": "cream", "method": "collection", "dangerous_goods": False}],
        "level": "E",
        "criteria": "Every consignee answered.",
    }


async def _text(telling: Telling) -> Statement:
    state = await telling.until("the text", lambda s: "S1" in s.statement.statements)
    return state.statement.statements["S1"]


def _place(state: Incident, place: str) -> str:
    found = state.statement.statements["S1"].places.get(place)
    return "" if found is None else found.state


def _all_dated(state: Incident) -> bool:
    duties = [state.notice.duties[duty] for duty in state.notice.open_duties]
    return all(duty.due_at or duty.no_due_why for duty in duties)


def _all_answered(state: Incident) -> bool:
    """Say whether every channel took its order: confirmed by itself, or accepted the letter."""
    told = [halt.state in ("accepted", "confirmed") for halt in state.halt.channels.values()]
    return bool(told) and all(told)


def _is_counted(state: Incident) -> bool:
    cases = state.report.after_sales
    return cases is not None and (cases.count, cases.settled, cases.hurt) == (1, 1, 1)


def _all_told_to_resume(state: Incident) -> bool:
    channels = state.halt.channels.values()
    return all(halt.state == "resumed" or halt.is_handed_over for halt in channels)


def _all_resumed(state: Incident) -> bool:
    """Say whether every channel sells again by its own word, or has the letter that it may."""
    channels = state.halt.channels.values()
    return all(one.state == "resumed" or one.is_handed_over for one in channels)
