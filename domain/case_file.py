"""Case files: what happened when, by whom. One format for drills, demos and tests.

What belongs here: the typed shape and its JSON Schema. What never does: reading one and what must
fit together in it (domain/case_reading.py), running one (services/drilling.py), or a rule of an
incident.

A step gives one command (`do`) by one role (`by`), `after` a length of time counted from the
report ("2 d 4 h", "45 min"); `sign` lists the roles that sign the act it proposes. In `body` and
`item` a text that begins with `$` is filled in when the step is played: `$now + 3 d`, `$today`,
`$file.NAME` (a file of the case), `$each` (what the step is done for), else a path into the
incident's state, such as `$statement.statements.S1.sha256`. Times written as TOML times are moved
onto the drill's clock.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from domain.people import Role
from domain.plan_reading import file_schema
from domain.plan_terms import ChannelKind
from domain.values import Json


class CaseAdapter(StrEnum):
    """How a channel of a case is reached; neither leads outside."""

    DEMO_SHOP = "demo_shop"
    """A shelf of the drill, which answers at once."""
    OUTBOX = "outbox"
    """A message in the drill's outbox; a person confirms, or nobody does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProduct:
    """A product of the case with its lots."""

    id: str
    name_en: str
    name_zh: str
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChannel:
    """A channel of the case; with a `count` above one its members are `id`-1, `id`-2, ..."""

    id: str
    kind: ChannelKind
    market: str
    name_en: str
    name_zh: str
    count: int = 1
    adapter: CaseAdapter = CaseAdapter.DEMO_SHOP


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseConsignee:
    """Somebody who received goods."""

    id: str
    name_en: str
    name_zh: str
    market: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePerson:
    """A person beside those that every case has (one for each role, called `drill.<role>`)."""

    id: str
    name_en: str
    name_zh: str
    roles: tuple[Role, ...] = ()
    deputy_for: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDocument:
    """A file that steps attach, as its words: a letter, a laboratory's report, a certificate."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act: who does what when; or, with `do = "wait"`, a look at what came by itself.

    It is done once; or for each member of `each` (a path), each of `rows`, each role of `by_each`.
    With `every` it is done again and again, until `until` or once for each of `rows`. `person` acts
    instead of the role's own person; with `scribe` the scribe records for the role. `refused` is
    the code of the refusal that must come. `expect` are paths into the state with the values they
    must have afterwards. `public` marks a fact of the public record in a real case.
    """

    after: str
    do: str
    by: Role | None = None
    by_each: tuple[Role, ...] = ()
    person: str = ""
    scribe: bool = False
    note_en: str = ""
    note_zh: str = ""
    public: bool = False
    every: str = ""
    until: str = ""
    happened_ago: str = ""
    item: str = ""
    each: str = ""
    rows: tuple[Json, ...] = ()
    body: Json = field(default_factory=dict)
    sign: tuple[Role, ...] = ()
    refused: str = ""
    expect: Json = field(default_factory=dict)

    @property
    def only_looks(self) -> bool:
        """Say whether nobody acts."""
        return self.do == WAIT


WAIT = "wait"
"""What a step does in which nobody acts: time passes, and the plan does what it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """One case: invented or real (with its sources), its world, and its steps in order.

    `zone` is the place whose clock the story is told by. `closes` and `ends_with` (paths into the
    state with their values) say how it must end.
    """

    id: str
    title_en: str
    title_zh: str
    about_en: str
    about_zh: str
    invented: bool
    starts_at: datetime
    zone: str
    reporter: Role
    report: Json
    products: tuple[CaseProduct, ...]
    channels: tuple[CaseChannel, ...]
    steps: tuple[Step, ...]
    ends_after: str
    closes: bool
    ends_with: Json = field(default_factory=dict)
    report_note_en: str = ""
    report_note_zh: str = ""
    sources: tuple[str, ...] = ()
    consignees: tuple[CaseConsignee, ...] = ()
    people: tuple[CasePerson, ...] = ()
    files: tuple[CaseDocument, ...] = ()


def case_schema() -> Json:
    """Give the JSON Schema of a case file (plan/cases/case.schema.json)."""
    return file_schema(CaseFile, title="A case: what happened when, by whom")
