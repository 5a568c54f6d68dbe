"""The one translation of our errors for Temporal: type = code, so that retry rules can name it."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.exceptions import ApplicationError

from domain.errors import AndonError, NotConfirmed


@contextmanager
def translated() -> Iterator[None]:
    """Raise an AndonError as ApplicationError; only `NotConfirmed` is worth another try."""
    try:
        yield
    except AndonError as error:
        raise ApplicationError(
            f"{error.sentence} {error.hint}".strip(),
            type=error.code,
            non_retryable=not isinstance(error, NotConfirmed),
        ) from error
