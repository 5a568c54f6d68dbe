"""Each point at which a program may die is died at once; the story ends all the same.

The worker dies after what each activity committed and before each workflow task is told to the
server. The API dies before it reads a request, before and after each call to the server, and before
it answers. At full counts: at every point that the story comes to.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.database import new_database, postgres
from tests.durability.counting import assert_all_agree, at_counts
from tests.durability.dying import die_every, points_of
from tests.durability.processes import Nursery
from tests.durability.site import Running, open_site
from tests.durability.story import STAGES, Telling

__all__ = ["postgres"]

STAGE_NAMES = [stage.__name__ for stage in STAGES]
WHOLE = "whole-story"
PARTS = at_counts([WHOLE], STAGE_NAMES)
"""At full counts each stage is a proof of its own, for a death costs seconds; together they are
the story."""

WORKER_EVERY = at_counts(109, 1)
API_EVERY = at_counts(79, 1)
PATIENCE_S = at_counts(300.0, 900.0)


async def tell_dying(site: Running, program: str, every: int, deadly: list[str]) -> str:
    """Tell the story; while the deadly stages are told a program dies at every so many points."""
    site.patience_s = PATIENCE_S
    telling = Telling(site, "dying")
    for stage in STAGES:
        die_every(site.home, program, every if stage.__name__ in deadly else 0)
        await stage(telling)
    return telling.incident


async def prove(
    home: Path, nursery: Nursery, program: str, *, every: int, part: str, url: str = ""
) -> None:
    """Tell it, hold it against the ledger, and insist that somebody died."""
    async with open_site(home, nursery, url=url) as site:
        deadly = STAGE_NAMES if part == WHOLE else [part]
        incident = await tell_dying(site, program, every, deadly)
        died = points_of(home, program)
        assert died, "nobody died: nothing is proved"
        what = f"the {program} dies at every {'' if every == 1 else f'{every}th '}point"
        await assert_all_agree(site, [incident], what, died)


@pytest.mark.slow
@pytest.mark.timeout(at_counts(400, 1700))
@pytest.mark.parametrize("part", PARTS)
def test_the_worker_dies_after_commits_and_before_completions(
    part: str, tmp_path: Path, nursery: Nursery
) -> None:
    asyncio.run(prove(tmp_path / "home", nursery, "worker", every=WORKER_EVERY, part=part))


@pytest.fixture
def a_postgres(postgres: URL) -> Iterator[URL]:
    """Give an empty database of its own on the PostgreSQL of the tests."""
    with new_database(postgres) as url:
        yield url


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(at_counts(400, 1700))
@pytest.mark.parametrize("part", PARTS)
def test_the_api_dies_before_requests_around_calls_and_unanswered(
    part: str, a_postgres: URL, tmp_path: Path, nursery: Nursery
) -> None:
    """On PostgreSQL, so that both databases are died over."""
    url = a_postgres.render_as_string(hide_password=False)
    asyncio.run(prove(tmp_path / "home", nursery, "api", every=API_EVERY, part=part, url=url))
