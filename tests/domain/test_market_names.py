"""Markets in texts: found by their names in the language of the text, and by codes that are codes.

The names are held against the CLDR; what people say beside them stands in the table alone.
"""

import pytest
from babel import Locale

from domain.market_names import lists_of_markets, names_of
from domain.markets import EU, LANGUAGES, NORTHERN_IRELAND

NOT_IN_CLDR = {NORTHERN_IRELAND}
SHORTER = {"HK", "MO"}
"""Regions whose name in the CLDR says what kind of region they are: nobody writes so in a text."""


@pytest.mark.parametrize("language", ["en", "zh", "de", "fr", "es", "it", "ja", "ko"])
def test_every_market_has_its_name_in_every_language_of_texts(language: str) -> None:
    names, cldr = names_of(language), Locale.parse(language).territories
    assert set(names) == {*LANGUAGES, EU}
    for code in set(names) - SHORTER - NOT_IN_CLDR:
        assert names[code][0] == cldr[code]


READ = [
    ("en", "Sold in Germany and the Netherlands.", ["DE NL"]),
    ("en", "Sold in the European Union and the United Kingdom.", ["EU GB"]),
    ("de", "Verkauft in Deutschland und den Niederlanden.", ["DE NL"]),
    ("fr", "Vendu en Allemagne et aux Pays-Bas.", ["DE NL"]),
    ("es", "Vendido en Alemania y en los Países Bajos.", ["DE NL"]),
    ("it", "Venduto in Germania e nei Paesi Bassi.", ["DE NL"]),
    ("ja", "ドイツとオランダで販売", ["DE NL"]),
    ("ko", "독일과 네덜란드에서 판매", ["DE NL"]),
    ("zh-CN", "在德国、荷兰销售", ["DE NL"]),
    ("zh-CN", "销往NL、GB和DE。", ["DE GB NL"]),
    ("fr", "Vendu dans l'UE et au Japon.", ["EU JP"]),
    ("de", "Verkauft in Deutschland sowie in Japan.", ["DE JP"]),
    ("zh-CN", "在德国以及荷兰销售", ["DE NL"]),
    ("ko", "미국·일본에서 판매", ["JP US"]),
    ("en", "Markets: DE, IT", ["DE IT"]),
    ("en", "Sold in NL/GB/DE.", ["DE GB NL"]),
    ("en", "Sold in the US only.", ["US"]),
    ("en", "In Germany we sell it. In France not yet.", ["DE", "FR"]),
    ("en", "Markets: IT, NO", ["IT NO"]),
    ("en", "US and PR agrees.", []),
    ("en", "US and IT agree.", []),
    ("en", "Ask IT and HR.", []),
    ("en", "It was tested in IT and HR.", []),
    ("en", "The US team agrees.", []),
    ("en", "NO SALE IN SHOPS, AT ONCE", []),
    ("en", "Glow Cosmetics, 1 Road, Shanghai, China", []),
    ("zh-CN", "中国上海市某路1号", []),
    ("de", "Germany and France", []),
    ("en", "sold in NLX and DEPOT", []),
    ("en", "read in DE-2026-1", []),
    ("en", "New Mexico and Canada", []),
    ("en", "Sold in New Mexico and Canada.", ["CA"]),
    ("en", "Sold in New Mexico, Mexico and Canada.", ["CA MX"]),
    ("en", "Sold in Northern Ireland and France.", ["FR XI"]),
    ("fr", "Vendu au Nouveau-Mexique et au Canada.", ["CA"]),
    ("zh-CN", "新墨西哥和加拿大", []),
    ("zh-CN", "在发展中国家和德国销售", ["DE"]),
    ("ja", "ニューメキシコとカナダで販売", ["CA"]),
    ("zh-CN", "销往中国香港、德国", ["DE HK"]),
    ("en", "Germany (DE), France (FR)", ["DE FR"]),
    ("en", "Sold: DE (Germany), IT (Italy) and the Netherlands (NL)", ["DE IT NL"]),
    ("zh-CN", "德国（DE）、法国（FR）", ["DE FR"]),
    ("en", "Germany (DE)", []),
    ("en", "Hong Kong (China) and Japan", ["HK JP"]),
    ("en", "Where it is sold:\n- Germany\n- France\nCall us.", ["DE FR"]),
    ("en", "Countries:\n\n* Germany (DE)\n\n* the Netherlands;\n", ["DE NL"]),
    ("en", "1. Germany\n2. Austria and France\n", ["AT FR", "AT DE FR"]),
    ("en", "Germany\nFrance\nNL", ["DE FR NL"]),
    ("zh-CN", "• 德国\n• 法国。\n", ["DE FR"]),
    ("en", "markets:\n- IT\n- NO", ["IT NO"]),
    ("en", "- IT\n- HR\n", []),
    ("en", "Made in Shanghai, China\nJapan office\nGermany Street 1", []),
    ("zh-CN", "IT的召回", []),
    ("zh-CN", "关于IT的召回", []),
    ("zh-CN", "关于德国和IT的召回", []),
    ("zh-CN", "在德国和IT的召回", ["DE"]),
    ("zh-CN", "在DE和IT的召回", ["DE IT"]),
    ("zh-CN", "在DE和IT部门", ["DE"]),
    ("zh-CN", "市场IT的召回", []),
    ("zh-CN", "市场：IT", ["IT"]),
    ("zh-CN", "市场德国", ["DE"]),
]


@pytest.mark.parametrize(("language", "text", "found"), READ, ids=[row[1][:40] for row in READ])
def test_markets_are_read_from_a_text(language: str, text: str, found: list[str]) -> None:
    assert [" ".join(sorted(one)) for one in lists_of_markets(text, language)] == found
