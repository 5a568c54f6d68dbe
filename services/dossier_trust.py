"""Whose signatures count in a dossier: keys that were handed in, and those that they vouch for.

What belongs here: judging a note. What never does: what the note is about.

Without a key from outside, the keys inside are taken: that shows that the dossier is one piece, and
nothing of who made it. A key that signed the newest head of the company's log vouches for the keys
that lines of the log announce (`HeadKeyUsed`): so the newest key is enough for heads that an older
one signed. A head of the log that a believed key signed together with its successor, which a line
under that head announces, vouches for the successor: so an older key is enough, too.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from domain.checkpoint import Note, VerifierKey
from integrations.note_keys import signed_by

Judged = Literal["sound", "foreign", "retired", "false"]


class Trust:
    """The keys that are believed, and those that are merely known."""

    def __init__(self, given: Sequence[VerifierKey], inside: Sequence[VerifierKey]) -> None:
        """Believe the given keys; where there are none, those inside."""
        self.given = tuple(given)
        self.is_given = bool(given)
        self._known: dict[tuple[str, bytes], dict[VerifierKey, None]] = {}
        self._know([*given, *inside])
        self._believed = set(given or inside)
        self._retired: set[str] = set()
        self._signed: dict[VerifierKey, None] = {}

    def judge(self, note: Note, *, now: bool = False) -> Judged:
        """Say whether a believed key signed a note; `false`: a signature is not what it claims.

        `now`: it was signed after all that the log tells, where a key is `retired` once another
        took its place. What a retired key signed in its time stays good.
        """
        signers = self._signers(note)
        believed = [key for key in signers if key in self._believed]
        if now and believed and all(key.text() in self._retired for key in believed):
            return "retired"
        if believed:
            self._signed.update(dict.fromkeys(believed))
            return "sound"
        known = any((one.name, one.key_id) in self._known for one in note.signatures)
        return "foreign" if signers or not known else "false"

    def together(self, note: Note) -> tuple[VerifierKey, ...]:
        """Give the known keys that signed a note, where one of them is believed; else none."""
        signers = self._signers(note)
        return signers if self._believed.intersection(signers) else ()

    def believe(self, keys: Iterable[VerifierKey]) -> None:
        """Believe further keys."""
        new = [key for key in keys if key not in self._believed]
        self._believed.update(new)
        self._know(new)

    def retire(self, words: Iterable[str]) -> None:
        """Take note of keys, as words, in whose place others came."""
        self._retired.update(words)

    def signed(self) -> tuple[VerifierKey, ...]:
        """Give the believed keys that signed something that was judged."""
        return tuple(self._signed)

    def _know(self, keys: Iterable[VerifierKey]) -> None:
        """Know keys by how notes name them: a log may announce as many as it has lines.

        Two may have one name and one id, which is four bytes: made so, or by chance.
        """
        for key in keys:
            self._known.setdefault((key.name, key.id), {})[key] = None

    def _signers(self, note: Note) -> tuple[VerifierKey, ...]:
        named = ((one.name, one.key_id) for one in note.signatures)
        return signed_by(note, [key for one in named for key in self._known.get(one, ())])
