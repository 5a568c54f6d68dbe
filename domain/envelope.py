"""What travels between API, workflows and activities: plain dataclasses of JSON values.

What belongs here: shapes only; fields are only ever added, with defaults. What never does: a union,
a personal name in an id, or a decision. Commands and events travel inside as `{type, v, body}`.
"""

from dataclasses import dataclass, field
from typing import Any, Final

Wire = dict[str, Any]


@dataclass
class Envelope:
    """One act on its way to a workflow; the actor comes from the session, never from the client.

    `rules` is the text of the rules that the command names by their hash, where it names any.
    `listed` are values of the company's own lists that a text refers to; like `rules` they are the
    house's word and no part of what was sent, so that a repeat stays a repeat; so are `templates`,
    those that there are for the languages of a text.
    """

    command_id: str
    incident: str
    actor: Wire
    sent_at: str
    command: Wire
    happened_at: str = ""
    rules: str = ""
    listed: list[Wire] = field(default_factory=list)
    templates: list[Wire] = field(default_factory=list)


@dataclass
class Answer:
    """What an act led to: entry numbers and event types, or the refusal."""

    command_id: str
    first: int = 0
    last: int = 0
    events: list[str] = field(default_factory=list)
    refused: Wire | None = None


@dataclass
class Remembered:
    """A recent command and its answer: pressing twice counts once, also over a new run."""

    digest: str
    answer: Answer
    sent_at: str = ""


@dataclass
class Carried:
    """What a new run of a deciding workflow starts from.

    `state` is the stream's state on the wire, or empty when it was too large to travel: then it is
    read back from the read model at `size` and must have the hash `state_hash`. `frontier` is the
    tree over its entries, `owed` are the effects that have not reached their receivers yet. `rules`
    are the texts of those rules that acts waiting for a second signature would adopt.
    `forgotten_at` is when the youngest command was sent that is not remembered any more.
    """

    size: int
    recorded_at: str
    state: str = ""
    state_hash: str = ""
    remembered: dict[str, Remembered] = field(default_factory=dict)
    suppressed: dict[str, int] = field(default_factory=dict)
    frontier: list[str] = field(default_factory=list)
    owed: list[Wire] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    forgotten_at: str = ""


@dataclass
class StreamStart:
    """What a deciding workflow starts with: its rules and the first act, or what is carried over.

    `incident` is the stream's number, as in every entry: an incident's, or an after-sales case's.
    `turn_over_after` (updates) and `state_travels_up_to` (characters) stand for the workflow's own
    limits where they are not 0.
    """

    incident: str
    rules: str
    drill: str = ""
    envelope: Envelope | None = None
    carried: Carried | None = None
    turn_over_after: int = 0
    state_travels_up_to: int = 0


@dataclass
class IncidentStart(StreamStart):
    """What an incident's workflow starts with: beside the first report, the channels there are."""

    channels: list[Wire] = field(default_factory=list)


@dataclass
class CaseStart(StreamStart):
    """What the workflow of an after-sales case starts with."""


@dataclass
class CommandOutcome:
    """What the ledger keeps about a command beside its entries."""

    command_id: str
    digest: str
    first: int
    last: int
    answer: Wire


@dataclass
class RecordBatch:
    """Entries to record: `leaves` are their canonical bytes as text, from number `first` on.

    `run` is the incident's run that decided them; 0 where there are no runs.
    """

    stream: str
    first: int
    leaves: list[str]
    outcomes: list[CommandOutcome] = field(default_factory=list)
    run: int = 0


@dataclass
class RefusalLeaf:
    """A refusal as it is recorded: the hash of its leaf, and of the leaf without its words."""

    leaf: str
    rest: str


@dataclass
class Recorded:
    """How far the ledger reaches, and the root of its tree there (hexadecimal).

    `refusals` are those of the batch, by number: their words are told to a reader and decide
    nothing, so that a later release may say the same better (docs/decisions/0017).
    """

    size: int
    root: str
    refusals: dict[str, RefusalLeaf] = field(default_factory=dict)


@dataclass
class StateRequest:
    """Which part of a large state to read back."""

    stream: str
    size: int
    offset: int


@dataclass
class StateChunk:
    """A part of a large state; `more` says whether another follows."""

    text: str
    more: bool


@dataclass
class Told:
    """A message to people of the company, by role; never a word to the outside."""

    effect_key: str
    incident: str
    drill: str
    body: Wire


@dataclass
class CorrectionWanted:
    """A fact moved that published texts tell, as of an entry: corrections are to be begun."""

    incident: str
    entry: int


@dataclass
class CorrectionDrafted:
    """A correction from the template: texts and markets on the wire, and what they refer to.

    `statement` is the text that it corrects, `what` what was wrong.
    """

    statement: str
    what: str
    markets: list[str] = field(default_factory=list)
    texts: list[Wire] = field(default_factory=list)
    listed: list[Wire] = field(default_factory=list)
    preliminary: bool = False
    templates: list[Wire] = field(default_factory=list)


@dataclass
class CorrectionsDrafted:
    """The corrections that could be begun."""

    drafts: list[CorrectionDrafted] = field(default_factory=list)


@dataclass
class HaltStart:
    """An order set to carry: to halt, or to resume, products and lots at channels.

    `kept` are recalled lots that stay off sale when the rest is resumed.
    """

    incident: str
    incident_workflow: str
    seq: int
    order: int
    action: str
    products: list[str]
    lots: list[str]
    channels: list[str]
    drill: str = ""
    level: str = ""
    kept: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    held: list["OutcomeBatch"] = field(default_factory=list)


WAITS: Final = "waits"
FOLLOWED: Final = "followed"
"""How an order stands behind one to resume, and what comes of it where the other carries it."""


@dataclass
class ChannelOrder:
    """One order to one channel; `effect_key` makes it count once at the receiver.

    What follows `kept` is said to people in the channel's `language`, and filled in where the order
    leaves (activities/order_filling.py): `goods` by name, the words that stand for it (`title` and
    `text`, where there are approved ones), whom to ask, by when to answer (an instant, and as it is
    read there), and the address of the page where it is answered (where sale resumes: of the order
    that ended). `recalled` are lots that a
    decided recall takes back, `recalled_whole` says that it takes back every lot. `handling` says
    what happens to the goods meanwhile. `seq` is the entry by which the order leaves; one that goes
    out anew says so in `again`. `codes` are the goods' bar codes, `materials` the raw-material lots
    that are blocked. Where sale resumes, `held` are lots and `held_products` whole products that
    other orders still stop there, of whichever incident; `is_all_held`: nothing is left that may be
    sold. `is_lifted`: an order to stop that ended before it could be brought. `stays` says
    that it goes on with what is left of an order of which the rest was freed, `seen` that goods
    were seen on sale there all the same. `behind`: it goes out anew behind the order to sell the
    rest again (WAITS), or went out so (FOLLOWED): no letter need leave beside that.
    """

    effect_key: str
    incident: str
    channel: str
    action: str
    order: int
    products: list[str]
    lots: list[str]
    drill: str = ""
    level: str = ""
    kept: list[str] = field(default_factory=list)
    language: str = ""
    goods: str = ""
    title: str = ""
    text: str = ""
    contact: str = ""
    answer_by: str = ""
    answer_by_said: str = ""
    answer_link: str = ""
    recalled: list[str] = field(default_factory=list)
    recalled_whole: bool = False
    held: list[str] = field(default_factory=list)
    held_products: list[str] = field(default_factory=list)
    is_all_held: bool = False
    is_lifted: bool = False
    handling: str = ""
    seq: int = 0
    again: str = ""
    seen: str = ""
    codes: list[str] = field(default_factory=list)
    materials: list[str] = field(default_factory=list)
    stays: str = ""
    behind: str = ""


@dataclass
class RecallTold:
    """Orders that stand when a recall changes what it takes back: who keeps books hears of it.

    `key` begins the key of each; a row of `orders` is number, level, products, lots and channels.
    """

    incident: str
    key: str
    drill: str
    orders: list[Wire]


@dataclass
class RecallTelling:
    """What a recall takes back now, on its way to each channel by itself.

    `heard` are the channels that have it, `since` is when it was told first; of those `said_of`
    people know that they have not heard for long.
    """

    told: RecallTold
    heard: list[str] = field(default_factory=list)
    since: str = ""
    said_of: list[str] = field(default_factory=list)


@dataclass
class ChannelReply:
    """What a channel said: accepted, confirmed or refused; with proof or the reason in words.

    `unreadable`: it answered, and nobody can read the answer; `error` says what is wrong in it.
    `units` are those of the offers that were stopped, `orders` what was paid, not yet sent and held
    back, with its `order_units`; None where the channel does not count them. `all_held`: nothing of
    what may be sold again goes on sale there, since other orders still stop it.
    """

    state: str
    proof: str = ""
    error: str = ""
    units: int | None = None
    orders: int | None = None
    order_units: int | None = None
    all_held: bool = False


@dataclass
class LookRequest:
    """Channels of an incident that are to be looked at now."""

    incident: str
    channels: list[str]
    drill: str = ""


@dataclass
class Looked:
    """What a look found, a `SeenChannel` on the wire for each channel.

    `answers` are `ChannelOutcome`s of channels that answered their order later.
    """

    seen: list[Wire] = field(default_factory=list)
    answers: list[Wire] = field(default_factory=list)


@dataclass
class Drift:
    """What one incident, in its run, hears of a round: a `SeenChannel` on the wire for each.

    `answers` are `ChannelOutcome`s of channels that answered their order later.
    """

    incident: str
    run: int
    seen: list[Wire]
    answers: list[Wire] = field(default_factory=list)


@dataclass
class Drifted:
    """What a round over all channels found.

    `listed` are the channels of a list that was adopted since the last round, by its hash
    `listed_as`; the `holding` incidents, each in its run, hear of them.
    """

    looked_at: int
    found: list[Drift] = field(default_factory=list)
    listed: list[Wire] = field(default_factory=list)
    listed_as: str = ""
    holding: dict[str, int] = field(default_factory=dict)


@dataclass
class OutcomeBatch:
    """Outcomes on their way back to the incident, as one command of the performer.

    `sent_at` is when they set out last: what comes again long after is not taken twice.
    """

    command_id: str
    command: Wire
    sent_at: str = ""


@dataclass
class CaseNews:
    """An incident whose after-sales cases are to be counted anew."""

    incident: str


@dataclass
class CasesSeen:
    """The after-sales cases of an incident as they stand, and its current run; 0: there is none.

    `sha256` is over the sorted numbers of the cases, one a line.
    """

    run: int
    count: int = 0
    settled: int = 0
    hurt: int = 0
    sha256: str = ""


@dataclass
class Settled:
    """A channel that needs no more carrying."""

    channel: str


@dataclass
class PublishStart:
    """Approved bytes to bring out and read back; `entry` is where the ledger holds the words."""

    incident: str
    incident_workflow: str
    seq: int
    statement: str
    version: int
    sha256: str
    places: list[str]
    drill: str = ""
    entry: int = 0


@dataclass
class Publication:
    """One place a text is brought to; the publisher refuses bytes with another hash."""

    effect_key: str
    incident: str
    statement: str
    version: int
    sha256: str
    place: str
    drill: str = ""
    entry: int = 0


@dataclass
class Published:
    """Where a text stands now, and the hash read back from there; none where people bring it.

    `sent_to` and `not_sent_to` name outlets of such a place that took the text, or did not;
    `mailed` are newsrooms that were sent it by e-mail, `not_mailed` the others, with the reason.
    """

    place: str
    link: str
    read_back: str
    sent_to: list[str] = field(default_factory=list)
    not_sent_to: list[str] = field(default_factory=list)
    mailed: list[str] = field(default_factory=list)
    not_mailed: list[Wire] = field(default_factory=list)


@dataclass
class DueRequest:
    """A due time that a calendar must derive: ISO start, limit ("15 wd"), calendar code."""

    start_at: str
    limit: str
    calendar: str
    counting: str = ""


@dataclass
class Watched:
    """What one round of a schedule looked at, and what it found (ids only)."""

    looked_at: int
    found: list[str] = field(default_factory=list)
