"""The one tree of refusals; each says what was wrong and what to do.

    AndonError
    ├── Malformed          422  the words cannot be read; they never reach a workflow
    │   └── KeyReused      422  the same command id with another body
    ├── TooLarge           413  more than the limit for one command
    ├── NotSignedIn        401  nobody, or nobody we know
    ├── NotFound           404  not there, or not to be seen by this person
    ├── Refused            409  the plan or the state forbids the act; recorded as an entry
    │   └── NotAllowed     403  the act belongs to other roles
    ├── TooMany            429  too many at once
    ├── NotConfirmed       503  not confirmed yet; pressing again counts once
    ├── NotWhole           409  what is kept was altered or lost: verify it, look for a copy
    ├── LedgerConflict     500  an entry number was recorded with other bytes: stop and look
    ├── BrokenSetup        exit 2  a file or setting of the installation is wrong
    ├── WentOtherwise      exit 1  a drilled case went otherwise than its file says
    └── DrillServerEnded   exit 1  the server of a drill died under it

The HTTP numbers stand here for the reader; the translation itself lives at each edge
(api/errors.py, activities/, cli/). Nothing here knows HTTP, Temporal or a terminal.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that could not be read: dotted path, and a sentence for the person who typed it."""

    path: str
    sentence: str


class AndonError(Exception):
    """Any refusal: `code` for programs, `sentence` what was wrong, `hint` what to do."""

    code = "error"

    def __init__(
        self,
        sentence: str,
        hint: str = "",
        *,
        code: str | None = None,
        fields: tuple[FieldError, ...] = (),
    ) -> None:
        """Keep the parts; `str()` joins sentence and hint."""
        super().__init__(f"{sentence} {hint}".strip())
        self.sentence = sentence
        self.hint = hint
        self.code = code or type(self).code
        self.fields = fields


class Malformed(AndonError):
    """What came in cannot be read; nothing was changed."""

    code = "malformed"


class KeyReused(Malformed):
    """The same command id arrived with another body."""

    code = "key_reused"


class TooLarge(AndonError):
    """More bytes than one command may carry."""

    code = "too_large"


class NotSignedIn(AndonError):
    """No credentials, or none we accept."""

    code = "not_signed_in"


class NotFound(AndonError):
    """Not there, or not to be seen by this person: the answer is the same."""

    code = "not_found"


class Refused(AndonError):
    """The plan or the state of the incident forbids the act; `who_could` names roles that may."""

    code = "refused"

    def __init__(
        self,
        sentence: str,
        hint: str = "",
        *,
        code: str | None = None,
        who_could: tuple[str, ...] = (),
    ) -> None:
        """Keep who could do it instead, so that a refusal is never a dead end."""
        super().__init__(sentence, hint, code=code)
        self.who_could = who_could


class NotAllowed(Refused):
    """The act belongs to other roles."""

    code = "not_allowed"


class TooMany(AndonError):
    """More requests than the limit; try again later."""

    code = "too_many"


class TooSlow(AndonError):
    """What was begun to be sent did not arrive in time."""

    code = "too_slow"


class WrongHost(AndonError):
    """The request was meant for another address than ours."""

    code = "wrong_host"


class NotConfirmed(AndonError):
    """No confirmation in time; the act may still count, and counts once."""

    code = "not_confirmed"


class Busy(AndonError):
    """As many ask for something that takes long as may wait for it; try again in a moment."""

    code = "busy"


class LedgerConflict(AndonError):
    """An entry number exists with other bytes: the workflow stops visibly."""

    code = "ledger_conflict"


class NotWhole(AndonError):
    """What is kept was altered or lost: it cannot be read as the record that it was."""

    code = "not_whole"

    @classmethod
    def at(cls, stream: str, seq: int) -> "NotWhole":
        """Make the error of an entry that cannot be read."""
        return cls(
            f"The record of {stream} is not whole: entry {seq} cannot be read.",
            "Verify the record under Audit, and compare it with a copy of the database.",
        )


class BrokenSetup(AndonError):
    """A file or setting of the installation is wrong; the sentence names it."""

    code = "broken_setup"


STANDS_STILL = "drill_stands_still"
"""The code of a drill whose workflow does not go on: its log names the fault."""


class WentOtherwise(AndonError):
    """A drilled case went otherwise than its file says; the sentence names the step."""

    code = "went_otherwise"


class DrillServerEnded(AndonError):
    """The server that a drill skips time on died under it; the case itself is not judged."""

    code = "drill_server_ended"
