"""Blocks of a page for people from outside: no acts, and no way to other rooms of the console.

What belongs here: taking those out of what is drawn. What never does: who may see a block.
"""

from collections.abc import Callable
from typing import Any


def closed_off(plain: Any, leading: Callable[[str], str]) -> Any:
    """Take acts out of what is drawn; `leading` says where a link leads to, "" for nowhere."""
    if isinstance(plain, list | tuple):
        return [closed_off(part, leading) for part in plain]
    if not isinstance(plain, dict):
        return plain
    kept = {key: closed_off(part, leading) for key, part in plain.items()}
    if "acts" in kept:
        kept["acts"] = []
    if isinstance(kept.get("href"), str):
        kept["href"] = leading(kept["href"])
    return kept
