"""An auditor opens the copy of a record from the disk: reads, goes through time, searches, checks."""

import base64
import hashlib
import json
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.ledger import read_entry
from domain.tree import leaf_hash
from integrations.note_keys import NoteSigner
from tests.browser.offline_copy import (
    EVERY,
    OfflineCopy,
    altered,
    copy_of,
    golden,
    lens_in,
    opened,
)
from tests.browser.people import DESKTOP, PHONE
from tests.browser.test_accessible import ALL_AND_TARGETS, violations

STORY = "incident"
SIZE = len(golden(STORY).stream("INC-2026-0001").leaves)
NO_ED25519 = "delete SubtleCrypto.prototype.verify; delete SubtleCrypto.prototype.importKey;"


@pytest.fixture(scope="module")
def record() -> OfflineCopy:
    return copy_of(STORY)


@pytest.fixture(scope="module")
def folder(record: OfflineCopy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record.written(tmp_path_factory.mktemp("dossier"))


def verdict(page: Page) -> str:
    return page.locator(".verdict-line").inner_text()


def goes_to(page: Page, seq: int) -> None:
    # The tool's own click would scroll to where the sticky frame stands in the flow.
    page.locator(".go-to summary").dispatch_event("click")
    page.get_by_label("Entry number").fill(str(seq))
    page.get_by_label("Entry number").press("Enter")
    expect(page.locator(".is-chosen")).to_have_attribute("data-place", str(seq - 1))
    page.locator(".go-to summary").dispatch_event("click")


# ---------------------------------------------------------------- the timeline


def test_it_opens_at_the_beginning_with_what_was_known_at_the_end(
    browser: Browser, folder: Path, record: OfflineCopy
) -> None:
    with opened(browser, folder) as page:
        size = len(record.leaves)
        expect(page.get_by_role("heading", level=1)).to_have_text("Cloud Baby Lotion")
        expect(page.locator("#found")).to_have_text(f"{size} entries")
        expect(page.locator("#where")).to_contain_text(f"Entry {size} of {size}")
        first = page.get_by_role("article").first
        expect(first).to_contain_text("#1 Channels listed")
        assert page.evaluate("scrollY") == 0
        expect(page.locator(".known-head")).to_contain_text(f"As of entry {size} of {size}")


def test_an_entry_tells_both_clocks_who_stage_number_and_what(
    browser: Browser, folder: Path, record: OfflineCopy
) -> None:
    seq = 3
    entry = read_entry(record.leaves[seq - 1])
    with opened(browser, folder, place=f"#{seq}") as page:
        row = page.locator(".is-chosen")
        expect(row).to_contain_text("Graded Critical; attention Low.")
        at = entry.recorded_at
        expect(row.locator("time")).to_have_text(f"{at:%H:%M:%S} UTC")
        assert (
            f"{(at.hour + 8) % 24:02}:{at:%M:%S} +08:00" in row.locator(".entry-local").inner_text()
        )
        expect(row.locator(".entry-foot")).to_contain_text(entry.actor.id.title())
        expect(row.locator(".entry-foot")).to_contain_text("Report")
        expect(row.locator(".entry-foot")).to_contain_text("#3 Severity assessed")


def test_the_exact_text_unfolds_as_it_was_hashed(
    browser: Browser, folder: Path, record: OfflineCopy
) -> None:
    with opened(browser, folder, place="#20") as page:
        row = page.locator(".is-chosen")
        button = row.get_by_role("button", name="Exact text (#20)")
        button.click()
        expect(row.get_by_role("button", name="Hide the exact text (#20)")).to_be_focused()
        assert row.locator("pre").text_content() == record.leaves[19].decode()
        expect(row).to_contain_text(leaf_hash(record.leaves[19]).hex())


def test_what_was_entered_late_says_when_it_happened_and_stands_under_its_mark(
    browser: Browser, tmp_path: Path, record: OfflineCopy
) -> None:
    def late(document: dict[str, Any]) -> None:
        document.update(happened_at="2026-11-29T22:30:00.000000Z", backfilled=True)

    copy = OfflineCopy(record.incident, list(record.leaves), record.told, record.rules)
    since = read_entry(record.leaves[9]).recorded_at - datetime(2026, 11, 29, 22, 30, tzinfo=UTC)
    hours = f"{since // timedelta(hours=1)} h"
    copy.leaves[9] = altered(copy.leaves[9], late)
    with opened(browser, copy.written(tmp_path), place="#10") as page:
        row = page.locator(".is-chosen")
        expect(row).to_contain_text("entered late")
        told = f"Happened 2026-11-29 22:30:00 UTC · 11-30 06:30:00 +08:00, {hours}"
        expect(row).to_contain_text(told)
        page.get_by_label("Marked as").select_option("backfilled")
        expect(page.locator("#found")).to_have_text(f"1 of {SIZE} entries fit; this is no. 1")


@pytest.mark.parametrize("mark", ["refused", "overridden"])
def test_departures_from_the_plan_are_marked_and_found(
    browser: Browser, folder: Path, mark: str
) -> None:
    with opened(browser, folder) as page:
        page.get_by_label("Marked as").select_option(mark)
        expect(page.locator("#found")).to_contain_text("entries fit")
        rows = page.get_by_role("article")
        assert rows.count() > 0
        for row in rows.all():
            expect(row.locator(".entry-marks")).to_contain_text(mark)


@pytest.mark.parametrize(("language", "locale"), [("en", "en-GB"), ("zh_CN", "zh-CN")])
def test_entries_are_told_as_the_console_tells_them(
    browser: Browser, folder: Path, record: OfflineCopy, language: str, locale: str
) -> None:
    from api.pages.telling import sentence_of  # noqa: PLC0415 - beside what it is compared with

    script = """andon.about.people = {}, andon.record.channels = {},
        Array.from(andon.entries, (_, at) => andon.telling.sentence(at, andon.record.entry(at)))"""
    with opened(browser, folder, locale=locale) as page:
        told = page.evaluate(script)
    assert record.rules is not None
    lens = lens_in(language, record.rules)
    differ: dict[str, tuple[str, str]] = {}
    for leaf, viewer in zip(record.leaves, told, strict=True):
        entry = read_entry(leaf)
        console = sentence_of(lens, entry.event)
        if console != viewer:
            differ.setdefault(type(entry.event).__name__, (console, viewer))
    # The console writes times for its reader and numbers with groups; a copy has UTC and the digits.
    assert set(differ) <= {"DutyDue", "DutyMoved", "FactRecorded", "PartnerToBeTold",
                           "OutsiderInvited", "PreviewShared", "RecallDecided", "ReleaseHeld", "StatementScheduled"}  # fmt: skip


# ---------------------------------------------------------------- through time


def test_steps_lead_through_time_and_the_summary_follows(browser: Browser, folder: Path) -> None:
    with opened(browser, folder) as page:
        known = page.locator(".known-body")
        page.get_by_role("button", name="First entry").click()
        expect(page.locator("#where")).to_contain_text(f"Entry 1 of {SIZE}")
        expect(known).to_contain_text("Nothing had been reported yet.")
        page.get_by_role("button", name="One on").click()
        expect(page.locator("#where")).to_contain_text(f"Entry 2 of {SIZE}")
        expect(known).to_contain_text("Received, not decided")
        page.get_by_role("button", name="One on").click()
        expect(known.locator(".grade")).to_have_text("Critical")
        expect(page.locator(".is-later").first).to_contain_text("#4")
        page.get_by_role("button", name="On to an entry that weighs").click()
        expect(known).to_contain_text("Stopped: H1")
        page.get_by_role("button", name="Last entry").click()
        expect(page.locator("#where")).to_contain_text(f"Entry {SIZE} of {SIZE}")
        expect(page.get_by_role("button", name="One on")).to_have_attribute("aria-disabled", "true")


def test_the_slider_is_moved_by_keys_and_says_where_it_is(browser: Browser, folder: Path) -> None:
    with opened(browser, folder, place="#50") as page:
        slider = page.get_by_role("slider")
        slider.focus()
        slider.press("ArrowRight")
        expect(slider).to_have_value("51")
        expect(slider).to_be_focused()
        told = slider.get_attribute("aria-valuetext") or ""
        assert told.startswith(f"Entry 51 of {SIZE}, 2026-11-30 ")
        expect(page.locator(".is-chosen")).to_be_in_viewport()
        slider.press("Home")
        expect(page.locator("#where")).to_contain_text(f"Entry 1 of {SIZE}")


def test_a_time_leads_to_what_was_recorded_by_then(
    browser: Browser, folder: Path, record: OfflineCopy
) -> None:
    times = [read_entry(leaf).recorded_at for leaf in record.leaves]
    wanted = times[99].replace(microsecond=0)
    by_then = sum(at <= wanted for at in times)
    with opened(browser, folder) as page:
        page.locator(".go-to summary").click()
        page.get_by_label("Date and time").fill(f"{wanted:%Y-%m-%dT%H:%M:%S}")
        page.get_by_role("button", name="Go", exact=True).first.click()
        expect(page.locator("#where")).to_contain_text(f"Entry {by_then} of {SIZE}")
        page.get_by_label("By the clock of").select_option("Asia/Shanghai")
        page.get_by_label("Date and time").fill("2026-11-30T08:00:00")
        page.get_by_role("button", name="Go", exact=True).first.click()
        expect(page.locator(".go-answer")).to_have_text(
            "Nothing was recorded by 2026-11-30 00:00:00 UTC · 08:00:00 +08:00."
        )


def test_a_time_leads_to_what_had_happened_by_then_and_was_learnt_later(
    browser: Browser, tmp_path: Path, record: OfflineCopy
) -> None:
    def earlier(document: dict[str, Any]) -> None:
        document.update(happened_at="2026-11-29T22:30:00.000000Z", backfilled=True)

    copy = OfflineCopy(record.incident, list(record.leaves), record.told, record.rules)
    copy.leaves[9] = altered(copy.leaves[9], earlier)
    with opened(browser, copy.written(tmp_path)) as page:
        page.locator(".go-to summary").click()
        page.get_by_label("Date and time").fill("2026-11-29T23:00:00")
        page.get_by_label("when it happened").check()
        page.get_by_role("button", name="Go", exact=True).first.click()
        answer = page.locator(".go-answer")
        expect(answer).to_contain_text("is told by entry 10.")
        expect(answer).to_contain_text(
            "1 entry tells of something up to that time, and was recorded only later: #10"
        )


# ---------------------------------------------------------------- search


def test_a_search_narrows_the_list_marks_hits_and_goes_on_by_keys(
    browser: Browser, folder: Path
) -> None:
    with opened(browser, folder) as page:
        words = page.get_by_label("Search", exact=True)
        words.fill("HALT order")
        expect(page.locator("#found")).to_contain_text(f"of {SIZE} entries fit")
        rows = page.get_by_role("article")
        for row in rows.all():
            assert "halt order" in [one.lower() for one in row.locator("mark").all_inner_texts()]
        count = int(page.locator("#found").inner_text().split()[0])
        assert count == int(rows.first.get_attribute("aria-setsize") or 0)
        seen = []
        for _ in range(count + 1):
            words.press("Enter")
            seen.append(page.locator(".is-chosen").get_attribute("data-place"))
        assert len(set(seen)) == count
        assert seen[0] == seen[-1], "it goes round"
        words.press("Shift+Enter")
        assert page.locator(".is-chosen").get_attribute("data-place") == seen[-2]
        words.press("Escape")
        expect(page.locator("#found")).to_have_text(f"{SIZE} entries")


def test_a_person_is_found_by_either_name_whatever_language_is_read(
    browser: Browser, folder: Path, record: OfflineCopy
) -> None:
    """The bytes have the id alone, and the sentence one of the two names."""
    wanted = sum(b'"pr_lead"' in leaf for leaf in record.leaves)
    with opened(browser, folder) as page:
        page.evaluate("andon.about.people.pr_lead.name_zh = '高远'")
        page.get_by_label("Search", exact=True).fill("高远")
        expect(page.locator("#found")).to_contain_text(f"{wanted} of {SIZE} entries fit")


def test_words_that_stand_in_the_bytes_alone_are_shown_where_they_stand(
    browser: Browser, folder: Path, record: OfflineCopy
) -> None:
    key = json.loads(record.leaves[60])["command_id"]
    with opened(browser, folder) as page:
        page.get_by_label("Search", exact=True).fill(f'"command_id":"{key}"')
        expect(page.locator("#found")).to_contain_text(f"of {SIZE} entries fit")
        expect(page.locator(".entry-snippet").first).to_contain_text(key)


def test_filters_name_what_the_record_holds(
    browser: Browser, folder: Path, record: OfflineCopy
) -> None:
    documents = [json.loads(leaf) for leaf in record.leaves]
    with opened(browser, folder) as page:
        for label, value, fits in (
            ("Stage", "halt", lambda one: one["stage"] == "halt"),
            ("Person", "pr_lead", lambda one: one["actor"]["id"] == "pr_lead"),
            ("Type of entry", "HaltOrdered", lambda one: one["type"] == "HaltOrdered"),
        ):
            page.get_by_label(label, exact=True).select_option(value)
            wanted = sum(map(fits, documents))
            assert wanted > 1
            expect(page.locator("#found")).to_contain_text(f"{wanted} of {SIZE} entries fit")
            page.get_by_role("button", name="Show all").click()
        page.get_by_label("Search", exact=True).fill("nobody ever wrote this")
        expect(page.get_by_text("No entry fits.")).to_be_visible()


def test_the_list_is_walked_by_keys(browser: Browser, folder: Path) -> None:
    with opened(browser, folder, place="#1") as page:
        page.locator(".is-chosen").focus()
        for key, place in (
            ("ArrowDown", 1),
            ("PageDown", 11),
            ("ArrowUp", 10),
            ("End", SIZE - 1),
            ("Home", 0),
        ):
            page.keyboard.press(key)
            chosen = page.locator(f'.is-chosen[data-place="{place}"]')
            expect(chosen).to_be_focused()
            expect(chosen).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator(".is-chosen pre")).to_be_visible()
        expect(page.locator(".is-chosen")).to_be_focused()


# ---------------------------------------------------------------- verification


def test_a_whole_record_is_one_piece_and_whole_by_the_company_s_key(
    browser: Browser, folder: Path, record: OfflineCopy
) -> None:
    with opened(browser, folder) as page:
        heads = len(record.heads())
        signed = heads * EVERY
        assert verdict(page).startswith(
            f"One piece: {SIZE} entries agree with {heads} signed heads"
        )
        page.get_by_role("button", name="How this was checked").click()
        expect(page.locator(".checks")).to_contain_text(
            f"The last {SIZE - signed} entries were not signed yet"
        )
        page.get_by_label("The company's public key").fill(f"  {record.signer.key.text()}\n")
        page.get_by_role("button", name="Check with this key").click()
        expect(
            page.get_by_text(f"This key signed {heads} heads, the largest over {signed} entries")
        ).to_be_visible()
        assert verdict(page).startswith(
            f"Whole: the record up to entry {signed} is what was signed"
        )


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (
            NoteSigner("andon.example/1a2b3c4d", bytes(32)).key.text(),
            "This key signed none of the heads",
        ),
        ("andon.example/1a2b3c4d+00000000+AVVV", "This is no public key of a record."),
    ],
    ids=["another", "none"],
)
def test_another_key_is_told_from_the_company_s(
    browser: Browser, folder: Path, key: str, said: str
) -> None:
    with opened(browser, folder) as page:
        page.get_by_role("button", name="Check", exact=True).click()
        page.get_by_label("The company's public key").fill(key)
        page.get_by_role("button", name="Check with this key").click()
        expect(page.get_by_text(said)).to_be_visible()
        assert not verdict(page).startswith("Whole")


def in_entries(folder: Path, change: Callable[[list[str]], list[str]]) -> None:
    """Do to the viewer's copy of the entries what somebody might who holds the folder."""
    file = folder / "viewer/entries.js"
    first, *lines, last = file.read_text().splitlines()
    read = [json.loads(line.removesuffix(",")) for line in lines]
    body = ",\n".join(json.dumps(one) for one in change(read))
    file.write_text(f"{first}\n{body}\n{last}\n")


def flipped(entries: list[str]) -> list[str]:
    build = re.search(r'(?<="build":")[0-9a-f]', entries[40])
    assert build is not None
    entries[40] = entries[40][: build.start()] + "x" + entries[40][build.end() :]
    return entries


def swapped(entries: list[str]) -> list[str]:
    entries[40], entries[41] = entries[41], entries[40]
    return entries


CHANGES: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "flipped": (flipped, "Not whole. Entries 36 to 42 are not what was signed"),
    "swapped": (swapped, "Entry 41 does not stand under its own number"),
    "taken out": (
        lambda all_: all_[:40] + all_[41:],
        "Entry 41 does not stand under its own number",
    ),
    "cut off": (lambda all_: all_[:100], "A head was signed over 175 entries; only 100 are here."),
    "spaced": (
        lambda all_: [*all_[:5], all_[5].replace('":', '": ', 1), *all_[6:]],
        "Entry 6 is not written in its one form",
    ),
    "broken": (lambda all_: [*all_[:5], all_[5][:-1], *all_[6:]], "Entry 6 is no entry"),
}


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_found_and_named(
    browser: Browser,
    tmp_path: Path,
    record: OfflineCopy,
    change: Callable[[list[str]], list[str]],
    said: str,
) -> None:
    folder = record.written(tmp_path)
    in_entries(folder, change)
    with opened(browser, folder) as page:
        assert verdict(page).startswith("Not whole")
        page.get_by_role("button", name="How this was checked").click()
        expect(page.locator(".faults")).to_contain_text(said.removeprefix("Not whole. "))
        if said.startswith("Not whole. "):
            assert verdict(page).startswith(said)
            page.get_by_role("button", name="Go to entry 36").click()
            expect(page.locator(".is-chosen")).to_have_attribute("data-place", "35")
            expect(page.locator(".is-chosen")).to_be_in_viewport()


def test_a_head_of_a_stranger_is_named(
    browser: Browser, tmp_path: Path, record: OfflineCopy
) -> None:
    stranger = NoteSigner("andon.example/1a2b3c4d", bytes(32))
    heads = [{"note": record.head(14)}, {"note": record.head(21, signer=stranger)}]
    copy = OfflineCopy(record.incident, record.leaves, [], record.rules, more={"heads": heads})
    with opened(browser, copy.written(tmp_path)) as page:
        assert (
            verdict(page)
            == "Not whole. The head of 21 entries is not signed by any key that is known here."
        )


def test_a_record_without_heads_says_that_it_is_not_signed(
    browser: Browser, tmp_path: Path, record: OfflineCopy
) -> None:
    copy = OfflineCopy(record.incident, record.leaves, [], record.rules, more={"heads": []})
    with opened(browser, copy.written(tmp_path)) as page:
        assert verdict(page).startswith("Not signed: this copy holds no signed head")


def other_record(record: OfflineCopy) -> str:
    return OfflineCopy("INC-2026-0099", record.leaves, signer=record.signer).head(14)


def another_past(record: OfflineCopy) -> str:
    leaves = [*record.leaves[:3], record.leaves[4], *record.leaves[4:]]
    return OfflineCopy(record.incident, leaves, signer=record.signer).head(14)


def saw_more(record: OfflineCopy) -> str:
    leaves = [*record.leaves, *record.leaves]
    return OfflineCopy(record.incident, leaves, signer=record.signer).head(200)


WITNESSES: dict[str, tuple[Callable[[OfflineCopy], str], str]] = {
    "the same": (
        lambda record: record.head(100),
        "The same: the first 100 entries of this copy are exactly those",
    ),
    "diverges": (another_past, "Not the same: the first 14 entries"),
    "beyond": (saw_more, f"That head saw 200 entries; this copy has {SIZE}. Entries are missing."),
    "another record": (
        other_record,
        "That is a head of another record: andon.example/1a2b3c4d/INC-2026-0099",
    ),
    "a stranger's": (
        lambda record: record.head(14, signer=NoteSigner("x", bytes(32))),
        "not signed by a key that is known here",
    ),
    "nothing": (lambda _record: "hello", "This is no signed head."),
}


@pytest.mark.parametrize(("head", "said"), WITNESSES.values(), ids=WITNESSES)
def test_a_head_that_was_kept_outside_is_compared(
    browser: Browser,
    folder: Path,
    record: OfflineCopy,
    head: Callable[[OfflineCopy], str],
    said: str,
) -> None:
    with opened(browser, folder) as page:
        page.get_by_role("button", name="Check", exact=True).click()
        page.get_by_label("A signed head").fill(head(record))
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_text(said)).to_be_visible()


def test_a_browser_without_ed25519_checks_the_tree_and_names_the_other_way(
    browser: Browser, folder: Path
) -> None:
    with opened(browser, folder, scripts=[NO_ED25519]) as page:
        assert verdict(page).endswith("Run verify.py for the signatures.")
        page.get_by_role("button", name="How this was checked").click()
        expect(page.locator(".checks")).to_contain_text(
            "This browser cannot check Ed25519 signatures."
        )


def test_our_own_sha256_is_sha256(browser: Browser, folder: Path) -> None:
    content = random.Random(7).randbytes(1000)
    lengths = [*range(140), 999, 1000]
    script = """([text, lengths]) => lengths.map((length) =>
        andon.hex(andon.sha256(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)), length)))"""
    with opened(browser, folder) as page:
        found = page.evaluate(script, [base64.b64encode(content).decode(), lengths])
    assert found == [hashlib.sha256(content[:length]).hexdigest() for length in lengths]


# ---------------------------------------------------------------- hostile texts, other readers

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "line\u2028break\u2029here",
    "\u202egnorw\u202c \u2067 isolate",
    "]]>{by:person}{{ 7*7 }} ${alert(3)} javascript:alert(4)",
    "\"quoted\" \\ back 'tick' \U0001f4a5 \x7f",
    "constructor",
    "__proto__",
)


BY_PLAN = "by the plan, on an act of "


def test_hostile_texts_are_texts(browser: Browser, tmp_path: Path, record: OfflineCopy) -> None:
    def hostile(document: dict[str, Any]) -> None:
        text = HOSTILE[document["seq"] % len(HOSTILE)]
        document["actor"].update(id=text)
        document["body"].update(reason=text, by=text, level=text, products=[text])

    leaves = [altered(leaf, hostile) for leaf in record.leaves[:40]]
    copy = OfflineCopy(record.incident, leaves)
    copy.more = {
        "people": {},
        "title": {"en": HOSTILE[0], "zh": HOSTILE[1]},
        "made_by": HOSTILE[1],
        "drill": HOSTILE[0],
    }
    with opened(browser, copy.written(tmp_path)) as page:
        assert verdict(page).startswith("One piece: 40 entries")
        expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE[0])
        assert page.locator("#app script, #app img, #app iframe").count() == 0
        for seq in range(1, 9):
            goes_to(page, seq)
            who = page.locator(".is-chosen .entry-foot span").first
            assert (who.text_content() or "").removeprefix(BY_PLAN) == HOSTILE[seq % len(HOSTILE)]
            page.locator(".is-chosen [data-bytes]").click()
            shown = page.locator(".is-chosen pre").text_content()
            assert shown == leaves[seq - 1].decode()
        page.get_by_label("Search", exact=True).fill("onerror=alert")
        expect(page.locator("#found")).to_contain_text("fit")
        expect(page.locator("mark").first).to_have_text(re.compile("onerror=alert", re.IGNORECASE))
        page.get_by_role("button", name="About", exact=True).click()
        assert page.locator("#app img").count() == 0


@pytest.mark.in_turn("locale")
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_nothing_is_wider_than_a_narrow_phone(browser: Browser, folder: Path, locale: str) -> None:
    with opened(browser, folder, size=PHONE, locale=locale) as page:
        for tab in page.locator(".tabs button").all():
            tab.click()
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE[0], f"{tab.inner_text()} is {wide} wide"
        page.locator(".tabs button").first.click()
        page.locator("article [data-bytes]").first.click()
        page.locator(".go-to summary").click()
        page.locator(".filters summary").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


@pytest.mark.in_turn("size")
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_nothing_violates_what_axe_knows(
    browser: Browser, folder: Path, size: tuple[int, int]
) -> None:
    # axe asks for the style sheet, and is refused like everybody.
    with opened(browser, folder, size=size, place="#90", let_pass="connect-src") as page:
        page.locator(".go-to summary").click()
        page.locator(".is-chosen [data-bytes]").click()
        found = violations(page, options=ALL_AND_TARGETS)
        page.locator(".go-to summary").click()
        for tab in page.locator(".tabs button:visible").all()[1:]:
            tab.click()
            found += violations(page, options=ALL_AND_TARGETS)
        assert found == []


def test_the_page_changes_its_language_and_stays_where_it_is(
    browser: Browser, folder: Path
) -> None:
    with opened(browser, folder, place="#90") as page:
        page.get_by_role("button", name="中文").click()
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        expect(page.locator("#where")).to_contain_text(f"第 90 条 / 共 {SIZE} 条")
        expect(page.get_by_role("button", name="English")).to_be_focused()
        expect(page.locator(".verdict-line").first).to_contain_text("前后一致")
        expect(page.locator(".is-chosen")).to_be_in_viewport()
        page.get_by_label("搜索", exact=True).fill("停售令")
        expect(page.locator("#found")).to_contain_text(f"共 {SIZE} 条，符合")


def test_with_scripts_off_it_names_the_page_that_needs_none(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    expect(page.get_by_text("This page needs its scripts")).to_be_visible()
    page.get_by_role("link", name="timeline.html").first.click()
    expect(page).to_have_title("Timeline")
    context.close()


@pytest.mark.parametrize("gone", ["entries.js", "about.js"])
def test_a_folder_that_is_not_whole_says_so(
    browser: Browser, tmp_path: Path, record: OfflineCopy, gone: str
) -> None:
    folder = record.written(tmp_path)
    (folder / "viewer" / gone).unlink()
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    expect(page.locator("#opening")).to_contain_text(
        f"Part of this copy cannot be read: viewer/{gone}."
    )
    page.close()


def test_paper_gets_every_entry(browser: Browser, folder: Path) -> None:
    with opened(browser, folder) as page:
        assert page.get_by_role("article").count() < 60
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.get_by_role("article").count() == SIZE
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.get_by_role("article").count() < 60


def numbered(seq: int) -> Callable[[dict[str, Any]], None]:
    at = f"2027-01-01T{seq // 3600:02}:{seq // 60 % 60:02}:{seq % 60:02}.000000Z"
    return lambda document: document.update(seq=seq, recorded_at=at)


def test_a_long_record_keeps_few_rows_on_the_page_and_reaches_its_end(
    browser: Browser, tmp_path: Path, record: OfflineCopy
) -> None:
    size = 20_000
    leaves = [altered(record.leaves[at % SIZE], numbered(at + 1)) for at in range(size)]
    copy = OfflineCopy(record.incident, leaves, record.told * 3, record.rules)
    copy.more = {"heads": [{"note": copy.head(size)}]}
    with opened(browser, copy.written(tmp_path)) as page:
        assert verdict(page).startswith("One piece: 20,000 entries agree with 1 signed head,")
        for seq in (10_000, size, 4_321):
            goes_to(page, seq)
            chosen = page.locator(f'.is-chosen[data-place="{seq - 1}"]')
            expect(chosen).to_be_in_viewport()
            assert page.get_by_role("article").count() < 60
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        expect(page.locator(f'[data-place="{size - 1}"]')).to_be_in_viewport()
