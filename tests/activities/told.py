"""Everything that people were told in the recorded stories, and a company that knows the names.

What belongs here: the effects of recorded ledgers, and lists that name what stands in them. What
never does: what a letter should say (the tests).
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy.engine import Engine

from domain.envelope import Told
from domain.ledger import read_entry
from domain.people import SYSTEM_ROLES, Role
from domain.plot import effects, evolve
from domain.rules import rules_text
from storage import company, people, rules
from storage.catalog import Item, put_items
from tests.domain.story import START
from tests.domain.story import rules as plan_rules
from tests.replay.corpus import goldens

LETTERS_OF = {
    "en": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "zh": "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东南西北",
}

TIMED = ("about", "due_at", "phone_at", "start_at")

SILENT = (
    " has not confirmed that it stopped",
    " has not resumed as ordered",
)


@cache
def recorded() -> tuple[Told, ...]:
    """Give each message of the recorded stories once: when and where alone makes no other."""
    found: dict[str, Told] = {}
    for golden in goldens():
        for stream in golden.streams:
            for told in _told_in(golden, stream):
                told_once = {k: v for k, v in told.body.items() if k not in TIMED}
                found.setdefault(repr(sorted(told_once.items())), told)
    return tuple(found.values())


def _told_in(golden: Any, stream: str) -> Iterator[Told]:
    state = golden.folding(stream).state
    for leaf in golden.stream(stream).leaves:
        entry = read_entry(leaf)
        state = evolve(state, entry.event, entry.mark())
        for effect in effects(state, entry.event, entry.mark()):
            if effect.name == "tell":
                yield Told(f"{stream}:{effect.seq}:{effect.target}", stream, "", effect.body)


def furnish(engine: Engine) -> None:
    """Adopt the plan, and name everything that the stories name, with names of our own."""
    kept = rules.keep_rules(engine, "incident", rules_text(plan_rules()).encode(), START)
    company.set_fact(engine, company.ADOPTED_RULES, kept)
    bodies = [told.body for told in recorded()]
    named = {
        "product": {one for body in bodies for one in body.get("products", ())},
        "channel": {str(body["channel"]) for body in bodies if "channel" in body},
        "consignee": {
            str(body["about"]) for body in bodies if body.get("asks") == "answer_as_consignee"
        },
    }
    for kind, ids in named.items():
        put_items(engine, kind, [_item(kind, one, n) for n, one in enumerate(sorted(ids))])
    put_items(engine, "channel", [_listed(name, n) for n, name in enumerate(_silent(bodies))])
    for person in readers(bodies):
        people.save_person(engine, person)


def _silent(bodies: list[dict[str, Any]]) -> list[str]:
    """Give the channels that titles name: as their lists name them in English."""
    titles = {str(body.get("title", "")) for body in bodies}
    return sorted(
        {title.removesuffix(end) for title in titles for end in SILENT if title.endswith(end)}
    )


def _listed(name: str, number: int) -> Item:
    return Item(id=f"listed-{number}", name_en=name, name_zh=f"渠道{number}")


def _item(kind: str, item_id: str, number: int) -> Item:
    en, zh = {
        "product": ("Product", "产品"),
        "channel": ("Shop", "门店"),
        "consignee": ("Dealer", "经销商"),
    }[kind]
    return Item(
        id=item_id,
        name_en=f"{en} {LETTERS_OF['en'][number]}",
        name_zh=f"{zh}{LETTERS_OF['zh'][number]}",
    )


def readers(bodies: list[dict[str, Any]]) -> Iterator[people.Person]:
    """Give one person for each role and language, and everybody whom a message names."""
    named = {str(body[key]) for body in bodies for key in ("by", "person") if body.get(key)}
    for number, person in enumerate(sorted(named - {str(role) for role in SYSTEM_ROLES})):
        letter = number % len(LETTERS_OF["en"])
        yield people.Person(
            id=person,
            name_en=f"Person {LETTERS_OF['en'][letter]}",
            name_zh=f"人员{LETTERS_OF['zh'][letter]}",
            roles=(),
        )
    for role in Role:
        if role in SYSTEM_ROLES:
            continue
        for language in ("en", "zh"):
            yield people.Person(
                id=f"{role}.{language}",
                name_en=f"Reader {role}",
                name_zh="读者",
                roles=(str(role),),
                email=f"{role}.{language}@example.com",
                language=language,
            )
