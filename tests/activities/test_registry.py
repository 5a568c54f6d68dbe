"""What holds of every verb on the world, whichever it is."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import create_engine
from temporalio import activity
from temporalio.client import Client

from activities.heads import Signing
from activities.registry import World, all_activities
from storage.blobs import BlobDirectory


def nobody() -> Signing:
    """Give nothing to sign with: no verb is called here."""
    raise NotImplementedError


def offered() -> list[Callable[..., Any]]:
    """Give every activity that a worker offers, over a world that nobody looks at."""
    nowhere = create_engine("sqlite://")
    world = World(
        nowhere, nowhere, BlobDirectory(Path("nowhere")), cast("Client", None), {}, nobody
    )
    return all_activities(world)


@pytest.mark.parametrize("verb", offered(), ids=lambda verb: verb.__name__)
def test_no_verb_is_torn_from_the_database_in_the_middle_of_a_sentence(
    verb: Callable[..., Any],
) -> None:
    """The SDK throws an error into the thread of an activity that is called off, wherever it is.

    In the middle of a conversation with PostgreSQL the rest of the answer would stay on the line,
    and whoever is given that connection next would read it as the answer to a question of theirs.
    """
    meant = activity._Definition.must_from_callable(verb)
    assert inspect.iscoroutinefunction(verb) or meant.no_thread_cancel_exception
