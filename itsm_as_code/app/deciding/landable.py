"""Tells whether what is to be signed could land: it checks the step from base to the files here, for this one record.
Empty seats, refusals and overdue reviews are ignored: people resolve those, not edits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.guarded_files import WORKFLOWS
from itsm_as_code.app.approvals.opened_step import open_trees
from itsm_as_code.app.checking.report import is_suppressed, place
from itsm_as_code.app.checking.step import findings_of_step
from itsm_as_code.app.writing.draft import Blocked
from itsm_as_code.app.writing.verify import verified
from itsm_as_code.checks import approvals
from itsm_as_code.domain.errors import Refused
from itsm_as_code.domain.finding import Finding, in_order
from itsm_as_code.domain.ids import ATTACHMENTS, RECORDS, parse_path
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decision_context import DecisionContext
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.git.step import TreeStep

_OF_PEOPLE = frozenset(
    rule.code for rule in (approvals.NOT_APPROVED, approvals.REFUSED, approvals.DEBT_OVERDUE, approvals.MAY_NOT_BEGIN)
)


class NotSigned(Blocked):
    """The record could not land as it is, so nothing was signed."""

    def __init__(self, path: str, findings: tuple[Finding, ...], sources: dict[str, str], base: str) -> None:
        Refused.__init__(
            self, f"{path} can't land as it is, so nothing was signed",
            hint=f"fix it as the findings say (itsm fix --base {base} does what a machine can), and propose it again",
        )  # fmt: skip
        self.findings = findings
        self.sources = sources


def require_landable(checkout: Checkout, context: DecisionContext) -> None:
    """Raises NotSigned if the record has errors that no decision of people resolves."""
    if context.path == WORKFLOWS:
        return
    evaluator = context.evaluator
    settings, now, tree = evaluator.base.settings, evaluator.now, evaluator.head.tree
    found = [each for each in step_findings(checkout, context) if each.severity is Severity.ERROR]
    errors = [f for f in found if f.code not in _OF_PEOPLE and not is_suppressed(f, settings, now)]
    if errors:
        placed, sources = place(errors, tree)
        raise NotSigned(context.path, in_order(placed), sources, checkout.require_clone().name_of_base)
    verified(evaluator.head, (context.path,), now)


def step_findings(checkout: Checkout, context: DecisionContext) -> Iterator[Finding]:
    """Returns what the check of the step finds in the record of a context and the files attached to it. The context's
    head may have other content of the record than the disk."""
    from itsm_as_code.git.step import work_tree_step

    clone, path, evaluator = checkout.require_clone(), context.path, context.evaluator
    here = evaluator.head.tree
    written_over = set() if here.read(path) == checkout.files.read(path) else {path}
    # Uncommitted records may be what the record refers to: an incident, a new person.
    under = (f"{RECORDS}/", path, *(f"{folder}/" for folder in _folder_of_files(path)))
    dirty = {each for each in clone.dirty if each.startswith(under)}
    trees = work_tree_step(clone.repository, clone.require_base_tree().commit, here, dirty | written_over)
    own = _only(trees, path)
    uncommitted = frozenset(dirty | written_over)
    opened = open_trees(clone.repository, own, evaluator.now, base=evaluator.base, uncommitted=uncommitted)
    folders = tuple(f"{folder}/" for folder in _folder_of_files(path))
    yield from (f for f in findings_of_step(opened) if f.path == path or f.path.startswith(folders))


def _only(trees: TreeStep, path: str) -> TreeStep:
    """Returns the step of one record and the files attached to it."""
    folders = tuple(f"{folder}/" for folder in _folder_of_files(path))
    own = tuple(each for each in trees.changed if each.path == path or each.path.startswith(folders))
    return replace(trees, changed=own, outside=(), outside_conflicts=())


def _folder_of_files(path: str) -> tuple[str, ...]:
    """Returns the folder of the files attached to a record. For itsm.yaml, which is no record, it returns the path
    itself."""
    located = parse_path(path)
    return (path,) if located is None else (f"{ATTACHMENTS}/{located[1]}",)
