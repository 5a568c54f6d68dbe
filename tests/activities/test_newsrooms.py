"""Newsrooms of the press list: each gets a text once, and whoever got one its correction too."""

from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import newsrooms
from activities.newsrooms import Newsrooms
from activities.press import PressActivities
from domain.envelope import Publication
from domain.mailed import NO_TIME, Fate
from domain.people import PERFORMER
from domain.statement_change import CorrectStatement
from domain.values import PublicText
from integrations import press_mail
from integrations.outlets import Outlets
from integrations.press_list import NEWSROOMS_AT_MOST, PressList
from integrations.press_mail import message_id
from storage import outbox
from storage.database import Database, open_database
from tests.activities.test_press import order, recorded
from tests.database import database, postgres
from tests.domain.story import Story
from tests.domain.texts import (
    AUTHOR,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    like,
    now,
    placed,
    publish,
    text,
)
from tests.integrations.newsrooms import DAILY, NIGHT, RADIO, Server, mail_server, press_list
from workflows.calls import PUBLISH

__all__ = ["database", "postgres"]

DESK, EVENING, NEWS = (each["address"] for each in (DAILY, NIGHT, RADIO))
KEY = "newsroom:INC-2026-0001:{}:1:{}"


@pytest.fixture
def story() -> Story:
    """S1, published in Chinese and English, and S2, which corrects it."""
    told = Story()
    told.accepted()
    words = (text(), text("en"))
    handed_in(told, draft("holding", *words, markets=("CN", "US")))
    told.did(PR_LEAD, publish(approved(told), "site"))
    told.did(PERFORMER, placed(now(told), "site"))
    wrong = draft("correction", *words, markets=("CN",))
    about = {"statement": "S1", "what_was_wrong": PublicText("批号有误。")}
    told.did(AUTHOR, like(wrong, CorrectStatement, **about))
    return told


def press_of(database: Database, to: PressList | None, **more: Any) -> PressActivities:
    """The publisher with a press list, which tries again at once."""
    made = PressActivities(database.ledger, database.bulk, Outlets((), to), lambda key: key[-5:])
    made._newsrooms = Newsrooms(
        database.ledger, database.bulk, to, lambda key: key.rpartition(":")[2], (0.0, 0.0, 0.0)
    )
    return made


def states(database: Database) -> dict[str, str]:
    rows = outbox.list_messages(database.bulk)
    return {row.recipient: row.state for row in rows if row.audience == "newsroom"}


def correction(story: Story) -> Any:
    two = now(story, "S2")
    return replace(order(story, "press"), statement="S2", sha256=two.sha256, entry=two.entry)


def lacking(stands: Any) -> dict[str, str]:
    return {one["newsroom"]: one["fate"] for one in stands.not_mailed}


def reader_of(server: Server) -> list[str]:
    return sorted(reader for _, reader, _ in server.took)


def test_each_newsroom_gets_the_approved_words_in_its_language_alone_and_once(
    database: Database, story: Story
) -> None:
    recorded(database, story)
    with mail_server() as (server, port):
        press = press_of(database, press_list(port))
        first = press.publish_statement(order(story, "press"))
        again = press.publish_statement(order(story, "press", effect_key="another order"))
    assert set(first.mailed) == set(again.mailed) == {"Daily News", "晚报", "Radio"}
    assert first.not_mailed == again.not_mailed == []
    assert reader_of(server) == sorted([DESK, EVENING, NEWS])
    chinese, english = now(story).texts
    for reader, words in ((DESK, english), (EVENING, chinese), (NEWS, english)):
        (told,) = server.to(reader)
        assert told["Subject"] == words.title
        assert told.get_content().replace("\r\n", "\n") == f"{words.body}\n"
        assert told["In-Reply-To"] is None
        others = {DESK, EVENING, NEWS} - {reader}
        assert not any(other in told.as_string() for other in others)
    assert {sender for sender, _, _ in server.took} == {
        f"press+{one}@qinglan.example" for one in ("daily", "night", "radio")
    }


@pytest.mark.parametrize("place", ["press", "social"])
def test_a_drill_and_other_places_write_to_nobody(
    database: Database, story: Story, place: str
) -> None:
    recorded(database, story)
    drill = "exercise" if place == "press" else ""
    with mail_server() as (server, port):
        press = press_of(database, press_list(port))
        stands = press.publish_statement(order(story, place, drill=drill))
    assert (server.took, stands.mailed, stands.not_mailed, states(database)) == ([], [], [], {})


def test_one_that_is_refused_holds_no_other_and_is_not_tried_again(
    database: Database, story: Story
) -> None:
    recorded(database, story)
    with mail_server() as (server, port):
        server.answers[DESK] = [f"550 5.1.1 <{DESK}>: User unknown"]
        press = press_of(database, press_list(port))
        first = press.publish_statement(order(story, "press"))
        again = press.publish_statement(order(story, "press"))
    why = "550 5.1.1 …: User unknown"
    expected = [{"newsroom": "Daily News", "fate": "refused", "why": why}]
    assert first.not_mailed == again.not_mailed == expected
    assert reader_of(server) == sorted([EVENING, NEWS])


def test_one_that_is_put_off_is_tried_again(database: Database, story: Story) -> None:
    recorded(database, story)
    with mail_server() as (server, port):
        server.answers[DESK] = ["451 4.7.1 Greylisted"]
        server.after_data[NEWS] = "452 4.3.1 full"
        stands = press_of(database, press_list(port)).publish_statement(order(story, "press"))
    assert (len(stands.mailed), stands.not_mailed) == (3, [])
    assert reader_of(server) == sorted([DESK, EVENING, NEWS])


def test_one_whose_connection_broke_after_the_words_is_in_doubt_and_gets_no_second(
    database: Database, story: Story
) -> None:
    recorded(database, story)
    with mail_server() as (server, port):
        server.after_data[DESK] = "hang up"
        press = press_of(database, press_list(port))
        first = press.publish_statement(order(story, "press"))
        again = press.publish_statement(order(story, "press"))
    assert lacking(first) == lacking(again) == {"Daily News": "unsure"}
    assert reader_of(server) == sorted([EVENING, NEWS])


def test_one_that_was_being_sent_when_the_power_went_is_in_doubt_and_gets_no_second(
    database: Database, story: Story
) -> None:
    recorded(database, story)
    with mail_server() as (server, port):
        press = press_of(database, press_list(port, DAILY))
        press.publish_statement(order(story, "press"))
        key = KEY.format("S1", "daily")
        outbox.set_state(database.bulk, key, "sending")  # as the claim stood before the answer
        stands = press.publish_statement(order(story, "press"))
    assert (len(server.took), lacking(stands)) == (1, {"Daily News": "unsure"})


def publish_alone(url: str, port: int, publication: Publication) -> None:
    """Publish as a process of its own, which somebody may kill."""
    there = open_database(url)
    press_of(there, press_list(port)).publish_statement(publication)


@pytest.mark.parametrize(
    ("step", "took"), [("RCPT", [DESK, NEWS]), ("DATA", [DESK, EVENING, NEWS])]
)
def test_a_process_killed_over_a_message_leaves_that_one_in_doubt_and_nobody_gets_two(
    database: Database, story: Story, step: str, took: list[str]
) -> None:
    """Between the claim and the words, and after the words before the answer was noted."""
    recorded(database, story)
    url = database.ledger.url.render_as_string(hide_password=False)
    with mail_server() as (server, port):
        server.stuck_at = (step, EVENING)
        arguments = (url, port, order(story, "press"))
        process = get_context("spawn").Process(target=publish_alone, args=arguments)
        process.start()
        try:
            assert server.is_stuck.wait(60)
        finally:
            process.kill()
            process.join()
        process.close()
        assert states(database) == {"Daily News": "sent", "晚报": "sending", "Radio": "later"}
        server.stuck_at = None
        press = press_of(database, press_list(port))
        for _ in range(2):
            stands = press.publish_statement(order(story, "press"))
            assert sorted(stands.mailed) == ["Daily News", "Radio"]
            assert lacking(stands) == {"晚报": "unsure"}
    assert reader_of(server) == sorted(took)


def test_a_server_that_is_not_there_is_said_and_asked_again_by_a_later_attempt(
    database: Database, story: Story
) -> None:
    recorded(database, story)
    missing = press_of(database, press_list(9)).publish_statement(order(story, "press"))
    assert set(lacking(missing).values()) == {"unreached"}
    assert {one["why"] for one in missing.not_mailed} == {"Connection refused"}
    with mail_server() as (server, port):
        found = press_of(database, press_list(port)).publish_statement(order(story, "press"))
    assert (len(server.took), len(found.mailed), found.not_mailed) == (3, 3, [])


class SlowClock:
    """A clock on which each look takes 20 seconds: the second message has no time any more."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        self.at += 20.0
        return self.at

    def sleep(self, _seconds: float) -> None:
        """Wait for nothing."""


@pytest.mark.parametrize("attempt", [1, newsrooms.LAST_ATTEMPT])
def test_where_time_is_over_another_attempt_goes_on_and_the_last_one_tells(
    database: Database, story: Story, monkeypatch: pytest.MonkeyPatch, attempt: int
) -> None:
    recorded(database, story)
    asked = ActivityEnvironment()
    asked.info = replace(asked.info, attempt=attempt)
    with mail_server() as (server, port):
        press = press_of(database, press_list(port))
        with monkeypatch.context() as patch:
            patch.setattr(newsrooms, "time", SlowClock())
            patch.setattr(newsrooms, "ROUND_S", 50.0)
            if attempt == 1:
                with pytest.raises(ApplicationError) as raised:
                    asked.run(press.publish_statement, order(story, "press"))
                assert (raised.value.type, raised.value.non_retryable) == ("not_done_yet", False)
            else:
                late = asked.run(press.publish_statement, order(story, "press"))
                assert lacking(late) == {"晚报": "unreached", "Radio": "unreached"}
                assert {one["why"] for one in late.not_mailed} == {NO_TIME}
        assert len(server.took) == 1
        assert len(press.publish_statement(order(story, "press")).mailed) == 3
    assert reader_of(server) == sorted([DESK, EVENING, NEWS])


def many(count: int) -> list[dict[str, Any]]:
    numbers = map(str, range(count))
    return [
        DAILY | {"id": n, "name": f"Paper {n}", "address": f"{n}@news.example"} for n in numbers
    ]


def test_a_slow_server_leaves_nobody_out_and_each_message_is_a_sign_of_life(
    database: Database, story: Story
) -> None:
    recorded(database, story)
    asked, beats = ActivityEnvironment(), list[Any]()
    asked.on_heartbeat = lambda *told: beats.append(told)
    with mail_server() as (server, port):
        server.pause_s = 0.05
        press = press_of(database, press_list(port, *many(30)))
        stands = asked.run(press.publish_statement, order(story, "press"))
    assert (len(stands.mailed), stands.not_mailed, len(server.took)) == (30, [], 30)
    assert len(beats) == 30


def test_three_hundred_newsrooms_at_five_seconds_have_time_and_no_message_outlasts_its_limit() -> (
    None
):
    looking_up_a_name = 30.0
    message = press_mail.MESSAGE_S + 2 * press_mail.LEAVE_S + looking_up_a_name
    assert PUBLISH.heartbeat is not None
    assert NEWSROOMS_AT_MOST * 5.0 < newsrooms.ROUND_S
    assert newsrooms.ROUND_S + message < PUBLISH.attempt.total_seconds()
    assert message + max(newsrooms.PAUSES_S) < PUBLISH.heartbeat.total_seconds()


def test_those_that_had_no_turn_come_before_those_that_were_put_off(
    database: Database, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded(database, story)
    with mail_server() as (server, port):
        press = press_of(database, press_list(port))
        server.answers[DESK] = ["451 4.7.1 Greylisted"] * 3
        monkeypatch.setattr(newsrooms, "ROUND_S", 0.0)
        press.publish_statement(order(story, "press"))
        outbox.put_off(database.bulk, [KEY.format("S1", "daily")], "451 4.7.1 Greylisted")
        monkeypatch.undo()
        press.publish_statement(order(story, "press"))
        assert [reader for _, reader, _ in server.took] == [EVENING, NEWS]


def test_a_server_that_breaks_over_each_message_puts_few_in_doubt(
    database: Database, story: Story
) -> None:
    recorded(database, story)
    with mail_server() as (server, port):
        papers = many(40)
        server.after_data = {each["address"]: "hang up" for each in papers}
        stands = press_of(database, press_list(port, *papers)).publish_statement(
            order(story, "press")
        )
    fates = list(lacking(stands).values())
    in_doubt = press_mail.BROKE_AT_MOST * len(newsrooms.PAUSES_S)
    assert (fates.count("unsure"), fates.count("unreached")) == (in_doubt, 40 - in_doubt)


def test_a_correction_goes_to_whoever_got_the_first_word_in_its_language_and_answers_it(
    database: Database, story: Story
) -> None:
    """Radio is of the US; the correction is for China alone: it got the first word, so it gets it.

    The evening paper reads English first by now: it got Chinese.
    """
    recorded(database, story)
    with mail_server() as (server, port):
        server.answers[DESK] = ["550 5.1.1 User unknown"]
        press_of(database, press_list(port)).publish_statement(order(story, "press"))
        english_first = press_list(port, DAILY, NIGHT | {"languages": ["en", "zh-CN"]}, RADIO)
        stands = press_of(database, english_first).publish_statement(correction(story))
    assert set(stands.mailed) == {"Daily News", "晚报", "Radio"}
    assert server.to(EVENING)[1]["Subject"] == now(story, "S2").texts[0].title
    for newsroom, reader in (("night", EVENING), ("radio", NEWS)):
        first, second = server.to(reader)
        of = message_id(KEY.format("S1", newsroom), "qinglan.example")
        assert (first["Message-ID"], second["In-Reply-To"], second["References"]) == (of, of, of)
    (only,) = server.to(DESK)
    assert only["In-Reply-To"] is None


def test_a_correction_answers_the_first_word_also_when_we_write_from_another_domain(
    database: Database, story: Story
) -> None:
    recorded(database, story)
    moved = {"from": "press@group.example"}
    with mail_server() as (server, port):
        server.answers[NEWS] = ["451 4.7.1 Greylisted"] * 3
        press_of(database, press_list(port)).publish_statement(order(story, "press"))
        press_of(database, press_list(port, **moved)).publish_statement(order(story, "press"))
        press_of(database, press_list(port, **moved)).publish_statement(correction(story))
    for newsroom, reader in (("night", EVENING), ("radio", NEWS)):
        first, second = server.to(reader)
        of = message_id(KEY.format("S1", newsroom), "qinglan.example")
        assert (first["Message-ID"], second["In-Reply-To"]) == (of, of)
        assert second["Message-ID"].endswith("@group.example>")


def test_a_correction_goes_to_a_newsroom_whose_mail_came_back_too(
    database: Database, story: Story
) -> None:
    """Radio is of the US alone, and an address may have several readers."""
    recorded(database, story)
    with mail_server() as (server, port):
        press = press_of(database, press_list(port, RADIO))
        press.publish_statement(order(story, "press"))
        outbox.set_state(database.bulk, KEY.format("S1", "radio"), "bounced")
        assert press.publish_statement(correction(story)).mailed == ["Radio"]
    assert len(server.to(NEWS)) == 2


def test_whoever_got_the_first_word_and_is_no_longer_on_the_list_is_named(
    database: Database, story: Story
) -> None:
    recorded(database, story)
    with mail_server() as (_, port):
        press_of(database, press_list(port)).publish_statement(order(story, "press"))
        gone = press_of(database, None).publish_statement(correction(story))
        stands = press_of(database, press_list(port, DAILY)).publish_statement(correction(story))
    assert stands.mailed == ["Daily News"]
    assert lacking(stands) == {"晚报": Fate.UNLISTED, "Radio": Fate.UNLISTED}
    assert set(lacking(gone)) == {"Daily News", "晚报", "Radio"}


def test_a_newsroom_of_another_market_gets_no_first_word(database: Database, story: Story) -> None:
    recorded(database, story)
    with mail_server() as (server, port):
        stands = press_of(database, press_list(port)).publish_statement(correction(story))
    assert (sorted(stands.mailed), NEWS in reader_of(server)) == (["Daily News", "晚报"], False)


def test_without_a_press_list_all_is_as_before(database: Database, story: Story) -> None:
    recorded(database, story)
    stands = press_of(database, None).publish_statement(order(story, "press"))
    assert (stands.mailed, stands.not_mailed, states(database)) == ([], [], {})
