"""The stories that are recorded beside the demo drills, told on a real server.

What belongs here: who does what, so that every path of the workflows and every event that no drill
brings about is on the record once. What never does: the world (tests/replay/scene.py), an
assertion about what came of it (the tests compare). Everybody and everything in them is invented.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.canonical import sha256_hex
from domain.people import Actor
from domain.remedies import CountClaims
from domain.state import Incident
from domain.state.halt import ChannelHalt
from domain.state.statement import Statement
from domain.wire import instant_text
from domain.wording import Severity
from services.evidence import Brought, keep
from storage import publications
from tests.domain.texts import EVERYTHING
from tests.engine.running import actor, shop_channels
from tests.replay.scene import (
    AGENT,
    ASSESSOR,
    AUTHOR,
    CHANNELS,
    COMMANDER,
    LEGAL,
    PLANT,
    PR_LEAD,
    QUALITY,
    QUALITY_HEAD,
    REGULATORY,
    Scene,
    now,
)
from tests.replay.taking import Story
from workflows.ids import incident_workflow

SHOPS = [
    *shop_channels(3),
    *shop_channels(2, "retailer", "outbox"),
    *shop_channels(1, "plant", "outbox"),
]

OTHER = "别的文字。".encode()


def in_days(days: int) -> str:
    """Give a time some days from now, as a person would type it."""
    return instant_text(datetime.now(UTC) + timedelta(days=days))


def halted(state: Incident) -> bool:
    """Say whether every channel has its order."""
    told = [halt.state in ("accepted", "confirmed") for halt in state.halt.channels.values()]
    return bool(told) and all(told)


# ---------------------------------------------------------------- an incident, sealed and reopened


async def whole(on: Scene) -> Story:
    """An incident from report to seal, over several runs, and once more after the seal."""
    await on.reports(limits={"turn_over_after": 12})
    await on.until(halted)
    await on.does(COMMANDER, "accept_report", reason="Two calls to the clinic.")
    await _halt(on)
    await _statements(on)
    await _investigation(on)
    await _no_recall(on)
    await _notices(on)
    await _resumed(on)
    await closed(on)
    await on.refused("closed", on.does(QUALITY, "record_lesson", text="Too late."))
    await on.does(QUALITY, "reopen_incident", new_fact="Another person called.")
    await on.does(QUALITY, "record_lesson", text="Ask for the lot number first.")
    await closed(on)
    runs = (1, 2)
    await asyncio.gather(*(on.ended(incident_workflow(on.incident, run)) for run in runs))
    begun = tuple(incident_workflow(on.incident, run) for run in runs)
    return Story((on.incident,), begun, sealed=f"{on.incident}/halt/1")


async def _halt(on: Scene) -> None:
    """Who was written to confirms; a drift is found; one more order is lifted again."""
    for channel, halt in (await on.state()).halt.channels.items():
        if halt.state == "accepted":
            await on.does(CHANNELS, "confirm_channel", channel=channel, proof="By telephone.")
    await on.does(QUALITY, "confirm_halt", number=1)
    await on.does(CHANNELS, "report_drift", channel="own_shop-1", how_seen="Bought one at 14:10.")
    await on.does(CHANNELS, "confirm_channel", channel="own_shop-1", proof="I was there.", units=3)
    carrier = {"carrier": "SF", "orders": 4, "units": 9, "outcome": "Turned round in Hangzhou."}
    await on.does(CHANNELS, "record_interception", **carrier)
    for _ in range(3):
        await on.refused("not_allowed", on.does(AGENT, "order_halt", level="H4"))
    await on.does(PLANT, "order_halt", level="H4", reason="The line made the same bulk.")
    number = (await on.state()).halt.orders[-1].number
    lifted = {"number": number, "reason": "It made another bulk."}
    await on.refused("evidence_missing", on.does(QUALITY, "lift_halt", **lifted))
    record = {"what": "Batch record", "source": "Plant", "taken_at": now(), "place": "Line 3"}
    await on.does(QUALITY, "collect_evidence", **record, storage="Archive")
    await on.does(QUALITY, "lift_halt", **lifted)
    await on.stands_still()


async def _statements(on: Scene) -> None:
    """One text goes out, is flagged and found right; one is dropped, one fails at its place.

    What it tells moves once, and back.
    """
    held = {"key": "units.held", "kind": "number", "as_of": now()}
    await on.does(QUALITY, "record_fact", **held, value="1200")
    first = await approved(on, "我们已停止销售 1200 件，正在调查。")
    await _published(on, first, "site", "press")
    words = (await _text(on, first)).texts[0]
    seen = {
        "place": "press",
        "link": "https://press.example/1",
        "text_seen": f"{words.title}\n{words.body}",
    }
    await on.does(PR_LEAD, "confirm_published_by_hand", statement=first, **seen)
    await on.does(LEGAL, "flag_statement", statement=first, what="The hotline was not reachable.")
    await on.does(PR_LEAD, "clear_flag", statement=first, reason="It was, from 09:00 on.")
    for counted in ("1250", "1200"):
        await on.does(QUALITY, "record_fact", **held, value=counted)
    dropped = await drafted(on, "我们主动停止销售。")
    read = {"statement": dropped, "sha256": (await _text(on, dropped)).sha256}
    await on.does(LEGAL, "comment_statement", **read, place="zh-CN/1", words="停到什么时候？")
    kept = {"statement": dropped, "number": 1, "answer": "写在下一份文稿里。"}
    await on.does(AUTHOR, "settle_comment", **kept)
    await on.does(AUTHOR, "drop_statement", statement=dropped, reason="A newer text is on its way.")
    await _scheduled(on)
    second = await approved(on, "我们绝对安全，请放心使用。")
    await _another_text_stands(on, second)
    await _published(on, second, "site")


async def _scheduled(on: Scene) -> None:
    """One text goes out at its time, one is stopped before, one is changed meanwhile.

    The last two were shared under embargo: one is withdrawn, the other closes with its text.
    """
    for answered, found in ((False, "占线十分钟"), (True, "")):
        called = {"number": "+86 800 800 5577", "answered": answered, "found": found}
        await on.does(PR_LEAD, "record_hotline_call", **called, languages=["zh-CN"])
    texts = [await approved(on, f"{number}：我们已停止销售。") for number in "一二三"]
    soon = instant_text(datetime.now(UTC) + timedelta(seconds=2))
    for text, release_at in zip(texts, (soon, in_days(1), in_days(1)), strict=True):
        kept = {"statement": text, "sha256": (await _text(on, text)).sha256}
        sent = {"places": ["site"], "confirmed": list(EVERYTHING), "release_at": release_at}
        await on.does(PR_LEAD, "publish_statement", **kept, **sent)
    for text in texts[1:]:
        kept = {"statement": text, "sha256": (await _text(on, text)).sha256}
        until = instant_text(datetime.now(UTC) + timedelta(hours=1))
        await on.does(PR_LEAD, "share_preview", **kept, whom="王磊，晚报", until=until)
    gone = {"statement": texts[1], "number": 1, "reason": "It was passed on."}
    await on.does(LEGAL, "withdraw_preview", **gone)
    await on.does(LEGAL, "lift_schedule", statement=texts[1], reason="Not before the filing.")
    read = {"statement": texts[2], "sha256": (await _text(on, texts[2])).sha256}
    await on.does(LEGAL, "request_changes", **read, reason="Too early.")
    await on.until(lambda now: now.statement.statements[texts[0]].status == "published")


async def drafted(on: Scene, body: str) -> str:
    """Draft a first statement."""
    texts = [{"language": "zh-CN", "title": "首次回应", "body": body}]
    told = {"kind": "holding", "markets": ["CN"], "texts": texts, "preliminary": True}
    await on.does(AUTHOR, "draft_statement", **told)
    return list((await on.state()).statement.statements)[-1]


async def _text(on: Scene, statement: str) -> Statement:
    return (await on.state()).statement.statements[statement]


async def approved(on: Scene, body: str) -> str:
    """Draft a text, let legal override what blocks it, and let everybody approve."""
    name = await drafted(on, body)
    text = await _text(on, name)
    bytes_of: dict[str, Any] = {"statement": name, "sha256": text.sha256}
    for finding in text.findings:
        if finding.severity is Severity.BLOCK:
            basis = "law" if finding.law else "house"
            told = {"finding": finding.key, "basis": basis, "reason": "Quoted, and denied."}
            await on.does(LEGAL, "override_finding", **bytes_of, **told)
            if (await on.state()).pending:
                await on.signs(QUALITY_HEAD)
    await on.does(AUTHOR, "ask_for_review", **bytes_of)
    for slot in (await _text(on, name)).slots:
        who = actor(slot.roles[0], name=f"approver.{slot.row}")
        await on.does(who, "approve_statement", **bytes_of, slot=slot.key)
    return name


async def _published(on: Scene, statement: str, *places: str) -> None:
    told = {"statement": statement, "sha256": (await _text(on, statement)).sha256}
    await on.does(
        PR_LEAD, "publish_statement", **told, places=list(places), confirmed=list(EVERYTHING)
    )
    await on.until(lambda s: _came(s.statement.statements[statement], places))


def _came(text: Statement, places: tuple[str, ...]) -> bool:
    return all(text.places[place].state != "ordered" for place in places)


async def _another_text_stands(on: Scene, statement: str) -> None:
    """Put other words where the text will be brought to."""
    text = await _text(on, statement)
    publications.keep_text(
        on.house.engine,
        publications.StoredText(
            incident=on.incident,
            statement=statement,
            version=text.version,
            place="site",
            kind=text.kind,
            drill="",
            sha256=sha256_hex(OTHER),
            at=datetime.now(UTC),
            content=OTHER,
        ),
    )


async def _investigation(on: Scene) -> None:
    """A fact is disputed and taken back; evidence changes hands; an expert is let in and out."""
    fact = {"key": "lot.suspect", "value": "L1", "as_of": now()}
    await on.does(QUALITY, "record_fact", **fact)
    await on.does(LEGAL, "dispute_fact", key="lot.suspect", reason="It may be L2.")
    await on.does(QUALITY, "retract_fact", key="lot.suspect", reason="It was L2.")
    await on.refused("four_eyes", _verified_by_the_teller(on))
    sample = {"what": "Jar", "source": "Customer", "taken_at": now(), "place": "Service desk",
              "storage": "Fridge 3, 4 °C", "seal_number": "S-1"}  # fmt: skip
    await on.does(QUALITY, "collect_evidence", **sample)
    handed = {"evidence": "E2", "handed_to": "Laboratory A", "storage": "Cool box"}
    await on.does(QUALITY, "hand_over_evidence", **handed, seal_intact=True, seal_number="S-1")
    guest = {
        "person": "outside_expert",
        "scope": "Read the batch record.",
        "opened": ["investigation"],
    }
    await on.does(
        COMMANDER, "invite_outsider", **guest, until_at=in_days(5), confidentiality_signed=True
    )
    await on.does(COMMANDER, "end_invitation", person="outside_expert")


async def _verified_by_the_teller(on: Scene) -> None:
    fact = {"key": "lot.made", "value": "12000", "as_of": now()}
    await on.does(QUALITY, "record_fact", **fact)
    await on.does(QUALITY, "verify_fact", key="lot.made", version=1, how="I counted.")


async def _no_recall(on: Scene) -> None:
    """No recall is needed; a further report opens the question again; claims are counted."""
    lot = {"lot": "L1", "product": "cream", "made": 1000, "shipped": 800, "on_hand": 200}
    told = {"products": ["cream"], "lots": [lot], "markets": ["CN"], "consignees": ["shop-1"]}
    await on.does(QUALITY, "set_scope", **told, reason="Same bulk.")
    text = dict.fromkeys(
        ["injuries", "conditions", "groups_at_risk", "seriousness", "occurrence", "consequences",
         "credentials"], "As far as known.")  # fmt: skip
    judged = {"credible_harm": "serious_treatable", "likelihood": "remote", "noticeable": "no"}
    await on.does(ASSESSOR, "evaluate_hazard", preliminary=True, **text, **judged)
    why = {"reason": "Nothing links the harm to the product.", "options": "A withdrawal."}
    await _recounted(on)
    await on.does(COMMANDER, "decide_no_recall", **why, review_at=in_days(3))
    await on.signs(*_others(await on.state(), COMMANDER))
    more = {"first_known_at": now(), "first_known_country": "CN", "words": "A second person."}
    await on.does(AGENT, "add_report", **more)
    counted = CountClaims(sha256="ab" * 32, settled=12, refused=1, paid_minor=120_000)
    await on.reported(counted, "claims:1")
    await on.until(lambda state: state.recall.claims.settled == 12)


async def _recounted(on: Scene) -> None:
    """Own stock is counted and destroyed, and both numbers are put right after."""
    count = {"place": "Hall 3", "lot": "L1", "condition": "unopened", "source": "own_stock"}
    counters = {"counted_by": PLANT.id, "counted_again_by": QUALITY.id}
    await on.does(PLANT, "receive_goods", units=200, **count, **counters)
    (first,) = (await on.state()).recall.counts
    wrong = {"reason": "A nought too many."}
    await on.does(PLANT, "correct_count", count=first.id, units=20, **counters, **wrong)
    await on.signs(QUALITY)
    brought = Brought(content=b"%PDF-1.7 burnt", name="burnt.pdf", command_id="burnt")
    paper = await asyncio.to_thread(keep, on.house, QUALITY, brought)
    burnt = {"method": "destroyed", "place": "Suzhou", "certificate": paper.address}
    lots = [{"lot": "L1", "units": 12}]
    seen = {"witnesses": ["legal"], "samples_kept": True}
    await on.does(QUALITY_HEAD, "dispose_goods", lots=lots, **burnt, **seen)
    await on.signs(LEGAL)
    lots = [{"lot": "L1", "units": 2}]
    await on.does(QUALITY_HEAD, "correct_disposal", disposal="1", lots=lots, **wrong)
    await on.signs(LEGAL)


def _others(state: Incident, proposer: Actor) -> list[Actor]:
    """Give one fitting person for each signature that is still asked for."""
    pending = list(state.pending.values())[-1]
    return [actor(min(slot), name=f"signer.{n}") for n, slot in enumerate(pending.slots)]


async def _notices(on: Scene) -> None:
    """One duty is filed and its receipt comes later; one is not reportable, and then it is."""
    hurt = {"outcomes": ["hospitalised"], "awareness_at": now(), "product": "cream", "lot": "L1"}
    for country in ("CN", "US"):
        await on.does(AGENT, "register_case", country=country, **hurt)
    await on.stands_still()
    state = await on.state()
    duties = list(state.notice.open_duties)
    filing = {"channel": "national system", "sent_at": now(), "text": "One person, cream, lot L1."}
    await on.does(REGULATORY, "file_first", duty=duties[0], **filing)
    await on.signs(*_others(await on.state(), REGULATORY))
    await on.does(REGULATORY, "attach_receipt", duty=duties[0], filing=1, receipt="No. 2026-17")
    await _not_reportable(on, duties[1])
    again = {"duty": duties[1], "reason": "It was, after all."}
    await on.does(LEGAL, "review_determination", **again, stands=False)
    while open_duties := (await on.state()).notice.open_duties:
        await _not_reportable(on, open_duties[0])


async def _not_reportable(on: Scene, duty: str) -> None:
    why = "No lot left the house."
    await on.does(REGULATORY, "determine_not_reportable", duty=duty, reason=why)
    await on.signs(*_others(await on.state(), REGULATORY))


def _may_sell(halt: ChannelHalt) -> bool:
    """Say whether a channel sells again by its own word, or has the letter that it may."""
    return halt.state == "resumed" or halt.is_handed_over


async def _resumed(on: Scene) -> None:
    """Selling again is proposed twice, and signed once: the other proposal lapses."""
    await on.does(COMMANDER, "resume_sale", basis="The laboratory found nothing.")
    await on.does(COMMANDER, "resume_sale", basis="Another laboratory agrees.")
    first, second = list((await on.state()).pending)[-2:]
    await on.does(QUALITY_HEAD, "sign_act", act=second)
    await on.does(QUALITY_HEAD, "sign_act", act=first)
    await on.until(lambda s: all(_may_sell(h) for h in s.halt.channels.values()))


async def closed(on: Scene) -> None:
    """Close and seal."""
    await on.does(COMMANDER, "close_incident", summary="Nothing more.",
                  reason_for_open_items="Invented.")  # fmt: skip
    await on.signs(QUALITY_HEAD, LEGAL)
