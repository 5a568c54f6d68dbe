"""The kinds of streams there are, told apart by their number.

What belongs here: the list. What never does: what one kind is (domain/incident.py,
domain/service_case.py).
"""

from typing import Any

from domain.incident import INCIDENT
from domain.plot import Plot
from domain.service_case import CASE

CASE_MARK = "CASE-"
"""Stands in the number of every after-sales case, in exercises too, and in no incident's."""


def is_case(stream_id: str) -> bool:
    """Say whether a number is that of an after-sales case."""
    return CASE_MARK in stream_id


def plot_of(stream_id: str) -> Plot[Any]:
    """Give the plot of the stream with this number."""
    return CASE if is_case(stream_id) else INCIDENT
