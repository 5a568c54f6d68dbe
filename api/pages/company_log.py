"""The company's log for people: each line told as a sentence.

What belongs here: one sentence for each kind of line. What never does: reading the log
(storage/company.py), or what an incident's own ledger says (api/event_words.py).
"""

from collections.abc import Mapping
from typing import Any, Final

from activities.room_words import ROOM_PART
from api.pages.lens import Lens
from api.word_lists import STAGE
from api.words import humanised

_NAMED: Final = (
    "name version rules people incident entry item workflow method channel offers unshipped sha256"
    " who stream found reference erasure matter hold inspector room key witness from tries"
    " authority".split()
)
"""What sentences name beside people and roles; an old line may lack it."""


def told(lens: Lens, kind: str, body: Mapping[str, Any]) -> str:
    """Tell a line of the company's log; a kind that nobody knows by its name and what it holds."""
    sentences = {
        **_of_people(lens, body),
        **_of_the_company(lens),
        **_of_reading(lens, body),
        **_of_erasing(lens, body),
        **_of_the_record(lens),
    }
    if kind in sentences:
        return sentences[kind] % {**dict.fromkeys(_NAMED, lens("unknown")), **_said(lens, body)}
    return lens.named_line(humanised(kind), lens.listed(f"{k}: {v}" for k, v in body.items()))


def _said(lens: Lens, body: Mapping[str, Any]) -> dict[str, str]:
    """Give what a line holds as sentences name it: people and channels by their names."""
    said: dict[str, str] = {name: str(value) for name, value in body.items()}
    said["person"] = lens.person(said.get("person", "")) or lens("nobody")
    said["by"] = lens.person(said.get("by", "")) or lens("nobody")
    if "who" in said:
        said["who"] = lens.person(said["who"])
    if "channel" in said:
        said["channel"] = lens.named("channel", said["channel"])
    said["from"] = said.get("from", "") or lens("several networks")
    said["roles"] = lens.roles(body.get("roles", ())) or lens("none")
    said["before"] = said.get("before", "") or lens("none")
    said["stream"] = said.get("stream", "") or lens("no incident")
    said["reference"] = said.get("reference", "") or lens("none")
    return said


def _of_people(lens: Lens, body: Mapping[str, Any]) -> dict[str, str]:
    """Say who signed in, and what was given to whom."""
    signed_in = lens("%(person)s signed in; by which way: %(method)s.")
    if body.get("method") == "password":
        signed_in = lens("%(person)s signed in with a password.")
    return {
        "SignedIn": signed_in,
        "TokenIssued": lens("A token for programs was given to %(person)s: %(name)s."),
        "CalendarMade": lens("%(person)s made a new address of their calendar of duties."),
        "CalendarRevoked": lens("%(person)s revoked the address of their calendar of duties."),
        "PersonSaved": lens("%(person)s was entered or changed; roles: %(roles)s."),
        "PasswordSet": lens("%(person)s was given a new password."),
    }


def _of_the_company(lens: Lens) -> dict[str, str]:
    """Say what was adopted and made, and where goods that are held were sold."""
    return {
        "PlanAdopted": lens(
            "%(by)s adopted version %(version)s of the plan. Hash of the rules: %(rules)s; "
            "of those before: %(before)s."
        ),
        "DemoMade": lens("The invented company was made, with %(people)s people."),
        "HeldGoodsSeen": lens(
            "%(channel)s sells goods that %(incident)s still holds, and no order stops it: offers "
            "%(offers)s, paid and unshipped orders %(unshipped)s."
        ),
        "HeldGoodsGone": lens("%(channel)s sells nothing any more that %(incident)s holds."),
    }


def _of_reading(lens: Lens, body: Mapping[str, Any]) -> dict[str, str]:
    """Say who read, or took away, what is not for everybody."""
    return {
        "SensitiveRead": _read(lens, body),
        "RoomRead": _read_in_room(lens, body),
        "RoomRefused": lens(
            "Somebody was not let into room %(room)s of %(incident)s, from %(from)s: %(times)s.",
            room="%(room)s",
            incident="%(incident)s",
            **{"from": "%(from)s"},
            times=times_told(lens, body),
        ),
        "DossierHandedOut": lens(
            "%(who)s took the record of %(incident)s away; SHA-256 %(sha256)s."
        ),
        "SubjectsRead": lens("%(person)s looked through what is kept of people in %(stream)s."),
        "PeopleSearched": lens(
            "%(person)s searched all private words for somebody; found: %(found)s."
        ),
    }


def _of_erasing(lens: Lens, body: Mapping[str, Any]) -> dict[str, str]:
    """Say what was asked to be erased, what was, and what a legal hold keeps."""
    erased = lens(
        "Personal data of %(stream)s were erased for ever (%(erasure)s), confirmed by %(by)s."
    )
    if body.get("completed"):
        erased = lens(
            "Personal data of %(stream)s were erased for ever (%(erasure)s): it was confirmed "
            "before, and completed at a start."
        )
    return {
        "ErasureAsked": lens(
            "%(by)s asked to erase personal data of %(stream)s. Number of the request: "
            "%(reference)s."
        ),
        "ErasureWithdrawn": lens("%(by)s withdrew the request %(erasure)s to erase."),
        "DataErased": erased,
        "ErasedAgain": lens("An older copy was put back: what was erased before was erased again."),
        "HoldPlaced": lens("%(by)s placed a legal hold over %(stream)s: %(matter)s."),
        "HoldReleased": lens("%(by)s released the legal hold %(hold)s over %(stream)s."),
    }


def _of_the_record(lens: Lens) -> dict[str, str]:
    """Say what became of histories, and of the keys and witnesses of heads."""
    return {
        "incident_stands_still": lens("%(incident)s stands still: nothing moves its clocks."),
        "history_archived": lens("The history of a finished workflow was kept: %(workflow)s."),
        "HeadKeyUsed": lens("A new key signs heads from here on: %(key)s."),
        "WitnessDiverged": lens(
            "Witness %(witness)s holds a head that the record does not lead on from."
        ),
        "StampRefused": lens(
            "Time stamp authority %(authority)s gave a stamp that cannot be believed."
        ),
        "history_lost": lens(
            "The history of a workflow is gone, from Temporal and from the archive: %(workflow)s."
        ),
    }


def _read(lens: Lens, body: Mapping[str, Any]) -> str:
    """Say what somebody read; a line of an earlier release holds an entry."""
    what, item = str(body.get("what", "entry")), str(body.get("item", ""))
    if what == "audit" and not body.get("incident"):
        return lens("%(person)s looked at the audits of all incidents.")
    sentences = {
        "entry": lens("%(person)s read private words in %(incident)s, entry %(entry)s."),
        "entries": lens("%(person)s read private words in %(incident)s, entries %(item)s."),
        "text": lens("%(person)s read whom text %(item)s of %(incident)s was shared with."),
        "packet": lens("%(person)s had the report of duty %(item)s in %(incident)s made."),
        "case": lens("%(person)s read private words in %(incident)s."),
        "file": lens("%(person)s opened the closed file %(item)s."),
        "audit": lens("%(person)s looked at the audit of %(incident)s."),
        "company_log": lens("%(person)s read this log."),
        "question": lens("%(person)s read private words in %(incident)s, question %(item)s."),
        "dossier": lens("%(person)s took private words of %(incident)s away."),
        "privacy": lens("%(person)s read private words on the page of personal data."),
        "room": lens("%(person)s looked at the page of room %(item)s of %(incident)s."),
        "room_keys": lens(
            "%(person)s looked at the link and code of room %(item)s of %(incident)s."
        ),
        "stage": lens(
            "%(person)s read private words in %(incident)s, on the page %(page)s.",
            person="%(person)s", incident="%(incident)s", page=_stage(lens, item),
        ),
    }  # fmt: skip
    return sentences.get(what, sentences["case"])


def times_told(lens: Lens, body: Mapping[str, Any]) -> str:
    """Say how often somebody was not let in, as a line counts it: of a minute, or beyond the lines.

    A line without a network tells of those that had no line of their own any more.
    """
    n = body.get("tries", lens("unknown"))
    if not body.get("from"):
        return lens("so far %(n)s more than the lines tell of", n=n)
    return lens("%(n)s in that minute so far", n=n)


def _stage(lens: Lens, item: str) -> str:
    word = STAGE.get(item)
    return lens(word) if word else item


def _read_in_room(lens: Lens, body: Mapping[str, Any]) -> str:
    """Say what an inspector looked at; who that is stands in the incident, by their room."""
    return lens(
        "The inspector in room %(room)s of %(incident)s looked at: %(what)s.",
        room="%(room)s", incident="%(incident)s", what=room_part(lens, body),
    )  # fmt: skip


def room_part(lens: Lens, body: Mapping[str, Any]) -> str:
    """Name what was looked at in a room: a part, which of its entries, and whether as a file."""
    part, item = str(body.get("part", "")), str(body.get("item", ""))
    if part == "entered":
        return lens("the room, with the right code")
    word = lens(ROOM_PART.get(part, part))
    return lens.listed((word, item)) if item else word
