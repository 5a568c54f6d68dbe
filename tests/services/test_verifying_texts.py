"""Who may open a private text is said by the field it stands in, of every entry that there is."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from domain.message import EVENTS, EventSpec
from domain.values import PrivateText
from services.ledgers import private_in
from services.verifying_texts import ACCESS, texts_of
from storage.streams import entry_row
from tests.replay.corpus import goldens


def private_fields_of(tp: Any) -> Iterator[str]:
    """Name every field of an event in which a private text may stand, however deep."""

    def holds(inner: Any) -> bool:
        if inner is PrivateText or any(map(holds, get_args(inner))):
            return True
        if not (isinstance(inner, type) and is_dataclass(inner)):
            return False
        return any(map(holds, get_type_hints(inner).values()))

    return (one.name for one in fields(tp) if holds(get_type_hints(tp)[one.name]))


@pytest.mark.parametrize("spec", EVENTS.values(), ids=lambda spec: spec.name)
def test_of_every_private_field_of_an_event_it_is_known_who_may_open_it(spec: EventSpec) -> None:
    assert {
        name for name in private_fields_of(spec.type) if (spec.stage, name) not in ACCESS
    } == set()


def test_of_every_private_text_that_was_ever_recorded_it_is_known_who_may_open_it() -> None:
    told = 0
    for golden in goldens():
        for stream in golden.streams:
            for leaf in golden.stream(stream).leaves:
                texts = list(texts_of(entry_row(leaf)))
                assert all(access is not None for _text, access in texts)
                assert {text for text, _ in texts} == set(private_in(json.loads(leaf)))
                told += len(texts)
    assert told > 30
