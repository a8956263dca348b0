"""`itsm fix --base REV`: makes the fixes that a machine can make in a step, including uncommitted work. The person who
wrote in it becomes an author of the records that they changed materially."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.opened_step import open_trees
from itsm_as_code.app.checking.step import report_of
from itsm_as_code.app.writing.revision_and_authors import bookkeeping_edits, wrote
from itsm_as_code.app.writing.rewritten import apply_fixes
from itsm_as_code.checks.approvals import AUTHOR_UNNAMED
from itsm_as_code.domain.edit import AddItem, Fix
from itsm_as_code.domain.errors import ItsmError
from itsm_as_code.domain.finding import Finding, Spot
from itsm_as_code.domain.kinds.person import Person

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.opened_step import OpenedStep
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.app.writing.rewritten import RewrittenFile
    from itsm_as_code.store.snapshot import TreeSnapshot


def fix_step(checkout: Checkout, base: str, *, unsafe: bool) -> tuple[tuple[RewrittenFile, ...], int]:
    """Returns the files that `fix` would write, and how many findings are left. Raises CouldNotCheck as the check of
    the step does."""
    from itsm_as_code.git.step import work_tree_step

    clone = checkout.require_clone()
    trees = work_tree_step(clone.repository, base, checkout.files, clone.dirty)
    opened = open_trees(clone.repository, trees, checkout.now, uncommitted=clone.dirty)
    report = report_of(opened)
    person = _person(checkout.here, lambda: checkout.person)
    mine = tuple(_unnamed(opened, person, clone.dirty)) if person is not None else ()
    said = {replace(finding, fix=None) for finding in mine}  # the check reports the same, but offers no fix
    others = (each for each in report.findings if replace(each, position=None) not in said)
    return apply_fixes(checkout.files, replace(report, findings=(*others, *mine)), unsafe=unsafe)


def _person(here: TreeSnapshot, who: Callable[[], str]) -> Person | None:
    """Returns the person here, if the workspace knows them."""
    try:
        return here.find(Person, who())
    except ItsmError:
        return None


def _unnamed(opened: OpenedStep, person: Person, dirty: frozenset[str]) -> Iterator[Finding]:
    """Yields records that the person wrote in the step and changed materially, without being an author."""
    base, here = opened.trees.base, opened.trees.head
    for change in opened.step.changes:
        if change.head is None or change.head.data is None:
            continue
        edits = bookkeeping_edits(change.path, here.read(change.path), base, here, person.id)
        adds = tuple(edit for edit in edits if isinstance(edit, AddItem))
        if adds and wrote(opened.repository, base.commit, change.path, person, dirty):
            message = f"{person.id} wrote on it in this step and is not among its authors"
            fix = Fix(f"add {person.id} to `authors`", adds)
            yield Spot(message, ("authors",), fix=fix).finding(AUTHOR_UNNAMED, change.path)
