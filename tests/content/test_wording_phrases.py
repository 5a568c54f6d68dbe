"""Every phrase of the reference that a text may not say, in each of our eight languages.

W1 to W15 of the regulations and the phrases of the practice paper, row by row: which rule finds it,
what the rule does, and in which market. `wording_cases.json` holds many more turns of each.
"""

from typing import Final, NamedTuple

import pytest

from domain.wording import Severity
from tests.content.test_wording_cases import EIGHT, TABLE, found, look

SITUATIONS: Final = ["cause_open", "someone_hurt", "hurt_or_pathogen", "before_recall"]

EU: Final = dict(zip(EIGHT, ("DE", "IE", "ES", "FR", "IT", "DE", "DE", "DE"), strict=True))
US: Final = dict.fromkeys(EIGHT, "US")
HOME: Final = dict(zip(EIGHT, ("DE", "US", "ES", "FR", "IT", "JP", "KR", "CN"), strict=True))


class Row(NamedTuple):
    """A phrase of the reference; the rule of the translated words is called `…-translated`."""

    says: str
    rule: str
    severity: str
    market_of: dict[str, str]
    in_language: dict[str, str]


TABLE_OF_PHRASES: Final = (
    Row(
        "W1 voluntary",
        "eu-voluntary",
        "block",
        EU,
        {
            "en": "A voluntary recall.",
            "zh-CN": "公司决定主动召回。",
            "de": "Ein freiwilliger Rückruf.",
            "fr": "Un rappel volontaire.",
            "es": "Un retiro voluntario.",
            "it": "Un richiamo volontario.",
            "ja": "当社は自主回収を行います。",
            "ko": "자발적 리콜을 실시합니다.",
        },
    ),
    Row(
        "W2 precautionary",
        "eu-precautionary",
        "block",
        EU,
        {
            "en": "A precautionary recall.",
            "zh-CN": "预防性召回。",
            "de": "Ein vorsorglicher Rückruf.",
            "fr": "Un rappel préventif.",
            "es": "Una retirada preventiva.",
            "it": "Un richiamo precauzionale.",
            "ja": "予防的な回収です。",
            "ko": "예방적 회수입니다.",
        },
    ),
    Row(
        "W2 as a precaution",
        "eu-precautionary",
        "block",
        EU,
        {
            "en": "As a precaution we recall it.",
            "zh-CN": "出于预防考虑，公司召回该产品。",
            "de": "Als Vorsichtsmaßnahme rufen wir das Produkt zurück.",
            "fr": "Par mesure de précaution, nous rappelons le produit.",
            "es": "Como medida de precaución retiramos el producto.",
            "it": "A scopo precauzionale richiamiamo il prodotto.",
            "ja": "念のため回収いたします。",
            "ko": "예방 차원에서 회수합니다.",
        },
    ),
    Row(
        "W3 discretionary",
        "eu-discretionary",
        "block",
        EU,
        {
            "en": "This is discretionary.",
            "zh-CN": "公司酌情召回。",
            "de": "Der Rückruf liegt im Ermessen der Firma.",
            "fr": "Un rappel discrétionnaire.",
            "es": "Una retirada discrecional.",
            "it": "Un richiamo discrezionale.",
            "ja": "当社の裁量による回収です。",
            "ko": "당사의 재량에 따른 회수입니다.",
        },
    ),
    Row(
        "W4 in rare situations",
        "eu-rare",
        "block",
        EU,
        {
            "en": "In rare situations it may burn.",
            "zh-CN": "在极少数情况下可能引起灼伤。",
            "de": "In seltenen Situationen kann es brennen.",
            "fr": "Dans de rares situations, il peut brûler.",
            "es": "En situaciones raras puede quemar.",
            "it": "In rare situazioni può bruciare.",
            "ja": "まれに炎症が起こることがあります。",
            "ko": "드문 상황에서 화상을 입을 수 있습니다.",
        },
    ),
    Row(
        "W4 in specific situations",
        "eu-rare",
        "block",
        EU,
        {
            "en": "In specific situations it may burn.",
            "zh-CN": "在特定情况下可能引起灼伤。",
            "de": "In spezifischen Situationen kann es brennen.",
            "fr": "Dans des situations spécifiques, il peut brûler.",
            "es": "En situaciones específicas puede quemar.",
            "it": "In situazioni specifiche può bruciare.",
            "ja": "特定の状況で炎症が起こることがあります。",
            "ko": "특정 상황에서 화상을 입을 수 있습니다.",
        },
    ),
    Row(
        "W5 no accidents reported",
        "eu-no-accidents",
        "block",
        EU,
        {
            "en": "No accidents have been reported.",
            "zh-CN": "尚未收到事故报告。",
            "de": "Es wurden keine Unfälle gemeldet.",
            "fr": "Aucun accident n’a été signalé.",
            "es": "No se ha notificado ningún accidente.",
            "it": "Non sono stati segnalati incidenti.",
            "ja": "事故の報告はありません。",
            "ko": "사고가 보고되지 않았습니다.",
        },
    ),
    Row(
        "W5 no reports of adverse events",
        "eu-no-accidents",
        "block",
        EU,
        {
            "en": "There have been no reports of adverse events.",
            "zh-CN": "未收到任何不良反应报告。",
            "de": "Bisher liegen keine Meldungen über Nebenwirkungen vor.",
            "fr": "Aucun effet indésirable n’a été rapporté.",
            "es": "No se han recibido informes de reacciones adversas.",
            "it": "Non abbiamo ricevuto segnalazioni di effetti indesiderati.",
            "ja": "健康被害の報告はございません。",
            "ko": "부작용 신고는 접수되지 않았습니다.",
        },
    ),
    Row(
        "W6 the danger is small",
        "eu-lowers-perception",
        "warn",
        EU,
        {
            "en": "The risk is very low.",
            "zh-CN": "风险极低。",
            "de": "Das Risiko ist sehr gering.",
            "fr": "Le risque est très faible.",
            "es": "El riesgo es muy bajo.",
            "it": "Il rischio è molto basso.",
            "ja": "リスクは極めて低いです。",
            "ko": "위험은 매우 낮습니다.",
        },
    ),
    Row(
        "W8 abundance of caution",
        "us-abundance-of-caution",
        "block",
        US,
        {
            "en": "out of an abundance of caution",
            "zh-CN": "出于谨慎考虑",
            "de": "aus Vorsicht",
            "fr": "par excès de prudence",
            "es": "por exceso de precaución",
            "it": "per eccesso di cautela",
            "ja": "念のため製品を回収します。",
            "ko": "만전을 기하기 위해",
        },
    ),
    Row(
        "W10 market withdrawal",
        "us-withdrawal",
        "block",
        US,
        {
            "en": "This is a market withdrawal.",
            "zh-CN": "市场撤回",
            "de": "Dies ist eine Marktrücknahme.",
            "fr": "un retrait du marché",
            "es": "una retirada del mercado",
            "it": "un ritiro dal mercato",
            "ja": "市場からの自主的撤去",
            "ko": "시장 철수입니다",
        },
    ),
    Row(
        "W12 no reports need a figure",
        "us-no-illness-needs-figure",
        "warn",
        US,
        {
            "en": "There have been no reports of adverse events.",
            "zh-CN": "未收到任何不良反应报告。",
            "de": "Bisher liegen keine Meldungen über Nebenwirkungen vor.",
            "fr": "Aucun effet indésirable n’a été rapporté.",
            "es": "No se han recibido informes de reacciones adversas.",
            "it": "Non abbiamo ricevuto segnalazioni di effetti indesiderati.",
            "ja": "健康被害の報告はございません。",
            "ko": "부작용 신고는 접수되지 않았습니다.",
        },
    ),
    Row(
        "W15 no admission of liability",
        "liability",
        "warn",
        HOME,
        {
            "en": "This is not an admission of liability.",
            "zh-CN": "本公告不代表承认责任。",
            "de": "Dies ist kein Schuldeingeständnis.",
            "fr": "Ceci ne constitue pas une reconnaissance de responsabilité.",
            "es": "Esto no constituye un reconocimiento de responsabilidad.",
            "it": "Ciò non costituisce ammissione di responsabilità.",
            "ja": "責任を認めるものではありません。",
            "ko": "책임을 인정하는 것은 아닙니다.",
        },
    ),
    Row(
        "normal reaction",
        "go-on-using",
        "block",
        HOME,
        {
            "en": "This is a normal reaction.",
            "zh-CN": "这是正常反应。",
            "de": "Das ist eine normale Reaktion.",
            "fr": "C’est une réaction normale.",
            "es": "Es una reacción normal.",
            "it": "È una reazione normale.",
            "ja": "これは正常な反応です。",
            "ko": "이것은 정상적인 반응입니다.",
        },
    ),
    Row(
        "detox",
        "go-on-using",
        "block",
        HOME,
        {
            "en": "Your skin is detoxifying.",
            "zh-CN": "皮肤正在排毒。",
            "de": "Ihre Haut entgiftet.",
            "fr": "Votre peau se détoxifie.",
            "es": "Su piel se está desintoxicando.",
            "it": "La sua pelle si sta disintossicando.",
            "ja": "肌のデトックスです。",
            "ko": "피부가 해독되는 과정입니다.",
        },
    ),
    Row(
        "time to adjust",
        "go-on-using",
        "block",
        HOME,
        {
            "en": "This is an adjustment period.",
            "zh-CN": "这是皮肤的适应期。",
            "de": "Das ist die Eingewöhnungsphase der Haut.",
            "fr": "C’est une période d’adaptation.",
            "es": "Es un período de adaptación.",
            "it": "È un periodo di adattamento.",
            "ja": "肌が慣れるまでの期間です。",
            "ko": "피부 적응기입니다.",
        },
    ),
    Row(
        "gets worse before it is better",
        "go-on-using",
        "block",
        HOME,
        {
            "en": "It is a healing crisis.",
            "zh-CN": "这是好转反应。",
            "de": "Das ist eine Erstverschlimmerung.",
            "fr": "C’est une crise de guérison.",
            "es": "Es una crisis curativa.",
            "it": "È una crisi di guarigione.",
            "ja": "好転反応です。",
            "ko": "호전 반응입니다.",
        },
    ),
    Row(
        "keep using it",
        "go-on-using",
        "block",
        HOME,
        {
            "en": "You can keep using it.",
            "zh-CN": "您可以继续使用。",
            "de": "Sie können es weiter verwenden.",
            "fr": "Vous pouvez continuer à l’utiliser.",
            "es": "Puede seguir usándolo.",
            "it": "Può continuare a usarlo.",
            "ja": "引き続きご使用いただけます。",
            "ko": "계속 사용하셔도 됩니다.",
        },
    ),
    Row(
        "an isolated case",
        "makes-it-smaller",
        "block",
        HOME,
        {
            "en": "This is an isolated case.",
            "zh-CN": "这只是个别现象。",
            "de": "Es handelt sich um einen Einzelfall.",
            "fr": "Il s’agit d’un cas isolé.",
            "es": "Se trata de un caso aislado.",
            "it": "Si tratta di un caso isolato.",
            "ja": "個別の事例です。",
            "ko": "개별 사례입니다.",
        },
    ),
    Row(
        "a small number",
        "makes-it-smaller",
        "block",
        HOME,
        {
            "en": "Only a small number of users are affected.",
            "zh-CN": "仅极少数人受影响。",
            "de": "Nur eine kleine Zahl von Kunden ist betroffen.",
            "fr": "Seul un petit nombre de personnes est concerné.",
            "es": "Solo un pequeño número de personas está afectado.",
            "it": "Solo un piccolo numero di persone è interessato.",
            "ja": "ごく一部のお客様です。",
            "ko": "극소수의 고객입니다.",
        },
    ),
    Row(
        "sensitive skin",
        "makes-it-smaller",
        "block",
        HOME,
        {
            "en": "This is due to sensitive skin.",
            "zh-CN": "因个人体质原因，因人而异。",
            "de": "Das liegt an empfindlicher Haut.",
            "fr": "Cela est dû à une peau sensible.",
            "es": "Se debe a la piel sensible.",
            "it": "È dovuto alla pelle sensibile.",
            "ja": "体質によるものです。",
            "ko": "체질 때문입니다.",
        },
    ),
    Row(
        "the fault of the user",
        "makes-it-smaller",
        "block",
        HOME,
        {
            "en": "This was user error.",
            "zh-CN": "与个人使用习惯和体质有关，个例而已。",
            "de": "Das war ein Anwendungsfehler.",
            "fr": "C’est une erreur d’utilisation.",
            "es": "Fue un error del usuario.",
            "it": "È stato un errore dell’utente.",
            "ja": "使用方法の誤りです。",
            "ko": "사용자 과실입니다.",
        },
    ),
    Row(
        "completely safe",
        "absolutely-safe",
        "block",
        HOME,
        {
            "en": "The product is completely safe.",
            "zh-CN": "产品绝对安全。",
            "de": "Das Produkt ist absolut sicher.",
            "fr": "Le produit est totalement sûr.",
            "es": "El producto es completamente seguro.",
            "it": "Il prodotto è assolutamente sicuro.",
            "ja": "製品は絶対に安全です。",
            "ko": "제품은 절대 안전합니다.",
        },
    ),
    Row(
        "no risk",
        "absolutely-safe",
        "block",
        HOME,
        {
            "en": "There is zero risk.",
            "zh-CN": "零风险。",
            "de": "Es besteht null Risiko.",
            "fr": "Le risque est nul.",
            "es": "El riesgo es cero.",
            "it": "Il rischio è zero.",
            "ja": "リスクはゼロです。",
            "ko": "위험은 전혀 없습니다.",
        },
    ),
    Row(
        "no cause for concern",
        "absolutely-safe",
        "block",
        HOME,
        {
            "en": "There is no cause for concern.",
            "zh-CN": "请放心使用。",
            "de": "Es besteht kein Grund zur Sorge.",
            "fr": "Il n’y a pas lieu de s’inquiéter.",
            "es": "No hay motivo de preocupación.",
            "it": "Non c’è motivo di preoccuparsi.",
            "ja": "安心してご使用ください。",
            "ko": "안심하고 사용하세요.",
        },
    ),
    Row(
        "never again",
        "never-again",
        "warn",
        HOME,
        {
            "en": "This will never happen again.",
            "zh-CN": "确保不再发生。",
            "de": "Das wird nie wieder passieren.",
            "fr": "Cela ne se reproduira plus jamais.",
            "es": "Esto no volverá a ocurrir nunca.",
            "it": "Non accadrà mai più.",
            "ja": "二度と起こしません。",
            "ko": "다시는 발생하지 않도록 하겠습니다.",
        },
    ),
    Row(
        "all removed",
        "all-removed",
        "block",
        HOME,
        {
            "en": "All products have been removed.",
            "zh-CN": "已全部召回。",
            "de": "Alle Produkte wurden aus dem Verkauf genommen.",
            "fr": "Tous les produits ont été retirés.",
            "es": "Todos los productos han sido retirados.",
            "it": "Tutti i prodotti sono stati ritirati.",
            "ja": "すべて回収済みです。",
            "ko": "모두 회수되었습니다.",
        },
    ),
    Row(
        "tested by an authority",
        "tested-by-authority",
        "block",
        HOME,
        {
            "en": "It was independently tested.",
            "zh-CN": "经权威机构检测合格。",
            "de": "Es wurde von einem unabhängigen Labor geprüft.",
            "fr": "Le produit a été testé par un laboratoire indépendant.",
            "es": "Fue analizado por un laboratorio independiente.",
            "it": "È stato testato da un laboratorio indipendente.",
            "ja": "第三者機関の検査に合格しています。",
            "ko": "공인 기관의 검사에 합격했습니다.",
        },
    ),
    Row(
        "the supplier did it",
        "supplier-at-fault",
        "block",
        HOME,
        {
            "en": "The cause is a supplier error.",
            "zh-CN": "系原料供应商原因。",
            "de": "Die Ursache ist ein Fehler des Lieferanten.",
            "fr": "La cause est une erreur du fournisseur.",
            "es": "La causa es un error del proveedor.",
            "it": "La causa è un errore del fornitore.",
            "ja": "原因は原料の供給業者にあります。",
            "ko": "원인은 원료 공급업체의 잘못입니다.",
        },
    ),
    Row(
        "legal steps",
        "threat",
        "block",
        HOME,
        {
            "en": "We reserve all legal rights.",
            "zh-CN": "保留追究法律责任的权利。",
            "de": "Wir behalten uns rechtliche Schritte vor.",
            "fr": "Nous nous réservons le droit d’agir en justice.",
            "es": "Nos reservamos el derecho a emprender acciones legales.",
            "it": "Ci riserviamo di adire le vie legali.",
            "ja": "法的措置をとる権利を留保します。",
            "ko": "법적 조치를 취할 권리를 보유합니다.",
        },
    ),
    Row(
        "malice",
        "threat",
        "block",
        HOME,
        {
            "en": "We do not rule out malicious acts.",
            "zh-CN": "不排除恶意行为，系别有用心者所为。",
            "de": "Wir schließen böswillige Handlungen nicht aus.",
            "fr": "Nous n’excluons pas un acte malveillant.",
            "es": "No descartamos un acto malintencionado.",
            "it": "Non escludiamo un atto doloso.",
            "ja": "悪意ある行為の可能性も排除できません。",
            "ko": "악의적인 행위를 배제하지 않습니다.",
        },
    ),
    Row(
        "a medicine",
        "medicine",
        "block",
        HOME,
        {
            "en": "Take an antihistamine.",
            "zh-CN": "请服用抗组胺药。",
            "de": "Nehmen Sie ein Antihistaminikum.",
            "fr": "Prenez un antihistaminique.",
            "es": "Tome un antihistamínico.",
            "it": "Prenda un antistaminico.",
            "ja": "抗ヒスタミン薬を服用してください。",
            "ko": "항히스타민제를 복용하세요.",
        },
    ),
    Row(
        "a medical claim",
        "medical-claim",
        "block",
        HOME,
        {
            "en": "The cream cures eczema.",
            "zh-CN": "本品可治疗湿疹，具有脱敏功效。",
            "de": "Die Creme heilt Ekzeme.",
            "fr": "La crème soigne l’eczéma.",
            "es": "La crema cura el eccema.",
            "it": "La crema cura l’eczema.",
            "ja": "このクリームは湿疹を治療します。",
            "ko": "이 크림은 습진을 치료합니다.",
        },
    ),
    Row(
        "a discount",
        "marketing",
        "block",
        HOME,
        {
            "en": "Use this discount on our new product.",
            "zh-CN": "领取优惠券，新品上市，感谢支持。",
            "de": "Nutzen Sie den Rabatt auf unser neues Produkt.",
            "fr": "Profitez d’une remise sur notre nouveau produit.",
            "es": "Aproveche el descuento en nuestro nuevo producto.",
            "it": "Approfitti dello sconto sul nostro nuovo prodotto.",
            "ja": "新商品の割引クーポンをご利用ください。",
            "ko": "신제품 할인 쿠폰을 이용하세요.",
        },
    ),
    Row(
        "inconvenience",
        "inconvenience",
        "block",
        HOME,
        {
            "en": "We apologise for the inconvenience.",
            "zh-CN": "给您带来的不便深表歉意。",
            "de": "Wir entschuldigen uns für die Unannehmlichkeiten.",
            "fr": "Nous nous excusons pour la gêne occasionnée.",
            "es": "Disculpe las molestias.",
            "it": "Ci scusiamo per il disagio.",
            "ja": "ご不便をおかけして申し訳ありません。",
            "ko": "불편을 드려 죄송합니다.",
        },
    ),
    Row(
        "if anyone was hurt",
        "if-anyone",
        "block",
        HOME,
        {
            "en": "We are sorry if anyone was hurt.",
            "zh-CN": "如给您造成伤害，深表歉意。",
            "de": "Falls jemand verletzt wurde, tut es uns leid.",
            "fr": "Nous sommes désolés si quelqu’un a été blessé.",
            "es": "Lamentamos si alguien ha resultado herido.",
            "it": "Ci dispiace se qualcuno è rimasto ferito.",
            "ja": "もしご迷惑をおかけしたのであればお詫びします。",
            "ko": "혹시 피해를 입으셨다면 사과드립니다.",
        },
    ),
)

CASES: Final = [
    pytest.param(row, language, text, id=f"{row.says} · {language}")
    for row in TABLE_OF_PHRASES
    for language, text in row.in_language.items()
]


@pytest.mark.parametrize(("row", "language", "text"), CASES)
def test_a_phrase_of_the_reference_is_found_in_every_language(
    row: Row, language: str, text: str
) -> None:
    market = row.market_of[language[:2]]
    told = look(language, market, "recall_notice", SITUATIONS, text)
    own = [one for one in told if one.rule in _names(row, market)]
    assert own, [one.rule for one in told]
    assert {one.severity for one in own} == {Severity(row.severity)}


def _names(row: Row, market: str) -> tuple[str, ...]:
    """Name the rule; Chinese law has a rule of its own on medical claims."""
    home = ("cn-medical-effect",) if market == "CN" and row.rule == "medical-claim" else ()
    return (row.rule, f"{row.rule}-translated", *home)


@pytest.mark.parametrize("row", TABLE_OF_PHRASES, ids=[row.says for row in TABLE_OF_PHRASES])
def test_a_phrase_stands_in_all_languages_and_its_rule_says_where_it_comes_from(row: Row) -> None:
    assert {one[:2] for one in row.in_language} == set(EIGHT)
    rule = TABLE.rule(row.rule)
    assert rule.citation
    assert row.severity == rule.severity


RENDERINGS: Final = (
    "主动召回", "自愿召回", "自主召回", "主動召回", "freiwilliger Rückruf", "freiwillige Rückrufaktion", "rappel volontaire",
    "rappel à titre volontaire", "retiro voluntario", "retirada voluntaria", "richiamo volontario", "自主回収", "自主的な回収",
    "자발적 리콜", "자진 회수", "voluntary recall",
)  # fmt: skip


@pytest.mark.parametrize("words", RENDERINGS)
@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "zh-CN", "ja", "ko"])
def test_voluntary_blocks_for_the_eu_whatever_the_language_of_the_text(
    words: str, language: str
) -> None:
    told = look(language, EU[language[:2]], "recall_notice", [], f"… {words} …")
    assert Severity.BLOCK in {one.severity for one in told if one.rule.startswith("eu-voluntary")}


@pytest.mark.parametrize("words", ["主动召回", "责令召回", "voluntary recall"])
def test_voluntary_is_a_term_of_its_own_market(words: str) -> None:
    language, market = ("en", "US") if words.isascii() else ("zh-CN", "CN")
    assert found(language, market, "recall_notice", SITUATIONS, f"… {words} …") == set()


@pytest.mark.parametrize("words", ["正常反应", "排毒", "您可以继续使用", "正常反應", "適應期"])
@pytest.mark.parametrize("language", EIGHT)
@pytest.mark.parametrize("market", ["CN", "US", "DE", "JP"])
def test_hard_bans_hold_in_every_market_and_every_language(
    words: str, language: str, market: str
) -> None:
    told = look(language, market, "recall_notice", [], f"… {words}。")
    assert ("go-on-using", Severity.BLOCK) in {(one.rule, one.severity) for one in told}


HIDDEN: Final = {
    "space of no width": "volun\u200btary",
    "joiner": "volun\u2060tary",
    "grapheme joiner": "volun\u034ftary",
    "soft hyphen": "volun\u00adtary",
    "full width": "ｖｏｌｕｎｔａｒｙ",
    "Cyrillic": "vоluntаry",
    "Greek": "νoluntαry",
    "small capitals": "ᴠᴏʟᴜɴᴛᴀʀʏ",
    "bold of mathematics": "𝐯𝐨𝐥𝐮𝐧𝐭𝐚𝐫𝐲",
    "marks below": "v\u0323olunta\u0332ry",
    "turned around": "volun\u202etary\u202c",
    "isolate": "volun\u2066tary\u2069",
    "line end": "volun-\ntary",
    "low line": "volun_tary",
    "entity": "volun&#8203;tary",
    "entity of a letter": "&#x76;oluntary",
    "soft hyphen as entity": "volun&shy;tary",
    "tags": "volun<b></b>tary",
}


@pytest.mark.parametrize("written", HIDDEN.values(), ids=HIDDEN)
def test_whatever_hides_a_word_is_found_or_told(written: str) -> None:
    told = found("en", "IE", "recall_notice", [], f"This is a {written} recall.")
    assert told & {"eu-voluntary", "markup"}


@pytest.mark.parametrize(
    "text",
    ["排·毒", "排-毒", "排\u200b毒", "正 常 反 应", "继续\n使用", "继续&#8203;使用", "ﾃﾞﾄｯｸｽ"],
)
def test_whatever_pulls_eastern_words_apart_is_found_or_told(text: str) -> None:
    assert found("zh-CN", "CN", "recall_notice", [], text) & {"go-on-using", "markup"}


def test_plain_signs_are_no_code() -> None:
    text = "P&G; Johnson & Johnson; 3 < 5 > 2; a <100 ppm; Q&A; <hotline>"
    assert found("en", "US", "recall_notice", [], text) == set()
