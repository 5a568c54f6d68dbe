"""What tests of the services share: a house over an installation that is set up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.key_ring import KeyRing
from services.company import prepare
from services.house import House
from services.opening import open_stores
from services.settings import Settings


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give a house with the plan adopted and nothing in it, without Temporal."""
    made = Settings(home=tmp_path / "home", demo=False)
    KeyRing.create(made.key_ring_file)
    prepare(made)
    opened = open_stores(made)
    yield opened
    opened.engine.dispose()
    opened.bulk.dispose()
