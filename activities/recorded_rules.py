"""The rules that an incident runs under, as they were kept.

What belongs here: reading them once. What never does: which rules are adopted today.
"""

from functools import lru_cache

from sqlalchemy.engine import Engine

from domain.rules import Rules, rules_from_text
from storage.rules import load_rules


@lru_cache(maxsize=32)
def rules_under(engine: Engine, rules_hash: str) -> Rules:
    """Give the rules with a hash. Raises NotFound."""
    return rules_from_text(load_rules(engine, rules_hash).decode())
