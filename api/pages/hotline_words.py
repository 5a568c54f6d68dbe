"""Numbers that readers call, and what test calls found: the list, a line for each, the choices.

What belongs here: telling it. What never does: recording a call, or what the gate makes of it
(domain/hotline_calls.py, domain/statement_gate.py).
"""

from urllib.parse import urlencode

from activities.hotlines import numbers_of
from api.forms import Option
from api.pages import blocks
from api.pages.lens import Drawn, Lens
from api.pages.looking import View
from api.pages.possible import act_link
from domain.hotline_calls import last_call, numbers_told
from domain.state.statement import HotlineCall, Statement
from services.company import about_company
from services.house import House


def numbers_offered(lens: Lens, house: House) -> list[Option]:
    """Offer the numbers of the company's list, each with the markets that it is given for."""
    listed = numbers_of(about_company(house))
    return [
        {"value": number, "label": number, "help": lens.listed(map(lens.market, markets))}
        for number, markets in listed.items()
    ]


def hotlines(view: View) -> Drawn:
    """Give the numbers with their last test call, as a block."""
    lens, about = view.lens, about_company(view.visit.house)
    rows: list[list[blocks.Cell]] = [
        [
            {"text": number, "sub": lens.listed(map(lens.market, markets))},
            _last_call(view, last_call(view.state, number)),
        ]
        for number, markets in numbers_of(about).items()
    ]
    return blocks.table(
        lens("Numbers that readers call"),
        lens.each("Number", "Last test call"),
        rows,
        empty=lens("The company's list names no number."),
        note=lens("A number that was not answered keeps every text in that tells it."),
        id="hotlines",
    )


def _last_call(view: View, call: HotlineCall | None) -> blocks.Cell:
    lens, acts = view.lens, act_link(view, "record_hotline_call")
    if call is None:
        return {"text": lens("none yet"), "tone": "warning", "acts": acts}
    spoken = lens.listed(map(lens.language, call.languages))
    told = lens("answered") if call.answered else lens("nobody answered")
    return {
        "text": " · ".join(filter(None, (told, spoken, call.found))),
        "sub": f"{lens.person(call.by)} · {lens.when(call.at)}",
        "tone": "done" if call.answered else "critical",
        "acts": acts,
    }


def to_call(view: View, one: Statement) -> list[Drawn]:
    """Lead to a test call for each number of a text that nobody answered, or nobody has called."""
    calls = {number: last_call(view.state, number) for number in numbers_told(one)}
    unanswered = [number for number, call in calls.items() if call is None or not call.answered]
    links = act_link(view, "record_hotline_call")
    if len(unanswered) == 1 or not unanswered:
        return [_about(link, number) for link in links for number in unanswered] or links
    return [
        {**_about(link, number), "text": view.lens.named_line(link["text"], number)}
        for link in links
        for number in unanswered
    ]


def _about(link: Drawn, number: str) -> Drawn:
    return {**link, "href": f"{link['href']}?{urlencode({'number': number})}"}


def called_lines(view: View, one: Statement) -> list[str]:
    """Say for each number of a text what its last test call found."""
    return [call_line(view.lens, number, last_call(view.state, number))
            for number in numbers_told(one)]  # fmt: skip


def call_line(lens: Lens, number: str, call: HotlineCall | None) -> str:
    """Say what the last test call to a number found."""
    if call is None:
        return lens("%(number)s: no test call is on the record", number=number)
    when = lens.when(call.at)
    if not call.answered:
        return lens(
            "%(number)s: nobody answered on %(when)s. %(found)s",
            number=number, when=when, found=call.found,
        )  # fmt: skip
    return lens("%(number)s: answered on a test call, %(when)s", number=number, when=when)
