"""Ports that this process chose for its children, so that no other Andon chooses them meanwhile.

Between choosing a port and the child's listening on it lies a second or two, and two that start at
once would choose the same: one child would fail, and its worker would talk to the other's server. A
claim is a datagram socket on the same number: it is in no server's way, the kernel lets one program
have it, and gives it back however that program ends. What belongs here: asking and claiming. What
never does: which ports are tried.
"""

import socket
from typing import Final

_claims: Final[dict[tuple[str, int], socket.socket]] = {}


def bind_error(host: str, port: int) -> OSError | None:
    """Try to listen there as a server would; return why it failed, or None when the port is free.

    With SO_REUSEADDR, as servers do: connections of the run before must not count as taken.
    """
    try:
        with _bound(host, port, socket.SOCK_STREAM) as listener:
            listener.listen(1)
    except OSError as error:
        return error
    return None


def claim(host: str, port: int) -> OSError | None:
    """Claim a port that is free for a server; return why it cannot be had, or None."""
    problem = bind_error(host, port)
    if problem is None and (host, port) not in _claims:
        try:
            _claims[host, port] = _bound(host, port, socket.SOCK_DGRAM)
        except OSError as error:
            return error
    return problem


def release_all() -> None:
    """Give back what was claimed."""
    while _claims:
        _claims.popitem()[1].close()


def _bound(host: str, port: int, kind: socket.SocketKind) -> socket.socket:
    """Open a socket there. Raises OSError; a datagram socket shares its port with nobody."""
    family, _, protocol, _, address = socket.getaddrinfo(
        host, port, type=kind, flags=socket.AI_PASSIVE
    )[0]
    opened = socket.socket(family, kind, protocol)
    try:
        if kind == socket.SOCK_STREAM:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind(address)
    except OSError:
        opened.close()
        raise
    return opened
