"""Findings as text with code frames, and as versioned JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from itsm_as_code.domain.finding import Finding
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.wording import counted
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.frame import code_frame
from itsm_as_code.render.style import Style

JSON_VERSION = 1


def place_of(finding: Finding, shown: Callable[[str], str] = str) -> str:
    """`path:line:column`, as editors understand it."""
    path = one_line(shown(finding.path))
    return f"{path}:{finding.position.line}:{finding.position.column}" if finding.position else path


def as_text(
    findings: Iterable[Finding],
    sources: dict[str, str],
    style: Style,
    shown: Callable[[str], str] = str,
    fixer: str = "itsm fix",
) -> Iterator[str]:
    """Lines of all findings, each with its code frame and the way out. `fixer` is the command that mends."""
    for finding in findings:
        level = style.level(finding.severity, f"{finding.severity}[{finding.code}]")
        yield f"{style.strong(place_of(finding, shown))}: {level} {finding.rule.name}: {one_line(finding.message)}"
        if finding.position is not None and finding.path in sources:
            yield from (f"  {style.faint(line)}" for line in code_frame(sources[finding.path], finding.position))
        yield f"  {style.hint('help:')} {one_line(finding.help or finding.rule.fix)}"
        if finding.fix is not None:
            command = fixer if finding.fix.safe else f"{fixer} --unsafe"
            yield f"  {style.hint('fix:')} {one_line(finding.fix.title)} (`{one_line(command)}`)"
        yield ""


def summary(findings: Iterable[Finding], evaluated: dict[str, int], suppressed: int, scope: str) -> str:
    """One sentence: what was looked at and what was found."""
    counts = Counter(finding.severity for finding in findings)
    found = ", ".join(counted(counts[level], str(level)) for level in Severity if counts[level]) or "no findings"
    looked_at = ", ".join(f"{number} {_kind(kind, number)}" for kind, number in evaluated.items())
    total = sum(evaluated.values())
    records = f"{counted(total, 'record')} ({looked_at})" if total else "no records"
    accepted = f"; {counted(suppressed, 'finding')} accepted in itsm.yaml" if suppressed else ""
    return (
        f"{records} checked in this {scope}: {found}{accepted}"
        if scope == "step"
        else f"{records} checked: {found}{accepted}"
    )


def _kind(kind: str, number: int) -> str:
    """The kind's name for so many records; `settings` is itsm.yaml itself."""
    return KINDS[kind].plural if number != 1 and kind in KINDS else kind


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding as plain data (schemas/report.json)."""
    return {
        "code": finding.code,
        "name": finding.rule.name,
        "severity": str(finding.severity),
        "path": one_line(finding.path),
        "line": finding.position.line if finding.position else None,
        "column": finding.position.column if finding.position else None,
        "field": list(finding.field),
        "message": finding.message,
        "help": finding.help or finding.rule.fix,
        "fix": {"title": finding.fix.title, "safe": finding.fix.safe} if finding.fix else None,
    }


def as_json(
    findings: Iterable[Finding], evaluated: dict[str, int], suppressed: Iterable[Finding], scope: str, status: str
) -> str:
    """The report as JSON. `status` comes last: a report that was cut off lacks it."""
    import json

    data = {
        "version": JSON_VERSION,
        "scope": scope,
        "evaluated": evaluated,
        "findings": [finding_data(finding) for finding in findings],
        "suppressed": [finding_data(finding) for finding in suppressed],
        "status": status,
    }
    return json.dumps(data, indent=2, ensure_ascii=True)
