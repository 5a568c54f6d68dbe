"""Stage `recall`: what a scope leaves out although it was reported or received the goods.

What belongs here: naming the reported markets that a scope does not reach, and carrying what people
left out on purpose, with their reason, from version to version. What never does: refusing a market
that is left out with a reason: people may know better than the report, and say why.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.errors import Refused
from domain.markets import is_within
from domain.state.recall import Scope
from domain.state.report import ReportState
from domain.values import PublicText

BeforeAndNow = tuple[Iterable[str], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Reported markets and consignees that a version of a scope leaves out, and why."""

    markets: tuple[str, ...]
    consignees: tuple[str, ...]
    why: PublicText


def reported_markets(report: ReportState) -> tuple[str, ...]:
    """Give the markets that were reported, where it was first known and where people were hurt."""
    known = (one.first_known_country for one in report.reports)
    hurt = (case.country for case in report.cases.values())
    found = (*report.answers.markets, *report.markets, *known, *hurt)
    return tuple(dict.fromkeys(code for code in found if code))


def markets_left_out(report: ReportState, markets: Iterable[str]) -> tuple[str, ...]:
    """Name the reported markets that these markets do not reach, sorted."""
    named = tuple(markets)
    return tuple(sorted(one for one in reported_markets(report) if not is_within(one, named)))


def left_out_of(
    report: ReportState,
    before: Scope | None,
    markets: Iterable[str],
    consignees: Iterable[str],
    told: tuple[tuple[str, ...], PublicText],
    *,
    wider: bool = False,
) -> LeftOut:
    """Say what a version leaves out: `told` are the consignees named as left out, and the reason.

    What was left out before stays so until it is named in the scope, with its reason unless a new
    one is told, which stands beside it. A `wider` scope is never held up by a market that it does
    not reach yet: it is named. Raises Refused where more is left out than before and this act does
    not say why: the reason of before was given for others.
    """
    names, why = told
    kept = before.consignees_left_out if before else ()
    gone = markets_left_out(report, markets)
    were = set(before.markets_left_out if before else ())
    _require_why((gone if wider else were, gone), (kept, names), why)
    still = {*kept, *names} - set(consignees)
    earlier = before.left_out_why if before and (still & set(kept) or were & set(gone)) else ""
    return LeftOut(
        markets=gone,
        consignees=tuple(sorted(still)),
        why=PublicText(_both(earlier, why)),
    )


def _both(earlier: str, why: str) -> str:
    """Put a new reason under the one that was given for others; the same one once."""
    return "\n".join(dict.fromkeys(line for line in (*earlier.splitlines(), why) if line.strip()))


def _require_why(markets: BeforeAndNow, consignees: BeforeAndNow, why: str) -> None:
    """Refuse what is left out now, was not before, and has no reason."""
    new = [one for was, now in (markets, consignees) for one in sorted(set(now) - set(was))]
    if new and not why.strip():
        raise Refused(
            f"Left out, and nothing says why: {', '.join(new[:5])}.",
            "Say why these reported markets or consignees are left out (an earlier reason was "
            "given for others), or name them in the scope.",
            code="left_out_why",
        )
