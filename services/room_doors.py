"""Who was not let into an inspector's room: lines of the company's log.

What belongs here: what such a line says, and from which network somebody tried. What never does:
who is let in (services/rooms.py), or whom it is told (activities/room_guesses.py).

An address of the internet is about a person, and the log is for ever: the line holds the network
alone (the first 24 bits, of IPv6 the first 48). No code that was tried is ever written. A link that
never led to a room leaves no line: it names nothing that is there, and whoever makes them up would
write the log.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from domain.errors import AndonError
from domain.rooms import REFUSED, NotLetIn
from services.house import House
from storage import company

REFUSALS_SHOWN: Final = 200
"""Lines of one room that its page lists; the log has all of them."""

_BITS: Final = {4: 24, 6: 48}


def network_of(address: str) -> str:
    """Give the network of an address, such as 203.0.113.0/24; 'unknown' for what is none."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ip_network((found, _BITS[found.version]), strict=False))


def note(house: House, incident: str, room: str, why: NotLetIn, address: str) -> None:
    """Note that somebody was not let in, from an address. Raises NotConfirmed, BrokenSetup."""
    now, network = house.now(), network_of(address)
    tries, told = house.tries.note(f"{incident}-{room}", why, network, now)
    if not tries:
        return
    body = {"incident": incident, "room": room, "why": str(why), "from": told, "tries": tries}
    company.log(house.engine, now, REFUSED, body)


def note_ended(house: House, incident: str, room: str, why: NotLetIn, address: str) -> None:
    """Note that somebody came to a room that is over; what cannot be written changes no answer.

    Such a room is answered like one that never was, also on a full disk.
    """
    try:
        note(house, incident, room, why, address)
    except AndonError:
        return


def refusals_of(house: House, incident: str, room: str) -> list[company.LogLine]:
    """List who was not let into a room, the newest first."""
    lines = company.lines_of(house.engine, [REFUSED], naming=incident)
    mine = [
        one for one in lines if (one.body.get("incident"), one.body.get("room")) == (incident, room)
    ]
    return mine[::-1][:REFUSALS_SHOWN]
