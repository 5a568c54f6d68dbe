"""What markets are called in the languages of texts, and where a text names them.

What belongs here: names, and reading them. What never does: what follows for a text
(domain/statement_follow.py). The names are those of the CLDR as of today, with what people say
beside them: they stand here and not in a package, for a ledger is read the same for ever.
"""

import re
from collections.abc import Iterable, Iterator
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
        "States of America; VN Vietnam"
    ),
    "zh": (
        "AT 奥地利; AU 澳大利亚; BE 比利时; BG 保加利亚; BR 巴西; CA 加拿大; CH 瑞士; "
        "CN 中国|中国大陆|中国内地; CY 塞浦路斯; CZ 捷克; DE 德国; DK 丹麦; "
        "EE 爱沙尼亚; ES 西班牙; EU 欧盟|欧洲联盟; FI 芬兰; FR 法国; GB 英国; GR 希腊; "
        "HK 香港; HR 克罗地亚; HU 匈牙利; IE 爱尔兰; IS 冰岛; IT 意大利; JP 日本; "
        "KR 韩国|大韩民国; LI 列支敦士登; LT 立陶宛; LU 卢森堡; LV 拉脱维亚; MO 澳门; "
        "MT 马耳他; MX 墨西哥; MY 马来西亚; NL 荷兰; NO 挪威; NZ 新西兰; PL 波兰; PT 葡萄牙; "
        "RO 罗马尼亚; SE 瑞典; SG 新加坡; SI 斯洛文尼亚; SK 斯洛伐克; TH 泰国; TW 台湾; "
        "US 美国|美利坚合众国; VN 越南"
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
        "VN Vietnam"
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
        "Taïwan; US États-Unis|USA; VN Viêt Nam|Vietnam"
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
        "TW Taiwán; US Estados Unidos|EE. UU.|EE.UU.; VN Vietnam"
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
        "TH Thailandia; TW Taiwan; US Stati Uniti|USA; VN Vietnam"
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
        "US アメリカ合衆国|アメリカ|米国; VN ベトナム"
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
        "VN 베트남"
    ),
}
"""By language: code and names of each market, the name of the CLDR first."""

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

_ARTICLE: Final = (
    r"(?:(?:in|im|en|au|aux|nel|nei|negli|the|der|die|das|den|dem|le|la|les|los|las|el|il|i|gli)\s"
    r"|l['’]){0,2}"
)
_LED: Final = (
    r"(?P<led>(?<!\w)(?i:markets?|countries|country|märkte|pays|marchés?|países|mercados?|paesi"
    r"|mercati)(?:\s?:)?\s|市场(?:为|是|：|:)?\s?|国家(?:为|是|：|:)\s?)"
)
_IN: Final = (
    r"(?P<in>(?<!\w)(?i:in|into|within|across|throughout|im|nach|en|au|aux|dans|nel|nei|negli)\s"
    r"|[在于往])"
)
_AFTER: Final = r"(?=\s?(?:で|に|向け|市場|에서|에|시장|市场))"


def names_of(language: str) -> dict[str, tuple[str, ...]]:
    """Give what markets are called in a language, by their codes; a new dictionary each time."""
    rows = _NAMES.get(base_language(language), _NAMES["en"]).split("; ")
    return {row[:2]: tuple(row[3:].split("|")) for row in rows}


def lists_of_markets(text: str, language: str) -> Iterator[frozenset[str]]:
    """Give the markets that a text names: those of a list together, one alone by itself.

    Names count in the language of the text. A bare code counts in a list, or behind "in",
    "markets", 在; codes that are words too (PR, IT, NO) beside another market, or behind "markets".
    A market alone counts behind those words only: a company's address is no market.
    """
    entry, row = _reading(base_language(language))
    codes = {name: code for code, names in names_of(language).items() for name in names}
    for found in row.finditer(text):
        entries = entry.findall(found["list"])
        is_led = found["led"] or found["in"] or found["after"] is not None
        words = ALSO_WORDS.intersection(entries)
        if words and not found["led"] and (not is_led or words.issuperset(entries)):
            entries = [one for one in entries if one not in words]
        if entries and (is_led or len(entries) > 1):
            yield frozenset(codes.get(one, one) for one in entries)


def are_markets(codes: Iterable[str]) -> bool:
    """Say whether all of some words are codes of markets that are known by name."""
    return all(code in LANGUAGES or code == EU for code in codes)


@lru_cache(maxsize=len(_NAMES) * 2)
def _reading(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile how a market is named in a language, and a list of them."""
    known = names_of(language)
    names = sorted((name for of in known.values() for name in of), key=len, reverse=True)
    worded = "|".join(map(re.escape, names))
    if language not in ("zh", "ja", "ko"):
        worded = rf"(?<!\w)(?:{worded})(?!\w)"
    one = rf"(?:{worded}|(?<![0-9A-Za-z])(?:{'|'.join(known)})(?![0-9A-Za-z-]))"
    row = rf"{_ARTICLE}{one}(?:{BETWEEN}{_ARTICLE}{one})*"
    whole = rf"(?:{_LED}|{_IN})?(?P<list>{row})(?P<after>{_AFTER})?"
    return re.compile(one), re.compile(whole)
