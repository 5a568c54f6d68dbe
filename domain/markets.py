"""Markets and their languages: which texts speak to which market, and which law they meet there.

What belongs here: the closed lists. What never does: a rule about words (domain/wording.py) or a
duty to an authority (domain/notice.py). A market is two capital letters (ISO 3166-1); `EU` stands
for the members of the Union and the EEA, where Regulation (EU) 2023/988 applies.
"""

import re
from collections import Counter
from collections.abc import Iterable

EVERYWHERE = "*"
EU = "EU"

EU_AND_EEA = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
    " IS LI NO".split()
)

NORTHERN_IRELAND = "XI"
"""A code of its own in customs and product law: the Union's rules for goods hold there."""
UNDER_UNION_RULES = EU_AND_EEA | {NORTHERN_IRELAND}

ASEAN = "ASEAN"
ASEAN_MEMBERS = frozenset("BN ID KH LA MM MY PH SG TH VN".split())
ASEAN_WITHOUT_OWN = ASEAN_MEMBERS - {"SG"}
"""Members of which no law of their own stands in plan/regulations: the Directive's guide counts."""

MEMBERS = {EU: EU_AND_EEA, ASEAN: ASEAN_WITHOUT_OWN}
"""Markets of rules that stand for many countries, each with its own authority and calendar."""

LANGUAGES: dict[str, tuple[str, ...]] = {
    "AT": ("de",), "AU": ("en",), "BE": ("nl", "fr", "de"), "BG": ("bg",), "BR": ("pt",),
    "CA": ("en", "fr"), "CH": ("de", "fr", "it"), "CN": ("zh",), "CY": ("el",), "CZ": ("cs",),
    "DE": ("de",), "DK": ("da",), "EE": ("et",), "ES": ("es",), "FI": ("fi", "sv"),
    "FR": ("fr",), "GB": ("en",), "GR": ("el",), "HK": ("zh", "en"), "HR": ("hr",),
    "HU": ("hu",), "IE": ("en", "ga"), "IS": ("is",), "IT": ("it",), "JP": ("ja",),
    "KR": ("ko",), "LI": ("de",), "LT": ("lt",), "LU": ("fr", "de", "lb"), "LV": ("lv",),
    "MO": ("zh", "pt"), "MT": ("mt", "en"), "MX": ("es",), "MY": ("ms", "en"), "NL": ("nl",),
    "NO": ("no",), "NZ": ("en",), "PL": ("pl",), "PT": ("pt",), "RO": ("ro",), "SE": ("sv",),
    "SG": ("en", "zh"), "SI": ("sl",), "SK": ("sk",), "TH": ("th",), "TW": ("zh",),
    "US": ("en",), "VN": ("vi",), "XI": ("en",),
}  # fmt: skip
"""Languages in which people of a market are told; a market that is not here has no known one."""


_ALSO = {"UK": "GB", "EL": "GR"}
"""Letters that people write beside those of ISO 3166."""


def place_of(country: str) -> str:
    """Give a country's two letters, in capitals."""
    letters = country.strip().upper()
    return _ALSO.get(letters, letters)


def market_of(country: str) -> str:
    """Give the market whose rules count in a country: "EU" for Union and EEA, else itself.

    Members of ASEAN whose own law stands in no file are one market of rules, as the Directive's
    guide is. `XI` is Northern Ireland, which follows the Union's rules and has a file of its own.
    """
    place = place_of(country)
    if place in ASEAN_WITHOUT_OWN:
        return ASEAN
    return EU if place in EU_AND_EEA else place


def regimes_of(market: str) -> frozenset[str]:
    """Give the names under which rules may speak of a market: everywhere, itself, the Union."""
    own = frozenset({EVERYWHERE, market})
    return own | {EU} if market in UNDER_UNION_RULES else own


def is_within(market: str, markets: Iterable[str]) -> bool:
    """Say whether a market is one of some, or holds one of them, or stands inside one (the EU)."""
    return any(market in regimes_of(one) or one in regimes_of(market) for one in markets)


def answers_in(market: str, bound: Iterable[str]) -> bool:
    """Say whether somebody answers for a market; who is bound to no market answers for all."""
    own = tuple(bound)
    return not market or not own or any(market in regimes_of(one) for one in own)


def asked_in(market: str) -> tuple[str, ...]:
    """Give where people are looked for who answer for a market: there, then in all of the Union."""
    return (market, *({EU} & regimes_of(market)))


def base_language(language: str) -> str:
    """Give the language of a tag without its region: zh of zh-CN, also as locales write it."""
    return re.split(r"[-_]", language, maxsplit=1)[0].lower()


def region_of(language: str) -> str:
    """Give the region of a tag: GB of en-GB; "" where it names none."""
    return re.split(r"[-_]", language)[-1].upper() if re.search(r"[-_]", language) else ""


def is_told_apart(language: str, among: Iterable[str]) -> bool:
    """Say whether a name needs its region: another of some languages is the same but for that."""
    base = base_language(language)
    return any(one != language and base_language(one) == base for one in among)


def nearest_language(there: Iterable[str], wanted: Iterable[str]) -> str:
    """Choose the language that is there which fits a reader best; "" where none does.

    `wanted` are tags, the dearest first. Of one language first the very tag, then the reader's
    region, then the one without a region, then any.
    """
    offered, tags = tuple(there), [tag.lower() for tag in wanted]
    for base in dict.fromkeys(map(base_language, tags)):
        own = [one for one in offered if base_language(one) == base]
        if own:
            asked = [tag for tag in tags if base_language(tag) == base]
            return min(own, key=lambda one: _apart(one, asked))
    return ""


def _apart(language: str, asked: list[str]) -> tuple[int, int]:
    """Say how far a language is from what a reader asks for in it."""
    tag, regions = language.lower(), [region_of(one) for one in asked]
    if tag in asked:
        return 0, asked.index(tag)
    if region_of(language) in filter(None, regions):
        return 1, regions.index(region_of(language))
    return (3, 0) if region_of(language) else (2, 0)


def regional(markets: Iterable[str]) -> tuple[str, ...]:
    """Give the languages that several of some markets share, each with the region: en-GB, en-US."""
    spoken = [(language, market) for market in markets for language in LANGUAGES.get(market, ())]
    shared = Counter(language for language, _ in spoken)
    return tuple(sorted(f"{one}-{market}" for one, market in spoken if shared[one] > 1))


def markets_addressed(language: str, markets: Iterable[str]) -> tuple[str, ...]:
    """Give the markets that a text in this language speaks to.

    A language that none of the markets speaks is taken to speak to all of them: a translation for
    a market must not escape that market's rules by being written in another language.
    """
    wanted = tuple(markets)
    own = tuple(m for m in wanted if base_language(language) in LANGUAGES.get(m, ()))
    return own or wanted


def readers_of(language: str, markets: Iterable[str]) -> tuple[str, ...]:
    """Give the markets whose people read a language of a text: one with a region is for that.

    What a market's rules ask of words is asked of more: see `markets_addressed`.
    """
    own = markets_addressed(language, markets)
    region = region_of(language)
    return (region,) if region in own else own


def with_region(language: str, markets: Iterable[str]) -> str:
    """Give a language with the region of its readers where all live in one market, and it has none.

    English for Great Britain and Germany is en-GB.
    """
    own = readers_of(language, markets)
    return language if region_of(language) or len(own) != 1 else f"{language}-{own[0]}"


def markets_without_text(languages: Iterable[str], markets: Iterable[str]) -> tuple[str, ...]:
    """Name the markets whose language no text speaks; one without a known language is missing."""
    spoken = {base_language(language) for language in languages}
    return tuple(m for m in markets if not spoken & set(LANGUAGES.get(m, ())))
