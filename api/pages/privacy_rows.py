"""What is kept of people, drawn: subjects, periods, holds and requests as tables and fields.

What belongs here: choosing and ordering for pages of the privacy officer. What never does: a rule,
or finding anything (services/subjects.py, services/retention.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from api.pages import blocks
from api.pages.frame import Visit
from api.pages.kept_until import until_words
from api.pages.lens import Drawn, Lens
from api.pages.words_opened import erased_words
from domain.erasure import Basis, Request
from domain.retention import Keeps, KeepUntil
from domain.values import is_case
from services import erasing, holding, vaulting
from services.holding import CompanyHold
from services.read_log import Read
from services.retention import Keeping
from services.subjects import Subject

WORDS_SHOWN: Final = 160
"""Letters of somebody's words beside their subject: enough to know them by."""

MARK: Final = "@"
"""Between the stream and the subject in the value of a box to tick."""


# ---------------------------------------------------------------- how long


def due_rows(lens: Lens, every: Iterable[Keeping]) -> Drawn:
    """List closed incidents and cases with until when they are kept."""
    today = lens.now.date()
    return blocks.table(
        lens("Closed, and until when it is kept"),
        lens.each("Incident or case", "Closed", "Kept until", "State"),
        [_due(lens, one, today=today) for one in every],
        empty=lens("Nothing is closed yet."),
        note=lens("Nothing is deleted by itself: two people decide it."),
        id="due",
    )


def _due(lens: Lens, one: Keeping, *, today: object) -> list[blocks.Cell]:
    found = one.kept.against(today)  # type: ignore[arg-type]
    state: blocks.Cell = {"text": lens("due for deletion"), "tone": "warning"}
    if found:
        state = lens.listed(lens.words.of("keeps", each) for each in found)
    until = until_words(lens, one.kept)
    return [
        {"text": one.stream, "href": f"/privacy/of/{one.stream}"},
        lens.moment(one.closed_at),
        {"text": until["text"], "sub": until.get("note", "")},
        state,
    ]


# ---------------------------------------------------------------- whose


def subject_rows(guest: Visit, found: Sequence[Subject], title: str = "") -> Drawn:
    """List whose words and files are kept, with what this reader may read of them.

    With a `title` it is what was found, and leads on to where it stands.
    """
    lens = guest.lens
    words = words_of(guest, found)
    return blocks.table(
        title or lens("What is kept of people"),
        lens.each("Of whom", "In which record", "How much", "In their words", "State"),
        [_subject(lens, one, words, leads_on=bool(title)) for one in found],
        empty=lens("Nothing is kept of anybody."),
        id="subjects",
    )


def _subject(
    lens: Lens, one: Subject, words: Mapping[str, str], *, leads_on: bool
) -> list[blocks.Cell]:
    erased = one.erased_at is not None
    state: blocks.Cell = (
        {"text": erased_words(lens, one.erased_at, one.erased_for), "tone": "done"}
        if erased
        else lens("kept")
    )
    return [
        {"text": named(lens, one), "sub": one.id.removeprefix("subject-")[:8]},
        {"text": where(lens, one), "sub": one.stream},
        {"text": how_much(lens, one), "acts": _ways(lens, one, leads_on=leads_on)},
        words.get(one.id) or "–",
        state,
    ]


def _ways(lens: Lens, one: Subject, *, leads_on: bool) -> list[Drawn]:
    """Lead to the files of a subject and, from what was found, to where it can be asked for."""
    if one.erased_at is not None:
        return []
    ways = [blocks.link(lens("Look at the file"), f"/api/blobs/{f}") for f in one.files]
    if leads_on and one.stream:
        href = f"/privacy/of/{one.stream}?chosen={one.id}"
        ways.append(blocks.link(lens("All of %(stream)s", stream=one.stream), href))
    return ways


def named(lens: Lens, one: Subject) -> str:
    """Name a subject by what it is about: a hurt person, a file, or the entry that told of them."""
    told = [lens("Person %(id)s", id=one.person)] if one.person else []
    if one.files:
        told.append(lens("file"))
    if one.events and (one.files or not one.person):
        told.append(lens.event(one.events[0]))
    return " · ".join(told) or lens("A text")


def where(lens: Lens, one: Subject) -> str:
    """Name the entries in which a subject stands."""
    if not one.entries:
        return lens("no entry names it")
    return lens.listed(f"#{seq}" for seq in one.entries[:8])


def how_much(lens: Lens, one: Subject) -> str:
    """Count a subject's texts and files."""
    texts = sum(one.texts.values()) - len(one.files)
    told = [lens("texts: %(n)s", n=texts)] if texts or not one.files else []
    if one.files:
        told.append(lens("files: %(n)s", n=len(one.files)))
    if one.open_files:
        told.append(lens("not encrypted: %(n)s", n=len(one.open_files)))
    return lens.listed(told)


def words_of(guest: Visit, found: Sequence[Subject]) -> dict[str, str]:
    """Give the beginning of each subject's words that this reader may open."""
    texts = [text for one in found for text in one.words if one.erased_at is None]
    opened = vaulting.open_texts(guest.house, guest.who.actor, texts, Read(what="privacy"))
    told: dict[str, str] = {}
    for one in found:
        shown = [opened[t.ref] for t in one.words if t.ref in opened]
        words = " · ".join(text for text in shown if vaulting.is_shown(text))
        hidden = guest.lens("[not shown to your role]") if shown and not words else ""
        told[one.id] = words[:WORDS_SHOWN] or hidden
    return told


def subject_choices(guest: Visit, found: Sequence[Subject], ticked: Iterable[str]) -> Drawn:
    """Give the subjects that can be erased as boxes to tick."""
    lens, words = guest.lens, words_of(guest, found)
    return {
        "kind": "checkboxes",
        "name": "subjects",
        "label": lens("What is erased?"),
        "help": lens("Texts of one person have one key; each file has its own."),
        "required": True,
        "value": list(ticked),
        "choices": [
            {
                "value": f"{one.stream}{MARK}{one.id}",
                "label": f"{named(lens, one)} · {where(lens, one)} · {how_much(lens, one)}",
                "help": words.get(one.id, ""),
            }
            for one in found
            if one.erased_at is None
        ],
    }


# ---------------------------------------------------------------- requests


def request_rows(lens: Lens, found: Iterable[Request], title: str, empty: str) -> Drawn:
    """List requests."""
    return blocks.table(
        title,
        lens.each("Request", "Whose data", "Ground", "Requested by", "State"),
        [
            [
                {"text": one.id, "href": f"/privacy/requests/{one.id}", "sub": one.reference},
                whose(lens, one),
                lens.words.of("erasure_basis", one.basis),
                {"text": lens.person(one.by), "sub": lens.when(one.asked_at)},
                request_state(lens, one),
            ]
            for one in found
        ],
        empty=empty,
    )


def whose(lens: Lens, one: Request) -> Drawn:
    """Say of which stream, and how much."""
    count = lens("keys: %(n)s", n=len(one.subjects))
    letters = [lens("messages: %(n)s", n=one.letters)] if one.letters else []
    place = one.stream or lens("named by no entry")
    href = f"/privacy/of/{one.stream}" if one.stream else ""
    return {"text": place, "href": href, "sub": lens.listed([count, *letters])}


def request_state(lens: Lens, one: Request) -> Drawn:
    """Say where a request stands, and who ended it."""
    tones = {"asked": "information", "done": "done", "withdrawn": "neutral"}
    told = {"text": lens.words.of("erasure_state", one.state), "tone": tones[one.state]}
    if one.ended_at is None:
        return told
    who = lens.person(one.ended_by)
    return {**told, "sub": f"{who}, {lens.when(one.ended_at)}"}


def request_block(guest: Visit, one: Request) -> Drawn:
    """Tell one request: what, why, by whom, and what it overrules."""
    lens = guest.lens
    reason = erasing.reason_of(guest.house, guest.who.actor, one.id)
    rows: list[Drawn] = [
        {"label": lens("Whose data"), "text": whose(lens, one)["text"],
         "note": whose(lens, one)["sub"]},
        {"label": lens("Ground"), "text": lens.words.of("erasure_basis", one.basis)},
        {"label": lens("Why"), "text": reason, "private": True},
        {"label": lens("Number of the request"), "text": one.reference or lens("none")},
        {"label": lens("Requested by"), "text": lens.person(one.by),
         "moment": lens.moment(one.asked_at)},
    ]  # fmt: skip
    if one.despite:
        told = lens("By name, and with both signatures (GDPR art. 17(3)).")
        words = [lens.words.of("keeps", each) for each in one.despite]
        rows.append({"label": lens("Overrules"), "lines": words, "note": told})
    if one.ended_at is not None:
        state = request_state(lens, one)
        rows.append({"label": lens("State"), "text": state["text"], "note": state["sub"]})
    return blocks.pairs(lens("The request"), rows, id="request")


def basis_field(lens: Lens, chosen: str, error: str = "") -> Drawn:
    """Give the field of the ground."""
    return {
        "kind": "select",
        "name": "basis",
        "label": lens("On what ground?"),
        "help": lens("GDPR art. 17(1); PIPL art. 47."),
        "required": True,
        "value": chosen,
        "error": error,
        "choices": [
            {"value": str(one), "label": lens.words.of("erasure_basis", one)} for one in Basis
        ],
    }


def overruled_field(lens: Lens, ticked: Iterable[str]) -> Drawn:
    """Give the boxes of what may be overruled, where messages or files may be of any incident."""
    return {
        "kind": "checkboxes",
        "name": "despite",
        "label": lens("Where an incident or case of the messages must be kept"),
        "help": lens(
            "Andon looks at every incident and case that the messages and files are of. Tick only "
            "what does not cover these data (GDPR art. 17(3)), and say above why."
        ),
        "value": list(ticked),
        "choices": [
            {"value": str(one), "label": lens.words.of("keeps", one)}
            for one in Keeps
            if one is not Keeps.HOLD
        ],
    }


def despite_field(lens: Lens, kept: KeepUntil, ticked: Iterable[str]) -> Drawn | None:
    """Give the boxes of what stands against it and may be overruled by name; None for nothing."""
    found = [one for one in kept.against(lens.now.date()) if one is not Keeps.HOLD]
    if not found:
        return None
    return {
        "kind": "checkboxes",
        "name": "despite",
        "label": lens("It must be kept, unless this does not cover these data"),
        "help": lens(
            "What a law asks you to keep, what public health needs, and what a claim needs is not "
            "erased (GDPR art. 17(3)(b), (c), (e)). Tick only what does not cover these data, and "
            "say below why."
        ),
        "value": list(ticked),
        "choices": [
            {
                "value": str(one),
                "label": lens.words.of("keeps", one),
                "help": _detail(lens, kept, one),
            }
            for one in found
        ],
    }


def _detail(lens: Lens, kept: KeepUntil, why: Keeps) -> str:
    """Say by which law, or which records are not certain."""
    if why is Keeps.PERIOD:
        until = until_words(lens, kept)
        return lens.named_line(until["text"], until.get("note", ""))
    if why is Keeps.DOUBT:
        return lens.listed(one.record.citation for one in kept.doubtful)
    return ""


# ---------------------------------------------------------------- holds


def hold_rows(lens: Lens, found: Iterable[CompanyHold]) -> Drawn:
    """List the holds of the company's log."""
    rows: list[list[blocks.Cell]] = []
    for one in found:
        state: blocks.Cell = {"text": lens("stands"), "tone": "warning"}
        if one.released_at is not None:
            state = {"text": lens("released"), "sub": lens.when(one.released_at)}
        rows.append(
            [
                {"text": one.id, "sub": one.matter},
                {"text": one.stream, "href": f"/privacy/of/{one.stream}"},
                {"text": lens.person(one.placed_by), "sub": lens.when(one.placed_at)},
                state,
            ]
        )
    return blocks.table(
        lens("Legal holds over closed incidents and cases"),
        lens.each("Hold", "Over what", "Placed by", "State"),
        rows,
        empty=lens("No hold was placed here."),
        note=lens("Holds of open incidents stand with their people."),
        id="holds",
    )


def standing(found: Iterable[CompanyHold]) -> list[CompanyHold]:
    """List those that are not released."""
    return [one for one in found if one.released_at is None]


def back_to(stream: str) -> str:
    """Give the page of an incident; a case has none."""
    return "" if not stream or is_case(stream) else f"/incidents/{stream}"


def every_hold(guest: Visit) -> list[CompanyHold]:
    """List all holds of the company's log, the latest first."""
    return list(reversed(holding.every(guest.house)))
