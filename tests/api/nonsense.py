"""What nobody should send: bodies that are nearly right, bodies that are nothing, odd addresses.

What belongs here: strategies that make it, for any registered command. What never does: what the
answer should be (test_nonsense.py).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, quote_plus
from zoneinfo import ZoneInfo

from fastapi.routing import APIRoute
from hypothesis import strategies as st

from api.pages.views import page_routers
from api.typed import Raw, raw_of
from domain.message import CommandSpec
from tests.api.samples import body_of, whole_body_of

Draw = Callable[[st.SearchStrategy[Any]], Any]

ODD_TEXT: Final = st.text(st.characters(exclude_categories=[]), max_size=30)
"""Any characters: half a pair, NUL and those that are not given yet too."""

LEAVES: Final = st.none() | st.booleans() | st.integers() | st.floats() | ODD_TEXT
VALUES: Final = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ODD_TEXT, inner, max_size=4),
    max_leaves=12,
)

PIECES: Final = (
    *("null", "true", "0", "-1", "4", "-0", "1.5", "1e400", "NaN", "-Infinity"),
    *("9007199254740993", "-9007199254740991", "9" * 30, "9" * 5_000),
    *('""', '" "', '"\\n\\n"', '"\\t"', '"4"', '"unknown"', '"none"', '"\\ufeff"', '"1"'),
    *('"\\ud800"', '"\\u0000"', '"\\udfff\\ud800"', '"\\u202e\\u200b"', '"\U0001f4a9"'),
    *(json.dumps("x" * 300), json.dumps("y" * 25_000), json.dumps("é" * 200)),
    *('"2026-11-20"', '"9999-12-31T23:59:59Z"', '"0001-01-01T00:00:00+14:00"', '"24:00"'),
    *('"2026-11-20T01:00:00"', '"2026-W01"', '"10000-01-01"', '"0001-01-01"'),
    *('"../../etc/passwd"', '"\'; drop table entries;--"', '"<script>"', '"{{7*7}}"', '"%s"'),
    *('"INC-2026-0001"', '"dew-cream"', '"__proto__"', '["a","a"]', "[]", "{}", "[[]]"),
    *("[null]", "[true]", "[{}]", '[{"a":1}]', '{"a":{"b":{"c":[1,2]}}}', '{"":1}'),
    *('{"ref":"a","commitment":"b","subject":"c"}', json.dumps(["x"] * 6_000)),
    *("[" * 60 + "]" * 60, '{"a":1,"a":2}'),
)
"""Parts of JSON that stand where something else should."""

TYPED: Final = (
    *("", " ", "\t", "x", "\0", "\u202e", "\ufeff", "\U0001f600", "a\r\nb", "unknown", "true"),
    *("x" * 300, "y" * 25_000, "9" * 400, "0" * 20, "-1", "-0", "1e9", "NaN", "inf", "½", "²"),
    *("٣", "２０２６", "1,000", "1 000", "1_000", "0x10", "<script>", '"', "%s", "{{7*7}}"),
    *("2026-13-45", "0001-01-01T00:00", "9999-12-31T23:59", "10000-01-01T00:00", "24:00"),
    *("2026-11-20T01:00+99:00", "/../", "INC-2026-0001", "dew-cream", "1-2-3", "1-", "\ud800"),
)
"""What a field of a form, or a part of an address, may hold."""

KINDS: Final = (
    *("application/json",) * 6,
    *("text/plain", "multipart/form-data", "multipart/form-data; boundary=", "", "application/xml"),
    *("application/json; charset=utf-16", "application/x-www-form-urlencoded", "\u00ff"),
)
ITEMS: Final = (
    *("one", "%20", "%F0%9F%92%A9", "a'b", "%00", "%ED%A0%80", "x" * 300, "..%2f..", "-1", "0"),
    *("9" * 40, "INC-2026-9999", "1.5", "٣", "%25s", "*", "null"),
)
HEADERS: Final = {
    "Idempotency-Key": (b"\xff", b"", b"a b", b"k" * 300, b"1"),
    "Andon-Happened-At": (b"\xe9\x80", b"yesterday", b"9999-12-31T23:59Z", b"0001-01-01T00:00+14"),
    "Andon-On-Behalf-Of": (b"\xff\xfe", b"nobody", b"gao.yuan", b""),
    "Accept-Language": (b"\xff;q=x,,;;,*;q=nan", b"zh", b"xx"),
    "If-None-Match": (b'W/"\xff"', b"*", b'"1-abc"', b'W/"'),
    "Accept": (b"application/jsonl;;;;q=\xff", b"*/*", b""),
    "X-Fragment": (b"1", b"\xff"),
    "Referer": (b"http://[", b"\xff", b"javascript:1", b"//"),
    "Range": (b"bytes=0-", b"bytes=9-1"),
    "X-Forwarded-For": (b"' or 1=1",),
    "Content-Encoding": (b"gzip", b"\xff"),
}
QUERIES: Final = tuple(
    "at after before limit offset open closed incident page kind lang next product done sent seq"
    " reported actor stage text happened_at name private access who q".split()
)


LONGEST: Final = 3_000
"""Characters of one value in a query; more of them the client of these tests would not send."""

BOUNDARY: Final = b"what-stands-between-the-parts"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it goes out."""

    path: str
    content: bytes
    headers: dict[bytes, bytes]


def headers() -> st.SearchStrategy[dict[bytes, bytes]]:
    """Make none, one or two odd headers."""
    names = st.lists(st.sampled_from(sorted(HEADERS)), max_size=2, unique=True)
    return names.flatmap(
        lambda chosen: st.fixed_dictionaries(
            {name.encode(): st.sampled_from(HEADERS[name]) for name in chosen}
        )
    )


# ---------------------------------------------------------------- bodies


def json_of(value: Any) -> str:
    """Write JSON in which a `bytes` stands as the piece it is."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{json_of(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json_of, value)) + "]"
    return json.dumps(value)


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """List where something stands in a body."""
    if at:
        yield at
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(
        value, list) else ()  # fmt: skip
    for name, part in parts:
        yield from _places(part, (*at, name))


def _put(whole: Any, place: tuple[Any, ...], piece: bytes | None) -> None:
    """Put a piece in a place, or take out what stands there; a place that is gone is passed by."""
    for name in place[:-1]:
        if not isinstance(whole, dict | list) or (isinstance(whole, dict) and name not in whole):
            return
        whole = whole[name]
    if not isinstance(whole, dict | list):
        return
    if piece is None and isinstance(whole, dict):
        whole.pop(place[-1], None)
    elif piece is not None:
        whole[place[-1]] = piece


@st.composite
def nearly_right(draw: Draw, spec: CommandSpec, known: dict[str, str]) -> str:
    """Make a body of the right shape with some parts that are wrong."""
    made = draw(st.sampled_from([body_of, whole_body_of]))(spec, known)
    whole = json.loads(json.dumps(made))
    places = list(_places(whole)) or [("no_such_field",)]
    pieces = st.none() | st.sampled_from(PIECES).map(str.encode) | VALUES.map(
        lambda value: json.dumps(value).encode())  # fmt: skip
    for place in draw(st.lists(st.sampled_from(places), min_size=1, max_size=3, unique=True)):
        _put(whole, place, draw(pieces))
    return json_of(whole)


def nonsense(spec: CommandSpec, known: dict[str, str]) -> st.SearchStrategy[str]:
    """Make a body that has the fields' names at best."""
    names = st.sampled_from(sorted(whole_body_of(spec, known)) or ["x"]) | ODD_TEXT
    return (
        st.dictionaries(names, VALUES, max_size=6).map(json.dumps)
        | VALUES.map(json.dumps)
        | ODD_TEXT
        | st.sampled_from(PIECES)
    )


@st.composite
def requests(draw: Draw, spec: CommandSpec, path: str, item: str, known: dict[str, str]) -> Sent:
    """Make a request for a command; mostly its body is JSON, and its address right."""
    body = draw(nearly_right(spec, known) | nonsense(spec, known))
    where = path.format(item=draw(st.sampled_from((item,) * 12 + ITEMS)))
    beside = {b"Content-Type": draw(st.sampled_from(KINDS)).encode("latin-1")}
    content = body.encode("utf-8", "surrogatepass")
    return Sent(where, content, {**beside, **draw(headers())})


# ---------------------------------------------------------------- forms


@st.composite
def forms(draw: Draw, spec: CommandSpec, known: dict[str, str]) -> Raw:
    """Make a form of a command with some fields wrong, missing, or of no command at all."""
    body = draw(st.sampled_from([body_of, whole_body_of]))(spec, known)
    typed = raw_of(spec.type, body, ZoneInfo("UTC"))
    more = ["x", "_told_at", "_for", "back", "add_row", "preview", "suggest", "show", "lots-9999-x"]
    names = st.sampled_from([*typed, *more]) | ODD_TEXT
    for name in draw(st.lists(names, min_size=1, max_size=3)):
        typed[name] = draw(st.lists(st.sampled_from(TYPED) | ODD_TEXT, max_size=2))
    return typed


def sent_form(typed: Raw, *, with_files: bool, odd: bytes = b"") -> tuple[bytes, str]:
    """Write a form as a browser sends it, with or without files; gives bytes and media type.

    `odd` stands for `@@`: bytes that no browser sends. Half a pair goes out as the bytes it has.
    """
    pairs = [(name, text) for name, texts in typed.items() for text in texts]
    if not with_files:
        return _encoded(pairs).replace(
            b"%40%40", odd or b"%40%40"
        ), "application/x-www-form-urlencoded"
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (BOUNDARY, name.encode("utf-8", "surrogatepass"), text.encode("utf-8", "surrogatepass"))
        for name, text in pairs
    ]
    whole = b"".join([*parts, b"--%s--\r\n" % BOUNDARY])
    return whole.replace(b"@@", odd or b"@@"), f"multipart/form-data; boundary={BOUNDARY.decode()}"


def _encoded(pairs: list[tuple[str, str]]) -> bytes:
    told = ((quote_plus(part.encode("utf-8", "surrogatepass")) for part in pair) for pair in pairs)
    return "&".join("=".join(pair) for pair in told).encode()


# ---------------------------------------------------------------- addresses


def pages() -> list[str]:
    """List the addresses of all pages that are read."""
    return sorted(
        route.path
        for router in page_routers()
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    )


@st.composite
def addresses(draw: Draw, pattern: str, real: dict[str, list[str]]) -> str:
    """Make an address of a route: each part real or odd, with a query that is mostly odd."""
    path = ""
    for part in pattern.split("/")[1:]:
        name = part.strip("{}").partition(":")[0]
        parts = (*real.get(name, ("one",)) * 6, *ITEMS)
        path += "/" + (draw(st.sampled_from(parts)) if part.startswith("{") else part)
    asked = draw(st.lists(st.tuples(st.sampled_from(QUERIES), st.sampled_from(TYPED) | ODD_TEXT), max_size=3))  # fmt: skip
    query = "&".join(f"{n}={quote(v[:LONGEST].encode('utf-8', 'surrogatepass'))}" for n, v in asked)
    return quote(path, safe="/%'*.-") + (f"?{query}" if query else "")
