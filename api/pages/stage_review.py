"""Stage `review` as a reader sees it: actions, lessons, what stays open, the seal.

What belongs here: choosing and ordering what the state holds. What never does: a rule.
"""

from typing import Final

from api.pages import blocks
from api.pages.ahead import closing, left_rows
from api.pages.earlier import open_elsewhere
from api.pages.kept_until import keeping_block
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link
from api.pages.readable import Opened
from api.pages.unplaced_units import unplaced_rows
from domain.left_at_end import known_wrong, left_at_end
from domain.state.review import Action
from domain.values import PrivateText
from services import retention

_TONES: Final = {"open": "information", "done": "accent", "verified": "done", "failed": "critical"}


def private_texts(_view: View) -> list[PrivateText]:
    """Give none: this stage has no private text."""
    return []


def blocks_of(view: View, _opened: Opened) -> list[Drawn]:
    """Give the stage as blocks."""
    lens, review = view.lens, view.state.review
    found = [
        blocks.table(
            lens("Actions"),
            lens.each("Action", "Owner", "Due", "How we see that it worked", "State"),
            [_action(view, one) for one in review.actions.values()],
            empty=lens("No action is assigned yet."),
            id="actions",
        ),
        blocks.table(
            lens("Lessons"),
            lens.each("Entry", "What we learned", "The plan should change"),
            [
                [
                    {"text": f"#{one.seq}", "href": f"{view.address}/ledger/{one.seq}"},
                    one.text,
                    lens("Yes") if one.changes_plan else lens("No"),
                ]
                for one in review.lessons
            ],
            empty=lens("No lesson is recorded yet."),
        ),
    ]
    if review.closed_at is not None:
        return [_closed(view), *_kept(view), *found]
    return [*found, *closing(view)] if view.state.report.is_accepted else found


def _closed(view: View) -> Drawn:
    lens, review = view.lens, view.state.review
    unsaid = [one for one in known_wrong(view.state) if one not in review.open_items]
    rows: list[Drawn] = [
        {
            "label": lens("Closed"),
            "text": lens.listed(map(lens.person, review.closed_by)),
            "moment": lens.moment(review.closed_at),
        },
        {
            "label": lens("What stays open, named for ever"),
            "lines": [lens.sentence(one) for one in review.open_items] or [lens("nothing")],
        },
        *left_rows(view, review.left or (*unsaid, *left_at_end(view.state))),
        *unplaced_rows(view),
        *open_elsewhere(view),
    ]
    return blocks.pairs(lens("Closed and sealed"), rows, id="closed")


def _kept(view: View) -> list[Drawn]:
    """Say until when what is closed is kept, and which legal holds stand; now, not as it was."""
    if view.as_of is not None or view.actor.is_from_outside:
        return []
    return [keeping_block(view.lens, retention.of(view.visit.house, view.row.id))]


def _action(view: View, one: Action) -> list[blocks.Cell]:
    lens = view.lens
    name = {"open": "complete_action", "done": "verify_action", "failed": "complete_action"}.get(
        one.state
    )
    late = one.state == "open" and one.due_at < lens.now
    state = lens("overdue") if late else lens.words.of("action_state", one.state)
    by = one.verified_by or one.done_by
    return [
        {
            "text": f"{one.id} · {one.title}",
            "sub": lens.words.of("ActionKind", one.kind),
            "acts": act_link(view, name, one.id) if name else [],
        },
        lens.person(one.owner),
        lens.day(one.due_on),
        {"text": one.test, "sub": one.outcome},
        {
            "text": state,
            "sub": lens.person(by) if by else "",
            "tone": "critical" if late else _TONES.get(one.state, "neutral"),
        },
    ]
