"""Rules of the severity table in words; their codes stand behind them, for the auditor.

What belongs here: naming a rule that counted. What never does: what a rule says or counts
(domain/severity_rules.py).
"""

from api.pages.lens import Lens
from domain.severity_assessment import explain


def severity_rule(lens: Lens, rule: str) -> str:
    """Say why a rule of the table counted, with its code; what is no such rule stays as it is."""
    if lens.plan is None:
        return rule
    try:
        (told,) = explain((rule,), lens.plan.severity)
    except KeyError:
        return rule
    said = lens.words.pick(told.sentence_en, told.sentence_zh).rstrip(".。")
    return lens("%(name)s (%(role)s)", name=said, role=rule)
