"""What shops that are changed item by item need of this installation: a journal, and what is held.

What belongs here: the two ports of integrations/shelves.py over the database. What never does: a
shop, or what may be put back.
"""

from collections.abc import Sequence

from sqlalchemy.engine import Engine

from activities import moment
from domain.desired import Hold
from domain.envelope import ChannelOrder, ChannelReply
from integrations.channels import recordable
from integrations.shelves import Change, Item, ItemKind, Outcome
from storage import channel_changes, effects, holds
from storage.channel_changes import ChangeRow

KINDS = {"halt": "halt_sale", "resume": "resume_sale"}
"""How a finished order is called in the memory of effects."""


class StoredHolds:
    """What is held, from the read model."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine."""
        self._engine = engine

    def at(self, channel: str, drill: str) -> Sequence[Hold]:
        """List what is held at a channel now."""
        return [one.hold for one in holds.at_channel(self._engine, channel, drill)]


class StoredJournal:
    """What was changed, in the database."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine."""
        self._engine = engine

    def finished(self, order: ChannelOrder) -> ChannelReply | None:
        """Give what came of an order that was carried out before."""
        outcome = effects.outcome_of(self._engine, order.effect_key)
        return ChannelReply(**outcome) if outcome else None

    def finish(self, order: ChannelOrder, reply: ChannelReply) -> None:
        """Write down what came of an order."""
        effect = effects.Effect(
            key=order.effect_key,
            kind=KINDS[order.action],
            target=order.channel,
            at=moment.now(),
        )
        effects.perform_once(self._engine, effect, lambda _connection: vars(recordable(reply)))

    def intend(self, order: ChannelOrder, item: Item) -> int:
        """Write down what an item is before it is changed."""
        return channel_changes.intend(
            self._engine,
            ChangeRow(
                number=0,
                effect_key=order.effect_key,
                channel=order.channel,
                drill=order.drill,
                item=item.id,
                kind=str(item.kind),
                product=item.product,
                lot=item.lot,
                units=item.units,
                begun_at=moment.now(),
                ended_at=None,
                outcome="",
                ended_by="",
                was=item.state,
                became=None,
            ),
        )

    def note(self, number: int, became: dict[str, object]) -> None:
        """Write down what it became."""
        channel_changes.note(self._engine, number, became)

    def of_order(self, effect_key: str) -> list[Change]:
        """List what an order changed."""
        return [_change(row) for row in channel_changes.of_order(self._engine, effect_key)]

    def standing(self, channel: str, drill: str) -> list[Change]:
        """List what was changed and not put back, the latest first."""
        return [_change(row) for row in channel_changes.standing(self._engine, channel, drill)]

    def ended_by(self, effect_key: str) -> list[tuple[Change, Outcome]]:
        """List what an order put back, with how each change ended."""
        rows = channel_changes.ended_by(self._engine, effect_key)
        return [(_change(row), Outcome(row.outcome)) for row in rows]

    def end(self, change: Change, outcome: Outcome, order: ChannelOrder) -> None:
        """Write down that a change is over."""
        channel_changes.end(
            self._engine, change.number, str(outcome), order.effect_key, moment.now()
        )


def _change(row: ChangeRow) -> Change:
    return Change(
        number=row.number,
        effect_key=row.effect_key,
        item=row.item,
        kind=ItemKind(row.kind),
        product=row.product,
        lot=row.lot,
        was=row.was,
        became=row.became,
        units=row.units,
        begun_at=row.begun_at,
    )
