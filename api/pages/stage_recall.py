"""Stage `recall` as a reader sees it: decision, scope lot by lot, consignees, what came back, ends.

What belongs here: choosing and ordering what the state holds; unknown is shown as unknown. What
never does: a rule, arithmetic of its own (domain/scope.py has it), or counts (recall_counts.py).
"""

from collections.abc import Sequence

from api.pages import blocks
from api.pages.dissent import act_before, dissents
from api.pages.drawing import reader_of
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.lot_records import shipped_to
from api.pages.market_ends import told_in_public
from api.pages.possible import act_link
from api.pages.readable import Opened, whole_amount
from api.pages.recall_counts import came_back, counted_so_far, ends, wanting
from api.pages.scope_left_out import left_out_block
from api.pages.scope_reach import versions_moved
from api.pages.unplaced_units import left_open_sub, unplaced_rows
from api.pictures import FunnelStep, Picture, response_funnel
from domain.market_counts import ListedLots, received_by_lot
from domain.notifications import readers_told
from domain.recall_terms import NO_RECALL, NeighbourKind, RecallAction
from domain.scope import MADE_OF, NUMBERS, OUT_OF, LotScope, total
from domain.state.recall import ConsigneeState, Decision, SignedPlan
from domain.values import PrivateText


def private_texts(_view: View) -> list[PrivateText]:
    """Give none: who answered at a consignee stands sealed in the entries."""
    return []


def blocks_of(view: View, _opened: Opened) -> list[Drawn]:
    """Give the stage as blocks."""
    recall = view.state.recall
    found = [_decision(view), _scope(view)]
    if recall.scope is not None:
        found += [*left_out_block(view, recall.scope), _neighbours(view), _versions(view)]
    if nowhere := unplaced_rows(view):
        found.append(blocks.pairs(view.lens("Shipped, and at nobody we know"), nowhere))
    if recall.plan is not None:
        found.append(_plan(view, recall.plan))
    if recall.consignees:
        found += [consignee_figures(view), blocks.picture(_funnel(view)), _consignees(view)]
    public = told_in_public(view)
    if recall.told or public:
        found.append(_told(view, public))
    if recall.tallies or recall.claims.settled or recall.claims.refused or recall.settlements:
        found += [*came_back(view), _claims(view)]
    if recall.is_decided or recall.ends:
        found += [*counted_so_far(view), ends(view)]
    return found


def _decision(view: View) -> Drawn:
    lens, recall = view.lens, view.state.recall
    if not recall.decisions:
        text = lens("Not decided yet. It needs a scope and a hazard evaluation, never the cause.")
        return blocks.words(lens("Recall: yes or no"), text)
    last = recall.decisions[-1]
    rows = _decision_rows(view, last)
    if recall.reopened_at is not None:
        told = lens("Open again since %(when)s", when=lens.when(recall.reopened_at))
        rows.insert(0, {"label": lens("State"), "text": told, "tone": "critical"})
    if len(recall.decisions) > 1:
        earlier = [
            f"{lens.when(one.at)} · {lens.words.code(RecallAction, one.kind)}"
            for one in recall.decisions[:-1]
        ]
        rows.append({"label": lens("Earlier decisions, kept"), "lines": earlier})
    return blocks.pairs(lens("Recall: yes or no"), rows, id="decision")


def _decision_rows(view: View, one: Decision) -> list[Drawn]:
    lens = view.lens
    tone = "neutral" if one.kind == NO_RECALL else "critical"
    rows: list[Drawn] = [
        {
            "label": lens("Decision"),
            "text": lens.words.code(RecallAction, one.kind),
            "tone": tone,
            "note": lens.word(one.depth) if one.depth else "",
        },
        {"label": lens("Why"), "text": one.reason},
        {"label": lens("What else was weighed"), "text": one.options},
        {"label": lens("Against whose view"), "lines": _dissent(view, one)},
        {"label": lens("Rests on"), "text": ", ".join(f"#{seq}" for seq in one.basis)},
        {
            "label": lens("Signed by"),
            "text": lens.listed(lens.person(who) for who in one.signers),
            "moment": lens.moment(one.at),
        },
    ]
    if one.review_at:
        rows.append({"label": lens("Looked at again"), "moment": lens.due(one.review_at)})
    return [row for row in rows if row.get("text") or row.get("lines") or row.get("moment")]


def _dissent(view: View, one: Decision) -> list[str]:
    """Give whoever saw it differently: as the proposer told it, and as signers kept it."""
    act = act_before(view, one.seq)
    found = [one.dissent] if one.dissent else []
    found += dissents(view, act) if act else []
    return found or [view.lens("no dissent recorded")]


# ---------------------------------------------------------------- scope


def _scope(view: View) -> Drawn:
    lens, scope = view.lens, view.state.recall.scope
    if scope is None:
        text = lens("No scope is set yet: nobody has said which lots are concerned.")
        return blocks.words(lens("Scope"), text)
    title = lens("Scope, version %(n)s", n=str(scope.version))
    note = lens(
        "%(products)s in %(markets)s. %(reason)s",
        products=lens.products(scope.products),
        markets=lens.listed(map(lens.place, scope.markets)),
        reason=scope.reason,
    )
    if scope.unbounded:
        note += " " + lens("The lots cannot be bounded: every lot of these products counts.")
    names = [lens.words.of("scope_number", name) for name in NUMBERS]
    return blocks.table(
        title,
        [lens("Lot number"), *names, lens("Outside our control"), lens("Unexplained")],
        [_lot(view, lot) for lot in scope.lots],
        note=note,
        numbers=range(1, len(NUMBERS) + 3),
        empty=lens("Every lot of these products counts."),
        id="scope",
    )


def _lot(view: View, lot: LotScope) -> list[blocks.Cell]:
    lens, scope = view.lens, view.state.recall.scope
    assert scope is not None
    found = {one.lot: one for one in scope.balances}.get(lot.lot)
    unexplained = found.unexplained if found else None
    cell: blocks.Cell = lens.number(unexplained)
    if unexplained is None:
        cell = {"text": lens("unknown"), "sub": wanting(lens, [lot], MADE_OF)}
    elif unexplained:
        cell = {"text": lens.number(unexplained) or "", "tone": "warning", "icon": "warned"}
    return [
        {"text": lot.lot, "sub": lens.named("product", lot.product)},
        *(lens.number(getattr(lot, name)) for name in NUMBERS),
        {
            "text": lens.number(found.out if found else None) or lens("unknown"),
            "sub": wanting(lens, [lot], OUT_OF),
        },
        cell,
    ]


def _neighbours(view: View) -> Drawn:
    lens, scope = view.lens, view.state.recall.scope
    assert scope is not None
    looked = {one.kind: one for one in scope.neighbours}
    rows: list[list[blocks.Cell]] = []
    for kind in NeighbourKind:
        one = looked.get(kind)
        if one is None:
            state: blocks.Cell = {"text": lens("nobody looked yet"), "tone": "warning"}
        else:
            tone = "warning" if one.verdict == "open" else "neutral"
            state = {"text": lens.word(one.verdict), "tone": tone}
        rows.append([lens.word(kind), state, one.note if one else ""])
    gaps = lens.listed(scope.gaps)
    return blocks.table(
        lens("What else may share the fault"),
        lens.each("Neighbour", "What came of it", "How we know"),
        rows,
        note=lens("What nobody knows yet: %(gaps)s", gaps=gaps) if gaps else "",
    )


def _versions(view: View) -> Drawn:
    lens, moved = view.lens, versions_moved(view)
    rows: list[list[blocks.Cell]] = []
    for one in reversed(view.state.recall.versions):
        change = (
            lens("first version")
            if one.version == 1
            else lens("wider")
            if one.grew
            else lens("narrower")
            if one.shrank
            else lens("same goods, better known")
        )
        rows.append(
            [
                {"text": str(one.version), "href": f"{view.address}/ledger/{one.seq}"},
                {"text": change, "sub": " · ".join(moved.get(one.version, ()))},
                one.reason,
                {"text": lens.person(one.by), "sub": lens.when(one.at)},
            ]
        )
    columns = lens.each("Version", "Change", "Reason", "By")
    return blocks.table(lens("Versions of the scope"), columns, rows)


def _plan(view: View, plan: SignedPlan) -> Drawn:
    lens = view.lens
    ways = [
        lens.named_line(lens.named("product", way.product), lens.word(way.method))
        + (f" ({lens('dangerous goods')})" if way.dangerous_goods else "")
        for way in plan.return_ways
    ]
    rows: list[Drawn] = [
        {"label": lens("To be finished by"), "moment": lens.due(plan.finish_at)},
        {"label": lens("Depth"), "text": lens.word(plan.depth)},
        {
            "label": lens("How people are reached"),
            "text": lens.listed(map(lens.word, plan.methods)),
        },
        {
            "label": lens("What people may choose"),
            "text": lens.listed(map(lens.word, plan.remedies)),
        },
        {"label": lens("How it comes back"), "lines": ways},
        {"label": lens("Effectiveness checks"), "text": lens.word(plan.level)},
        {
            "label": lens("Consignees that must answer"),
            "text": f"{plan.answered_percent}\u00a0%",
        },
        {"label": lens("What else must be true at the end"), "text": plan.criteria},
    ]
    if plan.recovered_percent is not None:
        label = lens("Return rate to reach")
        rows.insert(7, {"label": label, "text": f"{plan.recovered_percent}\u00a0%"})
    title = lens("Recall plan, version %(n)s", n=str(plan.version))
    return blocks.pairs(
        title, [row for row in rows if len(row) > 1 and any(list(row.values())[1:])]
    )


# ---------------------------------------------------------------- consignees


def consignee_figures(view: View) -> Drawn:
    """Give how many consignees were told, answered, and are silent."""
    lens = view.lens
    listed = [one for one in view.state.recall.consignees.values() if not one.let_go]
    told = sum(bool(one.told) for one in listed)
    answered = sum(bool(one.answers) for one in listed)
    silent = sum(_is_silent(view, one) for one in listed)
    unit, at = lens("consignees"), lens.moment(view.state.last_at)
    items = [
        blocks.figure(lens("Have been told"), told, unit=unit, of=len(listed), at=at),
        blocks.figure(lens("Answered"), answered, unit=unit, of=len(listed), at=at),
        blocks.figure(
            lens("Silent after their time"), silent, unit=unit, tone="critical" if silent else ""
        ),
    ]
    return blocks.figures(lens("Consignees"), items, id="consignee-figures")


def _funnel(view: View) -> Picture:
    """Draw how far the consignees have come: named, told, answered, checked."""
    lens = view.lens
    listed = [one for one in view.state.recall.consignees.values() if not one.let_go]
    counts = (
        (lens("Consignees in the scope"), len(listed)),
        (lens("Have been told"), sum(bool(one.told) for one in listed)),
        (lens("Answered"), sum(bool(one.answers) for one in listed)),
        (lens("Checked: heard and acted"), sum(bool(one.checks) for one in listed)),
    )
    return response_funnel(
        "consignee-funnel",
        [FunnelStep(name=name, count=count) for name, count in counts],
        reader=reader_of(lens),
        title=lens("From the letter to the check"),
    )


def _is_silent(view: View, one: ConsigneeState) -> bool:
    """Say whether it never answered: in its time, or before the incident ended."""
    due, ended = one.answer_due_at, view.state.review.closed_at is not None
    return bool(one.told) and not one.answers and due is not None and (ended or due < view.lens.now)


def _consignees(view: View) -> Drawn:
    lens = view.lens
    ordered = sorted(
        view.state.recall.consignees.values(),
        key=lambda one: (
            bool(one.answers),
            one.answer_due_at is None,
            str(one.answer_due_at),
            one.id,
        ),
    )
    shipped = shipped_to(view)
    columns = lens.each(
        "Consignee", "Told", "State", "Received", "Still there", "Sold on", "Checked"
    )
    return blocks.table(
        lens("Consignees, the silent ones first"),
        columns,
        [_consignee(view, one, shipped) for one in ordered],
        numbers=(3, 4, 5),
        id="consignees",
    )


def _consignee(view: View, one: ConsigneeState, shipped: ListedLots) -> list[blocks.Cell]:
    lens = view.lens
    acts = act_link(view, "answer_as_consignee", one.id)
    if not one.answers:
        acts += act_link(view, "take_over_consignee", one.id)
    acts += act_link(view, "check_effectiveness", one.id)
    told: blocks.Cell = lens("not told yet")
    if one.last_told_at:
        times = lens("%(n)s times", n=str(one.told)) if one.told > 1 else ""
        told = {"text": lens.when(one.last_told_at), "sub": times}
    return [
        {
            "text": lens.named("consignee", one.id),
            "sub": lens.market(one.market) if one.market else "",
            "acts": acts,
        },
        told,
        _consignee_state(view, one),
        _received(view, one, shipped),
        _sum(view, one, "on_hand"),
        _sum(view, one, "sold_on"),
        str(one.checks) if one.checks else "–",
    ]


def _consignee_state(view: View, one: ConsigneeState) -> Drawn:  # noqa: PLR0911 - one line per state
    lens = view.lens
    if one.let_go:
        return {"text": lens("left the scope"), "tone": "neutral"}
    if one.answers:
        open_units = left_open_sub(lens, one)
        if open_units:
            return {
                "text": lens("answered"), "sub": open_units, "tone": "warning", "icon": "warned"
            }  # fmt: skip
        return {"text": lens("answered"), "tone": "done", "icon": "stopped"}
    if one.taken_over_by:
        told = lens("%(name)s answers for it", name=lens.person(one.taken_over_by))
        return {"text": told, "tone": "accent", "icon": "person"}
    if one.bounced:
        return {"text": lens("could not be reached"), "tone": "critical", "icon": "warned"}
    if _is_silent(view, one):
        return {"text": lens("silent"), "tone": "warning", "icon": "silent"}
    if one.told and one.answer_due_at:
        told = lens("answer due %(when)s", when=lens.until(one.answer_due_at))
        return {"text": told, "tone": "information", "icon": "ordered"}
    return {"text": lens("to be told"), "tone": "neutral", "icon": "waiting"}


def _received(view: View, one: ConsigneeState, shipped: ListedLots) -> blocks.Cell:
    """Give what a consignee received, as it says; of the other lots what our list says, marked."""
    lens, lots = view.lens, received_by_lot(one, shipped.get(one.id, {}))
    by_list = [lot for lot in lots or () if lot.by_list]
    if lots is None or not by_list:
        return _in_all(lens, [lot.units for lot in lots] if lots else [])
    sub = lens("by our own list; not confirmed by the consignee")
    if len(by_list) < len(lots):
        goods = lens.listed(
            lens("%(lot)s: %(units)s units", lot=lot.lot, units=lens.number(lot.units))
            for lot in by_list
        )
        sub = lens("%(lots)s by our own list; not confirmed by the consignee", lots=goods)
    return _in_all(lens, [lot.units for lot in lots], sub)


def _sum(view: View, one: ConsigneeState, name: str) -> blocks.Cell:
    """Add up what a consignee says of its lots; one that it only named it did not answer."""
    return _in_all(view.lens, [getattr(lot, name) for lot in one.lots if lot.tells_units])


def _in_all(lens: Lens, numbers: Sequence[int | None], sub: str = "") -> blocks.Cell:
    """Add up what is known, and say of how many lots nothing is: unknown is never zero."""
    found = total(numbers)
    if found.unknown_lots == len(numbers):
        return None
    if found.unknown_lots:
        told = lens.words.ngettext(
            "unknown of %(n)s lot", "unknown of %(n)s lots", found.unknown_lots
        )
        sub = " · ".join(filter(None, (sub, told % {"n": found.unknown_lots})))
    return {"text": lens.number(found.known), "sub": sub} if sub else lens.number(found.known)


def _told(view: View, public: list[str]) -> Drawn:
    lens = view.lens
    rows = [
        [
            lens.words.of("domain.recall_terms.Reader", kind),
            *(
                lens.number(number)
                for number in (
                    readers_told(view.state.recall, kind),
                    one.sent,
                    one.delivered,
                    one.bounced,
                    one.sent - one.delivered - one.bounced,
                )
            ),
            lens.moment(one.last_at),
        ]
        for kind, one in view.state.recall.told.items()
    ]
    columns = lens.each(
        "Who", "Readers", "Messages sent", "Known to have arrived", "Known not to have arrived",
        "Nobody knows yet", "Last told",
    )  # fmt: skip
    return blocks.table(
        lens("Who was told"),
        columns,
        rows,
        note=lens.sentences(public),
        numbers=(1, 2, 3, 4, 5),
        empty=lens("Nobody is counted as told yet."),
    )


# ---------------------------------------------------------------- remedies


def _claims(view: View) -> Drawn:
    lens, claims = view.lens, view.state.recall.claims
    paid = [
        blocks.figure(lens("Paid"), whole_amount(amount, currency), unit=lens.currency(currency))
        for currency, amount in claims.paid.items()
    ]
    items = [
        blocks.figure(lens("Claims settled"), claims.settled),
        blocks.figure(lens("Refused"), claims.refused),
        blocks.figure(lens("Late"), claims.late, tone="warning" if claims.late else ""),
        *(paid or [blocks.figure(lens("Paid"), "0")]),
    ]
    return blocks.figures(lens("Remedies"), items, id="claims")
