"""Shows findings as text with code frames, and as versioned JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from itsm_as_code.domain.finding import Finding
from itsm_as_code.domain.instants import write_utc
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.wording import counted
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.frame import WIDEST, code_frame
from itsm_as_code.render.line import Line, faint, fixed, hint, level, line, strong

JSON_VERSION = 1


def place_of(finding: Finding, shown: Callable[[str], str] = str) -> str:
    """Returns `path:line:column`, as editors understand it."""
    path = shown(finding.path)
    return f"{path}:{finding.position.line}:{finding.position.column}" if finding.position else path


def as_text(
    findings: Iterable[Finding],
    sources: dict[str, str],
    shown: Callable[[str], str] = str,
    fixer: str = "itsm fix",
    width: int | None = None,
) -> Iterator[Line]:
    """Yields the lines of all findings, each with its code frame and how to fix it.

    A code frame fits on `width` columns. `fixer` is the command that fixes.
    """
    widest = WIDEST if width is None else width - 2
    for finding in findings:
        weight = level(finding.severity, f"{finding.severity}[{finding.code}]")
        yield line(strong(place_of(finding, shown)), ": ", weight, f" {finding.rule.name}: {finding.message}")
        if finding.position is not None and finding.path in sources:
            frame = code_frame(sources[finding.path], finding.position, widest)
            yield from (fixed("  ", faint(row)) for row in frame)
        yield line("  ", hint("help:"), f" {finding.help or finding.rule.fix}", hang=8)
        if finding.fix is not None:
            command = fixer if finding.fix.safe else f"{fixer} --unsafe"
            yield line("  ", hint("fix:"), f" {finding.fix.title} (`{command}`)", hang=7)
        yield line("")


def summary(findings: Iterable[Finding], evaluated: dict[str, int], suppressed: int, scope: str) -> str:
    """Returns one sentence that says what was checked and what was found."""
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
    """Returns the kind's name in singular or plural; `settings` is called itsm.yaml."""
    return KINDS[kind].plural if number != 1 and kind in KINDS else kind


def finding_data(finding: Finding) -> dict[str, Any]:
    """Returns one finding as plain data (schemas/report.json)."""
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
    findings: Iterable[Finding], evaluated: dict[str, int], suppressed: Iterable[Finding], scope: str, at: datetime,
    status: str,
) -> str:  # fmt: skip
    """Returns the report as JSON, with the instant at which it was judged. `status` comes last, so a report that was
    cut off lacks it."""
    import json

    data = {
        "version": JSON_VERSION,
        "scope": scope,
        "at": write_utc(at),
        "evaluated": evaluated,
        "findings": [finding_data(finding) for finding in findings],
        "suppressed": [finding_data(finding) for finding in suppressed],
        "status": status,
    }
    return json.dumps(data, indent=2, ensure_ascii=True)
