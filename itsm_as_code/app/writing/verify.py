"""Checks files as they will be, before they are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from itsm_as_code.app.checking.report import place
from itsm_as_code.app.writing.draft import Blocked
from itsm_as_code.checks.registry import Context
from itsm_as_code.checks.run import check_record
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.finding import Finding, in_order
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.store.snapshot import TreeSnapshot


def verified(after: TreeSnapshot, paths: Iterable[str], at: datetime) -> tuple[Finding, ...]:
    """Returns the findings at these paths, in a snapshot of the future files, that do not block. Raises Blocked for
    errors."""
    findings: list[Finding] = []
    for path in paths:
        if path == SETTINGS_PATH:
            findings += after.settings_findings
            continue
        loaded = after.load(path)
        if loaded is None:
            raise CouldNotCheck(f"{path} is no record's path")
        findings += loaded.findings
        if loaded.record is not None:
            findings += check_record(loaded.record, path, Context(after, at))
    placed, sources = place(findings, after.tree)
    errors = [finding for finding in placed if finding.severity is Severity.ERROR]
    if errors:
        raise Blocked(in_order(errors), sources)
    return in_order(placed)
