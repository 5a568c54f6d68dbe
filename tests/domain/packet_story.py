"""What the stories of reports to authorities are told with: a full incident, an almost empty one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from activities.filing_forms import form
from domain.authorities import RecordAuthorityAct
from domain.cases import CaseRegistered, RegisterCase
from domain.effectiveness import drawn_for_checks
from domain.facts import RecordFact
from domain.finding import SignFinding
from domain.hazard import HazardEvaluated
from domain.ledger import read_entry
from domain.markets import market_of
from domain.packet_terms import (
    Account,
    CompanyKnown,
    FromEntries,
    ListedConsignee,
    ListedLot,
    ListedPerson,
    ListedProduct,
    Names,
    Packet,
    PacketField,
    Told,
)
from domain.packets import packet
from domain.recall_terms import RecallMethod
from domain.regulation_terms import AuthorityActKind, FilingKind, Obliged
from domain.scope import LotAnswer
from domain.severity import Outcome
from domain.state.investigation import FindingOutcome
from domain.state.notice import Duty
from domain.values import LotNumber, PrivateText, ProductId, PublicText
from services.packets import speech
from tests.domain.duties import Notified
from tests.domain.recalls import (
    LEGAL,
    QSR,
    QUALITY,
    REGULATORY,
    SERVICE,
    SHOPS,
    SUPPLY,
    answer,
    check,
    disposal,
    goods,
    letter,
    public_notice,
    running,
)
from tests.domain.story import MILD, Story

WHO = PrivateText(ref="who", commitment="c1", subject="s")
ACCOUNT = PrivateText(ref="account", commitment="c2", subject="s")
OPENED = {"who": "Emilia Sealed, Hamburg", "account": "Her face burned at once."}

CREAM = ListedProduct(
    id="cream",
    name=Names(en="Day Cream", zh="日霜"),
    brand="LIMAI",
    category=Names(en="Leave-on face cream", zh="驻留类面霜"),
    codes=("9521000000100",),
    registrations=(("CN", "演G妆网备字1"), ("EU", "CPNP-1"), ("US", "LIST-1"), ("GB", "SCPN-1")),
)
LISTED = CompanyKnown(
    name=Names(en="Limai Cosmetics", zh="丽美化妆品"),
    website="https://limai.example.com",
    hotline="+86 800 000 0000",
    contacts=(ListedPerson(name=Names(en="Bai Lu", zh="白露"), email="bai@example.com"),),
    responsible=(ListedPerson(name=Names(en="Anna Roth", zh="罗安娜"), email="roth@example.com"),),
    products={"cream": CREAM},
    lots={
        "L1": ListedLot(
            number="L1",
            made_on=date(2026, 1, 19),
            expires_on=date(2029, 1, 19),
            site=Names(en="Linhu plant", zh="临湖工厂"),
        )
    },
    consignees={
        str(one): ListedConsignee(name=Names(en=f"Shop {one}", zh=f"门店 {one}"), market="CN")
        for one in SHOPS
    },
)


def hurt(country: str, **more: Any) -> RegisterCase:
    told = {
        "outcomes": (Outcome.HOSPITALISED,),
        "country": country,
        "product": ProductId("cream"),
        "lot": LotNumber("L1"),
        "person": WHO,
        "account": ACCOUNT,
    }
    return RegisterCase(**{**told, **more})


@cache
def full() -> Story:
    """An incident in which everything a form may ask for is on record."""
    story = running(markets=("CN", "DE", "US"))
    for country in ("CN", "DE", "US", "GB"):
        story.did(SERVICE, hurt(country, awareness_at=story.now))
    story.did(QUALITY, RecordFact(key="found_how", value=PublicText("A complaint."),
                                  as_of=story.now, own_language="en"))  # fmt: skip
    story.keeps_evidence()
    found = SignFinding(
        outcome=FindingOutcome.CONFIRMED,
        basis=("E1",),
        i_released_the_lot=False,
        cause=PublicText("Too much peroxide."),
        mechanism=PublicText("A wrong valve."),
    )
    story.did(QUALITY, found)
    story.signed(QSR)
    _carried_out(story)
    return story


def _carried_out(story: Story) -> None:
    for market in ("CN", "US"):
        shops = SHOPS[:5] if market == "CN" else SHOPS[5:]
        story.did(SUPPLY, letter(*shops, market=market, language="zh" if market == "CN" else "en"))
    story.did(SUPPLY, public_notice(market="US", language="en"))
    lots = (LotAnswer(lot=LotNumber("L1"), received=10, on_hand=4, returned=6),)
    story.did(SUPPLY, answer(SHOPS[0], lots=lots))
    story.did(SUPPLY, answer(SHOPS[6], lots=lots))
    for name in drawn_for_checks(story.incident.recall):
        story.did(SUPPLY, check(name))
    story.did(SUPPLY, goods(40))
    story.did(QSR, disposal(10))
    story.signed(LEGAL)
    act = RecordAuthorityAct(
        authority=PublicText("FDA"),
        market="US",
        kind=AuthorityActKind.INQUIRY,
        received_at=story.now,
        words=PublicText("What happened?"),
        number="R-1",
    )
    story.did(REGULATORY, act)


@cache
def empty() -> Story:
    """An incident of which hardly anything is known: a report and one person, no lot, no name."""
    story = Notified()
    story.reported(MILD)
    nobody = {"lot": None, "person": None, "account": None}
    for country in ("CN", "DE", "US", "GB"):
        story.did(SERVICE, hurt(country, awareness_at=story.now, **nobody))
    return story


def entries_of(story: Story, case: str, opened: Mapping[str, str] = OPENED) -> FromEntries:
    """Read from the ledger what no state keeps."""
    found = [read_entry(leaf) for leaf in story.leaves]
    hazards = [(e.seq, e.event) for e in found if isinstance(e.event, HazardEvaluated)]
    accounts = tuple(
        Account(seq=e.seq, words=e.event.account)
        for e in found
        if isinstance(e.event, CaseRegistered) and e.event.case == case and e.event.account
    )
    told_how = (RecallMethod.LETTER,) if story.incident.recall.consignees else ()
    return FromEntries(
        accounts=accounts,
        hazard=hazards[-1] if hazards else None,
        told_how=told_how,
        opened=opened,
    )


OBLIGED = (Obliged.REGISTRANT, Obliged.RESPONSIBLE_PERSON, Obliged.DISTRIBUTOR)


def duty_in(story: Story, market: str, *, of_case: bool) -> Duty:
    """Give a duty in a market: about a person hurt there, or about the incident."""
    duties = story.incident.notice.duties.values()
    case = next((c for c in story.incident.report.cases.values() if c.country == market), None)
    base = next(iter(duties))
    about = case.id if of_case and case else ""
    subject = about or "incident"
    return replace(base, market=market_of(market), place=market, obliged=OBLIGED, case=about,
                   subject=subject, after="")  # fmt: skip


MARKETS = {"cn": "CN", "eu": "DE", "gb": "GB", "us": "US", "au": "AU", "tw": "TW", "jp": "JP"}


def made(
    story: Story,
    name: str,
    languages: tuple[str, ...] = (),
    *,
    opened: Mapping[str, str] = OPENED,
    **more: Any,
) -> Packet:
    """Fill a form from a story, in the form's languages unless others are named."""
    used = form(name)
    market = MARKETS.get(name[:2], "CN")
    of_case = any(one.source.startswith("case.") for one in used.fields)
    duty = duty_in(story, market, of_case=of_case)
    told = {
        "incident": story.incident,
        "duty": duty,
        "kind": FilingKind.INITIAL,
        "company": LISTED,
        "entries": entries_of(story, duty.case, opened),
        "law": "art. 1",
        **more,
    }
    spoken = languages or used.languages
    return packet(used, [Told(language=one, speech=speech(one), **told) for one in spoken])


def fields(of: Packet) -> dict[str, PacketField]:
    """Give the fields of a packet by key."""
    return {one.key: one for one in of.fields}
