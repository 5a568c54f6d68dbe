"""Until when an incident or case is kept, and by which law, as its pages show it.

What belongs here: the two blocks. What never does: the rule (domain/retention.py).
"""

from api.pages import blocks
from api.pages.lens import Drawn, Lens
from domain.retention import KeepUntil, KeptRecord
from services.retention import Keeping


def keeping_block(lens: Lens, keeping: Keeping) -> Drawn:
    """Say until when something is kept, by what, and what stands against erasing it now."""
    kept = keeping.kept
    rows: list[Drawn] = [{"label": lens("Kept until"), **until_words(lens, kept)}]
    if keeping.closed_at is not None:
        rows.append({"label": lens("Closed"), "moment": lens.moment(keeping.closed_at)})
    if kept.holds:
        held = lens("A legal hold stands: nothing is erased before it is released.")
        rows.append({"label": lens("Legal holds"), "text": lens.listed(kept.holds), "note": held})
    if kept.unruled:
        markets = lens.listed(map(lens.market, kept.unruled))
        told = lens("No rule known here says how long. Legal decides; it is no leave to delete.")
        rows.append({"label": lens("Markets without a period"), "text": markets, "note": told})
    return blocks.pairs(lens("How long it must be kept"), rows, id="kept")


def until_words(lens: Lens, kept: KeepUntil) -> Drawn:
    """Say the last day and the law; or that no certain day is known."""
    if kept.last is None or kept.until is None:
        return {"text": lens("no certain day is known")}
    return {"text": lens.day(kept.until), "note": kept.last.record.citation}


def records_block(lens: Lens, kept: KeepUntil) -> Drawn:
    """List every period that counts, with its law and whether somebody verified it."""
    return blocks.table(
        lens("Periods of the law"),
        lens.each("What must be kept", "For how long", "Last day", "By which law"),
        [_record(lens, one) for one in kept.records],
        empty=lens("No rule known here asks to keep what people told."),
        note=lens("Records of goods alone are not among them: nothing here deletes those."),
        id="periods",
    )


def _record(lens: Lens, one: KeptRecord) -> list[blocks.Cell]:
    record, pick = one.record, lens.words.pick
    length = lens("the law names no number") if record.limit is None else lens.limit(record.limit)
    doubt = "" if record.verified else lens("Nobody has verified this rule yet.")
    last: blocks.Cell = {"text": lens("not certain: legal decides"), "tone": "warning"}
    if one.until is not None:
        last = lens.day(one.until)
    return [
        {"text": pick(record.what_en, record.what_zh), "sub": lens.market(record.market)},
        {"text": length, "sub": pick(record.since_en, record.since_zh)},
        last,
        {"text": record.citation, "sub": doubt},
    ]
