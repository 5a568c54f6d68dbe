"""What markets are called in the languages of texts, and where a text names them.

What belongs here: names, and reading them. What never does: what follows for a text
(domain/statement_follow.py). The names are those of the CLDR as of today, with what people say
beside them: they stand here and not in a package, for a ledger is read the same for ever.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from domain.markets import EU, LANGUAGES, base_language

_NAMES: Final = {
    "en": (
        "AT Austria; AU Australia; BE Belgium; BG Bulgaria; BR Brazil; CA Canada; CH "
        "Switzerland; CN China|mainland China; CY Cyprus; CZ Czechia|Czech Republic; DE "
        "Germany; DK Denmark; EE Estonia; ES Spain; EU European Union; FI Finland; FR "
        "France; GB United Kingdom|UK|U.K.|Great Britain|Britain; GR Greece; HK Hong "
        "Kong; HR Croatia; HU Hungary; IE Ireland; IS Iceland; IT Italy; JP Japan; KR "
        "South Korea|Korea; LI Liechtenstein; LT Lithuania; LU Luxembourg; LV Latvia; MO "
        "Macao|Macau; MT Malta; MX Mexico; MY Malaysia; NL Netherlands; NO Norway; NZ New "
        "Zealand; PL Poland; PT Portugal; RO Romania; SE Sweden; SG Singapore; SI "
        "Slovenia; SK Slovakia; TH Thailand; TW Taiwan; US United States|USA|U.S.|United "
        "States of America; VN Vietnam; "
        "XI Northern Ireland"
    ),
    "zh": (
        "AT 奥地利; AU 澳大利亚; BE 比利时; BG 保加利亚; BR 巴西; CA 加拿大; CH 瑞士; "
        "CN 中国|中国大陆|中国内地; CY 塞浦路斯; CZ 捷克; DE 德国; DK 丹麦; "
        "EE 爱沙尼亚; ES 西班牙; EU 欧盟|欧洲联盟; FI 芬兰; FR 法国; GB 英国; GR 希腊; "
        "HK 香港|中国香港; HR 克罗地亚; HU 匈牙利; IE 爱尔兰; IS 冰岛; IT 意大利; JP 日本; "
        "KR 韩国|大韩民国; LI 列支敦士登; LT 立陶宛; LU 卢森堡; LV 拉脱维亚; MO 澳门|中国澳门; "
        "MT 马耳他; MX 墨西哥; MY 马来西亚; NL 荷兰; NO 挪威; NZ 新西兰; PL 波兰; PT 葡萄牙; "
        "RO 罗马尼亚; SE 瑞典; SG 新加坡; SI 斯洛文尼亚; SK 斯洛伐克; TH 泰国; "
        "TW 台湾|中国台湾; US 美国|美利坚合众国; VN 越南; "
        "XI 北爱尔兰"
    ),
    "de": (
        "AT Österreich; AU Australien; BE Belgien; BG Bulgarien; BR Brasilien; CA Kanada; "
        "CH Schweiz; CN China; CY Zypern; CZ Tschechien; DE Deutschland; DK Dänemark; EE "
        "Estland; ES Spanien; EU Europäische Union|Europäischen Union; FI Finnland; FR "
        "Frankreich; GB Vereinigtes Königreich|Vereinigten Königreich|Großbritannien; GR "
        "Griechenland; HK Hongkong; HR Kroatien; HU Ungarn; IE Irland; IS Island; IT "
        "Italien; JP Japan; KR Südkorea; LI Liechtenstein; LT Litauen; LU Luxemburg; LV "
        "Lettland; MO Macau; MT Malta; MX Mexiko; MY Malaysia; NL "
        "Niederlande|Niederlanden; NO Norwegen; NZ Neuseeland; PL Polen; PT Portugal; RO "
        "Rumänien; SE Schweden; SG Singapur; SI Slowenien; SK Slowakei|Slowakischen "
        "Republik; TH Thailand; TW Taiwan; US Vereinigte Staaten|USA|Vereinigten Staaten; "
        "VN Vietnam; "
        "XI Nordirland"
    ),
    "fr": (
        "AT Autriche; AU Australie; BE Belgique; BG Bulgarie; BR Brésil; CA Canada; CH "
        "Suisse; CN Chine; CY Chypre; CZ Tchéquie|République tchèque; DE Allemagne; DK "
        "Danemark; EE Estonie; ES Espagne; EU Union européenne|UE; FI Finlande; FR France; "
        "GB Royaume-Uni|Grande-Bretagne; GR Grèce; HK Hong Kong; HR Croatie; HU Hongrie; "
        "IE Irlande; IS Islande; IT Italie; JP Japon; KR Corée du Sud; LI Liechtenstein; "
        "LT Lituanie; LU Luxembourg; LV Lettonie; MO Macao; MT Malte; MX Mexique; MY "
        "Malaisie; NL Pays-Bas; NO Norvège; NZ Nouvelle-Zélande; PL Pologne; PT Portugal; "
        "RO Roumanie; SE Suède; SG Singapour; SI Slovénie; SK Slovaquie; TH Thaïlande; TW "
        "Taïwan; US États-Unis|USA; VN Viêt Nam|Vietnam; "
        "XI Irlande du Nord"
    ),
    "es": (
        "AT Austria; AU Australia; BE Bélgica; BG Bulgaria; BR Brasil; CA Canadá; CH "
        "Suiza; CN China; CY Chipre; CZ Chequia|República Checa; DE Alemania; DK "
        "Dinamarca; EE Estonia; ES España; EU Unión Europea|UE; FI Finlandia; FR Francia; GB "
        "Reino Unido|Gran Bretaña; GR Grecia; HK Hong Kong; HR Croacia; HU Hungría; IE "
        "Irlanda; IS Islandia; IT Italia; JP Japón; KR Corea del Sur; LI Liechtenstein; "
        "LT Lituania; LU Luxemburgo; LV Letonia; MO Macao; MT Malta; MX México; MY "
        "Malasia; NL Países Bajos; NO Noruega; NZ Nueva Zelanda; PL Polonia; PT Portugal; "
        "RO Rumanía; SE Suecia; SG Singapur; SI Eslovenia; SK Eslovaquia; TH Tailandia; "
        "TW Taiwán; US Estados Unidos|EE. UU.|EE.UU.; VN Vietnam; "
        "XI Irlanda del Norte"
    ),
    "it": (
        "AT Austria; AU Australia; BE Belgio; BG Bulgaria; BR Brasile; CA Canada; CH "
        "Svizzera; CN Cina; CY Cipro; CZ Cechia|Repubblica Ceca; DE Germania; DK "
        "Danimarca; EE Estonia; ES Spagna; EU Unione europea|UE; FI Finlandia; FR Francia; "
        "GB Regno Unito|Gran Bretagna; GR Grecia; HK Hong Kong; HR Croazia; HU Ungheria; "
        "IE Irlanda; IS Islanda; IT Italia; JP Giappone; KR Corea del Sud; LI "
        "Liechtenstein; LT Lituania; LU Lussemburgo; LV Lettonia; MO Macao; MT Malta; MX "
        "Messico; MY Malaysia; NL Paesi Bassi; NO Norvegia; NZ Nuova Zelanda; PL Polonia; "
        "PT Portogallo; RO Romania; SE Svezia; SG Singapore; SI Slovenia; SK Slovacchia; "
        "TH Thailandia; TW Taiwan; US Stati Uniti|USA; VN Vietnam; "
        "XI Irlanda del Nord"
    ),
    "ja": (
        "AT オーストリア; AU オーストラリア; BE ベルギー; BG ブルガリア; BR ブラジル; "
        "CA カナダ; CH スイス; CN 中国; CY キプロス; CZ チェコ; DE ドイツ; DK デンマーク; "
        "EE エストニア; ES スペイン; EU 欧州連合|EU加盟国; FI フィンランド; FR フランス; "
        "GB イギリス|英国; GR ギリシャ; HK 香港; HR クロアチア; HU ハンガリー; "
        "IE アイルランド; IS アイスランド; IT イタリア; JP 日本; KR 韓国; "
        "LI リヒテンシュタイン; LT リトアニア; LU ルクセンブルク; LV ラトビア; MO マカオ; "
        "MT マルタ; MX メキシコ; MY マレーシア; NL オランダ; NO ノルウェー; "
        "NZ ニュージーランド; PL ポーランド; PT ポルトガル; RO ルーマニア; SE スウェーデン; "
        "SG シンガポール; SI スロベニア; SK スロバキア; TH タイ; TW 台湾; "
        "US アメリカ合衆国|アメリカ|米国; VN ベトナム; "
        "XI 北アイルランド"
    ),
    "ko": (
        "AT 오스트리아; AU 오스트레일리아|호주; BE 벨기에; BG 불가리아; BR 브라질; "
        "CA 캐나다; CH 스위스; CN 중국; CY 키프로스; CZ 체코; DE 독일; DK 덴마크; "
        "EE 에스토니아; ES 스페인; EU 유럽 연합|유럽연합; FI 핀란드; FR 프랑스; GB 영국; "
        "GR 그리스; HK 홍콩; HR 크로아티아; HU 헝가리; IE 아일랜드; IS 아이슬란드; "
        "IT 이탈리아; JP 일본; KR 대한민국|한국; LI 리히텐슈타인; LT 리투아니아; "
        "LU 룩셈부르크; LV 라트비아; MO 마카오; MT 몰타; MX 멕시코; MY 말레이시아; "
        "NL 네덜란드; NO 노르웨이; NZ 뉴질랜드; PL 폴란드; PT 포르투갈; RO 루마니아; "
        "SE 스웨덴; SG 싱가포르; SI 슬로베니아; SK 슬로바키아; TH 태국; TW 대만; US 미국; "
        "VN 베트남; "
        "XI 북아일랜드"
    ),
}
"""By language: code and names of each market, the name of the CLDR first."""

OTHER_PLACES: Final = {
    "en": ("New Mexico", "North Korea"),
    "zh": ("新墨西哥", "发展中国家"),
    "de": ("New Mexico", "Neu-Mexiko"),
    "fr": ("Nouveau-Mexique",),
    "es": ("Nuevo México",),
    "it": ("Nuovo Messico",),
    "ja": ("ニューメキシコ", "南アメリカ", "ラテンアメリカ", "北アメリカ"),
    "ko": ("뉴멕시코",),
}
"""Places and words that hold the name of a market and are none: New Mexico is in the US."""

_OF_CHINA: Final = frozenset({"HK", "MO", "TW"})
"""Regions that a company in China has to write as parts of China, as pages do (REGIONS_ZH)."""

DEPARTMENTS: Final = frozenset("AI HR IT MD PM PR QA".split())
"""Codes that people in a company write for something else: PR agrees, ask IT and HR, says QA."""

ALSO_WORDS: Final = DEPARTMENTS | frozenset(
    "AM AS AT BE BY CC CV DO ID IN IO IS ME MS MY NO OM PS SO TO TV UM VC".split()
)
"""Those, and codes that are words in a headline of capitals: NO, IN, AT."""

BETWEEN: Final = (
    r"(?:\s{0,3}[,;/、，；・]\s{0,3}(?:(?:and|or|und|oder|et|ou|y|o|e)\s)?"
    r"|\s(?:and|or|as well as|und|oder|sowie|et|ou|ainsi que|y|o|e|ed|&)\s"
    r"|\s?(?:以及|[和及与或と과와·])\s?|\s?および\s?|\s및\s)"
)
"""What may stand between the entries of a list in a text."""

_IN_ZH: Final = r"(?:在|往|(?<![关由对基属等鉴至])于)"
"""What stands before a place in a Chinese sentence: 于, and not the one of 关于 (about)."""

OF_PEOPLE_ZH: Final = r"\s?(?:部|团队|同事|人员|小组)"
"""What follows a department in a Chinese sentence: IT部门, IT同事."""

_ARTICLE: Final = (
    r"(?:(?:in|im|en|au|aux|nel|nei|negli|the|der|die|das|den|dem|le|la|les|los|las|el|il|i|gli)\s"
    r"|l['’]){0,2}"
)
_LED: Final = (
    r"(?P<led>(?<!\w)(?i:markets?|countries|country|märkte|pays|marchés?|países|mercados?|paesi"
    r"|mercati)(?:\s?:)?\s|市场(?:为|是|：|:)\s?|国家(?:为|是|：|:)\s?)"
)
_IN: Final = (
    r"(?P<in>(?<!\w)(?i:in|into|within|across|throughout|im|nach|en|au|aux|dans|nel|nei|negli)\s"
    rf"|{_IN_ZH}|市场)"
)
_BULLET: Final = r"[ \t]*(?:(?:[-*+•·‣–—]|\d{1,2}[.)、])[ \t]*)?"
_LINE_ENDS: Final = r"[ \t]*(?:[,;.，；、。][ \t]*)?(?m:$)"
_AFTER: Final = r"(?=\s?(?:で|に|向け|市場|에서|에|시장|市场))"


def names_of(language: str) -> dict[str, tuple[str, ...]]:
    """Give what markets are called in a language, by their codes; a new dictionary each time."""
    rows = _NAMES.get(base_language(language), _NAMES["en"]).split("; ")
    return {row[:2]: tuple(row[3:].split("|")) for row in rows}


def market_name(code: str, language: str) -> str:
    """Give what a text of a language calls a market; an unknown code stays as it is."""
    own = names_of(language).get(code, (code,))
    return own[-1] if base_language(language) == "zh" and code in _OF_CHINA else own[0]


def lists_of_markets(text: str, language: str) -> Iterator[frozenset[str]]:
    """Give the markets that a text names: those of a list together, one alone by itself.

    A list stands in a sentence, or has a line for each entry. Names count in the language of the
    text, with a code behind them or without. A bare code counts in a list, or behind "in",
    "markets", 在; codes that are words too (PR, IT, NO) beside another market, or behind "markets".
    A market alone counts behind those words only: a company's address is no market.
    """
    reading = _reading(base_language(language))
    for found in (*reading.row.finditer(text), *reading.lines.finditer(text)):
        is_led = bool(found["led"] or found["in"] or found["after"] is not None)
        named = reading.named(found["list"], text[found.end("list") :])
        words = {code for code, is_sure in named if not is_sure}
        if words and not found["led"] and (not is_led or len(words) == len({*dict(named)})):
            named = [one for one in named if one[1]]
        markets = frozenset(code for code, _ in named)
        if markets and (is_led or len(markets) > 1):
            yield markets


def are_markets(codes: Iterable[str]) -> bool:
    """Say whether all of some words are codes of markets that are known by name."""
    return all(code in LANGUAGES or code == EU for code in codes)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How markets are named in a language: one, a list in a sentence, a list of lines."""

    codes: dict[str, str]
    entry: re.Pattern[str]
    row: re.Pattern[str]
    lines: re.Pattern[str]

    def named(self, listed: str, rest: str) -> list[tuple[str, bool]]:
        """Give the codes of a list, and which of them can be nothing but a market.

        `rest` is what follows the list: there a Chinese sentence says whose department a code is.
        """
        found = [one for one in self.entry.finditer(listed) if not one["other"]]
        if found and found[-1]["one"] in DEPARTMENTS and found[-1].end() == len(listed):
            is_beside_a_name = any(one["one"] in self.codes for one in found)
            if re.match(OF_PEOPLE_ZH, rest) or (is_beside_a_name and rest.startswith("的")):
                found.pop()
        return [self._sure(one["one"], one["beside"]) for one in found]

    def _sure(self, one: str, beside: str | None) -> tuple[str, bool]:
        code = self.codes.get(one, one)
        both = beside is not None and self.codes.get(beside, beside) == code
        return code, both or one not in ALSO_WORDS


@lru_cache(maxsize=len(_NAMES) * 2)
def _reading(language: str) -> _Reading:
    """Compile how a market is named in a language, and a list of them."""
    known = names_of(language)
    codes = {name: code for code, names in known.items() for name in names}
    bare = rf"(?<![0-9A-Za-z])(?:{'|'.join(known)})(?![0-9A-Za-z-])"
    one = rf"(?:{_worded(codes, language)}|{bare})"
    other = _worded(OTHER_PLACES.get(language, OTHER_PLACES["en"]), language)
    entry = rf"(?:(?P<other>{other})|(?P<one>{one})(?:\s?[(（](?P<beside>{one})[)）])?)"
    any_entry = rf"(?:{other}|{one}(?:\s?[(（]{one}[)）])?)"
    row = rf"{_ARTICLE}{any_entry}(?:{BETWEEN}{_ARTICLE}{any_entry})*"
    whole = rf"(?:{_LED}|{_IN})?(?P<list>{row})(?P<after>{_AFTER})?"
    line = rf"{_BULLET}{row}{_LINE_ENDS}"
    lines = (
        rf"(?:{_LED}\s*|(?P<in>(?!)))?(?P<list>(?m:^){line}(?:\n{{1,2}}{line})+)(?P<after>(?!))?"
    )
    return _Reading(codes, re.compile(entry), re.compile(whole), re.compile(lines))


def _worded(names: Iterable[str], language: str) -> str:
    """Make an expression of names, the longest first; whole words where a language has spaces."""
    worded = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return rf"(?:{worded})" if language in ("zh", "ja", "ko") else rf"(?<!\w)(?:{worded})(?!\w)"
