"""`itsm propose`: finds what is to be proposed, and brings the record's revision and authors up to date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.decision_context import DecisionContext, contexts_to_propose, subject_meant
from itsm_as_code.app.approvals.guarded_files import WORKFLOWS
from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.app.deciding.landable import require_landable
from itsm_as_code.app.deciding.preconditions import require_decidable
from itsm_as_code.app.writing.draft import Draft
from itsm_as_code.app.writing.revision_and_authors import with_revision_and_authors, wrote
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.git.tree import GitTree

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.evaluator import Evaluator
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.app.deciding.request import DecisionRequest
    from itsm_as_code.git.repository import Repository


@dataclass(frozen=True, slots=True)
class PreparedProposal:
    """What is proposed, and the record with its fixes; None if it was up to date."""

    contexts: tuple[DecisionContext, ...]
    fixed: Draft | None


def prepare_proposal(checkout: Checkout, request: DecisionRequest) -> PreparedProposal:
    """Returns what a proposal by the person here is about. Raises NotSigned if no approval
    could make it land."""
    clone, evaluator = checkout.require_clone(), evaluator_here(checkout)
    path, subject = subject_meant(evaluator, request.ref)
    fixed = _fixed(clone.repository, clone.dirty, evaluator, path, checkout.person)
    if fixed is not None:
        checkout = checkout.written({path: fixed.after})
        evaluator = evaluator_here(checkout)
        path, subject = subject_meant(evaluator, request.ref)
    person = request.on_behalf_of or checkout.person
    contexts = contexts_to_propose(evaluator, path, subject, request.gate, person)
    if contexts:
        require_landable(checkout, contexts[0])
    for context in contexts:
        require_decidable(context)
    return PreparedProposal(contexts, fixed)


def _fixed(repository: Repository, dirty: frozenset[str], evaluator: Evaluator, path: str, actor: str) -> Draft | None:
    """Returns the record with revision and authors up to date. The people who wrote it are among its authors."""
    base, here = evaluator.base.tree, evaluator.head.tree
    if path == WORKFLOWS or not isinstance(base, GitTree):
        return None
    person = evaluator.base.find(Person, actor)
    wrote_it = person is not None and wrote(repository, base.commit, path, person, dirty)
    before = here.read(path)
    after = with_revision_and_authors(path, before, base, here, actor if wrote_it else None)
    return Draft(path, before, after, f"{path}: revision and authors brought up to date") if after != before else None
