"""A compliant recall notice for each market, in its language, passes without a finding."""

from typing import Final

import pytest

from domain.wording import Bearing, Passage, Situation, findings
from tests.content.test_wording_cases import TABLE

NOTICES: Final = {
    "en": (
        "IE",
        "Product safety recall: Moon Cream 50 g",
        ("Moon Cream 50 g by Moon, lots A2602 and A2603; the lot is printed on the bottom of the jar. It"
        " was sold in pharmacies in Ireland from 2 March 2026. Bacteria were found in the cream. They"
        " can cause infections of the skin and eyes. Stop using the cream immediately. You may choose"
        " a refund of the full price or a new jar. It costs you nothing. Call free of charge: 1800 000"
        " 000. Please tell others who may have this cream."),
    ),
    "zh-CN": (
        "CN",
        "召回公告：润泽面霜 50克",
        ("本公司决定主动召回润泽面霜50克，批号A2602、A2603。批号印在瓶底。检测发现微生物超标，可能引起皮肤感染。"
        "请立即停止使用。您可以选择退款或更换，运费由本公司承担。热线电话：400 000 0000。如有不适，请携带产品就医。"),
    ),
    "de": (
        "DE",
        "Produktsicherheitsrückruf: Mondcreme 50 g",
        ("Mondcreme 50 g der Marke Mond, Chargen A2602 und A2603. Die Nummer steht auf dem Boden des"
        " Tiegels. In der Creme wurden Bakterien gefunden. Sie können Haut und Augen entzünden."
        " Verwenden Sie die Creme ab sofort nicht mehr. Sie erhalten den vollen Preis zurück oder eine"
        " neue Creme, beides kostenlos. Rufen Sie uns gebührenfrei an: 0800 000 0000. Bitte geben Sie"
        " diese Nachricht weiter."),
    ),
    "fr": (
        "FR",
        "Rappel de produit pour des raisons de sécurité : Crème Lune 50 g",
        ("Crème Lune 50 g de la marque Lune, lots A2602 et A2603. Le numéro figure sous le pot. Des"
        " bactéries ont été trouvées dans la crème. Elles peuvent infecter la peau et les yeux. Cessez"
        " immédiatement de l’utiliser. Vous pouvez choisir le remboursement ou un nouveau pot, sans"
        " frais. Appelez gratuitement le 0 800 000 000. Faites passer ce message."),
    ),
    "es": (
        "ES",
        "Recuperación de producto por motivos de seguridad: Crema Luna 50 g",
        ("Crema Luna 50 g de la marca Luna, lotes A2602 y A2603. El número está debajo del tarro. Se han"
        " encontrado bacterias en la crema. Pueden infectar la piel y los ojos. Deje de usarla de"
        " inmediato. Puede elegir el reembolso o un tarro nuevo, sin coste. Llame gratis al 900 000"
        " 000. Comparta este aviso."),
    ),
    "it": (
        "IT",
        "Richiamo per la sicurezza del prodotto: Crema Luna 50 g",
        ("Crema Luna 50 g del marchio Luna, lotti A2602 e A2603. Il numero è sotto il vasetto. Nella crema"
        " sono stati trovati batteri. Possono infettare la pelle e gli occhi. Smetta subito di usarla."
        " Può scegliere il rimborso o un vasetto nuovo, senza spese. Chiami gratis il numero 800 000"
        " 000. Faccia conoscere questo avviso."),
    ),
    "ja": (
        "JP",
        "自主回収のお知らせ：ムーンクリーム 50 g",
        ("ムーンクリーム50 g、製造番号A2602およびA2603を自主回収いたします。番号は容器の底にあります。製品から細菌が検出されました。"
        "皮膚や目の感染症を起こすおそれがあります。ただちに使用を中止してください。返金または交換をお選びいただけます。"
        "送料は当社が負担します。フリーダイヤル：0120 000 000。"),
    ),
    "ko": (
        "KR",
        "자진 회수 안내: 문크림 50 g",
        ("문크림 50 g, 제조번호 A2602와 A2603을 자진 회수합니다. 번호는 용기 바닥에 있습니다. 제품에서 세균이 검출되었습니다."
        " 피부와 눈에 감염을 일으킬 수 있습니다. 즉시 사용을 중지하십시오. 환불 또는 교환을 선택하실 수 있습니다."
        " 비용은 당사가 부담합니다. 무료 전화: 080 000 0000."),
    ),
    "en-US": (
        "US",
        "Moon voluntarily recalls Moon Cream 50 g because of bacteria",
        ("Moon is voluntarily recalling lots A2602 and A2603 of Moon Cream 50 g to the consumer level."
        " Bacteria were found in the cream. They can cause serious infections of the skin and eyes."
        " As of December 1, 2026, 3 people have reported skin reactions. Stop using the cream and throw"
        " it away. Call 1-800-000-0000 for a refund. Ask your doctor if you do not feel well. Report"
        " reactions to the MedWatch program of the FDA."),
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", NOTICES)
def test_a_compliant_notice_of_each_market_passes_without_a_finding(language: str) -> None:
    market, title, body = NOTICES[language]
    situations = frozenset({Situation.SOMEONE_HURT, Situation.HURT_OR_PATHOGEN})
    bearing = Bearing(kind="recall_notice", markets=(market,), situations=situations)
    passages = (
        Passage(language=language, part="title", text=title),
        Passage(language=language, part="body", text=body),
    )
    assert [(one.rule, one.matched) for one in findings(TABLE, passages, bearing)] == []
