"""Stage `report` as a reader sees it: the four times, the grade and why, reports, hurt people.

What belongs here: choosing and ordering what the state holds. What never does: a rule.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from api.pages import blocks
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.people_told import told_besides
from api.pages.possible import act_link
from api.pages.readable import Opened, answers_of
from api.pages.report_ended import ended_and_reopened
from api.pages.severity_words import severity_rule
from api.pages.whose_market import named_markets
from domain.case_levels import CaseLevels, CnSeriousness, Seriousness, serious_in
from domain.incident import known_since
from domain.markets import market_of
from domain.regulation_terms import CaseIs
from domain.severity import Lots
from domain.severity_assessment import Explanation, assess, explain
from domain.severity_questions import prompt
from domain.state.report import Case
from domain.triggers import level_of
from domain.values import PrivateText

FDA_MARKET: Final = "US"


def private_texts(view: View) -> list[PrivateText]:
    """List the private texts that this stage shows."""
    found = [report.words for report in view.state.report.reports]
    found += [case.person for case in view.state.report.cases.values()]
    return [text for text in found if text is not None]


def blocks_of(view: View, opened: Opened) -> list[Drawn]:
    """Give the stage as blocks."""
    return [
        _four_times(view),
        *ended_and_reopened(view),
        *_grade(view),
        _cases(view, opened),
        _reports(view, opened),
        blocks.pairs(view.lens("Answers"), answers_of(view.lens, view.state.report.answers)),
        _assessments(view),
    ]


def _four_times(view: View) -> Drawn:
    """Answer the auditor's first question: known, recorded, accepted, first order."""
    lens, report = view.lens, view.state.report
    orders = view.state.halt.orders
    status = lens.words.of("report_status", report.status)
    if report.by_silence:
        status = lens("Accepted by the plan, because nobody decided in time")
    rows = [
        {"label": lens("First known to us"), "moment": lens.moment(known_since(view.state))},
        {"label": lens("Reported"), "moment": lens.moment(report.received_at)},
        {"label": lens("Decided"), "text": status, "moment": lens.moment(report.decided_at)},
        {
            "label": lens("First order to stop"),
            "moment": lens.moment(orders[0].ordered_at if orders else None),
        },
    ]
    if report.acknowledged_by:
        rows.insert(
            2,
            {
                "label": lens("Somebody looks into it"),
                "text": lens.person(report.acknowledged_by),
                "moment": lens.moment(report.acknowledged_at),
            },
        )
    if report.reason:
        rows.append({"label": lens("Reason"), "text": lens.quoted(report.reason)})
    return blocks.pairs(lens("Who knew when, and what we did"), rows, id="times")


def _grade(view: View) -> list[Drawn]:
    lens, report = view.lens, view.state.report
    if not report.assessments:
        return []
    result = assess(report.answers, view.state.rules.plan.severity)
    last = report.assessments[-1]
    rows: list[Drawn] = [
        {"label": lens("Grade"), "text": lens.word(report.grade)},
        {"label": lens("Public attention"), "text": lens.word(report.attention)},
        *_expected_class(view),
        {
            "label": lens("Still to be found out"),
            "lines": [lens.words.pick(*prompt(code)) for code in report.find_out]
            or [lens("nothing that counts")],
        },
    ]
    if result.grade != report.grade:
        told = lens("By the answers alone it would be %(grade)s.", grade=lens.word(result.grade))
        rows[0]["note"] = told
    why = explanations(view, _explained(view, last.rules))
    return [
        _lots(view),
        blocks.pairs(lens("How bad it is"), rows, id="grade"),
        blocks.table(
            lens("Why this grade"),
            (lens("Because"), lens("At least"), lens("Source")),
            why,
            note=lens("The highest of these counts."),
        ),
    ]


def _expected_class(view: View) -> list[Drawn]:
    """Give the class that FDA may assign, where its market is concerned or none is named yet."""
    lens, markets = view.lens, named_markets(view)
    if markets and FDA_MARKET not in markets:
        return []
    return [
        {
            "label": lens("Expected class (ours)"),
            "text": lens.word(view.state.report.expected_class),
            "note": lens("In the United States, FDA assigns the class, by 21 CFR 7.41(b)."),
        }
    ]


def _lots(view: View) -> Drawn:
    """Say which lots it is about, that it counts for all where nobody knows, and where to say it.

    A scope that stands says it better than the reports did.
    """
    lens, report, scope = view.lens, view.state.report, view.state.recall.scope
    lots = scope.coverage.lots if scope else report.lots
    is_open = scope.unbounded if scope else report.lots_unknown or not lots
    row: Drawn = {"label": lens("Lots"), "text": lens.listed(lots) or lens("lot not known yet")}
    if is_open:
        row["note"] = _of_every_lot(view)
        row["acts"] = act_link(view, "add_report", text=lens("Add a report that names the lot"))
        for name in ("set_scope", "widen_scope", "narrow_scope"):
            row["acts"] += act_link(view, name)
    products = {"label": lens("Products"), "text": lens.products(report.products)}
    return blocks.pairs(lens("What it is about"), [products, row], id="goods")


def _of_every_lot(view: View) -> str:
    """Say why all of it counts for every lot, and what ends that: lots may be named meanwhile."""
    lens, report = view.lens, view.state.report
    if view.state.recall.scope is not None or not report.lots:
        return lens("Not every lot is known: until somebody finds out, it counts for every lot.")
    if report.answers.lots is Lots.BOUNDED:
        return lens("All lots are named. It counts for every lot until the scope is set.")
    return lens(
        "Lots are named, and one report did not know its own: it counts for every lot until the "
        "scope says which lots it is."
    )


def _explained(view: View, rules: Iterable[str]) -> list[Explanation]:
    """Explain the rules of the table; what people decided stands in the assessments."""
    found: list[Explanation] = []
    for rule in rules:
        with suppress(KeyError):
            found.extend(explain((rule,), view.state.rules.plan.severity))
    return found


def explanations(view: View, found: Iterable[Explanation]) -> list[list[str]]:
    """Give explanations as rows of a table."""
    words = view.lens.words
    return [
        [
            words.pick(one.sentence_en, one.sentence_zh),
            view.lens.word(one.floor) if one.floor else "",
            view.lens.sentence(one.source),
        ]
        for one in found
    ]


def _cases(view: View, opened: Opened) -> Drawn:
    lens = view.lens
    about = lens("Serious is about what happened to the person, not how it felt.")
    counted = lens(
        "Whoever any of these laws calls seriously hurt is counted so; what a market has to be "
        "told follows its own law."
    )
    columns = lens.each(
        "Case", "What happened", "Person", "Product", "Known to us since", "China", "EU", "US"
    )
    return blocks.table(
        lens("People hurt"),
        columns,
        [_case(view, case, opened) for case in view.state.report.cases.values()],
        empty=_nobody(view),
        note=" · ".join(filter(None, (told_besides(lens, view.state.report), about, counted))),
        id="cases",
    )


def _nobody(view: View) -> str:
    """Say that nobody is registered, and whether somebody was reported as hurt all the same."""
    reported = view.state.report.answers.people
    if not reported:
        return view.lens("Nobody is registered as hurt.")
    if view.room is not None:
        n = view.lens.number(reported)
        return view.lens("Reported as hurt: %(n)s. Nobody is registered yet.", n=n)
    told = view.lens.words.ngettext(
        "%(n)s person is reported as hurt, nobody is registered yet: register each of them.",
        "%(n)s people are reported as hurt, nobody is registered yet: register each of them.",
        reported,
    )
    return told % {"n": reported}


def _case(view: View, case: Case, opened: Opened) -> list[blocks.Cell]:
    lens = view.lens
    person = opened.get(case.person.ref, lens("sealed")) if case.person else lens("not told")
    return [
        {"text": case.id, "acts": act_link(view, "follow_up_case", case.id)},
        {
            "text": lens.listed(lens.word(outcome) for outcome in case.outcomes),
            "sub": _serious_by(view, case),
        },
        {"text": person, "sub": lens.market(case.country)},
        {"text": lens.named("product", case.product), "sub": case.lot or lens("lot not known")},
        lens.moment(case.awareness_at),
        *_levels(view, case.levels),
    ]


def _serious_by(view: View, case: Case) -> str:
    """Say by whose law a person counts as seriously hurt, and where their own is not sure of it."""
    lens, laws = view.lens, serious_in(case.levels)
    if not laws:
        return ""
    told = lens(
        "serious by the law of %(markets)s", markets=lens.listed(lens.place(one) for one in laws)
    )
    own = market_of(case.country)
    if level_of(case, own) is not CaseIs.REVIEW:
        return told
    more = lens("by that of %(market)s a person decides", market=lens.place(own))
    return f"{told} · {more}"


def _levels(view: View, levels: CaseLevels) -> list[Drawn]:
    cn: dict[CnSeriousness, str] = {
        CnSeriousness.SERIOUS: "critical",
        CnSeriousness.REVIEW: "warning",
    }
    other: dict[Seriousness, str] = {Seriousness.YES: "critical", Seriousness.REVIEW: "warning"}
    lens = view.lens
    return [
        {"text": lens.word(levels.cn), "tone": cn.get(levels.cn, "neutral")},
        {"text": lens.word(levels.eu), "tone": other.get(levels.eu, "neutral")},
        {"text": lens.word(levels.us), "tone": other.get(levels.us, "neutral")},
    ]


def _reports(view: View, opened: Opened) -> Drawn:
    lens = view.lens
    rows = [
        [
            {"text": f"#{report.seq}", "href": f"{view.address}/ledger/{report.seq}"},
            opened.get(report.words.ref, lens("sealed")) if report.words else lens("no words kept"),
            {
                "text": lens.person(report.reporter),
                "sub": lens.words.of("report_channel", report.channel),
            },
            {
                "text": lens.when(report.first_known_at),
                "sub": lens.market(report.first_known_country),
            },
            "–" if report.people_hurt is None else lens.number(report.people_hurt),
            str(len(report.evidence)) if report.evidence else "–",
        ]
        for report in view.state.report.reports
    ]
    columns = lens.each(
        "Entry", "In their words", "Reported by", "First known to us", "More people hurt", "Files"
    )
    return blocks.table(lens("Reports"), columns, rows, id="reports")


def _assessments(view: View) -> Drawn:
    lens = view.lens
    rows = [
        [
            lens.moment(one.at),
            lens.word(one.grade),
            lens.word(one.attention),
            "; ".join(severity_rule(lens, rule) for rule in one.rules),
            lens.person(one.by),
        ]
        for one in reversed(view.state.report.assessments)
    ]
    columns = lens.each("When", "Grade", "Public attention", "Rules", "By")
    return blocks.table(lens("Every assessment, the last first"), columns, rows)
