"""What somebody should look at before they send a form, and by what it is known that they did.

What belongs here: the value that pages hand to the form. What never does: finding the doubts
(scope_reach.py, more_than_received.py), or refusing an act.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Doubts:
    """What somebody should look at before they sign, and by what it is known again when seen.

    `left_out` are the consignees that would be left out; where `asks_why`, a reason is asked for.
    `heading` and, when it was sent without a look, `again` stand above the lines, `advice` below;
    where they are empty the form says what it says of a scope.
    """

    lines: tuple[str, ...] = ()
    mark: str = ""
    left_out: tuple[str, ...] = ()
    asks_why: bool = False
    heading: str = ""
    again: str = ""
    advice: str = ""

    def settled_by(self, seen: str, why: str) -> bool:
        """Say whether somebody has looked at exactly this, and said why where that is asked."""
        return not self.lines or (seen == self.mark and bool(why.strip() or not self.asks_why))
