"""What the table asks of every recall notice: found where it is said, missing where it is not."""

import pytest

from domain.wording import Bearing, Passage, findings
from tests.content.test_wording_cases import TABLE

SAYS = {
    "en": ("Stop using it now.", "Do not use the product.", "Don’t use it.", "Discontinue use now.",
           "Stop use now.", "The product must not be used."),
    "zh": ("请立即停止使用。", "请暂停使用。", "请停止继续使用。", "请勿使用。", "請停止使用。"),
    "de": ("Verwenden Sie es nicht mehr.", "Benutzen Sie die Creme nicht mehr.",
           "Das Produkt bitte nicht verwenden.", "Bitte nicht mehr\nverwenden.",
           "Hören Sie sofort auf, das Produkt zu verwenden."),
    "fr": ("Cessez de l’utiliser.", "Ne l’utilisez plus.", "Ne pas utiliser ce produit.",
           "Veuillez ne plus utiliser ce produit."),
    "es": ("Deje de usarlo.", "Deje inmediatamente de usar el producto.", "No usar.",
           "Suspenda su uso.", "No lo use."),
    "it": ("Smetta di usarlo.", "Non lo usi.", "Non va utilizzato.", "Interrompa l’uso."),
    "ja": ("ただちに使用を中止してください。", "この製品を使用しないでください。",
           "ご使用にならないでください。"),
    "ko": ("사용을 중지하십시오.", "사용하지 마십시오.", "쓰지 마십시오."),
}  # fmt: skip
DOES_NOT = {
    "en": ("There is no need to stop using it.", "You need not worry."),
    "zh": ("无需停止使用。", "您可以放心。"),
    "de": ("Verwenden Sie das Produkt weiter.", "Hören Sie gern Musik auf unserer Website."),
    "fr": ("Vous pouvez continuer à l’utiliser.",),
    "es": ("Puede seguir con el producto.",),
    "it": ("Può continuare.",),
    "ja": ("そのままお使いください。",),
    "ko": ("계속 사용하십시오.",),
}
MARKET = {"en": "US", "zh": "CN", "de": "DE", "fr": "FR", "es": "ES", "it": "IT", "ja": "JP",
          "ko": "KR"}  # fmt: skip


def lacks(language: str, text: str, market: str, *, part: str = "body") -> set[str]:
    """Name the elements that a recall notice of one sentence lacks."""
    bearing = Bearing(kind="recall_notice", markets=(market,))
    passage = Passage(language=language, part=part, text=text)
    return {one.rule for one in findings(TABLE, (passage,), bearing) if not one.matched}


@pytest.mark.parametrize(
    ("language", "text"), [(lang, text) for lang, texts in SAYS.items() for text in texts]
)
def test_to_stop_using_it_is_found(language: str, text: str) -> None:
    assert "stop-using" not in lacks(language, text, MARKET[language])


@pytest.mark.parametrize(
    ("language", "text"), [(lang, text) for lang, texts in DOES_NOT.items() for text in texts]
)
def test_what_does_not_say_so_is_found_wanting(language: str, text: str) -> None:
    assert "stop-using" in lacks(language, text, MARKET[language])


SHOWN = TABLE.rule("us-illnesses").reason_en.partition("“")[2]
"""What the rule itself shows as an example."""


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Seven people had skin reactions.", False),
        ("As of today we know of no injuries.", False),
        ("Injuries: 7 as of today.", False),
        (SHOWN, False),
        ("Adverse reactions can be reported to MedWatch.", True),
        ("Stop using it.", True),
    ],
)
def test_in_the_us_number_and_nature_of_illnesses_are_told(text: str, *, missing: bool) -> None:
    assert ("us-illnesses" in lacks("en", text, "US")) is missing


@pytest.mark.parametrize(
    ("language", "title", "wanting"),
    [
        ("en", "Product safety recall: Moon Cream", set()),
        ("en", "Important notice", {"eu-headline"}),
        ("de", "Produktsicherheitsrückruf: Mondcreme", set()),
        ("de", "Produktsicherheits-Rückruf: Mondcreme", set()),
        ("fr", "Rappel de produit pour des raisons de sécurité : Crème", set()),
        ("es", "Recuperación de producto por motivos de seguridad: Crema", set()),
        ("it", "Richiamo per la sicurezza del prodotto: Crema", set()),
        ("zh-TW", "產品安全召回：月霜", set()),
        ("fr", "Information importante", {"eu-headline-translated"}),
    ],
)
def test_the_headline_of_the_eu(language: str, title: str, wanting: set[str]) -> None:
    assert lacks(language, title, "IE", part="title") == wanting
