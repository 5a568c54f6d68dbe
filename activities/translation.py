"""The one translation of our errors for Temporal: type = code, so that retry rules can name it."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.exceptions import ApplicationError

from domain.errors import AndonError, NotConfirmed


@contextmanager
def translated(*, final: bool = True) -> Iterator[None]:
    """Raise an AndonError as ApplicationError; only `NotConfirmed` is worth another try.

    With `final` False every error is: nothing goes on without the record, and what stands in its
    way (another database, a damaged one) may be mended by people while the incident waits.
    """
    try:
        yield
    except AndonError as error:
        raise ApplicationError(
            f"{error.sentence} {error.hint}".strip(),
            type=error.code,
            non_retryable=final and not isinstance(error, NotConfirmed),
        ) from error
