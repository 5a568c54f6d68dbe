"""What is asked because two incidents are about the same goods: to link a report, to count people.

What belongs here: the cards for it on either side, each naming the other, also while a link waits
for its second signature. What never does: finding the incidents (api/pages/earlier.py).
"""

from collections.abc import Iterator

from api.pages.earlier import LINK, newer_reports, to_link_to
from api.pages.joined import ADD
from api.pages.lens import Drawn
from api.pages.looking import View, look
from api.pages.possible import act_link, address_of, form_address, is_offered, may_now, roles_of
from api.pages.signing import may_sign
from api.pages.steps import LAST, card_of
from domain.message import COMMANDS
from domain.state import PendingAct


def cards(view: View) -> list[Drawn]:
    """Give what joins this report to an open incident, or reports of the same goods to this one."""
    if view.as_of is not None or view.state.review.closed_at is not None:
        return []
    if view.state.report.status == "received":
        return list(_own_link(view))
    return list(_of_reports(view)) if view.state.report.is_accepted else []


def _own_link(view: View) -> Iterator[Drawn]:
    """Name the open incidents that this report may be linked to; a link proposed has its card."""
    others = [] if any(_links(view)) else to_link_to(view)
    if others:
        told = view.lens.listed(others)
        title = view.lens("Open about the same goods: %(ids)s. Link this report to it?", ids=told)
        yield _linking_card(view, view, others, title)


def _of_reports(view: View) -> Iterator[Drawn]:
    for number in newer_reports(view):
        there = look(view.visit, number)
        if not isinstance(there, View):
            continue
        links = [one for one in _links(there) if _target(one) == view.row.id]
        status = there.state.report.status
        if links:
            yield _signing_card(view, there, links[0])
        elif status == "received" and not any(_links(there)):
            title = view.lens("Report %(id)s is about the same goods: link it here?", id=number)
            yield _linking_card(view, there, [view.row.id], title)
        is_here = bool(links) or _is_linked(there, view.row.id)
        if is_here and _tells_of_people(there) and not _counted_since(view, there):
            yield _people_card(view, there)


def _links(view: View) -> Iterator[PendingAct]:
    """List the links to another incident that are proposed and wait for a signature."""
    return (one for one in view.state.pending.values() if one.command["type"] == LINK)


def _target(pending: PendingAct) -> str:
    return str(pending.command["body"].get("incident", ""))


def _is_linked(there: View, number: str) -> bool:
    return there.state.report.status == "linked" and there.state.report.linked_to == number


def _tells_of_people(there: View) -> bool:
    return bool(there.state.report.people_hurt or there.state.report.told_besides)


def _counted_since(view: View, there: View) -> bool:
    """Say whether a report was added, or somebody registered, after what the other report knew."""
    known = min(one.first_known_at for one in there.state.report.reports)
    told = any(one.received_at >= there.row.created_at for one in view.state.report.reports)
    return told or any(one.awareness_at >= known for one in view.state.report.cases.values())


def _linking_card(view: View, report: View, targets: list[str], title: str) -> Drawn:
    """Ask for the link, on the report's own page or on that of the incident it belongs to."""
    spec, number = COMMANDS[LINK], report.row.id
    mine = is_offered(report, spec)
    address = form_address(report, spec)
    links = [
        {
            "text": view.lens("Link %(id)s to %(to)s", id=number, to=one),
            "href": f"{address}?incident={one}",
        }
        for one in targets
    ]
    return card_of(
        view,
        id=f"link-{number}",
        title=title,
        sort=f"{LAST}0",
        who=view.lens.holders(str(role) for role in spec.roles if role in roles_of(report, spec)),
        acts=links if mine else [],
        mine=mine,
        href=report.address,
    )


def _signing_card(view: View, there: View, pending: PendingAct) -> Drawn:
    lens, mine = view.lens, may_sign(there, pending)
    sign = {"text": lens("Read and sign"), "href": address_of(there, "sign_act", pending.id)}
    title = lens(
        "The link of report %(id)s to this incident waits for a signature there", id=there.row.id
    )
    return card_of(
        view,
        id=f"link-{there.row.id}",
        title=title,
        sort=f"{LAST}0",
        who=lens.holders(str(role) for slot in pending.slots for role in slot),
        acts=[sign] if mine else [],
        mine=mine,
        href=there.address,
    )


def _people_card(view: View, there: View) -> Drawn:
    """Ask to count whoever a linked report tells of: the link alone counts nobody."""
    spec, lens = COMMANDS[ADD], view.lens
    roles = roles_of(view, spec)
    title = lens(
        "%(id)s tells of people hurt, whom the link does not count: add its report here, then "
        "register them",
        id=there.row.id,
    )
    mine = may_now(view, roles)
    return card_of(
        view,
        id=f"people-{there.row.id}",
        title=title,
        sort=f"{LAST}0",
        who=lens.holders(str(role) for role in spec.roles if role in roles),
        acts=act_link(view, ADD) if mine else [],
        mine=mine,
        href=f"{view.address}/report",
    )
