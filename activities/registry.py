"""Which activities one worker offers, composed from what it was given.

What belongs here: the list. What never does: opening a database or reading a setting (worker.py).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.engine import Engine
from temporalio.client import Client

from activities.archive import ArchiveActivities
from activities.calendars import derive_due
from activities.cases import CaseActivities
from activities.channels import ChannelActivities
from activities.corrections import CorrectionActivities
from activities.derived import Desk
from activities.heads import HeadActivities, Signing
from activities.held_goods import HeldGoods
from activities.ledger import LedgerActivities
from activities.local_channels import CatalogBook, DemoShelf, OutboxGateway
from activities.long_round import ROUND_S
from activities.looks import LookActivities
from activities.lost_histories import LostHistories
from activities.messages import MessageActivities
from activities.order_filling import OrderFilling
from activities.press import NONE, PressActivities
from activities.shelf_records import StoredHolds, StoredJournal
from activities.stamps import StampActivities
from activities.team_letters import TeamLetters
from activities.team_outbox import TeamOutbox
from activities.watch import WatchActivities
from activities.witnesses import WitnessActivities
from integrations.channels import Adapters, ChannelGateway
from integrations.outlets import Outlets
from integrations.shelves import ShelfGateway
from integrations.team_mail import TeamMail
from integrations.timestamps import Authority
from integrations.witnesses import Witness
from storage.blobs import BlobDirectory


@dataclass(frozen=True)
class World:
    """What activities act on: databases, blobs, channels by adapter name, the Temporal client.

    `console` is the address under which people reach the pages: letters name it. `public_url` is
    set where the public reaches them too: texts name that one. `outlets` take published texts;
    `answer_link` makes the address at which a channel answers an order (incident, channel, order);
    `mark` is what reports about an e-mail to a newsroom are told apart by. Letters to the team go
    out by `mail`; without it they are shown. `signing` gives the keys that sign heads of the
    ledgers, `witnesses` those who keep them outside, `authorities` those who stamp them, each in
    rounds of `round_s` seconds.
    """

    engine: Engine
    bulk: Engine
    blobs: BlobDirectory
    client: Client
    channels: Mapping[str, ChannelGateway]
    signing: Callable[[], Signing]
    witnesses: Sequence[Witness] = ()
    authorities: Sequence[Authority] = ()
    round_s: float = ROUND_S
    console: str = ""
    public_url: str = ""
    outlets: Outlets = NONE
    mark: Callable[[str], str] = lambda _key: ""
    answer_link: Callable[[str, str, int], str] = lambda *_names: ""
    mail: TeamMail | None = None


AT_HOME: Final = ("demo_shop", "outbox")
"""The adapters of the embedded default: nothing that goes to them leaves the machine."""


def local_gateways(
    engine: Engine, bulk: Engine, *, is_demo: bool = True
) -> dict[str, ChannelGateway]:
    """Give the gateways of the embedded default: nothing leaves the machine.

    Where real goods are on sale (no demo), an order that leaves nothing has failed.
    """
    return {
        "demo_shop": ShelfGateway(DemoShelf(engine), StoredJournal(engine), StoredHolds(engine)),
        "outbox": OutboxGateway(engine, bulk, is_demo=is_demo),
    }


def all_activities(world: World) -> list[Callable[..., Any]]:
    """List every activity over one world."""
    signed = HeadActivities(world.engine, world.signing, world.round_s)
    witnesses = WitnessActivities(
        world.engine, world.signing, lambda: world.witnesses, world.round_s
    )
    stamped = StampActivities(world.engine, lambda: world.authorities, world.round_s)
    ledger = LedgerActivities(world.engine, signed.sign_now)
    messages = MessageActivities(world.engine, world.bulk, world.console, world.mail)
    adapters = Adapters(CatalogBook(world.engine), world.channels, at_home=AT_HOME)
    desk = Desk(world.engine, world.public_url)
    filling = OrderFilling(desk, world.answer_link)
    orders = ChannelActivities(adapters, filling.together)
    held = HeldGoods(world.engine, world.bulk, world.console, world.mail)
    looks = LookActivities(world.engine, adapters, held)
    press = PressActivities(world.engine, world.bulk, world.outlets, world.mark)
    cases = CaseActivities(world.engine)
    corrections = CorrectionActivities(desk)
    watch = WatchActivities(world.engine, world.bulk, world.console, world.mail)
    sending = TeamLetters(world.bulk, world.mail)
    team = TeamOutbox(world.bulk, world.mail)
    lost = LostHistories(world.client, world.engine, world.blobs, team, world.console)
    archive = ArchiveActivities(world.client, world.engine, world.blobs, lost)
    return [
        ledger.record,
        ledger.read_state,
        messages.tell,
        orders.order_channel,
        orders.order_channels,
        orders.tell_recalled,
        looks.look_at_channels,
        looks.find_drift,
        looks.note_channels_told,
        press.publish_statement,
        press.read_back_statement,
        cases.count_cases,
        corrections.draft_corrections,
        watch.sweep_overdue,
        archive.archive_histories,
        sending.send_letters,
        signed.sign_heads,
        witnesses.tell_witnesses,
        stamped.stamp_heads,
        derive_due,
    ]
