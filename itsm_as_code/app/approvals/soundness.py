"""Whether what is to be signed could land: the check of its step, from base to the files as they lie here, for the one
record alone. Seats that are empty, refusals and debts are no fault of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.workflows import WORKFLOWS
from itsm_as_code.app.check import is_suppressed, place
from itsm_as_code.app.protected import name_of_base
from itsm_as_code.app.write import Blocked, Draft, verified
from itsm_as_code.checks import approvals
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.finding import Finding, in_order
from itsm_as_code.domain.ids import ATTACHMENTS, RECORDS, parse_path
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decide import Matter
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.store.tree import Tree

_OF_PEOPLE = frozenset(rule.code for rule in (approvals.NOT_APPROVED, approvals.REFUSED, approvals.DEBT_OVERDUE))


class NotSigned(Blocked):
    """The record could not land as it is; nothing was signed."""

    def __init__(self, path: str, findings: tuple[Finding, ...], sources: dict[str, str], base: str) -> None:
        Refused.__init__(
            self, f"{path} can't land as it is, so nothing was signed",
            hint=f"mend it as the findings say (itsm fix --base {base} does what a machine can), and propose it anew",
        )  # fmt: skip
        self.findings = findings
        self.sources = sources


def require_sound(workspace: Workspace, matter: Matter) -> None:
    """Raises NotSigned where the record has errors that no decision of people mends."""
    if matter.path == WORKFLOWS:
        return
    court = matter.court
    errors = [each for each in _findings(workspace, matter) if not is_suppressed(each, court.base.settings, court.now)]
    if errors:
        placed, sources = place(errors, court.head.tree)
        raise NotSigned(matter.path, in_order(placed), sources, name_of_base(workspace))
    data = court.head.tree.read(matter.path)
    verified(court.head.tree, (Draft(matter.path, data, data, ""),), court.now)


def _findings(workspace: Workspace, matter: Matter) -> Iterator[Finding]:
    court = matter.court
    for finding in step_findings(workspace, court.base.tree, court.head.tree, matter.path, court.now):
        if finding.severity is Severity.ERROR and finding.code not in _OF_PEOPLE:
            yield finding


def step_findings(workspace: Workspace, base: Tree, here: Tree, path: str, at: datetime) -> Iterator[Finding]:
    """What the check of the step finds in one record and the files attached to it. `here` may have the record written
    over what lies on disk."""
    from itsm_as_code.app.approvals.case import case_of
    from itsm_as_code.app.check_step import findings_of_step
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.step import work_tree_step
    from itsm_as_code.git.tree import GitTree

    assert isinstance(base, GitTree)
    located = parse_path(path)
    folder = f"{ATTACHMENTS}/{located[1]}/" if located is not None else None

    def own(name: str) -> bool:
        return name == path or (folder is not None and name.startswith(folder))

    with open_repository(workspace.root) as repository:
        differs = () if here.read(path) == workspace.tree().read(path) else (path,)
        # All that is not committed may be what the record refers to: an incident, a new person.
        under = (RECORDS, path if folder is None else folder)
        trees = work_tree_step(repository, base.commit, here, under=under, also=differs)
        own_changes = tuple(changed for changed in trees.changed if own(changed.path))
        case = case_of(repository, replace(trees, changed=own_changes, outside=(), outside_conflicts=()), at)
        yield from (finding for finding in findings_of_step(case) if own(finding.path))
