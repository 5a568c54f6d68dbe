"""Every pair of colours that the console puts together is legible, in both schemes (WCAG 2.2, AA).

The tokens are read from the style sheet itself, and so are the uses: an ink or a surface that is
new in the sheet fails here until its pairs are listed.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import api

SHEET = (Path(api.__file__).parent / "static" / "andon.css").read_text(encoding="utf-8")
SCHEMES = ("light", "dark")
SIGNALS = ("critical", "warning", "done", "information")
HUES = (*SIGNALS, "accent")
PLAIN = ("n-0", "n-1", "n-2")
FILLS = tuple(f"{hue}-fill" for hue in HUES)
TEXT, LARGE = 4.5, 3.0

Pair = tuple[str, str, float]


def tokens_of(block: str) -> dict[str, dict[str, str]]:
    """Return scheme -> token -> #rrggbb of every light-dark() pair in a part of the sheet."""
    found = re.findall(r"--([a-z0-9-]+):\s*light-dark\((#\w{6}),\s*(#\w{6})\)", block)
    return {
        "light": {name: light for name, light, _dark in found},
        "dark": {name: dark for name, _light, dark in found},
    }


TOKENS = tokens_of(SHEET[SHEET.index(":root {") : SHEET.index("[data-theme")])
MORE = tokens_of(SHEET[SHEET.index("(prefers-contrast: more)") : SHEET.index("(forced-colors")])


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2, definition)."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def text_pairs() -> list[Pair]:
    """Ink on surface, as the components put them together."""
    pairs = [(f"n-{ink}", surface, TEXT) for ink in (7, 8, 9) for surface in (*PLAIN, *FILLS)]
    pairs += [(f"{hue}-text", surface, TEXT) for hue in HUES for surface in PLAIN]
    pairs += [(f"{hue}-text", f"{hue}-fill", TEXT) for hue in SIGNALS]
    pairs += [("accent-text", fill, TEXT) for fill in FILLS]  # links in banners
    pairs += [("n-0", f"{hue}-text", TEXT) for hue in ("accent", "critical")]  # filled buttons
    pairs += [("n-1", "warning-text", TEXT)]  # the bar of an exercise
    pairs += [("n-0", "n-8", TEXT), ("n-0", "n-9", TEXT)]  # lost connection; skip link, choices
    return pairs


def mark_pairs() -> list[Pair]:
    """Borders of controls, signals in pictures, and the marks cut into them."""
    pairs = [("n-6", surface, LARGE) for surface in PLAIN]
    pairs += [(f"{hue}-border", surface, LARGE) for hue in HUES for surface in ("n-0", "n-1")]
    pairs += [(f"{hue}-border", f"{hue}-fill", LARGE) for hue in HUES]
    pairs += [(f"{hue}-border", "n-2", LARGE) for hue in SIGNALS]  # the used part of a bar
    pairs += [("n-0", f"{hue}-text", LARGE) for hue in HUES]  # a tick in a shape
    pairs += [("n-0", "done-border", LARGE)]  # a tick in a lamp
    return pairs


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("ink", "surface", "least"),
    text_pairs() + mark_pairs(),
    ids=str,
)
def test_pair_is_legible(scheme: str, ink: str, surface: str, least: float) -> None:
    colours = TOKENS[scheme]
    assert contrast(colours[ink], colours[surface]) >= least


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("surface", PLAIN)
def test_readers_who_ask_for_more_contrast_get_it(scheme: str, surface: str) -> None:
    colours = TOKENS[scheme] | MORE[scheme]
    assert contrast(colours["n-7"], colours[surface]) >= 7
    assert contrast(colours["n-6"], colours[surface]) >= 7
    assert contrast(colours["n-4"], colours[surface]) >= LARGE


def used(declaration: str) -> set[str]:
    """Return the tokens that a declaration names anywhere; a tone stands for all of its hues."""
    named = set(re.findall(rf"[{{;\s]{declaration}:\s*var\(--([a-z0-9-]+)", SHEET))
    for part in ("text", "border", "fill"):
        if f"tone-{part}" in named:
            named.remove(f"tone-{part}")
            named |= {f"{hue}-{part}" for hue in HUES}
    return named


def test_every_ink_of_the_sheet_is_measured() -> None:
    assert used("color") <= {ink for ink, _surface, _least in text_pairs()}


def test_every_surface_of_the_sheet_is_measured() -> None:
    lines_and_marks = {"n-3"}
    measured = {surface for _ink, surface, _least in text_pairs()}
    assert used("background") <= measured | lines_and_marks


def test_no_colour_stands_outside_the_tokens() -> None:
    rules = SHEET[SHEET.index("/* tones") : SHEET.index("(prefers-contrast")]
    shadows = re.findall(r"light-dark\([^)]*\)", rules)
    assert re.findall(r"#[0-9a-f]{3,8}\b", rules) == [
        colour for shadow in shadows for colour in re.findall(r"#[0-9a-f]{3,8}\b", shadow)
    ]


def test_scheme_follows_the_device_unless_the_reader_chose() -> None:
    assert "color-scheme: light dark;" in SHEET
    for scheme in SCHEMES:
        assert f'[data-theme="{scheme}"] {{ color-scheme: {scheme}; }}' in SHEET


def under(mark: str, colour: str, opacity: float) -> str:
    """Return what a colour looks like where a mark of some opacity lies over it."""
    pairs = [(int(colour[at : at + 2], 16), int(mark[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one * (1 - opacity) + two * opacity):02x}" for one, two in pairs)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "surface", "least"), text_pairs(), ids=str)
def test_pair_is_legible_under_the_mark_of_a_room(
    scheme: str, ink: str, surface: str, least: float
) -> None:
    colours = TOKENS[scheme]
    told = re.findall(r"\.watermark \{[^}]*?opacity: ([0-9.]+)", SHEET)
    assert len(told) == 2, "on the screen and on paper"
    for opacity in map(float, told):
        mark = colours["n-9"]
        ground = under(mark, colours[surface], opacity)
        assert contrast(under(mark, colours[ink], opacity), ground) >= least
        if surface in PLAIN:
            assert contrast(colours[ink], ground) >= least, "beside a stroke of the mark"
