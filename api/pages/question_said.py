"""The first line of each answer: the auditor's question answered in plain words.

What belongs here: one function for each question, from its facts to sentences. What never does: the
tables it rests on, or a fact that the answer does not hold.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from api.pages.lens import Lens
from api.pages.question_cells import span_of, text_of
from api.pages.severity_words import severity_rule
from services.questions.asking import Answered


@dataclass(frozen=True)
class Facts:
    """The facts of one answer, told by the kind of each."""

    lens: Lens
    values: Mapping[str, Any]
    opened: Mapping[str, str]

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def told(self, key: str, kind: str = "") -> str:
        """Say one fact; an unknown one as that."""
        return text_of(self.lens, kind, self.values.get(key), self.opened) or self.lens("unknown")

    def when(self, key: str) -> str:
        """Say when something was."""
        at: datetime | None = self.values.get(key)
        return self.lens.when(at) if at is not None else self.lens("unknown")

    def number(self, key: str) -> str:
        """Say a number."""
        return self.lens.number(self.values.get(key)) or self.lens("unknown")


def said(lens: Lens, one: Answered) -> list[str]:
    """Answer in sentences, the answer itself first."""
    facts = Facts(lens, one.answer.facts, one.opened)
    return [line for line in _SAID[one.answer.number](lens, facts) if line]


# ---------------------------------------------------------------- 1 and 2


def _knew(lens: Lens, facts: Facts) -> list[str]:
    if facts["known_at"] is None:
        return [lens("Nothing is reported here yet.")]
    line = [
        lens("Known %(when)s", when=facts.when("known_at")),
        _after(facts, "recorded", lens("recorded"), lens("not recorded")),
        _after(facts, "accepted", lens("accepted"), lens("not accepted yet")),
        _after(facts, "ordered", lens("first order to stop"), lens("no order to stop yet")),
    ]
    return [" · ".join(line), _who_knew(lens, facts), _who_acted(lens, facts)]


def _after(facts: Facts, what: str, done: str, not_done: str) -> str:
    if facts[f"{what}_at"] is None:
        return not_done
    lens, seconds = facts.lens, facts[f"{what}_after_s"]
    told = {"what": done, "when": facts.when(f"{what}_at"), "span": span_of(lens, abs(seconds))}
    if seconds < 0:
        return lens("%(what)s %(when)s, %(span)s before", **told)
    return lens("%(what)s %(when)s, after %(span)s", **told)


def _who_knew(lens: Lens, facts: Facts) -> str:
    country = lens.place(facts["known_how"]) if facts["known_how"] else lens("unknown")
    if facts["known_by"] is None:
        return lens(
            "Who knew first is not named; it was in %(country)s. %(name)s reported it.",
            country=country,
            name=facts.told("recorded_by", "person"),
        )
    return lens(
        "%(first)s knew first, in %(country)s; %(name)s reported it.",
        first=facts.told("known_by", "person"),
        country=country,
        name=facts.told("recorded_by", "person"),
    )


def _who_acted(lens: Lens, facts: Facts) -> str:
    parts = []
    if facts["ordered_at"] is not None:
        by = facts.told("ordered_how", "how")
        parts.append(lens("The first order: %(level)s.", level=by))
    if facts["accepted_at"] is not None:
        if facts["accepted_how"] == "silence":
            parts.append(lens("The plan accepted it: nobody decided in time."))
        else:
            who = facts.told("accepted_by", "person")
            parts.append(lens("%(name)s accepted it.", name=who))
    if facts["reports"] > 1:
        parts.append(lens("Reports in all: %(n)s.", n=facts.number("reports")))
    return lens.sentences(parts)


def _grade(lens: Lens, facts: Facts) -> list[str]:
    if facts["grade"] is None:
        return [lens("No grade yet: nobody has answered the questions.")]
    grade = facts.told("grade")
    if facts["made_by"]:
        rules = facts.told("made_by", "severity_rules")
        first = lens("Grade %(grade)s, because: %(rules)s.", grade=grade, rules=rules)
    elif facts["raised_by_m1"]:
        rule = severity_rule(lens, "M1")
        first = lens("Grade %(grade)s, because: %(rules)s.", grade=grade, rules=rule)
    else:
        first = lens("Grade %(grade)s, by people's signatures.", grade=grade)
    return [first, _not_higher(lens, facts), _lowered(lens, facts), _unknown(lens, facts)]


def _not_higher(lens: Lens, facts: Facts) -> str:
    """Say why the grade is not higher: nothing asks for it, or people lowered it all the same."""
    if facts["held_above"]:
        return lens(
            "On the answers a higher grade would follow (%(rules)s); people lowered it: %(why)s",
            rules=facts.told("held_above", "codes"),
            why=facts.told("lowered_why"),
        )
    if not facts["not_held_above"]:
        return lens("There is no higher grade.")
    return lens(
        "Not higher: none of the %(n)s rules of a higher grade holds on the answers.",
        n=facts.number("not_held_above"),
    )


def _lowered(lens: Lens, facts: Facts) -> str:
    if not facts["lowered"]:
        return lens("Nobody lowered it. Times raised: %(n)s.", n=facts.number("raised"))
    return lens(
        "Times lowered: %(n)s, the last time signed by %(people)s. Times raised: %(up)s.",
        n=facts.number("lowered"),
        people=facts.told("lowered_by", "people"),
        up=facts.number("raised"),
    )


def _unknown(lens: Lens, facts: Facts) -> str:
    told = lens("Questions that nobody has answered: %(n)s.", n=facts.number("unknown"))
    if facts["provisional"]:
        provisional = lens("The grade is provisional: it rests on statements alone.")
        return lens.sentences([told, provisional])
    return told


# ---------------------------------------------------------------- 3 and 7


def _lots(lens: Lens, facts: Facts) -> list[str]:
    if facts["version"] is None:
        return [lens("No scope is set yet.")]
    reach = (
        lens("every lot of %(products)s", products=facts.told("products", "products"))
        if facts["unbounded"]
        else lens.words.ngettext("%(n)s lot", "%(n)s lots", facts["lots"])
        % {"n": facts.number("lots")}
    )
    return [
        lens(
            "%(reach)s, by version %(version)s of the scope: %(reason)s",
            reach=reach,
            version=facts.number("version"),
            reason=facts.told("reason"),
        ),
        lens(
            "Set %(when)s, signed by %(people)s.",
            when=facts.when("set_at"),
            people=facts.told("set_by", "people"),
        ),
        _not_looked_at(lens, facts),
        _unexplained(lens, facts),
    ]


def _not_looked_at(lens: Lens, facts: Facts) -> str:
    looked = lens(
        "Kinds of neighbours that were looked at: %(n)s.", n=facts.number("neighbours_looked_at")
    )
    if not facts["neighbours_not_looked_at"]:
        return lens.sentences([looked, lens("None is open.")])
    names = facts.told("neighbours_not_looked_at")
    return lens.sentences([looked, lens("Not looked at, or still open: %(names)s.", names=names)])


def _unexplained(lens: Lens, facts: Facts) -> str:
    told = lens("Units unexplained: %(n)s.", n=facts.number("unexplained"))
    more = facts["unexplained_unknown_lots"]
    unknown = lens("Lots of which nobody can say: %(n)s.", n=more) if more else ""
    gaps = lens("Gaps named: %(n)s.", n=facts.number("gaps")) if facts["gaps"] else ""
    return lens.sentences([told, unknown, gaps])


def _consignee(lens: Lens, facts: Facts) -> list[str]:
    lines = _card(lens, facts) if facts["consignee"] else []
    if not facts["consignees"]:
        return [*lines, lens("The scope names no consignee.")]
    lines.append(
        lens(
            "Of %(n)s consignees %(told)s were told, %(answered)s answered; silent: %(silent)s.",
            n=facts.number("consignees"),
            told=facts.number("told"),
            answered=facts.number("answered"),
            silent=facts.number("silent"),
        )
    )
    total = lens("Units unaccounted for, all lots together: %(n)s.", n=facts.number("unaccounted"))
    more = facts["unaccounted_unknown_lots"]
    unknown = lens("Lots of which nobody can say: %(n)s.", n=more) if more else ""
    return [*lines, lens.sentences([total, unknown])]


def _card(lens: Lens, facts: Facts) -> list[str]:
    name = facts.told("consignee", "consignee")
    if not facts["times_told"]:
        told = lens("%(name)s was not told yet.", name=name)
    else:
        told = lens(
            "%(name)s was told first %(when)s; times told in all: %(n)s.",
            name=name,
            when=facts.when("first_told_at"),
            n=facts.number("times_told"),
        )
    return [lens.sentences([told, _answer_of(lens, facts)])]


def _answer_of(lens: Lens, facts: Facts) -> str:
    if facts["taken_over_by"] and not facts["answers"]:
        who = facts.told("taken_over_by", "person")
        return lens("It did not answer; %(name)s answers for it.", name=who)
    if not facts["answers"]:
        return lens("It has not answered.")
    answered = lens("It answered, last %(when)s.", when=facts.when("answered_at"))
    if facts["received"] is None:
        return lens.sentences([answered, lens("What it received is not given for every lot.")])
    units = lens(
        "It received %(n)s units, of which it leaves %(open)s open.",
        n=facts.number("received"),
        open=facts.number("left_open"),
    )
    return lens.sentences([answered, units])


# ---------------------------------------------------------------- 4 and 5


def _decided(lens: Lens, facts: Facts) -> list[str]:
    waiting = lens("A decision waits for signatures.") if facts["waiting"] else ""
    if not facts["was_decided"]:
        return [lens("Nothing is decided yet."), waiting]
    what = facts.told("was_decided", "decision")
    if facts["depth"]:
        what = lens("%(what)s (%(depth)s)", what=what, depth=facts.told("depth"))
    lines = [
        lens(
            "%(what)s: decided %(when)s by %(people)s.",
            what=what,
            when=facts.when("at"),
            people=facts.told("signers", "people"),
        ),
        lens("Why: %(reason)s", reason=facts.told("reason")),
        lens("What else was weighed: %(options)s", options=facts.told("options")),
    ]
    lines.append(_against(lens, facts))
    if facts["reopened_at"]:
        lines.append(lens("Open again since %(when)s.", when=facts.when("reopened_at")))
    if facts["review_at"]:
        lines.append(lens("To be looked at again %(when)s.", when=facts.when("review_at")))
    return [*lines, waiting]


def _against(lens: Lens, facts: Facts) -> str:
    """Say against whose view, as far as it is on record: in the decision, and on the way to it."""
    if facts["dissent"]:
        return lens("Against it: %(dissent)s", dissent=facts.told("dissent"))
    if facts["others"]:
        n = facts.number("others")
        return lens("The decision notes no other view; on the way to it are %(n)s on record.", n=n)
    return lens("Against it: nobody, on record.")


def _moment(lens: Lens, facts: Facts) -> list[str]:
    return [
        lens(
            "%(when)s, after entry %(size)s of %(all)s.",
            when=facts.when("at"),
            size=facts.number("size"),
            all=facts.number("entries"),
        ),
        lens(
            "On sale at %(selling)s of %(n)s channels; confirmed stopped: %(stopped)s; ordered, "
            "not confirmed: %(open)s.",
            selling=facts.number("selling"),
            n=facts.number("channels"),
            stopped=facts.number("stopped"),
            open=facts.number("not_confirmed"),
        ),
        lens("Texts that the public could read: %(n)s.", n=facts.number("texts_out")),
        lens(
            "Known: grade %(grade)s, people hurt %(hurt)s, lots %(lots)s.",
            grade=facts.told("grade"),
            hurt=facts.number("people_hurt"),
            lots=facts.told("lots"),
        ),
        lens(
            "Happened by then, and recorded later: %(n)s entries.",
            n=facts.number("recorded_later"),
        ),
    ]


# ---------------------------------------------------------------- 6 and 8


def _duties(lens: Lens, facts: Facts) -> list[str]:
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
    if facts["determined_by"]:
        people = facts.told("determined_by", "people")
        lines.append(lens("Judged not to be filed by %(people)s.", people=people))
    if facts["rules_judged_away"]:
        n = facts.number("rules_judged_away")
        lines.append(lens("Rules that legal found not to apply here: %(n)s.", n=n))
    return lines


def _text(lens: Lens, facts: Facts) -> list[str]:
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


# ---------------------------------------------------------------- 9 and 10


def _plan(lens: Lens, facts: Facts) -> list[str]:
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
    version = facts["plan_version"]
    if facts["adopted_at"] is None:
        told = lens(
            "Plan version %(version)s holds here; no adoption by a person is recorded.",
            version=version,
        )
    else:
        told = lens(
            "Plan version %(version)s holds here; the one it began with was adopted by %(name)s, "
            "%(when)s.",
            version=version,
            name=facts.told("adopted_by", "person"),
            when=facts.when("adopted_at"),
        )
    changed = facts["changes_since"]
    since = lens("Versions adopted here since: %(n)s.", n=changed) if changed else ""
    return lens.sentences([told, since])


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


def _whole(lens: Lens, facts: Facts) -> list[str]:
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
            "Under privilege: %(privileged)s. Erased: %(erased)s. Entered late: %(late)s. Recorded "
            "for somebody else: %(behalf)s.",
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


_SAID: Final[dict[int, Callable[[Lens, Facts], list[str]]]] = {
    1: _knew,
    2: _grade,
    3: _lots,
    4: _decided,
    5: _moment,
    6: _duties,
    7: _consignee,
    8: _text,
    9: _plan,
    10: _whole,
}
