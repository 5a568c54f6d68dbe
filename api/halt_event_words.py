"""What happened in a halt, one sentence per kind of event: a part of event_words.py.

What belongs here: orders to stop and to sell again, what channels answered, what was found on sale.
What never does: how a hole is filled.
"""

from typing import Final

from api.tell import Tell

HALT_TELLS: Final[dict[str, Tell]] = {
    "ChannelsListed": Tell("note", "The incident knows {channels:count} channels of the company."),
    "HaltOrdered": Tell(
        "order", "{by:person} ordered {level:level}: {channels:channels} must stop.", True
    ),
    "HaltOrdered:plan": Tell(
        "order", "The plan ordered {level:level}: {channels:channels} must stop.", True
    ),
    "HaltOrdered:part": Tell(
        "order", "Order {number}, what is left of {part_of}: {channels:channels} must stop.", True
    ),
    "HaltDecidedAgainst": Tell(
        "decision", "{by:person} decided against halting {level:level}: {reason:quote}", True
    ),
    "HaltConfirmed": Tell("decision", "{by:person} confirmed that halt order {number} stays."),
    "HaltLifted": Tell("decision", "{by:person} lifted halt order {number}: {reason:quote}", True),
    "SaleResumed": Tell(
        "decision", "Sale or production resumes at {channels:channels}: {basis:quote}", True
    ),
    "SaleResumed:some": Tell(
        "decision", "Some goods resume at {channels:channels}: {basis:quote}", True
    ),
    "ChannelAnswered:accepted": Tell(
        "order", "The order to stop was handed over to {channel:channel}; no answer yet."
    ),
    "ChannelAnswered:confirmed": Tell("answer", "{channel:channel} has stopped. {proof:quote}"),
    "ChannelAnswered:confirmed_units": Tell(
        "answer", "{channel:channel} has stopped; units set apart: {units:number}. {proof:quote}"
    ),
    "ChannelAnswered:confirmed_part": Tell(
        "answer",
        "{channel:channel} has stopped what halt order {order} names; other orders are still open "
        "there. {proof:quote}",
    ),
    "ChannelAnswered:confirmed_part_units": Tell(
        "answer",
        "{channel:channel} has stopped what halt order {order} names, units set apart: "
        "{units:number}; other orders are still open there. {proof:quote}",
    ),
    "ChannelAnswered:confirmed_beside": Tell(
        "answer",
        "{channel:channel} has stopped what halt order {order} names; a named person still answers "
        "for other orders there. {proof:quote}",
    ),
    "ChannelAnswered:confirmed_beside_units": Tell(
        "answer",
        "{channel:channel} has stopped what halt order {order} names, units set apart: "
        "{units:number}; a named person still answers for other orders there. {proof:quote}",
    ),
    "ChannelAnswered:resuming": Tell(
        "overdue", "{channel:channel} could not be told to resume, or refused: {error:quote}"
    ),
    "ChannelAnswered:told": Tell(
        "order", "The order to resume was handed over to {channel:channel}; no answer yet."
    ),
    "ChannelAnswered:refused": Tell("refused", "{channel:channel} refused: {error:quote}", True),
    "ChannelAnswered:failed": Tell("overdue", "{channel:channel} could not be reached."),
    "ChannelAnswered:unreadable": Tell(
        "overdue", "{channel:channel} answered, and the answer could not be read: {error:quote}"
    ),
    "ChannelAnswered:silent": Tell("overdue", "{channel:channel} does not answer."),
    "ChannelAnswered:taken_over": Tell(
        "answer", "{taken_over_by:person} answers for {channel:channel}: {proof:quote}"
    ),
    "ChannelAnswered:resumed": Tell("answer", "{channel:channel} {channel:again}, by decision."),
    "ChannelAnswered:resumed_part": Tell(
        "answer",
        "{channel:channel} {channel:again}, by decision, with what was freed. What order {under} "
        "stops stays stopped there.",
    ),
    "ChannelAnswered:resumed_none": Tell(
        "answer", "{channel:channel} was told what may be sold again. {proof:quote}"
    ),
    "OrderAnswered": Tell("answer", "{channel:channel} answered the order itself, by its link."),
    "OrderAnswered:resumed": Tell(
        "answer", "{channel:channel} said itself, by its link, that it has resumed."
    ),
    "OrderAnswered:where": Tell(
        "answer",
        "{channel:channel} answered the order itself, by its link. The goods stand here: "
        "{where:quote}",
    ),
    "OrderAnswered:way": Tell(
        "answer", "{channel:channel} answered by its link. Already on its way: {on_its_way:way}"
    ),
    "OrderAnswered:whereway": Tell(
        "answer",
        "{channel:channel} answered. It stands here: {where:quote} On its way: {on_its_way:way}",
    ),
    "DriftFound": Tell("overdue", "Still on sale at {channel:channel}: {how_seen:quote}", True),
    "DriftFound:units": Tell(
        "overdue",
        "Still on sale at {channel:channel}, {units_sold} units meanwhile: {how_seen:quote}",
        True,
    ),
    "DriftFound:looked": Tell(
        "overdue",
        "A look at {channel:channel} found offers still on sale: {offers:number}; paid orders on "
        "their way: {unshipped:number}.",
        True,
    ),
    "DriftFound:looked_units": Tell(
        "overdue",
        "A look at {channel:channel} found offers still on sale: {offers:number}; units in them: "
        "{units:number}; paid orders on their way: {unshipped:number}.",
        True,
    ),
    "ChannelsAskedAgain": Tell("order", "{by:person} ordered {channels:channels} anew."),
    "LookOrdered": Tell("note", "{by:person} asked for a look at {channels:channels}."),
    "ChannelsLookedAt": Tell(
        "answer", "Channels looked at: {clean:count}; nothing of it is on sale there."
    ),
    "ChannelsLookedAt:part": Tell(
        "answer",
        "Nothing of it is on sale where it was looked: {clean:count} seen; {not_seen:count} cannot "
        "be looked at.",
    ),
    "ChannelsLookedAt:none": Tell(
        "answer", "No channel was seen; {not_seen:count} cannot be looked at."
    ),
    "ChannelsLookedAt:selling_part": Tell(
        "overdue",
        "The channels were looked at: nothing of it is on sale at {clean:count}; still on sale at "
        "{selling:channels}. {not_seen:count} cannot be looked at.",
        True,
    ),
    "ChannelsLookedAt:selling": Tell(
        "overdue",
        "The channels were looked at: nothing of it is on sale at {clean:count}; still on sale at "
        "{selling:channels}.",
        True,
    ),
    "StockSetApart": Tell("order", "Stock is set apart at {site}: {place}."),
    "ShipmentsIntercepted:expected": Tell(
        "answer",
        "{carrier} held back {orders:number} orders with {units:number} of {expected_units:number} "
        "units on their way.",
    ),
    "ProductionStopped": Tell("order", "Production has stopped at {site}, line {line}.", True),
    "ShipmentsIntercepted": Tell(
        "answer", "{carrier} held back {orders:number} orders with {units:number} units."
    ),
}
