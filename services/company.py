"""First set-up: tables, the plan that new incidents start with, and the demo company.

What belongs here: what `andon up` does before anything runs, and adopting a plan. What never does:
a rule of the plan, or changing what a running incident runs by (that is a recorded act).

A changed plan file is never adopted by starting: the start says that it differs, and `andon plan
adopt` adopts it, with a line in the company's log.
"""

import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from activities import derived
from activities.calendar_places import ZONES
from activities.calendars import build_calendar
from domain.company import Company, Lot, Person, read_company
from domain.errors import BrokenSetup, FieldError, Refused
from domain.people import Role
from domain.plan import Plan, read_plan
from domain.regulations import RegulationFile, beside, read_regulations, together
from domain.rules import Rules, rules_document, rules_of, rules_text
from domain.wire import encode
from domain.wording import Wording, read_wording
from services import versions
from services.calendar_codes import unbuilt, unbuilt_in, years_covered
from services.connections import wayless
from services.erased_again import erase_again
from services.filling import fill_rows
from services.house import House
from services.opening import check_ring, open_stores
from services.outlets import outlets_of
from services.people import hash_password
from services.settings import Settings
from services.timestamps import authorities_of
from services.toml_files import read_text, read_toml, table_of
from services.witnesses import witnesses_of
from storage import catalog, company, people, shop
from storage import rules as rule_store
from storage.database import Database

A = TypeVar("A")
B = TypeVar("B")

PLANS: Final = Path(__file__).resolve().parent.parent / "plan"
PLAN_FILE: Final = PLANS / "default.toml"
WORDING_FILE: Final = PLANS / "wording" / "first.toml"
REGULATIONS: Final = PLANS / "regulations"
COMPANY_FILE: Final = PLANS / "demo" / "company.toml"
DEMO_MADE: Final = "demo.made"
"""When the demo company was complete; a start that was cut off makes it anew."""


DEMO_SHOP: Final = "demo_shop"
SYLLABLES: Final = tuple(a + b for a in "bdfgklmnprstvz" for b in "aeiou")

SHOWN_ROLES: Final = (
    Role.SERVICE_AGENT,
    Role.DUTY_OFFICER,
    Role.INCIDENT_COMMANDER,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.CHANNEL_LEAD,
    Role.SAFETY_ASSESSOR,
    Role.PR_OFFICER,
    Role.PR_LEAD,
    Role.LEGAL,
    Role.REGULATORY_AFFAIRS,
    Role.LEGAL_REPRESENTATIVE,
    Role.AUDITOR,
)
"""One person of each is named on the terminal; the others stand in the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What new incidents start with: the rules' hash, the plan's version, whether it is new."""

    hash: str
    version: str
    changed: bool


def prepare(settings: Settings) -> str:
    """Make the database ready for this release and give the lines that tell how to sign in.

    Raises BrokenSetup when database, keys, a plan file, or the file of outlets, connections,
    witnesses or time stamp authorities are wrong.
    """
    house = open_stores(settings)
    try:
        Database(house.engine, house.bulk).migrate()
        check_ring(house.engine, house.ring)
        again = erase_again(house).lines
        fill_rows(house)
        outlets_of(settings)
        closed = wayless(settings)
        witnesses_of(settings)
        authorities_of(settings)
        lines = _plan_lines(house)
        if settings.demo_allowed and _may_become_demo(house):
            make_demo(house, read_company_file(COMPANY_FILE))
        told = [f"warning: {one}" for one in closed]
        return "\n".join([*_sign_in_lines(house), *again, *lines, *told])
    finally:
        house.engine.dispose()
        house.bulk.dispose()


# ---------------------------------------------------------------- the plan


def read_plan_file(path: Path) -> Plan:
    """Read a plan file. Raises BrokenSetup with a sentence per problem."""
    return _plan_of(_read(path, "plan"))


@dataclass(frozen=True, slots=True)
class _Read:
    """A file and the text that was found in it: the same text is the same file again."""

    path: Path
    what: str
    text: str

    def table(self) -> dict[str, Any]:
        return table_of(self.text, self.path, self.what)


def _read(path: Path, what: str) -> _Read:
    return _Read(path, what, read_text(path, what))


def _plan_of(file: _Read) -> Plan:
    return read_plan(file.table())


def read_company_file(path: Path) -> Company:
    """Read a company file. Raises BrokenSetup with a sentence per problem."""
    return read_company(read_toml(path, "company file"))


def read_rules(plan_file: Path | None = None) -> Rules:
    """Read a plan file, and what is pinned with it: wording rules, regulations and the calendar.

    The calendar reaches from last year to some years ahead. Raises BrokenSetup.
    """
    return _rules_of(
        _read(plan_file or PLAN_FILE, "plan"),
        _read(WORDING_FILE, "table of wording rules"),
        _read_all(_rule_files(REGULATIONS)),
        years_covered(),
    )


@lru_cache(maxsize=2)
def _rules_of(
    plan: _Read, wording: _Read, of_markets: tuple[_Read, ...], _years: tuple[int, int]
) -> Rules:
    """Pin what was read; the same texts in the same year are not read again.

    Reading takes long, and starts, checks and adoptions follow one another. What is refused is not
    remembered: broken files are told each time.
    """
    first = _plan_of(plan)
    return pinned(first, read_wording(wording.table()), _understood(of_markets))


def pinned(plan: Plan, wording: Wording, files: tuple[RegulationFile, ...]) -> Rules:
    """Pin what files say, with the plan's calendar. Raises BrokenSetup: it cannot be built."""
    if wrong := unbuilt("calendar", plan.calendar):
        raise _no_calendar("The plan", wrong)
    calendar = build_calendar(plan.calendar, years_covered())
    return rules_of(plan, calendar, wording, together(files), beside(files))


def _rule_files(folder: Path) -> list[Path]:
    """List the rule files of every market.

    A folder without files is refused: nobody means to have no duties, and a folder that was lost
    looks the same.
    """
    found = sorted(folder.glob("*.toml"))
    if not found:
        raise BrokenSetup(
            f"There is no rule file in {folder}.",
            "Put the files of the markets back, such as cn.toml.",
        )
    return found


def _read_all(paths: Iterable[Path]) -> tuple[_Read, ...]:
    """Read rule files; where one cannot be read, the problems of the others are told with it."""
    read, broken = _each(paths, lambda path: _read(path, "rule file"))
    if broken:
        raise _all_of([*broken, *_each(read, _rule_file)[1]])
    return tuple(read)


def _understood(files: Iterable[_Read]) -> tuple[RegulationFile, ...]:
    """Understand rule files. Raises BrokenSetup with the problems of all of them."""
    found, broken = _each(files, _rule_file)
    if broken:
        raise _all_of(broken)
    return tuple(found)


def _each(asked: Iterable[A], answer: Callable[[A], B]) -> tuple[list[B], list[BrokenSetup]]:
    """Do something with each; give what came of it, and what was broken."""
    found, broken = list[B](), list[BrokenSetup]()
    for one in asked:
        try:
            found.append(answer(one))
        except BrokenSetup as error:
            broken.append(error)
    return found, broken


def _all_of(broken: Sequence[BrokenSetup]) -> BrokenSetup:
    """Tell of every broken file at once, so that one look mends them all."""
    if len(broken) == 1:
        return broken[0]
    hints = " ".join(dict.fromkeys(one.hint for one in broken if one.hint))
    fields = tuple(field for one in broken for field in one.fields)
    return BrokenSetup("\n".join(one.sentence for one in broken), hints, fields=fields)


def _rule_file(read: _Read) -> RegulationFile:
    what = f"The rule file {read.path.name}"
    file = read_regulations(read.table(), what=what)
    if wrong := tuple(unbuilt_in(file)):
        raise _no_calendar(what, wrong)
    return file


def _no_calendar(what: str, wrong: tuple[FieldError, ...]) -> BrokenSetup:
    lines = [f"  {each.path}: {each.sentence}" for each in wrong]
    return BrokenSetup(
        "\n".join([f"{what} names a calendar that cannot be built:", *lines, ""]),
        f"Use one of {', '.join(ZONES)}, or one with a region, such as DE-BE; nothing was changed.",
        fields=wrong,
    )


def adopt(house: House, rules: Rules, by: str) -> Adopted:
    """Let new incidents start with these rules; running ones keep theirs.

    `by` names who adopts them in the company's log. Raises Refused for other content under a
    version that was adopted before: its adopters never saw it.
    """
    now, before = datetime.now(UTC), company.fact(house.engine, company.ADOPTED_RULES)
    changed = before != rules.hash
    if changed and before is not None:
        _require_new_version(house, rules)
    if changed:
        rule_store.keep_rules(house.engine, "incident", rules_text(rules).encode(), now)
        told = {
            "rules": rules.hash,
            "version": rules.plan.version,
            "before": before or "",
            "by": by,
        }
        values = (before, rules.hash)
        key = company.ADOPTED_RULES
        if not company.change_fact(house.engine, key, values, now, "PlanAdopted", told):
            # Somebody adopted meanwhile, another start or another person: look again.
            return adopt(house, rules, by)
    return Adopted(hash=rules.hash, version=rules.plan.version, changed=changed)


def _require_new_version(house: House, rules: Rules) -> None:
    """Refuse other content under a name that stands for something; the calendar may reach on."""
    named = rules.plan.version
    for each in versions.kept(house):
        is_other = _without_calendar(each.rules) != _without_calendar(rules)
        if each.rules.plan.version == named and is_other:
            raise Refused(
                f"Version {named} was adopted on {each.rules.plan.adopted_on} with other content.",
                "Give the changed plan a version of its own, with the day and the people who "
                "adopt it.",
                code="version_taken",
            )


def _plan_lines(house: House) -> list[str]:
    """Adopt the default plan in a new database; later only say what differs, or is broken.

    What is adopted stands in the database: files that somebody is in the middle of changing never
    keep a start, and so no running incident, waiting.
    """
    if company.fact(house.engine, company.ADOPTED_RULES) is None:
        adopt(house, read_rules(), "first start")
        return []
    adopted = house.current_rules()
    try:
        in_files = read_rules()
    except BrokenSetup:
        goes_on = f"the adopted plan (version {adopted.plan.version}) goes on"
        return [f"Files in {PLANS} are broken: {goes_on}; `andon plan check` names each place."]
    if _without_calendar(adopted) != _without_calendar(in_files):
        return [
            f"The files in {PLANS} differ from the adopted plan (version {adopted.plan.version}).",
            "New incidents go on with the adopted one; `andon plan adopt` adopts the files.",
        ]
    if adopted.calendar.last_on.year <= datetime.now(UTC).year + 1:
        return [
            f"The adopted calendar ends on {adopted.calendar.last_on}.",
            "`andon plan adopt` adopts the same plan with a calendar that reaches further.",
        ]
    return []


def _without_calendar(rules: Rules) -> dict[str, Any]:
    return {name: part for name, part in rules_document(rules).items() if name != "calendar"}


# ---------------------------------------------------------------- the demo company


def _may_become_demo(house: House) -> bool:
    """Say whether the database is new, or was cut off while the demo company was made."""
    if company.is_demo(house.engine):
        return company.fact(house.engine, DEMO_MADE) is None
    somebody = people.list_people(house.engine, active_only=False)
    return not somebody and not catalog.list_items(house.engine, "product")


def make_demo(house: House, made: Company) -> None:
    """Fill a new database with the demo company and give everybody a password."""
    company.mark_demo(house.engine)
    now = datetime.now(UTC)
    keep_company(house, made, now)
    passwords = {person.id: _password() for person in made.people}
    _write_people_file(people_file(house.settings), made.people, passwords)
    with ThreadPoolExecutor() as threads:
        hashes = list(threads.map(hash_password, passwords.values()))
    for person, password_hash in zip(made.people, hashes, strict=True):
        people.save_person(house.engine, _row_of(person, password_hash, demo=True))
    told = {"company": made.id, "people": len(made.people)}
    company.change_fact(house.engine, DEMO_MADE, (None, now.isoformat()), now, "DemoMade", told)


def keep_company(house: House, made: Company, now: datetime) -> None:
    """Put a company's lists into the database: what is there under the same id is replaced."""
    engine = house.engine
    catalog.put_items(engine, "product", [_item(each) for each in made.products])
    catalog.put_lots(engine, [_lot(each) for each in made.lots])
    catalog.put_items(engine, "channel", [_item(each) for each in made.channels])
    catalog.put_items(engine, "consignee", [_item(each) for each in made.consignees])
    catalog.put_items(engine, "supplier", [_item(each) for each in made.suppliers])
    # What stands on a shelf stays as it is: a halt may have taken it off.
    shop.add_listings(
        engine,
        [
            shop.Listing(channel=channel.id, product=product.id, on_sale=True, changed_at=now)
            for channel in made.channels
            if channel.adapter == DEMO_SHOP
            for product in made.products
            if channel.market in product.markets
        ],
    )
    company.set_fact(
        engine, company.COMPANY, json.dumps(_what_no_list_holds(made), ensure_ascii=False)
    )


def about_company(house: House) -> Mapping[str, Any]:
    """Give what no list holds: names, hotline, sites, who answers for which language and market."""
    return derived.about_company(house.engine)


def _what_no_list_holds(made: Company) -> dict[str, Any]:
    whole: dict[str, Any] = encode(Company, made)
    names = (
        "id", "name_en", "name_zh", "demo", "home_market", "hotline", "hotlines", "website",
        "sites",
    )  # fmt: skip
    reviewers = {p.id: list(p.reviews) for p in made.people if p.reviews}
    markets = {p.id: list(p.markets) for p in made.people if p.markets}
    return {
        **{name: whole[name] for name in names if name in whole},
        "reviews": reviewers,
        "markets": markets,
    }


def _item(row: Any) -> catalog.Item:
    return catalog.Item(
        id=row.id,
        kind=str(getattr(row, "kind", "")),
        market=getattr(row, "market", ""),
        name_zh=row.name_zh,
        name_en=row.name_en,
        document=encode(type(row), row),
    )


def _lot(lot: Lot) -> catalog.Lot:
    return catalog.Lot(id=lot.id, product=lot.product, number=lot.id, document=encode(Lot, lot))


def _row_of(person: Person, password_hash: str, *, demo: bool) -> people.Person:
    return people.Person(
        id=person.id,
        name_zh=person.name_zh,
        name_en=person.name_en,
        roles=tuple(str(role) for role in person.roles),
        deputy_for=tuple(str(role) for role in person.deputy_for),
        email=person.email,
        language=person.language,
        password_hash=password_hash,
        demo=demo,
    )


# ---------------------------------------------------------------- passwords on the terminal


def people_file(settings: Settings) -> Path:
    """Say where the demo people's passwords stand."""
    return settings.home / "demo-people.txt"


def _password() -> str:
    """Make a password that can be typed from a screen: eight syllables, some 49 random bits."""
    syllables = [secrets.choice(SYLLABLES) for _ in range(8)]
    return "-".join("".join(syllables[n : n + 2]) for n in range(0, 8, 2))


def _write_people_file(path: Path, of: Iterable[Person], passwords: dict[str, str]) -> None:
    """Write the file for its owner alone, before any of the passwords is good."""
    rows = [
        f"{person.id:<16}{passwords[person.id]:<22}{', '.join(person.roles):<32}"
        f"{person.name_en} {person.name_zh}"
        for person in of
    ]
    head = "# People of the demo company: sign-in name, password, roles, name.\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        file.write(head + "\n".join(rows) + "\n")


def _sign_in_lines(house: House) -> list[str]:
    if not company.is_demo(house.engine):
        if people.list_people(house.engine):
            return []
        return ["Nobody can sign in yet: `andon user add NAME --role admin` makes the first."]
    if not house.settings.demo_allowed:
        return [
            "This home holds the demo company, whose people may not sign in here: a database URL,",
            "a public URL or a host that others reach is set. Use another ANDON_HOME for your own.",
        ]
    return _demo_lines(people_file(house.settings))


def _demo_lines(path: Path) -> list[str]:
    try:
        rows = path.read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return [f"{path} is gone: `andon user password NAME` gives a person a new password."]
    shown: list[str] = []
    for role in SHOWN_ROLES:
        of_role = (row for row in rows if row[38:70].partition(",")[0].strip() == role)
        shown.extend(f"  {row[:38]}{role.replace('_', ' ')}" for row in islice(of_role, 1))
    return [
        "An invented company, for trying out. Sign in as one of",
        *shown,
        f"All {len(rows)} people and passwords: {path}",
    ]
