"""Addresses of duties: which part of an address is the number of one (D1, D2, ...).

What belongs here: the shape of the number, so that `/notice/D3` is a duty and `/notice/file_first`
a form. What never does: a route, or which duties there are.
"""

from typing import Final

from starlette.convertors import Convertor, register_url_convertor

DUTY: Final = "{duty:duty}"
"""The part of a route that is the number of a duty."""


class DutyNumber(Convertor[str]):
    """A capital D and a number that can be one; anything else is for another route."""

    regex = "D[1-9][0-9]{0,8}"

    def convert(self, value: str) -> str:
        """Give the number as it stands in the address."""
        return value

    def to_string(self, value: str) -> str:
        """Give the number as it stands in an address."""
        return value


register_url_convertor("duty", DutyNumber())
