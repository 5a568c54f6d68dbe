"""Whose an approval is: a language's reviewer attests that language, a market's person that market."""

import pytest

from services.answering import answering, answers_for, asked

COMPANY = {
    "reviews": {"lena": ["de"], "claire": ["fr"]},
    "markets": {"bai": ["CN"], "jonas": ["DE", "FR"]},
}


@pytest.mark.parametrize(
    ("person", "where", "theirs"),
    [
        ("lena", {"language": "de"}, True),
        ("claire", {"language": "de"}, False),
        ("nobody", {"language": "de"}, True),
        ("bai", {"market": "CN"}, True),
        ("bai", {"market": "DE"}, False),
        ("jonas", {"market": "FR"}, True),
    ],
)
def test_who_answers_for_what(person: str, where: dict[str, str], theirs: bool) -> None:
    assert answers_for(COMPANY, person, **where) is theirs


def test_where_nobody_answers_all_may() -> None:
    assert answering(COMPANY, ["lena", "claire"], language="ja") == ["lena", "claire"]
    assert answering(COMPANY, ["lena", "claire"], language="de-AT") == ["lena"]
    assert answering(COMPANY, ["bai", "jonas"], market="DE") == ["jonas"]


AFFAIRS, LEGAL, OFFICE = ["bai", "jonas"], ["fang"], ["zoe"]


@pytest.mark.parametrize(
    ("holders", "market", "theirs"),
    [
        ((AFFAIRS, LEGAL), "CN", ["bai", "fang"]),
        ((AFFAIRS, LEGAL), "IT", ["jonas", "fang"]),
        ((AFFAIRS, LEGAL), "JP", ["bai", "jonas", "fang"]),
        ((AFFAIRS, OFFICE), "JP", ["bai", "jonas", "zoe"]),
        ((["bai", "jonas", "zoe"],), "JP", ["zoe"]),
        ((LEGAL,), "JP", ["fang"]),
    ],
    ids=["who has it", "the Union's", "nobody has it", "nor there", "one for all", "one role"],
)
def test_who_is_bound_to_no_market_takes_nothing_from_another_role(
    holders: tuple[list[str], ...], market: str, theirs: list[str]
) -> None:
    assert asked(COMPANY, holders, market=market) == theirs
