"""Letters to the team over real SMTP: each goes out by itself, once, and holds up nothing."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from typing import Any

import pytest
import sqlalchemy as sa
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities import moment, team_letters
from activities.letter_records import IN_HAND
from activities.long_round import ROUND_S
from activities.messages import MessageActivities
from activities.team_letters import TeamLetters
from domain.envelope import Told
from integrations.mail_server import MailServer
from integrations.team_mail import TeamMail
from storage import outbox, people
from storage.database import Database, open_database
from storage.engine import write
from storage.schema import outbox as rows
from tests.api.serving import free_port
from tests.database import database, postgres
from tests.integrations.newsrooms import Server, mail_server
from workflows.calls import SEND_LETTERS
from workflows.schedules import LETTERS_EVERY

__all__ = ["database", "postgres"]

INCIDENT = "INC-2026-0001"
SU, LIN, BAI = (f"{one}@qinglan.example" for one in ("su.ran", "lin.wei", "bai.lu"))
STANDS_STILL = {"kind": "stands_still", "roles": ["duty_officer"]}


def by(port: int) -> TeamMail:
    """The company's mail server on a port of this machine."""
    server = MailServer(
        host="127.0.0.1", port=port, tls="none", sender="recall@qinglan.example", name="青岚"
    )
    return TeamMail(server=server, reply_to="desk@qinglan.example", mark=lambda key: key[-3:])


def staff(database: Database, *addresses: str | None) -> None:
    """Let people be on duty, one an address."""
    for address in addresses:
        person = people.Person(
            id=(address or "no.mail").partition("@")[0], name_zh="值", name_en="On duty",
            roles=("duty_officer",), language="en", email=address,
        )  # fmt: skip
        people.save_person(database.ledger, person)


def tell(
    database: Database, mail: TeamMail | None, number: int = 1, **more: Any
) -> list[outbox.Message]:
    """Tell whoever is on duty that an incident stands still; give the letters as kept."""
    told = Told(f"{INCIDENT}/1:{number}:tell:x", INCIDENT, more.pop("drill", ""), STANDS_STILL)
    MessageActivities(database.ledger, database.bulk, "http://console.test", mail).tell([told])
    return outbox.messages_under(database.bulk, INCIDENT, told.effect_key)


def send(database: Database, mail: TeamMail | None) -> int:
    """Look once at what waits."""
    return TeamLetters(database.bulk, mail, round_s=0.0).send_letters().looked_at


def stand(database: Database) -> dict[str, tuple[str, str]]:
    found = outbox.list_messages(database.bulk, incident=INCIDENT)
    return {one.recipient: (one.state, one.reason) for one in found}


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try again without a pause."""
    monkeypatch.setattr(team_letters, "PAUSE", dict.fromkeys(team_letters.PAUSE, timedelta(0)))
    monkeypatch.setattr(team_letters, "LONGEST_PAUSE", timedelta(0))


def test_each_of_the_team_gets_the_words_of_the_outbox_once(database: Database) -> None:
    staff(database, SU, LIN, BAI)
    with mail_server() as (server, port):
        kept = tell(database, by(port))
        assert {one.state for one in kept} == {"later"}
        assert [send(database, by(port)) for _ in range(2)] == [3, 0]
        tell(database, by(port))
        assert send(database, by(port)) == 0, "the same told again is no other letter"
    assert sorted(reader for _, reader, _ in server.took) == sorted([SU, LIN, BAI])
    assert set(stand(database).values()) == {("sent", "250 OK")}
    by_reader = {one.recipient: one for one in kept}
    for sender, reader, told in server.took:
        row = by_reader[reader]
        assert sender == f"recall+{row.effect_key[-3:]}@qinglan.example"
        assert (told["Subject"], told["Message-ID"]) == (row.subject, row.message_id)
        assert told.get_content().replace("\r\n", "\n") == f"{row.body}\n"
        assert told["Auto-Submitted"] == "auto-generated"
        assert told["Reply-To"] == "desk@qinglan.example"


@pytest.mark.parametrize(
    ("address", "is_named", "drill", "state", "goes"),
    [
        pytest.param(SU, False, "", "shown", False, id="a demo, or no mail server"),
        pytest.param(None, True, "", "no_address", False, id="no address"),
        pytest.param("su.ran", True, "", "no_address", False, id="an address that is none"),
        pytest.param(f"{SU}\r\nBcc: x@y.example", True, "", "no_address", False, id="two heads"),
        pytest.param(SU, True, "May", "sent", True, id="a drill"),
    ],
)
def test_what_becomes_of_a_letter(
    database: Database, address: str | None, is_named: bool, drill: str, state: str, goes: bool
) -> None:
    staff(database, address)
    with mail_server() as (server, port):
        tell(database, by(port) if is_named else None, drill=drill)
        send(database, by(port))
    assert [found for found, _ in stand(database).values()] == [state]
    assert len(server.took) == goes
    assert all(told["Subject"].startswith("DRILL 演练") for *_, told in server.took)


def test_a_subject_begins_no_other_head(database: Database) -> None:
    with mail_server() as (server, port):
        row = outbox.Message(
            effect_key="k", incident=INCIDENT, audience="team", channel="email", recipient=SU,
            language="en", created_at=moment.now(), subject="Stop\r\nBcc: thief@other.example\n\nHi",
            body="Stop.\n.\nQUIT", state="later", message_id="<k@qinglan.example>",
        )  # fmt: skip
        outbox.keep_messages(database.bulk, [row])
        send(database, by(port))
    [(_, reader, told)] = server.took
    assert (reader, told["Bcc"]) == (SU, None)
    assert told["Subject"] == "Stop Bcc: thief@other.example Hi"
    assert told.get_content().replace("\r\n", "\n") == f"{row.body}\n"


def test_a_server_that_is_down_is_said_and_the_letter_goes_when_it_is_back(
    database: Database,
) -> None:
    staff(database, SU, LIN)
    port = free_port()
    tell(database, by(port))
    assert send(database, by(port)) == 0
    assert set(stand(database).values()) == {("later", "Connection refused")}
    with mail_server() as (server, port):
        assert send(database, by(port)) == 2
    assert set(stand(database).values()) == {("sent", "250 OK")}
    assert len(server.took) == 2


def put_off(server: Server) -> None:
    server.answers[SU] = ["451 4.7.1 Greylisted"]


def lost(server: Server) -> None:
    server.after_data[SU] = "hang up"


@pytest.mark.parametrize(
    ("trouble", "state", "said"),
    [
        pytest.param(put_off, "later", "451 4.7.1 Greylisted", id="4xx"),
        pytest.param(lost, "unsure", "Connection unexpectedly closed", id="lost"),
    ],
)
def test_what_was_not_taken_goes_again_after_a_pause_as_the_same_letter(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[Server], None],
    state: str,
    said: str,
) -> None:
    staff(database, SU)
    with mail_server() as (server, port):
        [kept] = tell(database, by(port))
        trouble(server)
        send(database, by(port))
        assert stand(database) == {SU: (state, said)}
        assert send(database, by(port)) == 0, "not at once"
        monkeypatch.setitem(team_letters.PAUSE, state, timedelta(0))
        monkeypatch.setattr(team_letters, "LONGEST_PAUSE", timedelta(0))
        assert send(database, by(port)) == 1
        [told] = server.to(SU)
    assert told["Message-ID"] == kept.message_id
    assert told["Date"].datetime == kept.created_at.replace(microsecond=0)
    assert told.get_content().replace("\r\n", "\n") == f"{kept.body}\n"


def test_what_a_server_refuses_is_not_tried_again_and_holds_no_other(
    database: Database, at_once: None
) -> None:
    staff(database, SU, LIN)
    with mail_server() as (server, port):
        server.answers[SU] = [f"550 5.1.1 <{SU}>: User unknown"]
        tell(database, by(port))
        assert [send(database, by(port)) for _ in range(2)] == [2, 0]
    assert stand(database) == {
        SU: ("failed", "550 5.1.1 …: User unknown"), LIN: ("sent", "250 OK"),
    }  # fmt: skip


def test_two_rounds_at_one_moment_send_each_letter_once(database: Database, at_once: None) -> None:
    staff(database, *(f"p{number}@qinglan.example" for number in range(12)))
    with mail_server() as (server, port):
        server.pause_s = 0.05
        tell(database, by(port))
        with ThreadPoolExecutor(3) as threads:
            tried = list(threads.map(lambda _: send(database, by(port)), range(3)))
    assert (sum(tried), len(server.took)) == (12, 12)
    assert {state for state, _ in stand(database).values()} == {"sent"}


def send_alone(url: str, port: int) -> None:
    """Send what waits, in a process of its own."""
    opened = open_database(url)
    send(opened, by(port))


def test_what_was_in_the_hands_of_a_process_that_died_goes_again_as_the_same_letter(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff(database, SU)
    url = database.ledger.url.render_as_string(hide_password=False)
    with mail_server() as (server, port):
        [kept] = tell(database, by(port))
        server.stuck_at = ("DATA", SU)
        process = get_context("spawn").Process(target=send_alone, args=(url, port))
        process.start()
        try:
            assert server.is_stuck.wait(60)
        finally:
            process.kill()
            process.join()
        process.close()
        server.stuck_at = None
        assert stand(database) == {SU: ("sending", "")}
        assert send(database, by(port)) == 0, "it may still be in somebody's hand"
        monkeypatch.setattr(team_letters, "IN_HAND", timedelta(0))
        assert send(database, by(port)) == 1
        assert [one["Message-ID"] for one in server.to(SU)] == [kept.message_id] * 2
    assert stand(database) == {SU: ("sent", "250 OK")}


def aged(database: Database, state: str, age: timedelta) -> None:
    """Let every letter be this old, in this state."""
    then = moment.now() - age
    with write(database.bulk) as connection:
        values = {"state": state, "created_at": then, "tried_at": then}
        connection.execute(sa.update(rows).values(**values))


@pytest.mark.parametrize(
    ("before", "hours", "after"),
    [
        pytest.param("shown", 1, "shown", id="written before a server was named"),
        pytest.param("later", 23, "sent", id="a night in the queue"),
        pytest.param("later", 25, "failed", id="a day in the queue"),
        pytest.param("sending", 25, "unsure", id="died a day ago"),
        pytest.param("unsure", 25, "unsure", id="in doubt since a day"),
    ],
)
def test_what_is_a_day_old_does_not_go_out_any_more(
    database: Database, before: str, hours: int, after: str
) -> None:
    staff(database, SU)
    with mail_server() as (server, port):
        tell(database, by(port))
        aged(database, before, timedelta(hours=hours))
        send(database, by(port))
    assert [state for state, _ in stand(database).values()] == [after]
    assert len(server.took) == (after == "sent")


@pytest.mark.parametrize(
    ("state", "age", "minutes", "is_due"),
    [
        pytest.param("later", 0, 0.2, False, id="put off a moment ago"),
        pytest.param("later", 0, 0.3, True, id="put off for a quarter of a minute"),
        pytest.param("unsure", 0, 0.9, False, id="in doubt since a moment"),
        pytest.param("unsure", 0, 1.1, True, id="in doubt for a minute"),
        pytest.param("later", 10, 9, False, id="ten minutes old, tried nine ago"),
        pytest.param("later", 10, 11, True, id="ten minutes old, tried eleven ago"),
        pytest.param("later", 600, 29, False, id="ten hours old, tried twenty-nine ago"),
        pytest.param("later", 600, 31, True, id="ten hours old, tried half an hour ago"),
    ],
)
def test_pauses_grow_with_a_letters_age(
    database: Database, state: str, age: float, minutes: float, is_due: bool
) -> None:
    staff(database, SU)
    with mail_server() as (_server, port):
        tell(database, by(port))
        tried_at = moment.now() - timedelta(minutes=minutes)
        values = {
            "state": state, "tried_at": tried_at, "created_at": tried_at - timedelta(minutes=age),
        }  # fmt: skip
        with write(database.bulk) as connection:
            connection.execute(sa.update(rows).values(**values))
        assert send(database, by(port)) == is_due


def test_a_server_that_hangs_over_one_holds_no_other_and_no_telling(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team_letters, "HAND_OVER_S", 6.0)
    staff(database, SU, LIN, BAI)
    with mail_server() as (server, port), ThreadPoolExecutor(1) as threads:
        server.stuck_at = ("RCPT", SU)
        tell(database, by(port))
        sending = threads.submit(send, database, by(port))
        assert server.is_stuck.wait(20)
        began = time.monotonic()
        tell(database, by(port), number=2)
        while len(server.took) < 2:
            time.sleep(0.02)
            assert time.monotonic() - began < 5
        assert not sending.done()
        assert sending.result() == 3
    assert stand_of(database, 1)[SU][0] == "later"


def stand_of(database: Database, number: int) -> dict[str, tuple[str, str]]:
    found = outbox.messages_under(database.bulk, INCIDENT, f"{INCIDENT}/1:{number}:")
    return {one.recipient: (one.state, one.reason) for one in found}


# ---------------------------------------------------------------- the round


def test_a_round_sends_what_is_written_meanwhile_with_signs_of_life(database: Database) -> None:
    staff(database, SU)
    asked, beats = ActivityEnvironment(), list[Any]()
    asked.info = replace(asked.info, scheduled_time=moment.now(), started_time=moment.now())
    asked.on_heartbeat = lambda *told: beats.append(told)
    with mail_server() as (server, port), ThreadPoolExecutor(1) as threads:
        round_of = TeamLetters(database.bulk, by(port), round_s=4.0)
        running = threads.submit(asked.run, round_of.send_letters)
        time.sleep(1.5)
        assert not server.took
        began = time.monotonic()
        tell(database, by(port))
        while not server.took:
            time.sleep(0.02)
        assert time.monotonic() - began < 2.5
        assert running.result().looked_at == 1
    assert len(beats) >= 3


def test_a_round_of_a_worker_that_stops_is_left_to_the_next(database: Database) -> None:
    asked = ActivityEnvironment()
    asked.info = replace(asked.info, scheduled_time=moment.now(), started_time=moment.now())
    asked.worker_shutdown()
    began = time.monotonic()
    with pytest.raises(ApplicationError) as raised:
        asked.run(TeamLetters(database.bulk, by(9)).send_letters)
    assert (raised.value.type, raised.value.non_retryable) == ("not_done_yet", False)
    assert time.monotonic() - began < 5


def test_a_worker_that_stops_begins_no_other_letter(database: Database) -> None:
    staff(database, *(f"p{number}@qinglan.example" for number in range(40)))
    asked = ActivityEnvironment()
    asked.info = replace(asked.info, scheduled_time=moment.now(), started_time=moment.now())
    with mail_server() as (server, port), ThreadPoolExecutor(1) as threads:
        server.pause_s = 1.0
        tell(database, by(port))
        running = threads.submit(asked.run, TeamLetters(database.bulk, by(port)).send_letters)
        while not server.took:
            time.sleep(0.02)
        began = time.monotonic()
        asked.worker_shutdown()
        with pytest.raises(ApplicationError, match="another worker"):
            running.result()
        assert time.monotonic() - began < 5
        assert len(server.took) < 20
    states = [state for state, _ in stand(database).values()]
    assert states.count("sent") == len(server.took)
    assert states.count("later") == 40 - len(server.took), "none is left in hand"


def test_a_round_is_over_before_the_next_and_before_its_limit() -> None:
    letter_s = team_letters.HAND_OVER_S + 10.0
    assert letter_s < IN_HAND.total_seconds()
    assert LETTERS_EVERY.total_seconds() > ROUND_S
    assert ROUND_S + letter_s < SEND_LETTERS.attempt.total_seconds()
