"""Whose an approval is: a language's reviewer attests that language, a market's person that market."""

import pytest

from services.answering import answering, answers_for

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
