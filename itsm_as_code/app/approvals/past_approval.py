"""Looks back: whether a gate was open when its acts landed, and how a record passed its gate. It is asked where the
people of today could no longer open the gate."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.approvals.evaluator import Evaluator
from itsm_as_code.domain.approval.freezes import same_terms
from itsm_as_code.domain.approval.gates import Gate, gates_of
from itsm_as_code.domain.approval.inquiry import Subject
from itsm_as_code.domain.approval.standing import JudgedEntry
from itsm_as_code.domain.ids import approval_path, parse_path
from itsm_as_code.domain.instants import LATE
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.policy import Policy
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.evidence.verification import revoked_keys
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.verdict import Verdict
    from itsm_as_code.git.history import Commit, LineClock
    from itsm_as_code.git.repository import Repository


def accepted_when_landed(
    repository: Repository, tip: str, path: str, gate: str, digest: str, back: frozenset[str], now: datetime
) -> bool:  # fmt: skip
    """Whether a ticket passed a gate, with content of this digest, in one of the steps by which its acts landed.

    Only steps that brought acts on it, or the ticket itself, can have let it pass, and only those that had the acts
    `back` by which approvals were taken back. An exception counts only from the freeze as it still is at `tip`: who has
    left since changes nothing, but what the freeze asks for does.
    """
    from itsm_as_code.git.history import LineClock, first_parent_steps
    from itsm_as_code.git.tree import GitTree

    located = parse_path(path)
    if located is None:
        return False
    acts = approval_path(located[1], "x").rpartition("/")[0]
    steps = [step for step in first_parent_steps(repository, tip, paths=(path, acts)) if step.parents]
    line, known = LineClock(repository, tip, now), TreeSnapshot(GitTree(repository, tip))
    judged = (_judged(repository, step, line.of(step.commit), path, located, gate, known) for step in steps)
    return any(
        verdict.is_open and verdict.question.digest == digest and back <= acts
        for verdict, acts in (each for each in judged if each is not None)
    )


def entry_of(repository: Repository, tip: str, path: str, gate: str, now: datetime) -> JudgedEntry | None:
    """Returns how the ticket at `path`, as the tip has it, passed its gate for the last time; None if it never did.

    What the first commit of the workspace has is judged by that commit's own rules.
    """
    from itsm_as_code.git.history import LineClock, first_parent_steps, genesis
    from itsm_as_code.git.tree import GitTree

    located, line = parse_path(path), LineClock(repository, tip, now)
    for step in first_parent_steps(repository, tip, paths=(path,)) if located is not None else ():
        base, commit = step.parents[0] if step.parents else None, step.commit
        if base is None or GitTree(repository, base).entry(SETTINGS_PATH) is None:
            base, commit = None, genesis(repository, SETTINGS_PATH, tip)
        found = _passed(repository, base, commit, path, gate)
        if found is not None:
            return _entry(line, found, commit, gate, is_root=base is None)
        if base is None:
            return None
    return None


def _passed(
    repository: Repository, base: str | None, commit: str, path: str, gate: str
) -> tuple[TreeSnapshot, TreeSnapshot, Subject] | None:
    """Returns both sides of a step and the ticket in it, if it passed the gate there. Without `base`, it was there from
    the beginning."""
    from itsm_as_code.git.tree import GitTree

    head = TreeSnapshot(GitTree(repository, commit), keep_data=True)
    before = TreeSnapshot(GitTree(repository, base), keep_data=True) if base is not None else head
    located, loaded = parse_path(path), head.load(path)
    written = before.load(path) if base is not None else None
    if located is None or loaded is None or loaded.data is None:
        return None
    then = written.data if written is not None else None
    if gate not in (each.name for each in gates_of(located[0], then, loaded.data)):
        return None
    return before, head, Subject(*located, then, loaded.data, loaded.record, {})


def _entry(
    line: LineClock, found: tuple[TreeSnapshot, TreeSnapshot, Subject], commit: str, gate: str, *, is_root: bool
) -> JudgedEntry:
    """Returns how a ticket passed its gate in a step, by the clock of audits and with what is known of keys by now."""
    from itsm_as_code.git.tree import GitTree

    (base, head, subject), at = found, line.of(commit)
    compromised = revoked_keys(TreeSnapshot(GitTree(line.repository, line.tip)).all(Person))
    evaluator = Evaluator(base, head, at, compromised=compromised, latest=at + LATE)
    verdict = evaluator.verdict(subject, Gate(gate))
    acts, policies = evaluator.acts(verdict.question.subject), tuple(base.all(Policy))
    return JudgedEntry(commit, at, verdict, policies, evaluator.directory, acts, is_root)


def _judged(
    repository: Repository, step: Commit, at: datetime, path: str, located: tuple[str, str], gate: str,
    known: TreeSnapshot,
) -> tuple[Verdict, frozenset[str]] | None:  # fmt: skip
    """Returns the verdict on what a step left at the path, by the step's base, and the ids of the acts that there were.
    What a key let pass that somebody else may have had, as is `known` now, does not count."""
    from itsm_as_code.git.tree import GitTree

    base, head = (TreeSnapshot(GitTree(repository, oid), keep_data=True) for oid in (step.parents[0], step.commit))
    loaded = head.load(path)
    if base.tree.entry(SETTINGS_PATH) is None or loaded is None or loaded.record is None or loaded.data is None:
        return None
    if not same_terms(gate, base, known):
        return None
    subject = Subject(*located, loaded.data, loaded.data, loaded.record, {})
    compromised = revoked_keys(known.all(Person))
    evaluator = Evaluator(base, head, at, compromised=compromised, latest=at + LATE)
    verdict = evaluator.verdict(subject, Gate(gate))
    return verdict, frozenset(act.id for act in evaluator.acts(verdict.question.subject))
