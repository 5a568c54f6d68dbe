"""The first lines of the later answers: duties, texts, the plan, the record.

What belongs here: sentences of questions 6, 8, 9 and 10. What never does: those of the others
(question_said.py), or a fact that the answer does not hold.
"""

from api.pages.adopted_words import adopted_in_text, in_use_since
from api.pages.lens import Lens
from api.pages.question_facts import Facts


def duties(lens: Lens, facts: Facts) -> list[str]:
    """Answer question 6."""
    if not facts["duties"]:
        return [lens("No duty to tell an authority has arisen.")]
    lines = [
        lens(
            "Duties: %(n)s. Filed: %(filed)s. Open: %(open)s. Judged not to be filed: %(not)s.",
            n=facts.number("duties"),
            filed=facts.number("filed"),
            open=facts.number("open"),
            **{"not": facts.number("not_reportable")},
        ),
        lens(
            "Late, or overdue once: %(late)s. Overdue and open now: %(overdue)s. Reports without "
            "a receipt: %(without)s.",
            late=facts.number("late"),
            overdue=facts.number("overdue"),
            without=facts.number("without_receipt"),
        ),
    ]
    if facts["ended"]:
        lines.append(lens("Ended by an authority's letter: %(n)s.", n=facts.number("ended")))
    if facts["determined_by"]:
        people = facts.told("determined_by", "people")
        lines.append(lens("Judged not to be filed by %(people)s.", people=people))
    if facts["rules_judged_away"]:
        n = facts.number("rules_judged_away")
        lines.append(lens("Rules that legal found not to apply here: %(n)s.", n=n))
    return lines


def text(lens: Lens, facts: Facts) -> list[str]:
    """Answer question 8."""
    if not facts["text"]:
        return [lens("No text is begun.")]
    found = ""
    if facts["sentence"]:
        found = lens(
            "Versions and languages that hold the sentence: %(n)s.",
            n=facts.number("sentence_found"),
        )
    approved = facts.told("approved_by", "people") if facts["approved_by"] else lens("nobody")
    lines = [
        found,
        lens(
            "%(kind)s %(text)s, version %(version)s of %(n)s: approved by %(people)s.",
            kind=facts.told("kind", "text_kind"),
            text=facts["text"],
            version=facts.number("version"),
            n=facts.number("versions"),
            people=approved,
        ),
    ]
    if facts["attested_by"]:
        people = facts.told("attested_by", "people")
        lines.append(lens("The language was attested by %(people)s.", people=people))
    return [*lines, _matched(lens, facts), _corrected(lens, facts)]


def _matched(lens: Lens, facts: Facts) -> str:
    if not facts["published"]:
        return lens("It is not published.")
    same = lens(
        "Published %(when)s. Places read back: %(n)s; with exactly the approved bytes: %(same)s.",
        when=facts.when("published_at"),
        n=lens.number(facts["published"] - facts["by_hand"]),
        same=facts.number("matches"),
    )
    hand = facts["by_hand"]
    seen = lens("Brought by hand, and seen there by a person: %(n)s.", n=hand) if hand else ""
    other = facts["differs"]
    differs = lens("Times that other words were found: %(n)s.", n=other) if other else ""
    return lens.sentences([same, seen, differs])


def _corrected(lens: Lens, facts: Facts) -> str:
    if not facts["corrected_by"]:
        return lens("No other text corrected, superseded or retracted it.")
    return lens("Its place was taken by %(texts)s.", texts=lens.listed(facts["corrected_by"]))


def plan(lens: Lens, facts: Facts) -> list[str]:
    """Answer question 9."""
    return [
        _adopted(lens, facts),
        _drilled(lens, facts),
        lens(
            "Departures: late %(late)s, overridden or let pass %(over)s, by silence %(silence)s, "
            "entered late %(filled)s, lapsed %(lapsed)s, refused %(refused)s.",
            late=facts.number("departures_late"),
            over=facts.number("departures_overridden"),
            silence=facts.number("departures_silence"),
            filled=facts.number("departures_backfilled"),
            lapsed=facts.number("departures_lapsed"),
            refused=facts.number("departures_refused"),
        ),
    ]


def _adopted(lens: Lens, facts: Facts) -> str:
    """Say who adopted the plan by its own text, and when it came into use here."""
    named = {
        "version": facts["plan_version"],
        "adopted": adopted_in_text(lens, facts["text_adopted_on"], facts["text_adopted_by"]),
        "used": in_use_since(lens, facts["adopted_at"], facts["adopted_by"]),
    }
    changed = facts["changes_since"]
    if not changed:
        return lens("Plan version %(version)s holds here: %(adopted)s; %(used)s.", **named)
    told = lens(
        "Plan version %(version)s holds here: %(adopted)s. The one it began with: %(used)s.",
        **named,
    )
    return lens.sentences([told, lens("Versions adopted here since: %(n)s.", n=changed)])


def _drilled(lens: Lens, facts: Facts) -> str:
    trained = lens("Training on record: %(n)s.", n=facts["trained"] or lens("none recorded"))
    if not facts["last_exercise"]:
        last = lens("Exercises on record: %(n)s.", n=facts["exercises"] or lens("none recorded"))
        return lens.sentences([trained, last])
    named = {"id": facts["last_exercise"], "when": facts.when("last_exercise_at")}
    if facts["last_exercise_before"]:
        told = lens("The last exercise before it: %(id)s, %(when)s.", **named)
    else:
        told = lens("No exercise before it; one since: %(id)s, %(when)s.", **named)
    score = ""
    if facts["last_exercise_times"] is not None:
        score = lens(
            "Of %(n)s times in it %(late)s were not kept.",
            n=facts.number("last_exercise_times"),
            late=facts.number("last_exercise_late"),
        )
    return lens.sentences([trained, told, score])


def whole(lens: Lens, facts: Facts) -> list[str]:
    """Answer question 10."""
    if facts["whole"]:
        first = lens(
            "The record is whole: the tree over all %(n)s entries, computed now from their bytes, "
            "is the tree that was recorded with the last of them.",
            n=facts.number("entries"),
        )
    else:
        first = lens(
            "The record is not whole. Things that do not agree: %(n)s.", n=facts.number("faults")
        )
    return [
        first,
        _heads(lens, facts),
        lens(
            "Put right by later entries: %(right)s. Under privilege: %(privileged)s. Erased: "
            "%(erased)s. Entered late: %(late)s. Recorded for somebody else: %(behalf)s.",
            right=facts.number("corrected"),
            privileged=facts.number("privileged"),
            erased=facts["erased"] or lens("none recorded"),
            late=facts.number("late"),
            behalf=facts.number("on_behalf"),
        ),
        lens(
            "Times that private words were read: %(n)s; people who read them: %(people)s.",
            n=facts.number("reads"),
            people=facts.number("readers"),
        )
        if facts["reads"]
        else lens("No reading of health or privileged words is recorded."),
        lens(
            "Besides, the record was looked at or taken away without opening private words; "
            "times: %(n)s.",
            n=facts.number("looks"),
        )
        if facts["looks"]
        else "",
    ]


def _heads(lens: Lens, facts: Facts) -> str:
    if not facts["signed_heads"]:
        return lens("No head of this ledger is signed yet.")
    return lens(
        "Signed heads: %(n)s, the last over %(size)s entries, %(when)s.",
        n=facts.number("signed_heads"),
        size=facts.number("last_signed_size"),
        when=facts.when("last_signed_at"),
    )
