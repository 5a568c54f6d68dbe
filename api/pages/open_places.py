"""Where the places are filled that a draft leaves open, and that no line of the one form fills.

What belongs here: naming the act, the key of the company's file, or the text itself. What never
does: which places are open (activities/places.py).
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlencode

from activities.places import FilledBy, OpenPlace, Way, filled_by
from api.pages.facts_filling import is_on_the_form
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link, possible
from domain.agreed import agreed_line
from domain.message import COMMANDS

ONE: Final = "record_fact"
LINE_SET: Final = "set_agreed_line"


def elsewhere(view: View, places: Iterable[OpenPlace], text: str = "") -> list[Drawn]:
    """Give a row for each place that is filled elsewhere; one act or key has one row."""
    rows: dict[tuple[bool, FilledBy], list[OpenPlace]] = {}
    for one in places:
        if not is_on_the_form(view, one):
            by = filled_by(one.variable.name)
            key = by if by.way in (Way.ACT, Way.LIST) else FilledBy(by.way, one.variable.name)
            rows.setdefault((one.is_known, key), []).append(one)
    return [
        {"label": _called(view, found), **(_known(view, text) if known else _open(view, by, found))}
        for (known, by), found in rows.items()
    ]


def _called(view: View, places: Iterable[OpenPlace]) -> str:
    label = view.lens.listed(one.variable.meaning(view.lens.words.language) for one in places)
    return label[:1].upper() + label[1:]


def _known(view: View, text: str) -> Drawn:
    told = view.lens("It is known by now. Press “Change this text” and send it as it stands.")
    return {"text": told, "acts": act_link(view, "revise_statement", text) if text else []}


def _open(view: View, by: FilledBy, places: Iterable[OpenPlace]) -> Drawn:
    if by.at == LINE_SET and agreed_line(view.state) is not None:
        return _by_line(view, by, places)
    return _FILLED_BY[by.way](view, by)


def _by_line(view: View, by: FilledBy, places: Iterable[OpenPlace]) -> Drawn:
    """Lead to the form of the line with a row for each language in which it is not said."""
    lacking = dict.fromkeys(lang for place in places for lang in place.languages)
    drawn = _by_act(view, by)
    told = view.lens(
        "The agreed line has no words of this in: %(languages)s.",
        languages=view.lens.listed(map(view.lens.language, lacking)),
    )
    asked = urlencode([("language", one) for one in lacking])
    links = [{**link, "href": f"{link['href']}?{asked}"} for link in drawn["acts"]]
    return {"text": f"{told}\n{drawn['text']}", "acts": links}


def _by_act(view: View, by: FilledBy) -> Drawn:
    """Lead to the act, or name who may do it."""
    lens, spec = view.lens, COMMANDS[by.at]
    told = lens("No fact to record: it comes from the act “%(act)s”.", act=lens(spec.title))
    links = act_link(view, by.at)
    if not links:
        who = lens.listed(chip["name"] for chip in lens.holders(possible(view, spec).roles, 3))
        told += "\n" + lens("Who may do that: %(who)s.", who=who or lens("nobody"))
    return {"text": told, "acts": links}


def _by_list(view: View, by: FilledBy) -> Drawn:
    told = view.lens(
        "No fact to record: it comes from the company's file, under “%(key)s”. An administrator "
        "adds it there; then start the text again.",
        key=by.at,
    )
    return {"text": told}


def _by_fact(view: View, by: FilledBy) -> Drawn:
    told = view.lens("What was recorded does not stand any more. Record what is right.")
    links = [
        {"text": view.lens("Record it anew"), "href": f"{link['href']}?key={by.at}"}
        for link in act_link(view, ONE)
    ]
    return {"text": told, "acts": links}


def _by_hand(view: View, _by: FilledBy) -> Drawn:
    return {"text": view.lens("Of this text alone: write it into the text itself.")}


_FILLED_BY: Final = {
    Way.ACT: _by_act,
    Way.LIST: _by_list,
    Way.FACT: _by_fact,
    Way.HAND: _by_hand,
}
