"""An audit as text for people and as versioned JSON: the root of trust, faulty steps, ratifications, debts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.wording import counted
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.findings import finding_data
from itsm_as_code.render.style import Style

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.audit import Audit, Fault, FaultyStep

JSON_VERSION = 1


def as_text(audit: Audit, style: Style) -> Iterator[str]:
    """Lines of a whole audit, the summary last."""
    yield f"root of trust  {audit.anchor} (pin it with --anchor)"
    yield f"judged         {counted(audit.steps, 'step')}, {_span(audit)}, each by the base that it had"
    passed = counted(audit.approved, "gate")
    yield f"gates          {passed} passed by signed acts, {audit.unguarded} where the rules ask for nobody"
    for step in audit.faulty:
        yield ""
        yield from _step(step, style)
    if audit.debts:
        yield ""
        yield style.strong("reviews that emergency changes still need")
    for debt in audit.debts:
        word = style.bad("overdue") if debt.overdue(audit.at) else style.warm("open   ")
        yield f"  {word}  {one_line(debt.words)}" + (f", owed by team {debt.team}" if debt.team else "")
    yield ""
    yield summary(audit)


def _span(audit: Audit) -> str:
    first = "from the first" if audit.start == audit.anchor else f"after {audit.start[:12]}"
    return f"{first} to {audit.end[:12]}"


def _step(step: FaultyStep, style: Style) -> Iterator[str]:
    yield f"{style.strong('step ' + step.commit[:12])}  {write_instant(step.landed_at)}  {one_line(step.committer)}"
    yield f"  {style.faint(one_line(step.subject))}"
    for fault in step.faults:
        yield from _fault(fault, style)


def _fault(fault: Fault, style: Style) -> Iterator[str]:
    finding = fault.finding
    level = style.level(finding.severity, f"{finding.severity}[{finding.code}]")
    where = f"{one_line(finding.path)}: " if finding.path else ""
    yield f"  {level} {where}{one_line(finding.message)}"
    if fault.ratified_by:
        yield f"    {style.hint('ratified')} by {', '.join(fault.ratified_by)}"
    else:
        yield f"    {style.hint('help:')} {one_line(finding.help or finding.rule.fix)}"


def summary(audit: Audit) -> str:
    """One sentence: how many steps went past the check, how many of their faults stand, what is overdue."""
    overdue = f"{counted(len(audit.overdue), 'review')} overdue"
    if not audit.faults:
        return f"no step went past the check; {overdue}"
    ratified = len(audit.faults) - len(audit.standing)
    steps = f"{counted(len(audit.faulty), 'step')} went past the check"
    return f"{steps}: {counted(len(audit.faults), 'fault')}, {ratified} of them ratified; {overdue}"


def as_json(audit: Audit) -> str:
    """The audit as JSON (schemas/audit.json). `status` comes last: an audit that was cut off lacks it."""
    import json

    data = {
        "version": JSON_VERSION,
        "anchor": audit.anchor,
        "since": audit.start,
        "head": audit.end,
        "at": write_instant(audit.at),
        "steps": audit.steps,
        "gates": {"approved": audit.approved, "unguarded": audit.unguarded},
        "faulty": [_step_data(step) for step in audit.faulty],
        "debts": [_debt_data(debt, audit) for debt in audit.debts],
        "status": "clean" if audit.clean else "findings",
    }
    return json.dumps(data, indent=2, ensure_ascii=True)


def _step_data(step: FaultyStep) -> dict[str, Any]:
    return {
        "commit": step.commit,
        "landed_at": write_instant(step.landed_at),
        "committer": one_line(step.committer),
        "subject": one_line(step.subject),
        "faults": [{**finding_data(f.finding), "ratified_by": list(f.ratified_by)} for f in step.faults],
    }


def _debt_data(debt: Any, audit: Audit) -> dict[str, Any]:
    return {
        "change": debt.change,
        "team": debt.team,
        "since": write_instant(debt.since),
        "due": write_instant(debt.due),
        "self_approved": debt.self_approved,
        "overdue": debt.overdue(audit.at),
    }
