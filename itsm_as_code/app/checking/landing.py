"""Judges a step that is about to land, by two clocks: that of whoever judges, and that by which audits will judge it.

An audit can't know when a step landed. It takes the latest commit date so far, so the step must hold at that time too;
otherwise every audit would call wrong what was let in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.guarded_files import at_root
from itsm_as_code.app.approvals.opened_step import OpenedStep, open_step
from itsm_as_code.app.checking.report import Report, is_suppressed, place
from itsm_as_code.app.checking.step import findings_of_step, report_of
from itsm_as_code.app.checking.whole import check_tree
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.finding import Finding, cut, in_order
from itsm_as_code.domain.instants import is_in_future, write_instant, write_utc
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.git.tree import GitTree

COMMIT_ANEW = "git commit --amend --no-edit, or rebase it, and push again"

TRUSTED = ("APR", "POL", "LIF", "ID", "YAML")
"""Families of checks that say who decided, what was taken back, and what nobody could judge because it can't be read.
How well a record was written is checked at the tip: a newer version of a check must not call an old step wrong for that
(see the ADR on the audit)."""


def judge_landing(repository: Repository, base: str, head: str, now: datetime) -> Report:
    """Returns the report of a step that is to land now. If nothing stops it at this time, it is judged once more by the
    clock of audits."""
    from itsm_as_code.git.history import LineClock

    _require_readable_by_all(repository, base, head)
    opened = open_step(repository, base, head, now)
    _require_short_paths(opened)
    report = report_of(opened)
    audited_at = LineClock(repository, head, now).of(head)
    if audited_at == now or any(each.severity is Severity.ERROR for each in report.findings):
        return report
    late, sources = place(_by_audits(trusted_faults(opened.judged_at(audited_at)), now, audited_at), opened.trees.head)
    return replace(report, findings=in_order((*report.findings, *late)), sources=report.sources | sources)


def _require_readable_by_all(repository: Repository, base: str, head: str) -> None:
    """Raises Refused for folders that Git's commands read in another way than we do, or that no clone can hold."""
    from itsm_as_code.git.new_trees import fault_of_new_folders

    fault = fault_of_new_folders(repository, base, head)
    if fault is not None:
        raise Refused(f"{fault}: every clone would break", hint="make the commit with `git add` and `git commit`")


def _require_short_paths(opened: OpenedStep) -> None:
    """Raises Refused for a new path that is too long for common systems: no clone could hold it."""
    from itsm_as_code.git.new_trees import LONGEST_PATH, too_long

    for changed in at_root(opened.trees):
        if changed.head_entry is not None and too_long(changed.path):
            raise Refused(
                f"{cut(changed.path, 60)} is longer than {LONGEST_PATH} bytes: every clone would break",
                hint="choose shorter names",
            )


def judge_genesis(repository: Repository, tree: GitTree, now: datetime) -> Report:
    """Returns the report of the first commit, by both clocks. It may have been made long ago, but not in the future."""
    from itsm_as_code.git.history import LineClock, commit_of

    require_not_ahead(commit_of(repository, tree.commit).committed_at, now)
    report = check_tree(tree, now)
    audited_at = LineClock(repository, tree.commit, now).of(tree.commit)
    if any(each.severity is Severity.ERROR for each in report.findings):
        return report
    faults = [each for each in check_tree(tree, audited_at).findings if counts(each)]
    return replace(report, findings=in_order((*report.findings, *_by_audits(faults, now, audited_at))))


def require_not_ahead(dated: datetime, now: datetime) -> None:
    """Raises Refused for a commit that is dated in the future: audits would judge all later steps by its date."""
    if is_in_future(dated, now):
        raise Refused(
            f"the new tip is dated {write_instant(dated)}, which is in the future", hint=f"set the clock; {COMMIT_ANEW}"
        )


def _by_audits(faults: Iterable[Finding], now: datetime, audited_at: datetime) -> Iterator[Finding]:
    """Yields what an audit would call wrong with the step, in words that say so, and the way out."""
    when = f" after {write_utc(audited_at)}" if audited_at > now else ""
    for finding in faults:
        words = f"{finding.message} (at {write_utc(audited_at)}, the time by which audits will judge this commit)"
        way_out = f"commit again{when}, so that it is dated anew: {COMMIT_ANEW}"
        yield replace(finding, message=words, help=way_out, fix=None)


def trusted_faults(opened: OpenedStep) -> Iterator[Finding]:
    """Yields what is wrong with a step at the clock of its evaluator and counts in an audit."""
    settings, at = opened.evaluator.base.settings, opened.evaluator.now
    return (each for each in findings_of_step(opened) if counts(each) and not is_suppressed(each, settings, at))


def counts(finding: Finding) -> bool:
    """Whether a finding counts in an audit: an error of a family that says who decided and what was taken back."""
    return finding.severity is Severity.ERROR and finding.rule.family in TRUSTED
