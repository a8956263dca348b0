"""`itsm fix --base REV`: what a machine can mend of a step, work that is not committed yet included; and whoever wrote
in it becomes an author of what they changed materially."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.actor import acting_person
from itsm_as_code.app.approvals.case import case_of
from itsm_as_code.app.check_step import report_of
from itsm_as_code.app.keeping import edits_to_keep, wrote
from itsm_as_code.app.mend import mended
from itsm_as_code.checks.approvals import AUTHOR_UNNAMED
from itsm_as_code.domain.edit import AddItem, Fix
from itsm_as_code.domain.errors import ItsmError
from itsm_as_code.domain.finding import Finding, Spot

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.case import Case
    from itsm_as_code.app.mend import Rewritten
    from itsm_as_code.app.workspace import Workspace
    from itsm_as_code.domain.kinds.person import Person


def mend_step(
    workspace: Workspace, base: str, at: datetime, *, unsafe: bool
) -> tuple[tuple[Rewritten, ...], int]:  # fmt: skip
    """What `fix` would write, and how many findings are left. Raises CouldNotCheck as the check of the step does."""
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.step import work_tree_step

    with open_repository(workspace.root) as repository:
        case = case_of(repository, work_tree_step(repository, base, workspace.tree()), at)
        report = report_of(case)
        person = _acting(workspace)
        mine = {finding.path: finding for finding in _unnamed(case, person)} if person is not None else {}
        said = {(finding.path, finding.code, finding.message) for finding in mine.values()}
    others = (each for each in report.findings if (each.path, each.code, each.message) not in said)
    return mended(workspace, replace(report, findings=(*others, *mine.values())), unsafe=unsafe)


def _acting(workspace: Workspace) -> Person | None:
    """Who sits here, where the registry knows them."""
    snapshot = workspace.snapshot()
    try:
        person: Any = snapshot.get("person", acting_person(workspace, snapshot))
    except ItsmError:
        return None
    found: Person | None = person
    return found


def _unnamed(case: Case, person: Person) -> Iterator[Finding]:
    """Records that the person wrote on in the step, changed materially, and is no author of (`app.approvals.judge`)."""
    from itsm_as_code.git.dirty import dirty_paths

    base, here = case.trees.base, case.trees.head
    dirty = frozenset(dirty_paths(case.repository))
    for change in case.step.changes:
        if change.head is None or change.head.data is None:
            continue
        edits = edits_to_keep(change.path, here.read(change.path), base, here, person.id)
        adds = tuple(edit for edit in edits if isinstance(edit, AddItem))
        if adds and wrote(case.repository, base.commit, change.path, person, dirty):
            message = f"{person.id} wrote on it in this step and is not among its authors"
            fix = Fix(f"add {person.id} to `authors`", adds)
            yield Spot(message, ("authors",), fix=fix).finding(AUTHOR_UNNAMED, change.path)
