"""A text among its writers: what changed between versions, and remarks on its paragraphs."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Asker, Served

pytestmark = pytest.mark.xdist_group("pages")

BODIES = ("We sold 1,200 units.", "We sold 1,250 units.", "We sold 1,250 units. We are sorry.")


def drafted(served: Served) -> str:
    """Write a text in three versions and give its incident."""
    number, author = accepted(served), served.person("ye.fan")
    told = {"kind": "holding", "markets": ["US"], "preliminary": True}
    done(author, number, "statement/draft_statement", **told, texts=_texts(BODIES[0]))
    for body in BODIES[1:]:
        told = {"markets": ["US"], "preliminary": True, "sha256": _sha(author, number)}
        done(author, number, "statement/S1/revise_statement", **told, texts=_texts(body))
    return number


def _texts(body: str) -> list[dict[str, str]]:
    return [{"language": "en", "title": "First word", "body": body}]


def _sha(asker: Asker, number: str) -> str:
    state = asker.get(f"/api/incidents/{number}").json()["state"]
    return str(state["statement"]["statements"]["S1"]["sha256"])


@pytest.mark.parametrize(
    ("asked", "removed", "added"),
    [
        pytest.param("", [], [" We are sorry."], id="the last two"),
        pytest.param("?older=1&newer=2", ["1,200"], ["1,250"], id="the first two"),
        pytest.param("?older=2&newer=1", ["1,200"], ["1,250"], id="the older one first"),
        pytest.param(
            "?older=1&newer=3",
            ["1,200 units"],
            ["1,250 units. We are sorry"],
            id="first and last",
        ),
        pytest.param("?older=9&newer=9", [], [" We are sorry."], id="versions that are not there"),
    ],
)
def test_any_two_versions_are_compared(
    asked: str, removed: list[str], added: list[str], written: str, at: SignedIn
) -> None:
    page = at("ye.fan").open(f"/incidents/{written}/statement/texts/S1{asked}")
    assert _between(page.html, "del") == removed
    assert _between(page.html, "ins") == added
    assert "version 2" in page.text


@pytest.fixture(scope="module")
def written(served: Served) -> str:
    """Give an incident with a text of three versions."""
    return drafted(served)


def _between(html: str, tag: str) -> list[str]:
    """Read what is marked, without the words for those who cannot see the mark."""
    parts = [part.split(f"</{tag}>")[0] for part in html.split(f"<{tag}>")[1:]]
    return [part.split("</span>")[1].rsplit("<span", 1)[0] for part in parts]


def test_a_remark_is_made_on_a_paragraph_and_answered_from_the_pages(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    told = {"kind": "holding", "markets": ["US"], "preliminary": True}
    author = served.person("ye.fan")
    done(author, number, "statement/draft_statement", **told, texts=_texts("First.\n\nSecond."))
    address = f"/incidents/{number}/statement/texts/S1"
    reader, writer = at("lin.wei"), at("ye.fan")
    asked = reader.open(f"/incidents/{number}/statement/S1/comment_statement")
    form = asked.form("/comment_statement")
    assert form.choices["place"] == ["en/0", "en/1", "en/2"]
    assert "Second." in asked.text
    reader.send(asked, form, place="en/2", words="Say who is affected.")
    page = writer.open(address)
    assert "Say who is affected." in page.text
    settle = writer.open(f"/incidents/{number}/statement/S1/settle_comment")
    writer.send(settle, settle.form("/settle_comment"), number="1", answer="It does now.")
    page = reader.open(address)
    assert "It does now." in page.text
    assert "Say what came of a remark" not in [said for said, _ in page.links]
