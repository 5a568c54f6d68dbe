"""What is wrong with a file that answers an order, in plain words.

What belongs here: one sentence for each thing that keeps an answer from being read; the halt board
shows it. What never does: opening or reading a file (integrations/adapter_file_drop.py).
"""

from domain.values import UNITS_AT_MOST


def no_table(file: str) -> str:
    """Say that a file is no table of text."""
    return f"The answer file {file} was not taken: it is no CSV file in UTF-8."


def not_one_line(file: str, lines: int) -> str:
    """Say that a file gives no answer, or more than one."""
    return (
        f"The answer file {file} was not taken: below its heading it has {lines} lines, and one is"
        " expected."
    )


def other_state(file: str, state: str) -> str:
    """Say that a file says neither yes nor no."""
    return (
        f"The answer file {file} was not taken: its state is {state!r:.40}, and accepted or refused"
        " is expected."
    )


def other_units(file: str, units: str) -> str:
    """Say that a file counts something that is no number."""
    return (
        f"The answer file {file} was not taken: its units are {units!r:.40}, and a whole number is"
        " expected."
    )


def too_many_units(file: str, units: str) -> str:
    """Say that a file counts more units than were ever made."""
    return (
        f"The answer file {file} was not taken: its units are {units!r:.40}, and more than"
        f" {UNITS_AT_MOST:,} cannot be right."
    )


def not_to_be_opened(file: str) -> str:
    """Say that a file cannot be opened by this process, or leads elsewhere."""
    return (
        f"The answer file {file} was not taken: it cannot be opened, or it is a link to another"
        " place."
    )


def no_file_of_its_own(file: str) -> str:
    """Say that what stands there is a folder, a pipe, or another file's second name."""
    return f"The answer file {file} was not taken: it is no file of its own."


def too_large(file: str, kilobytes: int) -> str:
    """Say that a file is larger than any answer is."""
    return f"The answer file {file} was not taken: it is larger than {kilobytes} KB."
