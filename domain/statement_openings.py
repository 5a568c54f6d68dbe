"""Which acts about texts make sense now, for whoever looks: the part of domain/openings.py.

What belongs here: reading where each text stands. What never does: deciding.
"""

from collections.abc import Callable, Iterable
from typing import Final

from domain.errors import Refused
from domain.halt import OPEN_REPORT
from domain.people import Role
from domain.previews import require_shareable, withdrawable
from domain.publication import unseen_languages
from domain.publishing import publishable
from domain.scene import Scene
from domain.state.statement import (
    EDITABLE,
    REPLACED,
    SENDABLE,
    PlaceState,
    Statement,
    Status,
)
from domain.statement import AS_ORIGINAL
from domain.statement_change import require_changeable
from domain.statement_comment import REMARKABLE, open_comments
from domain.statement_gate import gaps, gate
from domain.statement_lookup import open_blocks
from domain.statement_override import OVERRIDABLE
from domain.statement_places import is_by_hand
from domain.statement_slots import fillable_slots
from domain.told_wrong import given_wrong

HANDED_OVER: Final = ("handed_over", "failed")
"""Where a text waits at a place that a person brings it to."""

Fits = Callable[[Scene, Statement], bool]


def _texts(fits: Fits) -> Callable[[Scene], Iterable[str]]:
    def found(scene: Scene) -> Iterable[str]:
        texts = scene.incident.statement.statements.values()
        return [text.id for text in texts if fits(scene, text)]

    return found


def _authors(scene: Scene, kind: str) -> tuple[Role, ...]:
    return tuple(scene.incident.rules.plan.statement(kind).authors)


def _kinds(scene: Scene) -> Iterable[str]:
    """Give the kinds of text that this person may begin now."""
    if scene.incident.report.status not in OPEN_REPORT:
        return []
    plan = scene.incident.rules.plan.statements
    own = [kind for kind in plan if kind not in AS_ORIGINAL]
    return [kind for kind in own if scene.may(_authors(scene, kind))]


def _revise(scene: Scene, text: Statement) -> bool:
    return text.status in EDITABLE and scene.may(_authors(scene, text.kind))


def _drop(scene: Scene, text: Statement) -> bool:
    return text.status in EDITABLE and scene.may((*_authors(scene, text.kind), Role.PR_LEAD))


def _hand_in(scene: Scene, text: Statement) -> bool:
    if text.status is not Status.DRAFT or open_blocks(scene.incident, text):
        return False
    return scene.may((*_authors(scene, text.kind), Role.PR_LEAD))


def _approve(scene: Scene, text: Statement) -> bool:
    if text.status is not Status.IN_REVIEW or scene.who.id in text.authors:
        return False
    if open_blocks(scene.incident, text):
        return False
    return bool(fillable_slots(scene.incident, scene.act, text))


def _send_back(scene: Scene, text: Statement) -> bool:
    roles = {role for slot in text.slots for role in slot.roles}
    roles |= {Role.INCIDENT_COMMANDER, Role.QUALITY_SAFETY_RESPONSIBLE}
    fitting = (Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED)
    return text.status in fitting and scene.may(roles)


def _override(scene: Scene, text: Statement) -> bool:
    if text.status not in OVERRIDABLE or scene.who.id in text.authors:
        return False
    return any(found.may_be_overridden for found in open_blocks(scene.incident, text))


def _allow(scene: Scene, text: Statement) -> bool:
    if text.status not in (Status.IN_REVIEW, *SENDABLE) or not publishable(scene.incident, text):
        return False
    open_ones = gaps(gate(scene.incident, text, scene.at, frozenset()))
    items = {item.key: item for item in scene.incident.rules.plan.gate}
    return any(items[key].may_be_overridden for key in open_ones)


def _publish(scene: Scene, text: Statement) -> bool:
    if text.status not in SENDABLE or open_blocks(scene.incident, text):
        return False
    return publishable(scene.incident, text)


def _lift(_scene: Scene, text: Statement) -> bool:
    return text.status is Status.SCHEDULED


def _share(scene: Scene, text: Statement) -> bool:
    try:
        require_shareable(scene.incident, text)
    except Refused:
        return False
    return True


def _withdraw(scene: Scene, text: Statement) -> bool:
    return bool(withdrawable(text, scene.at))


def _by_hand(_scene: Scene, text: Statement) -> bool:
    return any(waits_for_eyes(text, place) for place in text.places.values())


def waits_for_eyes(text: Statement, place: PlaceState) -> bool:
    """Say whether a text was brought somewhere and nobody has seen all of it there yet."""
    brought = is_by_hand(place.place) and place.state in HANDED_OVER
    return brought or bool(unseen_languages(text, place))


def asks_where_it_stands(text: Statement) -> bool:
    """Say whether somebody is asked where a text stands that people brought somewhere.

    Not of a text that another has replaced: that one goes to the same places, and asks there.
    """
    if text.status in REPLACED:
        return False
    return any(waits_for_eyes(text, place) for place in text.places.values())


def _flag(_scene: Scene, text: Statement) -> bool:
    return text.status in (Status.PUBLISHED, Status.CORRECTED)


def _comment(_scene: Scene, text: Statement) -> bool:
    return text.status in REMARKABLE


def _settle(_scene: Scene, text: Statement) -> bool:
    return bool(open_comments(text))


def _clear(scene: Scene, text: Statement) -> bool:
    return bool(text.flags) and scene.who.id not in text.authors


def _change(kind: str, relation: str) -> Fits:
    def fits(scene: Scene, text: Statement) -> bool:
        try:
            require_changeable(scene.incident, scene.act, text.id, kind or text.kind, relation)
        except Refused:
            return False
        return True

    return fits


def _asked(scene: Scene) -> Iterable[str]:
    enquiries = scene.incident.statement.enquiries.values()
    return [one.id for one in enquiries if not one.answers or given_wrong(scene.incident, one)]


OPENINGS: Final[dict[str, Callable[[Scene], bool | Iterable[str]]]] = {
    "draft_statement": _kinds,
    "revise_statement": _texts(_revise),
    "drop_statement": _texts(_drop),
    "ask_for_review": _texts(_hand_in),
    "approve_statement": _texts(_approve),
    "request_changes": _texts(_send_back),
    "override_finding": _texts(_override),
    "allow_gaps": _texts(_allow),
    "publish_statement": _texts(_publish),
    "lift_schedule": _texts(_lift),
    "share_preview": _texts(_share),
    "withdraw_preview": _texts(_withdraw),
    "confirm_published_by_hand": _texts(_by_hand),
    "flag_statement": _texts(_flag),
    "clear_flag": _texts(_clear),
    "comment_statement": _texts(_comment),
    "settle_comment": _texts(_settle),
    "correct_statement": _texts(_change("correction", "corrects")),
    "retract_statement": _texts(_change("retraction", "retracts")),
    "supersede_statement": _texts(_change("", "supersedes")),
    "answer_enquiry": _asked,
}
