"""Makes the evaluator over the protected branch and the files here. Commands show and make decisions with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.app.approvals.looking_back import looking_back
from itsm_as_code.app.approvals.repository_root import roots_of_work_tree

if TYPE_CHECKING:
    from itsm_as_code.app.checkout.checkout import Checkout


def evaluator_here(checkout: Checkout) -> Evaluator:
    """Returns an evaluator from the protected branch to the files here. It verifies all signatures, because people ask
    it why something holds; but what was accepted when its acts landed stays accepted, as for the check of a step.
    Raises CouldNotCheck if there is no commit yet, or if the files name another protected branch."""
    checkout.require_same_protection()
    clone = checkout.require_clone()
    base, here = clone.require_base(), checkout.here
    tree = clone.require_base_tree()
    roots = roots_of_work_tree(clone.repository, tree, checkout.files, base.settings)
    accepted, entry_of = looking_back(clone.repository, tree.commit, checkout.now)
    return Evaluator(base, here, checkout.now, roots=roots, compromised={}, accepted=accepted, entry_of=entry_of)
