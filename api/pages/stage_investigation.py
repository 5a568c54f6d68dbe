"""Stage `investigation` as a reader sees it: finding, hazard evaluation, facts, tests, evidence.

What belongs here: choosing and ordering what the state holds. What never does: a rule.
"""

from activities.derived import asked
from api.pages import blocks
from api.pages.fact_words import fact_name, fact_unit, fact_value, said_to
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link
from api.pages.readable import HASH_SHOWN, Opened
from domain.fact_languages import WORDED
from domain.state.investigation import Evaluation, Evidence, Fact, Finding, LabTest
from domain.values import PrivateText


def private_texts(_view: View) -> list[PrivateText]:
    """Give none: who took a sample stands sealed in the entries."""
    return []


def blocks_of(view: View, _opened: Opened) -> list[Drawn]:
    """Give the stage as blocks."""
    lens, state = view.lens, view.state.investigation
    return [
        _finding(view),
        _evaluation(view),
        *_facts(view),
        _tests(view),
        blocks.evidence(
            lens("Evidence"),
            [_evidence(view, one) for one in state.evidence.values()],
            empty=lens("Nothing is kept as evidence yet."),
        ),
        *_custody(view),
    ]


def _facts(view: View) -> list[Drawn]:
    """Give the facts of the matter, and apart from them the words that only fill our texts."""
    lens, words = view.lens, {place.name for place in asked() if place.kind in WORDED}
    known = view.state.investigation.facts.values()
    matter = [fact(view, one) for one in known if one.key not in words]
    filling = [fact(view, one) for one in known if one.key in words]
    found = [blocks.facts(lens("Facts"), matter, empty=lens("No fact is recorded yet."))]
    return found + ([blocks.facts(lens("Words for our texts"), filling)] if filling else [])


def _finding(view: View) -> Drawn:
    lens, state = view.lens, view.state.investigation
    if not state.findings:
        text = lens("No finding is signed yet. A recall never waits for it.")
        return blocks.words(lens("What was found"), text)
    rows = _finding_rows(view, state.findings[-1])
    if len(state.findings) > 1:
        earlier = [
            f"{one.number}. {lens.word(one.outcome)} · {lens.when(one.at)}"
            for one in state.findings[:-1]
        ]
        rows.append({"label": lens("Earlier findings, kept"), "lines": earlier})
    return blocks.pairs(lens("What was found"), rows, id="finding")


def _finding_rows(view: View, one: Finding) -> list[Drawn]:
    lens = view.lens
    interim = lens("interim; the investigation goes on") if one.interim else lens("final")
    rows: list[Drawn] = [
        {"label": lens("Outcome"), "text": lens.word(one.outcome), "note": interim},
        {"label": lens("Cause"), "text": one.cause},
        {"label": lens("How it came about"), "text": one.mechanism},
        {"label": lens("Where it came in"), "text": lens.word(one.origin)},
        {"label": lens("Lot numbers"), "text": lens.listed(one.lots)},
        {"label": lens("Rests on"), "text": ", ".join(f"#{seq}" for seq in one.basis)},
        {"label": lens("What stays in doubt"), "text": one.doubts},
        {
            "label": lens("Signed by"),
            "text": lens.listed(lens.person(who) for who in one.signers),
            "moment": lens.moment(one.at),
        },
    ]
    return [row for row in rows if row.get("text")]


def _evaluation(view: View) -> Drawn:
    lens, state = view.lens, view.state.investigation
    columns = lens.each(
        "Evaluation",
        "Worst credible harm",
        "Likelihood",
        "Noticeable before use",
        "Signed by",
    )
    return blocks.table(
        lens("Health hazard evaluation"),
        columns,
        [_evaluated(view, one) for one in reversed(state.evaluations)],
        empty=lens("The health hazard is not evaluated yet."),
        note=lens("A recall needs one; a preliminary one is enough."),
        id="hazard",
    )


def _evaluated(view: View, one: Evaluation) -> list[blocks.Cell]:
    lens = view.lens
    stands = one.valid_until_at is None or one.valid_until_at > lens.now
    signed = (
        {"text": lens("preliminary"), "tone": "warning"}
        if one.preliminary
        else {"text": lens("signed"), "tone": "done"}
        if stands
        else {"text": lens("no longer valid"), "tone": "critical"}
    )
    until = (
        f" · {lens('valid until %(when)s', when=lens.when(one.valid_until_at))}"
        if one.valid_until_at
        else ""
    )
    return [
        {**signed, "text": f"{one.number}. {signed['text']}", "sub": lens.when(one.at) + until},
        lens.word(one.credible_harm),
        lens.word(one.likelihood),
        lens.word(one.noticeable),
        lens.listed(lens.person(who) for who in one.signers),
    ]


def fact(view: View, one: Fact) -> Drawn:
    """Give a fact as the macro `fact` takes it, with the acts that fit its status."""
    lens = view.lens
    names = {
        "reported": ("verify_fact", "dispute_fact", "retract_fact"),
        "verified": ("dispute_fact", "retract_fact"),
        "disputed": ("verify_fact", "retract_fact"),
        "retracted": (),
    }[str(one.status)]
    return {
        "label": fact_name(lens, one.key, one.name),
        "value": fact_value(lens, one.key, said_to(lens, one)),
        "unit": fact_unit(lens, one.value, one.unit),
        "status": str(one.status),
        "at": lens.moment(one.as_of),
        "source": f"#{one.source}" if one.source else "",
        "verifier": lens.person(one.verifier) if one.verifier else "",
        "href": f"{view.address}/ledger/{one.seq}" if one.seq else "",
        "note": lens.quoted(one.reason),
        "acts": [link for name in names for link in act_link(view, name, one.key)]
        + [
            {**link, "text": lens("Record it anew")}
            for link in act_link(view, "record_fact", one.key)
        ]
        if one.seq
        else [],
    }


def _tests(view: View) -> Drawn:
    lens = view.lens
    columns = lens.each("Test", "Laboratory and method", "Sample", "Result", "Against the limit")
    return blocks.table(
        lens("Laboratory tests"),
        columns,
        [_test(view, one) for one in view.state.investigation.tests.values()],
        empty=lens("No test is ordered."),
        id="tests",
    )


def _test(view: View, one: LabTest) -> list[blocks.Cell]:
    lens = view.lens
    accredited = one.accreditation or lens("not accredited")
    sample = " · ".join(part for part in (one.sample, one.lot) if part)
    if one.verdict is None:
        expected = (
            lens("expected %(when)s", when=lens.when(one.expected_at)) if one.expected_at else ""
        )
        result: blocks.Cell = {"text": lens("waiting"), "sub": expected, "tone": "information"}
        verdict: blocks.Cell = {"text": "", "acts": act_link(view, "record_test", one.id)}
    else:
        tone = {"pass": "done", "fail": "critical"}.get(str(one.verdict), "warning")
        result = {
            "text": f"{one.result} {one.unit}".strip(),
            "sub": lens("limit %(limit)s", limit=one.limit) if one.limit else "",
        }
        verdict = {"text": lens.word(one.verdict), "tone": tone}
    return [
        {
            "text": one.id,
            "sub": lens.when(one.ordered_at),
            "href": f"/api/blobs/{one.report}" if one.report else "",
        },
        {"text": one.laboratory, "sub": f"{one.method} · {accredited}"},
        sample,
        result,
        verdict,
    ]


def _evidence(view: View, one: Evidence) -> Drawn:
    lens = view.lens
    return {
        "name": f"{one.id} · {one.what}",
        "kind_mark": lens("sample") if one.retained_sample else one.id,
        "hash": one.sha256 or "",
        "hash_short": (one.sha256 or "")[:HASH_SHOWN],
        "at": lens.moment(one.taken_at),
        "by": lens.person(one.collected_by),
        "place": one.custody[-1].storage if one.custody else one.storage,
        "seal": one.seal_number,
        "href": f"/api/blobs/{one.sha256}" if one.sha256 else "",
        "acts": act_link(view, "hand_over_evidence", one.id),
    }


def _custody(view: View) -> list[Drawn]:
    lens = view.lens
    rows = [
        [
            f"{one.id} · {one.what}",
            lens.moment(link.at),
            {"text": link.handed_to, "sub": link.storage},
            {"text": link.seal_number or lens("as before"), "sub": ""},
            {
                "text": lens("whole") if link.seal_intact else lens("broken"),
                "tone": "done" if link.seal_intact else "critical",
            },
        ]
        for one in view.state.investigation.evidence.values()
        for link in one.custody
    ]
    if not rows:
        return []
    columns = lens.each("Evidence", "When", "To", "Seal", "Seal whole")
    return [blocks.table(lens("Chain of custody"), columns, rows)]
