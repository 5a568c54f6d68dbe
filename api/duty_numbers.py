"""Addresses of duties: `/notice/D3` is a duty, `/notice/file_first` a form of the same shape.

What belongs here: which addresses are those of a duty. What never does: a route, or which duties
there are.
"""

import re
from typing import Final

from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

_NUMBER: Final = re.compile(r"D[1-9][0-9]{0,8}")


class DutyRoute(APIRoute):
    """A route that ends in the number of a duty; anything else there is for another route."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether a request is for a duty."""
        if scope["type"] == "http" and not _NUMBER.fullmatch(scope["path"].rpartition("/")[2]):
            return Match.NONE, {}
        return super().matches(scope)
