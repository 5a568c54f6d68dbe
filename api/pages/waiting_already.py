"""Two acts about one duty: what a form says where one waits already, and what its signer is told.

What belongs here: naming the other act, and what happened to the duty meanwhile. What never does: a
rule; the second act lapses by itself when it can no longer take effect (domain/acts.py).
"""

from collections.abc import Iterator
from typing import Final

from api.pages.duty_rows import waiting_about
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import act_link
from domain.message import CommandSpec
from domain.regulation_terms import DutyStatus, FilingKind
from domain.state import PendingAct

ENDING: Final = frozenset({"file_first", "file_full", "determine_not_reportable"})
"""Acts that end a duty: of two that wait, one is in vain."""


def already_waiting(view: View, spec: CommandSpec, duty: str) -> Drawn | None:
    """Say on top of a form that an act about the same duty waits for signatures already."""
    found = _ending(view, duty) if spec.name in ENDING and duty else []
    if not found or view.as_of is not None:
        return None
    lens = view.lens
    return {
        "text": lens.sentences(
            [
                *(_named(lens, one) for one in found),
                lens(
                    "Only one of two can take effect: sign or decline that one first, unless this "
                    "one is meant besides."
                ),
            ]
        ),
        "acts": [link for one in found for link in act_link(view, "sign_act", one.id)],
    }


def _ending(view: View, duty: str) -> list[PendingAct]:
    return [one for one in waiting_about(view, duty) if one.command["type"] in ENDING]


def _named(lens: Lens, one: PendingAct) -> str:
    return lens(
        "%(act)s about this duty waits for signatures already: “%(title)s”, proposed by %(name)s, "
        "%(when)s.",
        act=one.id,
        title=lens.sentence(one.title),
        name=lens.person(one.proposed_by),
        when=lens.when(one.proposed_at),
    )


def meanwhile(view: View, pending: PendingAct) -> list[Drawn]:
    """Tell a signer that the duty ended since the act was proposed, and what else waits for it."""
    name, body = pending.command["type"], pending.command["body"]
    if name not in ENDING or view.as_of is not None:
        return []
    rows = [*_over(view, pending), *_beside(view, pending, str(body["duty"]))]
    return [{"label": view.lens("Since this was proposed"), "lines": rows}] if rows else []


def _over(view: View, pending: PendingAct) -> Iterator[str]:
    body, lens = pending.command["body"], view.lens
    duty = view.state.notice.duties.get(str(body["duty"]))
    if duty is None or duty.is_open:
        return
    if body.get("kind", FilingKind.INITIAL) != FilingKind.INITIAL:
        return  # a follow-up goes to a duty that is met
    if duty.status is DutyStatus.FILED:
        last = duty.filings[-1]
        yield lens(
            "%(duty)s was filed meanwhile: sent %(when)s, recorded by %(name)s (entry %(seq)s). "
            "Signed now, this act lapses.",
            duty=duty.id,
            when=lens.when(last.sent_at),
            name=lens.person(last.by),
            seq=str(last.seq),
        )
    else:
        yield lens(
            "%(duty)s is not open any more (%(state)s). Signed now, this act lapses.",
            duty=duty.id,
            state=lens.word(duty.status),
        )


def _beside(view: View, pending: PendingAct, duty: str) -> Iterator[str]:
    lens = view.lens
    for one in _ending(view, duty):
        if one.id != pending.id:
            yield lens(
                "%(act)s about the same duty waits for signatures too: “%(title)s”, proposed by "
                "%(name)s, %(when)s. The second of the two lapses.",
                act=one.id,
                title=lens.sentence(one.title),
                name=lens.person(one.proposed_by),
                when=lens.when(one.proposed_at),
            )
