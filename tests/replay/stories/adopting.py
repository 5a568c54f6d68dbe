"""A running incident goes on by another version of the plan, and then by a third."""

from dataclasses import replace
from datetime import UTC, datetime

from domain.regulations import Rule
from domain.rules import Rules, rules_text
from storage import company
from storage import rules as rule_store
from tests.domain.plans import put
from tests.domain.story import regulations
from tests.domain.versions import WHY, other_signer, stricter_text, version, within
from tests.replay.scene import (
    AGENT,
    AUTHOR,
    BOSS,
    COMMANDER,
    LEGAL,
    QUALITY,
    QUALITY_HEAD,
    Scene,
    now,
)
from tests.replay.stories.incident import drafted
from tests.replay.taking import Story
from workflows.ids import incident_workflow


async def adopting(on: Scene) -> Story:
    """Two versions adopted over many runs; what waits for others lapses, the halt goes on."""
    checked = {"regulations": somebody_read("CN-ADR-SELF-SERIOUS")}
    second = version(other_signer, stricter_text, within("times.legal_hold", "10 min"), **checked)
    third = version(put("version", "2026.3"), put("times.find_out.within.minor", "2 wd"))
    await on.reports(limits={"turn_over_after": 5})
    await on.does(COMMANDER, "accept_report", reason="Seen.")
    await on.until(lambda s: all(h.state == "confirmed" for h in s.halt.channels.values()))
    hurt = {"outcomes": ["hospitalised"], "awareness_at": now(), "product": "cream", "lot": "L1"}
    await on.does(AGENT, "register_case", country="CN", **hurt)
    await _something_waits(on)
    unknown = on.does(QUALITY_HEAD, "adopt_plan", rules="f" * 64, reason=WHY)
    await on.refused("unknown_rules", unknown)
    await _adopted(on, second)
    await _facts(on, "after")
    await on.does(COMMANDER, "resume_sale", basis="The laboratory found nothing.")
    await on.signs(LEGAL)
    await _adopted(on, third)
    same = on.does(QUALITY_HEAD, "adopt_plan", rules=third.hash, reason=WHY)
    await on.refused("same_rules", same)
    first = (await on.state()).people.adoptions[0].old_rules
    older = on.does(QUALITY_HEAD, "adopt_plan", rules=first, reason=WHY)
    await on.refused("older_rules", older)
    await on.stands_still()
    return Story((on.incident,), (incident_workflow(on.incident),))


def somebody_read(rule_id: str) -> tuple[Rule, ...]:
    """Give the rules with one that somebody has verified since."""
    return tuple(
        replace(rule, verified=True, version="9") if rule.id == rule_id else rule
        for rule in regulations()
    )


async def _something_waits(on: Scene) -> None:
    """A text waits for approvals, an act for a signature."""
    text = await drafted(on, "我们已停止销售，正在调查。")
    sha256 = (await on.state()).statement.statements[text].sha256
    await on.does(AUTHOR, "ask_for_review", statement=text, sha256=sha256)
    sample = {"what": "Jar of lot L1", "source": "Shelf", "taken_at": now(), "place": "Shop 1"}
    await on.does(QUALITY, "collect_evidence", **sample, storage="Fridge 2")
    await on.does(COMMANDER, "resume_sale", basis="The laboratory found nothing.")


async def _adopted(on: Scene, rules: Rules) -> None:
    """The company adopts it, then the incident: proposed in one run, signed in a later one."""
    engine, told = on.house.engine, rules_text(rules).encode()
    rule_store.keep_rules(engine, "incident", told, datetime.now(UTC))
    company.set_fact(engine, company.ADOPTED_RULES, rules.hash)
    await on.does(QUALITY_HEAD, "adopt_plan", rules=rules.hash, reason=WHY)
    proposed = list((await on.state()).pending)[-1]
    await _facts(on, rules.plan.version)
    await on.does(BOSS, "sign_act", act=proposed)


async def _facts(on: Scene, name: str) -> None:
    """Enough acts for the run to turn over."""
    for number in range(6):
        told = {"key": f"lot.{name}.{number}", "value": "12000", "as_of": now()}
        await on.does(QUALITY, "record_fact", **told)
