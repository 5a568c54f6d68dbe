"""Addresses of this machine and its networks: which are, however written, and which are allowed.

What belongs here: telling addresses apart. What never does: a name, a connection, or a setting.
"""

import ipaddress
from typing import Final

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Inside = bool | tuple[Network, ...]
"""Which addresses inside may be spoken to: none, the private ones, or those named."""

PRIVATE: Final = tuple(
    map(
        ipaddress.ip_network,
        ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"),
    )
)
"""This machine and private networks; link-local addresses are nobody's channel."""

KEEPERS: Final = frozenset(
    map(
        ipaddress.ip_address,
        ("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"),
    )
)
"""Where clouds hand out keys to whoever asks from this machine: never spoken to."""

_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL: Final = tuple(
    map(ipaddress.IPv6Network, ("64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96", "fec0::/10"))
)
"""A network's own translation to IPv4 (RFC 8215, RFC 2765), addresses that held an IPv4 one
(RFC 4291, 2.5.5.1) and those of a site (RFC 3879): none of them leads outside by itself."""


def is_outside(address: str) -> bool:
    """Say whether an address is outside this machine and network, also one wrapped in another."""
    found = _plain(address)
    is_local = any(found in network for network in _LOCAL)
    return found.is_global and not (is_local or found.is_multicast) and found not in KEEPERS


def may_reach(address: str, inside: Inside) -> bool:
    """Say whether an address may be spoken to: it is outside, or inside and allowed."""
    found = _plain(address)
    networks = (PRIVATE if inside else ()) if isinstance(inside, bool) else inside
    is_allowed = any(found in network for network in networks) and found not in KEEPERS
    return is_allowed or is_outside(address)


def hands_out_keys(address: str) -> bool:
    """Say whether an address is one where clouds hand out keys: nothing that is set opens it."""
    return _plain(address) in KEEPERS


def inside_of(text: str) -> Inside:
    """Read `ANDON_ALLOW_INSIDE`: true, false, or addresses and networks with commas between.

    Raises ValueError.
    """
    words = {"true": True, "false": False}
    if text.strip().lower() in words:
        return words[text.strip().lower()]
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(","))


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Give an address without its zone, and what is wrapped in it where that is another one."""
    found = ipaddress.ip_address(address.partition("%")[0])
    wrapped = _wrapped(found) if isinstance(found, ipaddress.IPv6Address) else None
    return found if wrapped is None else wrapped


def _wrapped(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if found in _NAT64:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
