"""What a failing database means to the person who pressed the button.

What belongs here: the two tables that turn a driver's error number into a sentence, and the one
place that applies them. What never does: a retry (Temporal's), or hiding an error of ours:
constraint violations and bad SQL pass through as they are.

NotConfirmed says "press again, it will count once", which is true because every write is one
transaction and every command and effect has a key. BrokenSetup says that pressing will not help.
"""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import exc

from domain.errors import AndonError, BrokenSetup, NotConfirmed

AGAIN = "Press again; it will count once."


@dataclass(frozen=True, slots=True)
class Failure:
    """How one kind of failure is told."""

    kind: type[AndonError]
    code: str
    sentence: str
    hint: str

    def error(self) -> AndonError:
        """Make the error."""
        return self.kind(self.sentence, self.hint, code=self.code)


DISK_FULL = Failure(
    NotConfirmed,
    "disk_full",
    "The disk is full: nothing was recorded.",
    "Free space, then press again; it will count once.",
)
BUSY = Failure(
    NotConfirmed,
    "database_busy",
    "The database was busy for too long: nothing was recorded.",
    AGAIN,
)
DISK_FAILED = Failure(
    NotConfirmed,
    "disk_failed",
    "The disk failed while the database used it: nothing is confirmed.",
    "Look at the disk, then press again; it will count once.",
)
CONNECTION_LOST = Failure(
    NotConfirmed,
    "database_lost",
    "The connection to the database was lost: it is not confirmed whether this was recorded.",
    AGAIN,
)
UNREACHABLE = Failure(
    NotConfirmed,
    "database_unreachable",
    "The database does not answer: nothing was recorded.",
    "Check that it runs at the address of ANDON_DATABASE_URL, then press again.",
)
READ_ONLY = Failure(
    BrokenSetup,
    "database_read_only",
    "The database may only be read.",
    "Make the file and its folder writable, or connect to the primary server.",
)
DAMAGED = Failure(
    BrokenSetup,
    "database_damaged",
    "The database file is damaged, or it is no database.",
    "Stop Andon, keep the file, and restore the last backup.",
)
NOT_OPENED = Failure(
    BrokenSetup,
    "database_not_opened",
    "The database file cannot be opened.",
    "Check that its folder exists and that this user may write to it.",
)
NO_ENTRY = Failure(
    BrokenSetup,
    "database_no_entry",
    "The database refuses this user, or is not there.",
    "Check user, password and database name in ANDON_DATABASE_URL.",
)

SQLITE_FAILURES = {
    sqlite3.SQLITE_FULL: DISK_FULL,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_IOERR: DISK_FAILED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_CANTOPEN: NOT_OPENED,
}
"""By primary result code (sqlite.org/rescode.html)."""

POSTGRES_FAILURES = {
    "53100": DISK_FULL,
    "53": BUSY,  # out of memory, too many connections
    "55P03": BUSY,  # lock not available within lock_timeout
    "57014": BUSY,  # cancelled by statement_timeout
    "40": BUSY,  # deadlock or serialisation failure
    "58": DISK_FAILED,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
    "08": CONNECTION_LOST,
    "57P01": CONNECTION_LOST,  # stopped by the administrator
    "57P02": CONNECTION_LOST,
    "57P05": CONNECTION_LOST,  # idle too long
    "25P03": CONNECTION_LOST,  # idle in a transaction too long
    "57P03": UNREACHABLE,  # starting up
    "25006": READ_ONLY,
    "28": NO_ENTRY,
    "3D000": NO_ENTRY,
    "42501": NO_ENTRY,
}
"""By SQLSTATE, or its class of two characters (PostgreSQL manual, appendix A)."""


@contextmanager
def told() -> Iterator[None]:
    """Run the block; tell a failing database or disk as an AndonError.

    Raises:
        NotConfirmed: pressing again may help, and counts once.
        BrokenSetup: the installation has to be mended first.
    """
    try:
        yield
    except exc.TimeoutError as error:
        raise BUSY.error() from error
    except exc.StatementError as error:
        if isinstance(error.orig, AndonError):
            # A column type refused the value; SQLAlchemy wrapped our own error.
            raise error.orig from None
        failure = _failure_of(error.orig)
        if failure is None:
            raise
        raise failure.error() from error
    except ConnectionError as error:
        # pg8000 lets the socket's own error through when it cannot send.
        raise CONNECTION_LOST.error() from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DISK_FULL.error() from error
        if error.errno == errno.EIO:
            raise DISK_FAILED.error() from error
        raise


def _failure_of(original: BaseException | None) -> Failure | None:
    """Find the failure that a driver's error stands for; None for an error of ours."""
    if isinstance(original, sqlite3.Error):
        # The low byte is the primary code; the rest says which call failed.
        return SQLITE_FAILURES.get(getattr(original, "sqlite_errorcode", 0) & 0xFF)
    if original is None or type(original).__module__.partition(".")[0] != "pg8000":
        return None
    state = _sqlstate(original)
    if state:
        return POSTGRES_FAILURES.get(state) or POSTGRES_FAILURES.get(state[:2])
    return _failure_of_socket(str(original))


def _sqlstate(error: BaseException | None) -> str:
    """Find what the server itself said, also behind the "network error" of a door it shut."""
    while error is not None:
        told_by_server = error.args[0] if error.args else None
        if isinstance(told_by_server, dict) and "C" in told_by_server:
            return str(told_by_server["C"])
        error = error.__context__
    return ""


def _failure_of_socket(words: str) -> Failure | None:
    """Tell what pg8000 says without the server: it has words, no numbers."""
    if "Can't create a connection" in words or "communication error" in words:
        return UNREACHABLE
    if "network error" in words or "connection is closed" in words:
        return CONNECTION_LOST
    return NO_ENTRY if "password" in words else None
