"""Reads what base has and what is decided on, where people must see the difference before they sign."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.evaluator import attached_files
from itsm_as_code.app.approvals.guarded_files import WORKFLOWS
from itsm_as_code.app.writing.revision_and_authors import bytes_in
from itsm_as_code.domain.approval.question import EDIT
from itsm_as_code.domain.kinds.article import Article

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decision_context import DecisionContext


def guarded_files_of(found: DecisionContext) -> tuple[Mapping[str, str], Mapping[str, str]] | None:
    """The hashes of the guarded files by path, on base and as decided on; None for a decision on a record."""
    if found.path != WORKFLOWS:
        return None
    before, after = found.evaluator.workflows
    return before["files"], after["files"]


def attached_files_of(found: DecisionContext) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The hashes of the files attached to the record by path, on base and as decided on. The signature covers them, and
    the text of the record does not show whether they differ."""
    if found.subject.kind != Article.KIND:
        return {}, {}
    return dict(attached_files(found.evaluator.base.tree, found.subject.id)), found.subject.attachments


def file_of(found: DecisionContext) -> tuple[bytes, bytes] | None:
    """The file of the record, on base and as decided on.

    None where the whole content is new to the person: base does not have the file, or the record is neither at the
    gate `edit` nor changed since the person's last act. Guarded files are no record: None for them too.
    """
    if found.path == WORKFLOWS or not (found.gate.name == EDIT or found.changed):
        return None
    before, after = (bytes_in(side.tree, found.path) for side in (found.evaluator.base, found.evaluator.head))
    return (before, after) if before is not None and after is not None else None
