"""The kinds of streams there are, told apart by their number.

What belongs here: the list. What never does: what one kind is (domain/incident.py,
domain/service_case.py).
"""

from typing import Any

from domain.incident import INCIDENT
from domain.plot import Plot
from domain.service_case import CASE
from domain.values import is_case


def plot_of(stream_id: str) -> Plot[Any]:
    """Give the plot of the stream with this number."""
    return CASE if is_case(stream_id) else INCIDENT
