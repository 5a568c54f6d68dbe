"""The halt board: whom to chase and whom to call first, the rest in one line, and what is apart."""

from datetime import UTC, datetime, timedelta

import pytest

from api.event_words import TELLS
from api.pages.telling import variant_of
from domain import answer_files
from domain.channel_answers import AnswerOrder, LotSetApart, OwnAnswer, ended_at
from domain.channels import ChannelOutcome, ReportOutcomes
from domain.drift import (
    ChannelsLookedAt,
    LookAtChannels,
    ReportDrift,
    ReportLook,
    SeenChannel,
)
from domain.halt import OrderHalt
from domain.on_its_way import CountedOnItsWay
from domain.people import PERFORMER, Role, channel_actor
from domain.report import AcceptReport
from domain.resuming import ResumeSale
from domain.set_apart import OnItsWay, RecordInterception
from domain.severity import HaltLevel
from domain.values import ChannelId, LotNumber, PrivateText, PublicText
from tests.api.browsing import Seen
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done, told_once
from tests.api.serving import Served
from tests.api.test_order_answer import SHOP, Kept
from tests.domain.story import person

pytestmark = pytest.mark.xdist_group("pages")

IN_TIME = "In their time to answer"
NUMBER = "+86 21 0000 0101"


def plain(page: Seen) -> str:
    return " ".join(page.text.split())


def sold(served: Served) -> str:
    """Tell an incident in which goods are seen on sale at one with a number, and one without."""
    number = accepted(served)
    for channel in ("wh-east", "influencer-links"):
        done(served.person("cheng.bo"), number, f"halt/{channel}/report_drift", how_seen="On show")
    return number


def test_who_needs_somebody_stands_first_with_whom_to_call(served: Served, at: SignedIn) -> None:
    page = at("cheng.bo").open(f"/incidents/{told_once(sold, served)}/halt")
    said = plain(page)
    needed = said[said.index("Channels that need somebody") : said.index(IN_TIME)]
    assert "East warehouse" in needed
    assert "still on sale" in needed
    assert f"Call {NUMBER} Duty desk" in needed
    assert dict(page.links)[f"Call {NUMBER}"] == "tel:+862100000101"
    assert "The channel list names no number to call." in needed
    assert "contact_name and phone of the channel" in needed
    assert "South warehouse" not in needed
    assert "South warehouse" in said[said.index(IN_TIME) :]


def test_an_auditor_sees_no_number_and_neither_does_the_past(served: Served, at: SignedIn) -> None:
    number = told_once(sold, served)
    page = at("ren.jia").open(f"/incidents/{number}/halt")
    assert page.status == 200
    assert "East warehouse" in page.text
    assert NUMBER not in page.text
    past = at("cheng.bo").open(f"/incidents/{number}/at/30/halt")
    assert NUMBER not in past.text, "the list is of today"


def test_the_board_is_asked_for_again_in_parts(served: Served, at: SignedIn) -> None:
    number = told_once(sold, served)
    lead = at("cheng.bo")
    whole = lead.client.get(f"/incidents/{number}/halt").text
    for part, says in (("halt-now", "have not confirmed"), ("halt-blocks", "Still on sale")):
        assert f'data-live="/incidents/{number}/parts/{part}"' in whole
        answer = lead.client.get(f"/incidents/{number}/parts/{part}")
        assert answer.status_code == 200
        assert says in answer.text
    assert "Load it again to see what has changed since." in whole
    past = lead.client.get(f"/incidents/{number}/at/30/halt").text
    assert "data-live" not in past


def test_an_answer_that_cannot_be_read_and_units_by_lot_stand_in_plain_words(
    served: Served, at: SignedIn
) -> None:
    kept = Kept(served, "halt-board")
    story, order = kept.story, kept.order
    unread = ChannelOutcome(
        channel="ch-carrier", order=order, state="unreadable", attempts=3,
        error=answer_files.no_table("halt-1.answer.csv"),
    )  # fmt: skip
    story.did(PERFORMER, ReportOutcomes(outcomes=(unread,)))
    apart = (LotSetApart(lot="L1", units=12), LotSetApart(lot="L2", units=3))
    said = AnswerOrder(
        channel=SHOP, order=order, answer=OwnAnswer.STOPPED, set_apart=apart,
        where=PublicText("Back room"), answered_by=PrivateText(ref="r", commitment="c", subject="s"),
        on_its_way=(CountedOnItsWay(kind=OnItsWay.GIFTS, stopped=9, got_through=3),),
    )  # fmt: skip
    story.did(channel_actor(SHOP), said)
    parcels = RecordInterception(
        carrier="Swiftcrane", orders=1, units=4, outcome=PublicText("Back."), kind=OnItsWay.PARCELS
    )
    story.did(person(Role.SUPPLY_CHAIN), parcels)
    kept.record()
    told = plain(at("cheng.bo").open(f"/incidents/{story.incident.id}/halt"))
    assert "already on its way: Gifts: 9 stopped, 3 got through" in told
    assert (
        "Gifts: 9 · Parcels under way: 4 · 3 got through, not held back · 9 of them counted by"
        in told
    )
    ledger = plain(at("cheng.bo").open(f"/incidents/{story.incident.id}/ledger"))
    assert "here: “Back room” On its way: Gifts · 9 stopped · 3 got through" in ledger
    needed = told[told.index("Channels that need somebody") : told.index(IN_TIME)]
    assert "answered, and the answer could not be read" in needed
    assert "asked 3 times" in needed
    assert "halt-1.answer.csv was not taken: it is no CSV file in UTF-8." in needed
    assert "Let the other system write the file anew" in needed
    assert "could not be reached" not in told
    assert "15 units set apart · L1 12, L2 3 · they stand here: Back room" in told
    by_lot = told[told.index("Set apart so far, by lot") :]
    assert "L1 12 warehouse · Back room: 12" in by_lot
    assert "All lots 15" in by_lot


def test_who_is_asked_again_needs_somebody(served: Served, at: SignedIn) -> None:
    number = told_once(sold, served)
    form = plain(at("cheng.bo").open(f"/incidents/{number}/halt/ask_channels_again"))
    assert "East warehouse" in form
    assert "South warehouse" not in form, "it is in its time"
    assert "as a second request" in form


def test_the_form_of_a_halt_says_to_each_kind_what_it_is_told(served: Served, at: SignedIn) -> None:
    number = told_once(sold, served)
    person = at("lei.gang")
    form = person.open(f"/incidents/{number}/halt/order_halt")
    why = {"level": "H4", "reason": "To be sure.", "preview": "1"}
    follows = plain(person.send(form, form.form("/order_halt"), **why))
    told = follows[follows.index("What goes to whom") :]
    assert "the order to stop production, to keep the goods and to answer" in told
    assert "the order to deliver no raw material for it, and to answer" in told
    assert "stop selling" not in told


def test_who_is_in_time_has_a_number_and_is_not_hidden(served: Served, at: SignedIn) -> None:
    number = told_once(sold, served)
    page = at("cheng.bo").open(f"/incidents/{number}/halt")
    said = plain(page)
    in_time = said[said.index(IN_TIME) :]
    assert "South warehouse" in in_time
    assert "Call +86 20 0000 0102" in in_time
    assert "It is still on sale here" in in_time
    leads = dict(page.links)["Call them, one by one"]
    assert leads.endswith(("#halt-needs", "#halt-in-time"))
    assert f'id="{leads.partition("#")[2]}"' in page.html


def test_the_card_says_how_many_are_late(served: Served, at: SignedIn) -> None:
    kept = Kept(served, "halt-late", age=timedelta(hours=3))
    page = at("cheng.bo").open(f"/incidents/{kept.story.incident.id}/halt")
    said = plain(page)
    assert "3 channels have not confirmed that they stopped: 2 late, 1 in their time" in said
    assert dict(page.links)["Call them, one by one"].endswith("#halt-needs")


def test_what_a_person_saw_on_sale_stands_with_its_units(served: Served, at: SignedIn) -> None:
    kept = Kept(served, "halt-seen", age=timedelta(minutes=20))
    seen = ReportDrift(
        channel=ChannelId(SHOP), how_seen=PublicText("Two at the gate"), units_sold=4000
    )
    kept.story.later(minutes=10)
    kept.story.did(person(Role.MARKET_MONITORING), seen)
    order = kept.story.incident.halt.channels[SHOP].order
    took = ChannelOutcome(channel=SHOP, order=order, state="accepted", attempts=1)
    kept.story.did(PERFORMER, ReportOutcomes(outcomes=(took,)))
    kept.record()
    said = plain(at("cheng.bo").open(f"/incidents/{kept.story.incident.id}/halt"))
    tile = said[said.index("Still on sale after all") : said.index("Channels that have stopped")]
    row = said[said.index("Channels that need somebody") : said.index(IN_TIME)]
    for place in (tile, row):
        assert "4,000 units sold meanwhile" in place, place
        assert "Two at the gate" in place
        assert "seen 10 minutes after the order" in place
    assert "answer due" not in row


@pytest.mark.parametrize(
    ("clean", "selling", "not_seen", "says"),
    [
        (("a",), (), (), "nothing of it is on sale"),
        (("a",), (), ("b", "c"), "{clean:count} seen; {not_seen:count} cannot be looked at"),
        ((), (), ("b", "c"), "No channel was seen; {not_seen:count} cannot be looked at"),
        ((), (SHOP,), (), "still on sale at {selling:channels}."),
        ((), (SHOP,), ("b",), "{not_seen:count} cannot be looked at."),
    ],
    ids=["all", "part", "none", "selling", "selling-part"],
)
def test_a_look_says_whom_nobody_could_look_at(
    clean: tuple[str, ...], selling: tuple[str, ...], not_seen: tuple[str, ...], says: str
) -> None:
    looked = ChannelsLookedAt(clean=clean, selling=selling, not_seen=not_seen)
    assert says in TELLS[variant_of(looked)].text


def test_a_plant_that_stopped_has_its_channel_beside(served: Served, at: SignedIn) -> None:
    number = told_once(sold, served)
    manager = at("lei.gang")
    form = manager.open(f"/incidents/{number}/halt/record_production_stop")
    assert '<option value="Linhu plant">' in form.html
    assert 'list="f-site-known"' in form.html
    plant = served.person("lei.gang")
    done(plant, number, "halt/order_halt", level="H4", reason="To be sure.")
    stop = {"site": "Linhu plant", "line": "cream-1", "blocked_materials": ["R7", "R9"]}
    done(plant, number, "halt/record_production_stop", **stop, units_set_apart=1200)
    page = at("cheng.bo").open(f"/incidents/{number}/halt")
    said = plain(page)
    lines = said[said.index("Production that has stopped") :]
    assert "1,200" in lines
    assert "R7, R9" in lines
    assert "nobody has said that the retained samples are secured" in said
    leads = dict(page.links)["Confirm the channel of this plant"]
    assert "plant-linhu/confirm_channel" in leads
    assert "units=1200" in leads


def test_a_channel_that_nobody_reaches_is_said_once_a_day_and_counted(
    served: Served, at: SignedIn
) -> None:
    now = datetime.now(UTC)
    noon = (now - timedelta(days=2)).replace(hour=3, minute=0, second=0)  # 11:00 in Shanghai
    kept = Kept(served, "halt-unreached", age=now - noon)
    story, order = kept.story, kept.order

    def fails(channel: str, attempts: int, error: str = "no route") -> None:
        one = ChannelOutcome(
            channel=channel, order=order, state="failed", attempts=attempts, error=error
        )
        story.did(PERFORMER, ReportOutcomes(outcomes=(one,)))

    for attempts in range(1, 8):
        fails("ch-carrier", attempts)
        fails("ch-samples", attempts, error=f"fault {attempts}")
        story.later(minutes=30)
    story.later(hours=20)
    fails("ch-carrier", 8)
    kept.record()
    someone, place = at("cheng.bo"), f"/incidents/{story.incident.id}"
    board = plain(someone.open(f"{place}/halt"))
    assert board.count("tried 8 times, the last") == 1
    assert board.count("tried 7 times, the last") == 1
    assert "asked 8 times" not in board
    ledger = someone.open(f"{place}/ledger?q=could+not+be+reached")
    told = plain(ledger)
    once = "carrier could not be reached. 7 times in this list, the last at 14:00."
    assert told.count(once) == 1
    assert "and 6 more like it" in told
    assert "carrier could not be reached. 8 times" not in told, "another day is another row"
    assert "samples could not be reached. 7 times" not in told, "each was another fault"
    numbers = [n for n, leaf in enumerate(story.leaves, 1) if b'"ChannelAnswered"' in leaf]
    assert len(numbers) == 15
    assert all(f'href="{place}/ledger/{n}"' in ledger.html for n in numbers), "none is left out"


def test_a_run_of_failures_ends_with_another_answer(served: Served, at: SignedIn) -> None:
    now = datetime.now(UTC)
    noon = (now - timedelta(days=1)).replace(hour=3, minute=0, second=0)
    kept = Kept(served, "halt-now-and-then", age=now - noon)
    story = kept.story
    for number, state in enumerate(["failed", "failed", "refused", "failed", "failed", "failed"]):
        one = ChannelOutcome(
            channel="ch-carrier", order=kept.order, state=state, attempts=number + 1, error="no"
        )
        story.did(PERFORMER, ReportOutcomes(outcomes=(one,)))
        story.later(minutes=1)
    kept.record()
    place = f"/incidents/{story.incident.id}"
    for page in (place, f"{place}/ledger"):
        told = plain(at("cheng.bo").open(page))
        assert "carrier could not be reached. 3 times in this list, the last at 11:05." in told
        assert "carrier could not be reached. 2 times in this list, the last at 11:01." in told


LOOKED = {
    "all hold": ((), (), "Looked at 3 channels, {when}: nothing on sale at 3, still on sale at 0."),
    "one sells": (
        (SHOP,),
        (),
        "Looked at 3 channels, {when}: nothing on sale at 2, still on sale at 1.",
    ),
    "one is not seen": (
        (),
        (SHOP,),
        "Looked at 2 channels, {when}: nothing on sale at 2, still on sale at 0.",
    ),
}


@pytest.mark.parametrize(("selling", "not_seen", "said"), LOOKED.values(), ids=LOOKED)
def test_what_a_look_found_stands_first_on_the_board(
    served: Served,
    at: SignedIn,
    selling: tuple[str, ...],
    not_seen: tuple[str, ...],
    said: str,
) -> None:
    kept = Kept(served, f"halt-look-{len(selling)}{len(not_seen)}", age=timedelta(minutes=10))
    names = sorted(kept.story.incident.halt.channels)[:2]
    meant = tuple(map(ChannelId, [*names, SHOP]))
    assert len({*meant}) == 3
    kept.story.did(person(Role.CHANNEL_LEAD), LookAtChannels(channels=meant))
    kept.record()
    address = f"/incidents/{kept.story.incident.id}/halt"
    before = plain(at("cheng.bo").open(address))
    assert "asked for a look at 3 channels" in before
    seen = tuple(
        SeenChannel(channel=one, is_seen=one not in not_seen, offers=2 if one in selling else 0)
        for one in meant
    )
    kept.story.did(PERFORMER, ReportLook(seen=seen, on_demand=True))
    kept.record()
    board = plain(at("cheng.bo").open(address))
    first, rest = said.split("{when}")
    assert first in board
    assert rest in board.split(first)[1]
    assert board.index(first) < board.index("What has stopped")
    assert ("Then it was on sale at" in board) == bool(selling)
    assert ("1 channel cannot be looked at: call them." in board) == bool(not_seen)


def test_a_look_leads_to_the_halt_board(served: Served, at: SignedIn) -> None:
    number, there = accepted(served), at("cheng.bo")
    page = there.open(f"/incidents/{number}/halt/look_at_channels")
    board = there.send(page, page.form("/look_at_channels"))
    assert "The last look that was asked for" in board.text
    assert "asked for a look at" in board.text or "Looked at " in board.text
    assert 'id="halt-summary"' in board.html


def test_units_of_which_nobody_told_the_lots_are_said_to_be_counted_before_part_was_freed(
    served: Served, at: SignedIn
) -> None:
    kept = Kept(served, "halt-counted-before", age=timedelta(minutes=9))
    story, boss = kept.story, person(Role.INCIDENT_COMMANDER, Role.DUTY_OFFICER)
    story.did(boss, AcceptReport())
    story.keeps_evidence()
    lots = (LotNumber("L1"), LotNumber("L2"))
    story.did(boss, OrderHalt(level=HaltLevel.H1, lots=lots, reason=PublicText("Too.")))
    said = AnswerOrder(
        channel=SHOP, order=kept.order, answer=OwnAnswer.STOPPED,
        set_apart=(LotSetApart(lot="", units=235),), where=PublicText("Back room"),
        answered_by=PrivateText(ref="r", commitment="c", subject="s"),
    )  # fmt: skip
    story.did(channel_actor(SHOP), said)
    boards = []
    for named in (lots[:1], ()):
        story.later(minutes=1)
        basis, levels = (
            PublicText("Of another bulk."),
            tuple(map(HaltLevel, story.incident.halt.levels)),
        )
        story.did(boss, ResumeSale(basis=basis, levels=levels, lots=named))
        story.signed(person(Role.QUALITY_SAFETY_RESPONSIBLE))
        kept.record()
        boards.append(plain(at("cheng.bo").open(f"/incidents/{story.incident.id}/halt")))
        kept.says_that_it_resumed(path_order=ended_at(story.incident, SHOP))
    part, whole = boards
    place = "lots not told apart 235 warehouse · Back room"
    assert f"{place} · counted before part was freed: 235" in part
    assert "Counted before sale resumed" not in part
    before = whole[whole.index("Counted before sale resumed, by lot") :]
    assert f"{place}" in before
    assert "Set apart so far" not in whole
