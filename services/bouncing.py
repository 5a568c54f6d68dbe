"""Delivery reports put on record: whom a text or an order did not reach, though a server took it.

What belongs here: finding the message that a report is about, checking its mark, one act for each
version. An order that came back is noted in the outbox; its channel is asked there for its answer
(integrations/adapter_email.py), and the halt board has it as refused. A letter to the
team that came back is noted in the outbox alone. What never does: reading the form of a report
(integrations/bounces.py), or what it means for a text (domain/bounces.py).
Whoever can write to our mailbox can send a report: without the mark that its reader's message
carried, nothing is recorded.
"""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from activities.letter_records import AUDIENCE
from activities.team_outbox import TEAM
from domain.bounces import ReportBounces
from domain.canonical import sha256_hex
from domain.envelope import Answer
from domain.errors import AndonError, BrokenSetup, Malformed, NotConfirmed, NotFound, Refused
from domain.mailed import Fate, NotMailed
from domain.message import command_spec, to_wire
from domain.people import PERFORMER
from domain.statement_places import Place
from integrations.bounces import DeliveryReport, Marks, message_of, read_report, require_true
from services.connections import connections_of
from services.house import House
from services.outlets import outlets_of
from services.refused_mails import RefusedMails
from services.sending import Sent, accepted, answer_known, envelope_of, send
from services.settings import Settings
from storage import incidents, outbox
from storage.outbox import Message
from workflows.ids import incident_workflow

BOUNCED = "bounced"
NOTED = {AUDIENCE: "order", TEAM: "letter to the team"}
"""Audiences whose letters are noted in the outbox alone, and what a run calls them."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was found, and where."""

    where: str
    raw: bytes


@dataclass
class Found:
    """What a run found: readers recorded now, known before, reports that are no failure, others.

    `refused` are sentences, each with where its mail was found; of mails that an earlier run
    refused there is the number alone.
    """

    recorded: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    no_failure: int = 0
    passed_over: int = 0
    refused: list[str] = field(default_factory=list)
    refused_before: int = 0


def senders_of(settings: Settings) -> tuple[str, ...]:
    """Give the addresses that our mails go out from. Raises BrokenSetup when there is none."""
    press_list = outlets_of(settings).press_list
    found = [press_list.sender] if press_list else []
    found += [one.value("from") for one in connections_of(settings) if one.adapter == "email"]
    if not found:
        raise BrokenSetup(
            "No mail goes out from here, so no report can be about one.",
            "Write [press_list] into the file that ANDON_OUTLETS names, or a connection of adapter "
            "email into the one that ANDON_CHANNELS names.",
        )
    return tuple(dict.fromkeys(found))


async def record_bounces(house: House, senders: Sequence[str], mails: Iterable[Mail]) -> Found:
    """Read mails and record whom a text or an order did not reach; a repeat records nothing twice.

    Raises NotConfirmed when nobody answers for the ledger, BrokenSetup for mails not there.
    """
    found = Found()
    failed = await asyncio.to_thread(_failed, house, senders, mails, found)
    for version, missed in failed.items():
        try:
            await _record(house, version, missed)
        except NotConfirmed:
            raise
        except AndonError as error:
            found.refused.append(f"{_name(version)}: {error.sentence} {error.hint}")
        else:
            found.recorded += [f"{_name(version)}: {row.recipient}" for row, _ in missed]
    return found


# ---------------------------------------------------------------- which messages failed

Version = tuple[str, str, int]
"""A version of a text: its incident, its name, its number."""
Missed = list[tuple[Message, str]]
"""Messages that did not arrive, and what was said of them."""


def _failed(
    house: House, senders: Sequence[str], mails: Iterable[Mail], found: Found
) -> dict[Version, Missed]:
    """Gather the messages that did not arrive by version; what else was found is counted."""
    marks, failed = Marks(house.ring), dict[Version, dict[str, tuple[Message, str]]]()
    before = RefusedMails(house.settings.refused_mails_file)
    for mail in mails:
        if before.has(mail.raw):
            found.refused_before += 1
            continue
        try:
            report = _report_of(mail, senders)
            row = _row_of(house, marks, report) if report else None
        except Malformed as error:
            found.refused.append(f"{mail.where}: {error.sentence} {error.hint}")
            before.add(mail.raw)
            continue
        if report is None or row is None:
            found.passed_over += 1
        elif report.action != "failed":
            found.no_failure += 1
        elif row.audience in NOTED:
            _note(house, row, report.said, found)
        elif row.state == BOUNCED:
            found.known.append(f"{_name(_version_of(row))}: {row.recipient}")
        else:
            rows = failed.setdefault(_version_of(row), {})
            rows.setdefault(row.effect_key, (row, report.said))
    before.keep()
    return {version: list(rows.values()) for version, rows in failed.items()}


def _report_of(mail: Mail, senders: Sequence[str]) -> DeliveryReport | None:
    """Read a mail as a report about one of ours, whichever of our addresses that went out from."""
    found = (read_report(mail.raw, sender) for sender in senders)
    return next((report for report in found if report is not None), None)


def _note(house: House, row: Message, said: str, found: Found) -> None:
    """Note that a letter came back: its channel, or this person of the team, heard nothing."""
    told = f"{row.incident} {NOTED[row.audience]}: {row.recipient}"
    if row.state == BOUNCED:
        found.known.append(told)
        return
    outbox.set_state(house.bulk, row.effect_key, BOUNCED, said)
    found.recorded.append(told)


def _row_of(house: House, marks: Marks, report: DeliveryReport) -> Message:
    """Give the message that a report is about. Raises Malformed where its mark is not the one."""
    try:
        row = outbox.message(house.bulk, message_of(report.mark))
    except NotFound:
        row = None
    require_true(marks, report.mark, row.effect_key if row else "")
    assert row is not None, "no mark is true of no message"
    return row


def _version_of(row: Message) -> Version:
    _, incident, statement, version, _ = row.effect_key.split(":")
    return incident, statement, int(version)


def _name(version: Version) -> str:
    return f"{version[0]} {version[1]} version {version[2]}"


# ---------------------------------------------------------------- on the record


async def _record(house: House, version: Version, missed: Missed) -> None:
    """Bring one version's reports to its incident; then the outbox knows them too."""
    incident, statement, number = version
    said = ReportBounces(
        statement=statement,
        version=number,
        place=Place.PRESS,
        newsrooms=tuple(
            NotMailed(newsroom=row.recipient, fate=Fate.BOUNCED, why=why) for row, why in missed
        ),
    )
    await _sent(house, incident, said)
    for row, why in missed:
        # After the ledger: a run that ends in between is repeated, and the ledger knows it already.
        await asyncio.to_thread(outbox.set_state, house.bulk, row.effect_key, BOUNCED, why)


async def _sent(house: House, incident: str, said: ReportBounces) -> Answer:
    body = to_wire(said)["body"]
    key = sha256_hex(json.dumps([incident, body], sort_keys=True).encode())[:40]
    spec = command_spec(said)
    envelope = envelope_of(
        house, incident, PERFORMER, spec, Sent(spec.name, body, f"bounces:{key}")
    )
    known = await asyncio.to_thread(answer_known, house, envelope)
    if known is not None:
        return known
    row = await asyncio.to_thread(incidents.incident, house.engine, incident)
    closed = Refused(
        f"{incident} is closed: nothing more is put on its record.",
        "Reach the newsroom another way; read the report again if the incident is reopened.",
    )
    target = incident_workflow(incident, row.run)
    return accepted(await send(house, target, envelope, closed=None if row.is_open else closed))
