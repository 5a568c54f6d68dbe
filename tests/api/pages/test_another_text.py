"""A private text that is not the recorded one: the audit says so, and no page shows it."""

from typing import Any

import pytest
import sqlalchemy as sa

from integrations.seal import seal, unwrap_key
from storage.engine import write
from storage.schema import vault_texts
from storage.vault import kept_texts
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

OTHER = "Nothing happened to anybody."
SHOWN_INSTEAD = "[this text is not the one that was recorded]"
FAULT = "The private text of entry #{} is not the one that was recorded."


def put_another(served: Served, words: dict[str, Any]) -> None:
    """Seal other words under a text's own id and key, as the vault took them once."""
    assert served.ring is not None
    kept = kept_texts(served.database.ledger, [words["ref"]])[words["ref"]]
    assert kept.wrapped is not None
    key = unwrap_key(served.ring, kept.wrapped, kept.subject)
    other = seal(OTHER, key, kept.id)
    with write(served.database.ledger) as connection:
        chosen = vault_texts.c.id == kept.id
        connection.execute(sa.update(vault_texts).where(chosen).values(ciphertext=other))


def test_the_audit_names_the_entry_and_nobody_is_shown_other_words(
    served: Served, at: SignedIn
) -> None:
    number = accepted(served)
    address = f"/api/incidents/{number}/ledger?open=1"
    whole = served.person("gao.yuan").get(address).json()
    first = next(one for one in whole["entries"] if one["body"].get("words"))
    words = first["body"]["words"]
    fault = FAULT.format(first["seq"])
    assert (
        "not the one that was recorded" not in at("ren.jia").open(f"/incidents/{number}/audit").text
    )

    put_another(served, words)

    assert fault in at("ren.jia").open(f"/incidents/{number}/audit").text
    assert f"条目 #{first['seq']} 的私密文字与入账时的不一致" in (
        at("ren.jia", "zh").open(f"/incidents/{number}/audit").text
    )
    assert served.person("gao.yuan").get(address).json()["texts"][words["ref"]] == SHOWN_INSTEAD
    for page in ("report", f"ledger/{first['seq']}"):
        shown = at("gao.yuan").open(f"/incidents/{number}/{page}").text
        assert SHOWN_INSTEAD in shown
        assert OTHER not in shown
