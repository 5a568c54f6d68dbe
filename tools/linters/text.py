"""What no file may say, whatever its kind: where it was written, or where packages came from.

A lock holds name, version and hash. An address in it would send every later reader to one
machine's mirror, and a path of the writer's own disk means nothing anywhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.linters.source import Finding, Source

# Written so that these lines do not match themselves.
FORBIDDEN = (
    (
        "path",
        re.compile(r"(?<![\w.$}])/(?:work|root)/[\w.]|\.\./\.?(?:shared|library)\b"),
        "is a path of one machine; name it by a setting, or below the project.",
    ),
    (
        "host",
        re.compile(r"\b(?:pypi|pythonhosted|npmjs|debian)\.(?:org|com|net)\b", re.IGNORECASE),
        "is a registry's host; name the package, and let each machine say where it comes from.",
    ),
)
ADDRESS_LOCKS = frozenset(
    {"uv.lock", "pylock.toml", "package-lock.json", "yarn.lock", "poetry.lock", "Pipfile.lock"}
)


def check_text(source: Source) -> Iterator[Finding]:
    """Find paths of one machine (rule `path`) and hosts of registries (rule `host`)."""
    for number, line in enumerate(source.lines, 1):
        for rule, pattern, sentence in FORBIDDEN:
            for match in pattern.finditer(line):
                yield Finding(source.path, number, rule, f"'{match.group()}' {sentence}")


def check_lock(source: Source) -> Iterator[Finding]:
    """Find locks that record addresses (rule `lock`)."""
    name = PurePosixPath(source.path).name
    if name in ADDRESS_LOCKS:
        sentence = "this kind of lock records addresses; use requirements/*.lock (`make lock`)."
        yield Finding(source.path, 1, "lock", sentence)
    elif name.endswith(".lock"):
        for number, line in enumerate(source.lines, 1):
            if "://" in line or line.startswith(("--index", "--extra-index", "--find-links")):
                sentence = "a lock holds name, version and hash only; write it with `make lock`."
                yield Finding(source.path, number, "lock", sentence)
