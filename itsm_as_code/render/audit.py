"""Shows an audit as text for people and as versioned JSON: root of trust, faulty steps, ratifications, open reviews."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.instants import write_instant, write_utc
from itsm_as_code.domain.wording import counted
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.findings import finding_data
from itsm_as_code.render.line import Line, bad, faint, hint, level, line, strong, warm

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.audit import Audit, AuditFault, FaultyStep, RestingStep

JSON_VERSION = 1
MOST_TOLD = 20
"""This many steps that were judged by a base with a standing fault, and this many void acts, are named, so that the
faults are not lost."""


def as_text(audit: Audit) -> Iterator[Line]:
    """Yields the lines of a whole audit, the summary last."""
    yield _headed("root of trust", f"{audit.anchor} (pin it with --anchor)")
    yield _headed("judged", f"{counted(audit.steps, 'step')}, {_span(audit)}, each by the base that it had")
    yield _headed("judged at", f"{write_utc(audit.at)}, which was taken as now")
    passed = counted(audit.approved, "gate")
    yield _headed("gates", f"{passed} passed by signed acts, {audit.unguarded} where the rules ask for nobody")
    if audit.replaced:
        number = counted(len(audit.replaced), "object")
        words = f"Git shows others in place of {number} (git replace --list names them); judged is what is really there"
        yield _headed("replaced", words)
    for step in audit.faulty:
        yield line("")
        yield from _step(step)
    yield from _void(audit)
    yield from _resting(audit)
    if audit.debts:
        yield line("")
        yield line(strong("reviews that emergency changes still need"))
    for debt in audit.debts:
        word = bad("overdue") if debt.overdue(audit.at) else warm("open   ")
        owed = f", owed by team {debt.team}" if debt.team else ""
        yield line("  ", word, f"  {debt.words}{owed}", hang=11)
    yield line("")
    yield line(summary(audit))


def _headed(label: str, words: str) -> Line:
    return line(f"{label:<15}{words}", hang=15)


def _span(audit: Audit) -> str:
    first = "from the first" if audit.start == audit.anchor else f"after {audit.start[:12]}"
    return f"{first} to {audit.end[:12]}"


def _step(step: FaultyStep) -> Iterator[Line]:
    yield line(strong(f"step {step.commit[:12]}"), f"  {write_instant(step.landed_at)}  {step.committer}")
    yield line("  ", faint(step.subject))
    for fault in step.faults:
        yield from _fault(fault)


def _fault(fault: AuditFault) -> Iterator[Line]:
    finding = fault.finding
    weight = level(finding.severity, f"{finding.severity}[{finding.code}]")
    where = f"{finding.path}: " if finding.path else ""
    yield line("  ", weight, f" {where}{finding.message}", hang=4)
    if fault.ratified_by:
        yield line("    ", hint("ratified"), f" by {', '.join(fault.ratified_by)}", hang=6)
    else:
        yield line("    ", hint("help:"), f" {finding.help or finding.rule.fix}", hang=10)


def _void(audit: Audit) -> Iterator[Line]:
    """Yields the acts that count for nothing since their keys were revoked."""
    if not audit.void:
        return
    yield line("")
    yield line(strong(f"{counted(len(audit.void), 'act')} void since a key was revoked"))
    yield from _first([f"{act.commit[:12]}  {act.path}: {act.why}" for act in audit.void])


def _resting(audit: Audit) -> Iterator[Line]:
    """Yields the steps that were judged by a base with a standing fault, with the gates that they passed."""
    if not audit.resting:
        return
    yield line("")
    yield line(strong(f"{counted(len(audit.resting), 'step')} judged by a base with a standing fault"))
    yield from _first([
        f"{step.commit[:12]}  {write_instant(step.landed_at)}  {', '.join(step.passed) or 'no gate'}"
        for step in audit.resting
    ])  # fmt: skip


def _first(told: Sequence[str]) -> Iterator[Line]:
    """Yields the first of many lines, and how many more there are."""
    yield from (line("  ", words, hang=4) for words in told[:MOST_TOLD])
    if len(told) > MOST_TOLD:
        yield line(f"  and {len(told) - MOST_TOLD} more, which --format json names")


def resting_notice(audit: Audit) -> str | None:
    """Returns in one sentence which steps were judged by a base with a standing fault, or None if there are none."""
    if not audit.resting:
        return None
    commits = ", ".join(step.commit[:12] for step in audit.resting[:MOST_TOLD])
    more = f" and {len(audit.resting) - MOST_TOLD} more" if len(audit.resting) > MOST_TOLD else ""
    verb = "was" if len(audit.resting) == 1 else "were"
    return f"{counted(len(audit.resting), 'step')} {verb} judged by a base with a standing fault: {commits}{more}"


def summary(audit: Audit) -> str:
    """Returns one sentence: how many steps went past the check, how many of their faults stand, and what is overdue."""
    overdue = f"{counted(len(audit.overdue), 'review')} overdue"
    if not audit.faults:
        return f"no step went past the check; {overdue}"
    ratified = len(audit.faults) - len(audit.open_faults)
    steps = f"{counted(len(audit.faulty), 'step')} went past the check"
    return f"{steps}: {counted(len(audit.faults), 'fault')}, {ratified} of them ratified; {overdue}"


def as_json(audit: Audit) -> str:
    """Returns the audit as JSON (schemas/audit.json). `status` comes last, so an audit that was cut off lacks it."""
    import json

    data = {
        "version": JSON_VERSION,
        "anchor": audit.anchor,
        "since": audit.start,
        "head": audit.end,
        "at": write_utc(audit.at),
        "steps": audit.steps,
        "gates": {"approved": audit.approved, "unguarded": audit.unguarded},
        "faulty": [_step_data(step) for step in audit.faulty],
        "resting": [_resting_data(step) for step in audit.resting],
        "debts": [_debt_data(debt, audit) for debt in audit.debts],
        "replaced": list(audit.replaced),
        "void": [{"commit": act.commit, "path": act.path, "why": one_line(act.why)} for act in audit.void],
        "status": "clean" if audit.clean else "findings",
    }
    return json.dumps(data, indent=2, ensure_ascii=True)


def _step_data(step: FaultyStep) -> dict[str, Any]:
    return {
        "commit": step.commit,
        "landed_at": write_utc(step.landed_at),
        "committer": one_line(step.committer),
        "subject": one_line(step.subject),
        "faults": [{**finding_data(f.finding), "ratified_by": list(f.ratified_by)} for f in step.faults],
        "closed_by": step.closed_by,
    }


def _resting_data(step: RestingStep) -> dict[str, Any]:
    return {
        "commit": step.commit,
        "landed_at": write_utc(step.landed_at),
        "subject": one_line(step.subject),
        "passed": list(step.passed),
    }


def _debt_data(debt: Any, audit: Audit) -> dict[str, Any]:
    return {
        "change": debt.change,
        "team": debt.team,
        "since": write_utc(debt.since),
        "due": write_utc(debt.due),
        "self_approved": debt.self_approved,
        "overdue": debt.overdue(audit.at),
    }
