"""What `itsm explain REF approval` says of records in a step that has not landed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from itsm_as_code.app.approvals.decision_context import context_for
from itsm_as_code.app.checkout.evaluator_here import evaluator_here
from itsm_as_code.app.reading.change_statuses import further_gates, verdict_by_now
from itsm_as_code.domain.approval.question import POST_REVIEW
from itsm_as_code.git.tree import GitTree
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.approvals.machine.objects import Server
from tests.checkouts import checkout_at


def explained(server: Server, commit: str, names: Iterable[str], now: datetime) -> Iterator[tuple[str, bool]]:
    """Whether each record is said to pass all its gates, as a person would see it who has checked the commit out."""
    checkout = checkout_at(server.folder, now)
    try:
        tree = GitTree(checkout.require_clone().repository, commit)
        evaluator = evaluator_here(checkout._with(here=TreeSnapshot(tree, keep_data=True), files=tree))
        for name in names:
            found = context_for(evaluator, name, None, None)
            # The review that an emergency will owe is no gate of this step, unless the step changes an accepted one.
            passed = {gate.name for gate in evaluator.gates(found.subject)}
            further = further_gates(evaluator, found.subject)
            gates = [gate for gate in further if gate.name != POST_REVIEW or gate.name in passed]
            verdicts = [verdict_by_now(found), *(evaluator.verdict(found.subject, gate) for gate in gates)]
            yield name, all(verdict.is_open for verdict in verdicts)
    finally:
        checkout.close()
