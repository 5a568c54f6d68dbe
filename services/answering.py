"""Whose a market or a language is: what the company's list binds people to.

What belongs here: reading that, and holding approvals to it. What never does: which roles may
approve (domain/statement_slots.py): the workflow knows no list of the company.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from domain.dispatch import Act
from domain.errors import NotAllowed
from domain.markets import answers_in, asked_in, base_language
from domain.people import Actor
from domain.state import Incident
from domain.state.statement import ApprovalSlot, Statement
from domain.statement_slots import fillable_slots, slot_needed
from services.company import about_company
from services.house import House
from storage import people


def answers_for(
    company: Mapping[str, Any], person: str, *, market: str = "", language: str = ""
) -> bool:
    """Say whether a market or language is this person's; who is bound to none has all."""
    markets = company.get("markets", {}).get(person, ())
    languages = company.get("reviews", {}).get(person, ())
    here = answers_in(market, markets)
    spoken = {base_language(one) for one in languages}
    return here and (not language or not spoken or base_language(language) in spoken)


def answering(
    company: Mapping[str, Any], asked: Iterable[str], *, market: str = "", language: str = ""
) -> list[str]:
    """Give those who answer for a market or language; all where nobody does.

    Where nobody has a country of the Union, those who answer for another one of it stand first.
    """
    people_asked = list(dict.fromkeys(asked))
    for where in asked_in(market):
        own = [
            one for one in people_asked
            if answers_for(company, one, market=where, language=language)
        ]  # fmt: skip
        if own:
            return own
    return people_asked


def asked(
    company: Mapping[str, Any], holders: Iterable[Iterable[str]], *, market: str = ""
) -> list[str]:
    """Give those who are asked about a thing in a market; `holders` are the people of each role.

    Where somebody is bound to the market, those who answer for it. Where nobody is, each role for
    itself, as mails go: that legal is bound to no market takes nothing from regulatory affairs.
    """
    roles, bound = [list(each) for each in holders], company.get("markets", {})
    everybody = list(chain(*roles))
    for where in asked_in(market):
        if any(bound.get(one) and answers_in(where, bound[one]) for one in everybody):
            return answering(company, everybody, market=where)
    own = (answering(company, each, market=market) for each in roles)
    return list(dict.fromkeys(chain(*own)))


def require_theirs(
    house: House, actor: Actor, incident: Incident, statement: str, slot: str
) -> None:
    """Refuse an approval for a market or language that others answer for.

    Whoever stands in for a holder is bound to none. Raises NotAllowed with who it belongs to, and
    Refused with those that are theirs where none is named and several are meant.
    """
    text = incident.statement.statements.get(statement)
    meant = _meant(house, actor, incident, text, slot) if text is not None else []
    bound = [one for one in meant if actor.holds(one.roles) and (one.market or one.language)]
    if not bound:
        return
    there = people.list_people(house.engine)
    own = [one for one in bound if _is_theirs(house, actor, one, there)]
    if own and len(bound) > 1:
        raise slot_needed(own)
    if not own:
        chosen = bound[0]
        theirs = _whose(house, chosen, there)
        names = ", ".join(one.name_en for one in there if one.id in theirs)
        raise NotAllowed(
            f"This approval is for {chosen.market or chosen.language}, and others answer for that.",
            f"It belongs to: {names}.",
            code="others_answer",
        )


def _whose(house: House, slot: ApprovalSlot, there: list[people.Person]) -> list[str]:
    """Name who answers for the market or language of an approval, of those who hold its role."""
    holders = _holders(slot, there)
    return answering(about_company(house), holders, market=slot.market, language=slot.language)


def _holders(slot: ApprovalSlot, there: list[people.Person]) -> list[str]:
    return [one.id for one in there if set(map(str, slot.roles)) & set(one.roles)]


def _is_theirs(house: House, actor: Actor, slot: ApprovalSlot, there: list[people.Person]) -> bool:
    """Say whether an approval is this person's; who is no holder on the list is bound to none."""
    return actor.id not in _holders(slot, there) or actor.id in _whose(house, slot, there)


def _meant(
    house: House, actor: Actor, incident: Incident, text: Statement, slot: str
) -> list[ApprovalSlot]:
    """Give the approval that is named, or those of which one is taken where none is."""
    if slot:
        return [one for one in text.open_slots if one.key == slot]
    now = house.now()
    act = Act(command_id="", actor=actor, at=now, happened_at=now, command=None)
    free = fillable_slots(incident, act, text)
    return [one for one in free if one.row == free[0].row]
