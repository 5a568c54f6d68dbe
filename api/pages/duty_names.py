"""What a duty is called, of whom it is owed, and what its time rests on, in a reader's words.

What belongs here: words that the page of an incident and the list over all incidents share. What
never does: a due time, or which duties there are.
"""

from activities.duty_words import basis_of
from activities.words import rule_place
from activities.zones import zone_of
from api.pages.lens import Lens
from domain.open_duties import OpenDuty, Owed
from domain.regulation_terms import AuthorityActKind
from domain.state.notice import Duty
from storage.duties import Placed

Named = Duty | OpenDuty


def duty_name(lens: Lens, duty: Named) -> str:
    """Name a duty in the reader's language: what is reported, and about whom."""
    title = lens.words.pick(duty.title_en, duty.title_zh)
    subject, _, number = duty.subject.partition("/")
    if subject != "incident":
        return f"{title} · {duty.subject}"
    return lens("%(what)s, no. %(n)s", what=title, n=number) if number else title


def authority_name(lens: Lens, duty: Named) -> str:
    """Name the recipient of a duty."""
    return lens.words.pick(duty.authority_en, duty.authority_zh)


def open_name(lens: Lens, one: OpenDuty) -> str:
    """Name what stands open: a report, or the answer to what an authority did."""
    if one.owed is Owed.REPORT:
        return duty_name(lens, one)
    did = lens.words.code(AuthorityActKind, one.title_en)
    what = f"{did} {one.subject}".strip()
    return lens("Answer %(authority)s: %(what)s", authority=one.authority_en, what=what)


def task_name(lens: Lens, one: OpenDuty) -> str:
    """Name what is to be done by the time of a row: before a clock runs it is no report yet."""
    name = open_name(lens, one)
    if not one.counts:
        return lens("Say whether it applies: %(what)s", what=name)
    if one.due_at is None and one.no_due_why:
        return lens("Set its time by hand: %(what)s", what=name)
    return name


def rests_on(lens: Lens, one: OpenDuty) -> str:
    """Say what the time of an open duty rests on: law, guideline, request, our own, by hand."""
    if one.owed is Owed.ANSWER:
        return lens("the time that the authority set")
    if not one.counts:
        return lens("Nobody has verified this rule yet.")
    return basis_of(lens.words, one)


def rule_of(lens: Lens, one: OpenDuty) -> str:
    """Give law and article of an open duty; nothing for the answer to an authority."""
    return rule_place(one.rule, lens.words, lens.rules) if one.rule else ""


def clock_of(one: Named | Placed, lens: Lens | None = None) -> str:
    """Give the place whose clock is the authority's own: what its time is counted by.

    That is the duty's calendar (of a row the one of its rule), else its country, else its market.
    """
    calendar = (
        one.calendar if isinstance(one, Duty) else lens.calendars.get(one.rule, "") if lens else ""
    )
    return next(filter(zone_of, (calendar, one.place, one.market)), one.market)
