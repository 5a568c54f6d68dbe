"""Previews under embargo: who has the address reads the words, everybody else nothing at all."""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from starlette.requests import Request

from activities.ledger import LedgerActivities
from api.edge import as_logged
from api.pages.preview import _embargo
from domain.enquiries import SetAgreedLine
from domain.envelope import RecordBatch
from domain.incident import new_incident
from domain.ledger import read_entry
from domain.people import PERFORMER
from domain.previews import SharePreview, WithdrawPreview
from domain.rules import rules_text
from domain.state.statement import Preview
from domain.statement import StatementDrafted
from domain.values import PrivateText, PublicText
from integrations.key_ring import KeyRing, Purpose
from services.house import House
from services.previews import PREVIEWS, Previewed, find, path_of
from storage import incidents, publications
from storage import rules as rule_store
from tests.api.markup import faults_of
from tests.api.serving import Served
from tests.domain.story import SERIOUS, Story, rules
from tests.domain.texts import (
    AUTHOR,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    now,
    placed,
    publish,
    revised,
    text,
)

pytestmark = pytest.mark.xdist_group("api")

SECRET = PrivateText(ref="r", commitment="c", subject="s")
HEADERS = {
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "referrer-policy": "no-referrer",
}


@dataclass
class Kept:
    """An incident with an approved text in two languages, and what is recorded of it."""

    served: Served
    key: str
    drill: str = ""
    story: Story = field(init=False)
    recorded: int = 0

    def __post_init__(self) -> None:
        """Tell it until the text is approved and shared once, for two hours."""
        engine, at = self.served.database.ledger, datetime.now(UTC)
        kept = rule_store.keep_rules(engine, "incident", rules_text(rules()).encode(), at)
        reserved = incidents.Reservation(
            command_id=self.key, digest="d", created_at=at, reported_by="li", title="Cream",
            rules_hash=kept, drill=self.drill,
        )  # fmt: skip
        number = incidents.reserve_number(engine, at.year, reserved).id
        self.story = Story(now=at, incident=new_incident(number, rules(), drill=self.drill))
        self.story.accepted(SERIOUS)
        handed_in(self.story, draft("holding", text(), text("de", body="Verkauf & Preis < 3.")))
        approved(self.story)
        self.share(hours=2)

    def share(self, **ahead: float) -> None:
        """Share the text once more."""
        self.story.did(
            PR_LEAD,
            SharePreview(
                statement="S1",
                sha256=now(self.story).sha256,
                whom=SECRET,
                until=self.story.now + timedelta(**ahead),
            ),
        )
        self.record()

    def record(self) -> None:
        """Write down what happened since."""
        leaves = [leaf.decode() for leaf in self.story.leaves[self.recorded :]]
        batch = RecordBatch(
            stream=self.story.incident.id, first=self.recorded + 1, leaves=leaves, run=1
        )
        LedgerActivities(self.served.database.ledger).record(batch)
        self.recorded = len(self.story.leaves)

    @property
    def house(self) -> House:
        """Give the house that answers."""
        assert self.served.app is not None
        house: House = self.served.app.state.house
        return house

    def path(self, number: int = 1) -> str:
        """Give the address of a preview."""
        one = now(self.story).previews[number - 1]
        return path_of(self.house, self.story.incident.id, "S1", one)

    def put_out(self) -> None:
        """Publish it at the public place."""
        self.story.did(PR_LEAD, publish(now(self.story), "site"))
        self.story.did(PERFORMER, placed(now(self.story), "site"))
        self.record()
        number = self.story.incident.id
        entries = map(read_entry, self.story.leaves)
        made = next(one.event for one in entries if isinstance(one.event, StatementDrafted))
        publications.keep_text(
            self.served.database.ledger,
            publications.StoredText(
                incident=number, statement="S1", version=1, place="site", kind="holding",
                drill="", sha256=made.sha256, at=self.story.now,
                content=made.bundle(number).content(),
            ),
        )  # fmt: skip


@pytest.fixture(scope="module")
def kept(served: Served) -> Kept:
    """Give a text that is shared and stays so."""
    return Kept(served, "preview")


@pytest.fixture
def anyone(served: Served) -> Iterator[httpx2.Client]:
    """Give somebody without an account."""
    with served.visitor() as visitor:
        yield visitor


@pytest.fixture(scope="module")
def nothing(served: Served) -> bytes:
    """Give what an address gets that nobody ever had."""
    with served.visitor() as visitor:
        return visitor.get(f"{PREVIEWS}INC-2026-0001-S1-1-{'0' * 64}").content


def test_the_words_stand_in_each_language_below_the_embargo(
    kept: Kept, anyone: httpx2.Client
) -> None:
    page = anyone.get(kept.path())
    assert page.status_code == 200
    assert page.headers.items() >= HEADERS.items()
    assert "EMBARGO until" in page.text
    for own in ("SPERRFRIST bis", "保密期至", "Beijing time", "Pekinger Zeit", "北京时间"):
        assert own in page.text
    assert page.text.index("EMBARGO until") < page.text.index("<main>")
    assert "我们已停止销售，正在调查。" in page.text
    assert "Verkauf &amp; Preis &lt; 3." in page.text
    assert faults_of(page.text) == []
    assert "DRILL" not in page.text


@pytest.mark.parametrize(
    ("wanted", "first", "said"),
    [
        ("de", "de", "SPERRFRIST bis"), ("zh-CN", "zh-CN", "保密期至"),
        ("fr,en;q=0.8", "zh-CN", "EMBARGO until"), ("fr,de;q=0.8", "de", "SPERRFRIST bis"),
    ],
)  # fmt: skip
def test_it_opens_in_the_language_of_its_reader(
    kept: Kept, anyone: httpx2.Client, wanted: str, first: str, said: str
) -> None:
    page = anyone.get(kept.path(), headers={"Accept-Language": wanted}).text
    assert f'<html lang="{first}">' in page
    lines = re.findall(r"<strong>(.*?)</strong>", page)
    assert lines[0].startswith(said)
    assert sum(line.startswith("EMBARGO until") for line in lines) == 1


@pytest.mark.parametrize("language", ["en-GB", "pt"])
def test_its_embargo_stands_once_in_english(language: str) -> None:
    request = Request({"type": "http", "headers": []})
    story = Story()
    story.accepted(SERIOUS)
    story.did(AUTHOR, draft("holding", text("en"), text(language)))
    shared = Preview(
        number=1, seq=1, version=1, sha256="", whom=SECRET, until=story.now, by="", at=story.now
    )
    found = Previewed(story.incident, now(story), shared, None)
    said = [line["text"] for line in _embargo(request, found)]
    assert [line.startswith("EMBARGO until") for line in said] == [True, False]


def test_an_address_that_shows_nothing_names_the_company_alone(
    served: Served, anyone: httpx2.Client, nothing: bytes
) -> None:
    with served.visitor() as visitor:
        german = visitor.get(f"{PREVIEWS}x", headers={"Accept-Language": "de"}).text
    assert "<h1>Unter dieser Adresse steht nichts." in german
    assert "<footer><p>" in german
    assert faults_of(german) == []


def test_nothing_on_it_leads_anywhere_and_no_script_runs(kept: Kept, anyone: httpx2.Client) -> None:
    page = anyone.get(kept.path()).text
    assert not re.search(r"<(a|form|nav|script|iframe|img)\b", page)
    assert "/recalls" not in page
    assert kept.path().rpartition("-")[2] not in page
    assert anyone.head(kept.path()).headers.items() >= HEADERS.items()


def test_it_is_in_no_list(kept: Kept, anyone: httpx2.Client) -> None:
    title = now(kept.story).texts[0].title
    for place in ("/recalls", "/recalls/feed.atom", "/recalls/feed.json", "/robots.txt"):
        told = anyone.get(place).text
        assert title not in told
        assert PREVIEWS not in told
    assert anyone.get(f"/recalls/{kept.story.incident.id}-S1").status_code == 404


# ---------------------------------------------------------------- what shows nothing


def _other(path: str, **parts: str) -> str:
    """Give an address with another part: incident, statement, number or token."""
    found = re.fullmatch(r"/preview/(?P<incident>\w+-\d+-\d+)-(?P<statement>S\d+)-(?P<number>\d+)-"
                         r"(?P<token>\w+)", path)  # fmt: skip
    assert found is not None
    named = {**found.groupdict(), **parts}
    return PREVIEWS + "-".join(named.values())


HOSTILE: dict[str, Callable[[str], str]] = {
    "guessed": lambda p: _other(p, token="0" * 64),
    "truncated": lambda p: p[:-1],
    "half of it": lambda p: p[:-32],
    "the other half": lambda p: _other(p, token=p[-32:] * 2),
    "its second half wrong": lambda p: p[:-32] + "0" * 32,
    "longer": lambda p: p + "0",
    "10,000 long": lambda p: _other(p, token="a" * 10_000),
    "1,500 long": lambda p: _other(p, token="a" * 1_500),
    "capitals": lambda p: _other(p, token=p[-64:].upper()),
    "another text": lambda p: _other(p, statement="S2"),
    "another number": lambda p: _other(p, number="2"),
    "a zero before it": lambda p: _other(p, number="01"),
    "another incident": lambda p: _other(p, incident="INC-2026-9998"),
    "no incident": lambda p: _other(p, incident="INC-1999-9999"),
    "full-width digits": lambda p: _other(p, number="１"),
    "unicode": lambda p: _other(p, token="密" * 64),
    "an emoji": lambda p: _other(p, token="🔑" * 16),
    "half a character": lambda p: p + "%ED%A0%80",
    "NUL": lambda p: p + "%00",
    "a line end": lambda p: p + "%0A",
    "a page below": lambda p: p + "/x",
    "a slash": lambda p: p + "/",
    "a way up": lambda p: PREVIEWS + "%2e%2e%2f" + p,
    "nothing": lambda _p: PREVIEWS,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_every_wrong_address_gets_the_very_same_page(
    case: str, kept: Kept, anyone: httpx2.Client, nothing: bytes
) -> None:
    path = HOSTILE[case](kept.path())
    page = anyone.get(path)
    assert (page.status_code, page.content) == (404, nothing)
    assert page.headers.items() >= HEADERS.items()
    assert "<a " not in page.text
    assert anyone.get(kept.path()).status_code == 200


def withdrawn(one: Kept) -> None:
    one.story.did(PR_LEAD, WithdrawPreview(statement="S1", number=1, reason=PublicText("泄露。")))


def changed(one: Kept) -> None:
    one.story.did(AUTHOR, revised(now(one.story), text(body="改过的文本。")))


def blocked(one: Kept) -> None:
    line = SetAgreedLine(messages=(PublicText("已停售"),), do_not_say=(PublicText("正在调查"),))
    one.story.did(PR_LEAD, line)


@pytest.mark.parametrize("close", [withdrawn, changed, blocked], ids=lambda one: one.__name__)
def test_what_was_closed_shows_the_same_nothing(
    close: Callable[[Kept], None], served: Served, anyone: httpx2.Client, nothing: bytes
) -> None:
    one = Kept(served, f"preview {close.__name__}")
    path = one.path()
    assert anyone.get(path).status_code == 200
    close(one)
    one.record()
    page = anyone.get(path)
    assert (page.status_code, page.content) == (404, nothing)
    assert page.headers.items() >= HEADERS.items()


def test_what_is_over_shows_the_same_nothing(
    served: Served, anyone: httpx2.Client, nothing: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Kept(served, "preview over")
    later = one.story.now + timedelta(hours=2)
    monkeypatch.setattr(one.house, "now", lambda: later)
    page = anyone.get(one.path())
    assert (page.status_code, page.content) == (404, nothing)


def test_who_guesses_asks_no_database(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether there is such an incident is told by nothing, not even by how long it takes."""
    asked: list[str] = []
    load = incidents.load_state

    def counted(engine: Any, incident: str) -> Any:
        asked.append(incident)
        return load(engine, incident)

    monkeypatch.setattr(incidents, "load_state", counted)
    for case, make in HOSTILE.items():
        if case != "its second half wrong":
            assert find(kept.house, make(kept.path()).removeprefix(PREVIEWS)) is None
    assert asked == []
    assert find(kept.house, kept.path().removeprefix(PREVIEWS)) is not None
    assert asked == [kept.story.incident.id]


def test_a_post_there_is_answered_alike(kept: Kept, anyone: httpx2.Client, nothing: bytes) -> None:
    page = anyone.post(kept.path())
    assert (page.status_code, page.content) == (404, nothing)


# ---------------------------------------------------------------- drills, publication, keys


def test_a_drill_carries_its_mark(served: Served, anyone: httpx2.Client) -> None:
    page = anyone.get(Kept(served, "preview drill", drill="exercise").path())
    assert page.status_code == 200
    assert page.text.index("DRILL 演练") < page.text.index("EMBARGO until")


def test_once_published_it_leads_to_the_public_notice(
    served: Served, anyone: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Kept(served, "preview published")
    one.put_out()
    public = f"/recalls/{one.story.incident.id}-S1"
    later = one.story.now + timedelta(days=3)
    for _ in range(2):
        page = anyone.get(one.path())
        assert (page.status_code, page.headers["location"]) == (303, public)
        assert page.headers.items() >= HEADERS.items()
        monkeypatch.setattr(one.house, "now", lambda: later)
    assert anyone.get(public).status_code == 200


def test_an_address_outlives_a_rotation_of_the_keys(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = "o" * 32, "n" * 32
    monkeypatch.setattr(kept.house, "ring", KeyRing.from_secret(old))
    path = kept.path()
    monkeypatch.setattr(kept.house, "ring", KeyRing.from_secret(new, old))
    assert find(kept.house, path.removeprefix(PREVIEWS)) is not None
    assert kept.path() != path
    monkeypatch.setattr(kept.house, "ring", KeyRing.from_secret(new))
    assert find(kept.house, path.removeprefix(PREVIEWS)) is None


def test_an_address_holds_no_part_of_the_key_and_stands_nowhere(kept: Kept) -> None:
    secret = kept.house.ring.current(Purpose.LINK).secret.hex()
    token = kept.path().rpartition("-")[2]
    assert len(token) == 64
    assert secret not in kept.path()
    for leaf in kept.story.leaves:
        assert token[:32] not in leaf.decode()
        assert token[32:] not in leaf.decode()


def test_the_log_never_holds_an_address(
    kept: Kept,
    anyone: httpx2.Client,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    assert as_logged("/recalls/x") == "/recalls/x"
    monkeypatch.setattr(incidents, "load_state", broken)
    with caplog.at_level(logging.DEBUG, logger="andon.api"):
        assert anyone.get(kept.path()).status_code == 500
    assert "GET /preview/…" in caplog.text
    assert kept.path().rpartition("-")[2] not in caplog.text
