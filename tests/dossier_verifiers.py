"""The two verifiers of dossiers side by side: the product's, and the one file for everybody.

What belongs here: calling both, and that they agree. What never does: a dossier.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import ModuleType

from cryptography.x509 import Certificate

from domain.checkpoint import VerifierKey
from domain.dossier_faults import Verdict
from domain.witness import Witness
from services.dossier_verifying import verify_dossier

VERIFIER = Path(__file__).resolve().parents[1] / "templates" / "dossier" / "verify.py"


def _alone() -> ModuleType:
    module = ModuleType("andon_verify")
    code = compile(VERIFIER.read_text(encoding="utf-8"), str(VERIFIER), "exec")
    exec(code, module.__dict__)  # noqa: S102 - a file of our own that is in no room
    return module


alone = _alone()
"""The one file, as a module."""


def judged(
    content: bytes,
    keys: Sequence[VerifierKey] = (),
    witnesses: Sequence[str] = (),
    roots: Sequence[Certificate] = (),
) -> Verdict:
    """Verify bytes with both; they find the same, to the last count; give ours.

    Ours alone holds time stamps against `roots`.
    """
    with NamedTemporaryFile(suffix=".zip") as file:
        file.write(content)
        file.flush()
        path = Path(file.name)
        held = [Witness(f"witness-{n}", text) for n, text in enumerate(witnesses, 1)]
        ours = verify_dossier(path, keys, held, roots=roots)
        theirs = alone.verify(
            path, [alone.read_key(key.text()) for key in keys], [(w.name, w.text) for w in held]
        )
    told = {(one.name, one.member) for one in ours.faults if one.name != "stamp_untrusted"}
    apart = told ^ {(name, member) for name, member, _entry, _what in theirs.faults}
    assert not apart, f"one of them alone finds {sorted(apart)}"
    assert (ours.entries, ours.signed) == (theirs.entries, theirs.signed)
    assert list(ours.witnessed) == list(theirs.witnessed)
    stamped = [(one.file, one.at[:19], one.entries) for one in ours.stamped]
    assert stamped == [(one[0], one[2].isoformat(), one[3]) for one in theirs.stamped]
    return ours
