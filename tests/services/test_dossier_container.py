"""The zip of a dossier: any reader takes it, equal members give equal bytes, nothing stands beside."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical import sha256_hex
from domain.dossier import Member, is_name
from domain.errors import Malformed
from services.dossier_container import Container

NAMES = st.from_regex(r"[a-z]{1,8}(/[a-z0-9]{1,8}\.txt)?", fullmatch=True).filter(is_name)
CONTENTS = st.dictionaries(NAMES, st.lists(st.binary(max_size=300), max_size=4), max_size=6)


def packed(contents: dict[str, list[bytes]]) -> tuple[bytes, list[Member]]:
    file = io.BytesIO()
    container = Container(file)
    made = [container.add(name, chunks) for name, chunks in contents.items()]
    container.finish()
    return file.getvalue(), made


@given(CONTENTS)
def test_any_reader_finds_the_members_as_they_were_given(contents: dict[str, list[bytes]]) -> None:
    zipped, made = packed(contents)
    with zipfile.ZipFile(io.BytesIO(zipped)) as found:
        assert found.testzip() is None
        assert found.namelist() == list(contents)
        for one in made:
            content = found.read(one.name)
            assert content == b"".join(contents[one.name])
            assert (one.bytes, one.sha256) == (len(content), sha256_hex(content))


@given(CONTENTS)
def test_chunks_do_not_show(contents: dict[str, list[bytes]]) -> None:
    whole = {name: [b"".join(chunks)] for name, chunks in contents.items()}
    assert packed(contents)[0] == packed(whole)[0]


@given(CONTENTS)
def test_header_and_directory_say_the_same_and_nothing_stands_between(
    contents: dict[str, list[bytes]],
) -> None:
    """Read byte by byte, without a library that is lenient."""
    zipped, made = packed(contents)
    at, local = 0, []
    for one in made:
        fields = struct.unpack_from("<4s5H3L2H", zipped, at)
        signature, version, flags, method, time, date, crc, size, inflated, named, extra = fields
        assert (signature, version, flags, time, date, extra) == (b"PK\x03\x04", 20, 0, 0, 0x21, 0)
        start = at + 30 + named
        assert zipped[at + 30 : start].decode() == one.name
        data = zipped[start : start + size]
        content = zlib.decompress(data, -15) if method == 8 else data
        assert (method == 0) == (content == b"")
        assert (len(content), zlib.crc32(content)) == (inflated, crc)
        local.append((at, method, crc, size, inflated))
        at = start + size
    directory = at
    for one, (offset, *said) in zip(made, local, strict=True):
        fields = struct.unpack_from("<4s6H3L5H2L", zipped, at)
        assert fields[:7] == (b"PK\x01\x02", 20, 20, 0, said[0], 0, 0x21)
        assert list(fields[7:10]) == said[1:]
        assert fields[10:] == (len(one.name), 0, 0, 0, 0, 0, offset)
        at += 46 + len(one.name)
    end = struct.unpack_from("<4s4H2LH", zipped, at)
    assert end == (b"PK\x05\x06", 0, 0, len(made), len(made), at - directory, directory, 0)
    assert at + 22 == len(zipped), "nothing follows the end"


@pytest.mark.parametrize("name", ["../a", "a/", "/a", "a\\b", "a.txt"])
def test_a_name_that_may_not_be_or_is_there_already_is_refused(name: str) -> None:
    container = Container(io.BytesIO())
    container.add("a.txt", [b"x"])
    with pytest.raises(Malformed):
        container.add(name, [b"y"])
