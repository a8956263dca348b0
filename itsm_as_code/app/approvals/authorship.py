"""Checks who is named among the authors of a record in a step, and that somebody is left to decide on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from itsm_as_code.checks.authorship import GROWN_IDLY, NAMED_BY_OTHERS, NOBODY_LEFT
from itsm_as_code.checks.steps_record import AUTHORS_REMOVED
from itsm_as_code.domain.approval.authorship import names_in, objectors, without_objectors
from itsm_as_code.domain.approval.directory import Directory, directory_of
from itsm_as_code.domain.approval.freezes import freezes_over
from itsm_as_code.domain.approval.gates import Gate, first_gate, is_past, subject_of
from itsm_as_code.domain.approval.inquiry import Subject, content_digest, question
from itsm_as_code.domain.approval.left_to_decide import gates_ahead, shut_out
from itsm_as_code.domain.approval.question import EXCEPTION
from itsm_as_code.domain.edit import Fix, Remove
from itsm_as_code.domain.finding import MOST_OF_A_KIND, Finding, Spot, cut
from itsm_as_code.domain.ids import ATTACHMENTS
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.change import Change
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.policy import Policy
from itsm_as_code.domain.kinds.team import Team
from itsm_as_code.domain.revision import counts_revisions, material_part
from itsm_as_code.store.snapshot import read_data

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.opened_step import OpenedStep
    from itsm_as_code.domain.step import RecordChange
    from itsm_as_code.store.snapshot import TreeSnapshot

_DECIDERS = frozenset({"person", "team", "policy", "service", "request-item", "freeze"})
"""The kinds that say who decides."""


def findings_of_authors(opened: OpenedStep) -> Iterator[Finding]:
    """Yields what is wrong with the authors of the records that the step changes."""
    people: dict[TreeSnapshot, Directory] = {}
    for change in opened.step.changes:
        if change.head is None or change.head.data is None or not counts_revisions(change.kind):
            continue
        yield from _named(opened, change)
        yield from _nobody_left(opened, change, people)


def is_material(change: RecordChange) -> bool:
    """Whether the step changes what people approve in the record: its material content, or the files attached to it."""
    base, head = (side.data if side is not None else None for side in (change.base, change.head))
    if base is None or head is None or change.files_changed:
        return True
    return material_part(change.kind, base) != material_part(change.kind, head)


def writers(opened: OpenedStep, change: RecordChange) -> frozenset[str]:
    """Returns the addresses, in lower case, of everybody who wrote on the record or on its files in the step."""
    from itsm_as_code.git.authors import contributor_emails

    base, head = opened.trees.base.commit, opened.trees.head_commit
    folder = f"{ATTACHMENTS}/{change.id}/"
    files = [each.path for each in opened.trees.changed if change.files_changed and each.path.startswith(folder)]
    paths = (change.path, *files)
    if opened.trees.single and not opened.uncommitted:
        changed = {each.path for each in opened.trees.changed}
        return opened.addresses if not changed.isdisjoint(paths) else frozenset()
    return frozenset().union(*(contributor_emails(opened.repository, base, head, path) for path in paths))


def decided_removals(opened: OpenedStep, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yields the findings, without those about authors whose removal people decide on in this step.

    A name may go where the content passes a gate with seats: nobody who is named on base fills one of them, so what
    the removed person wrote has been approved by others.
    """
    changes = {change.path: change for change in opened.step.changes}
    for finding in findings:
        if finding.rule is not AUTHORS_REMOVED or not _is_decided(opened, changes[finding.path]):
            yield finding


def _is_decided(opened: OpenedStep, change: RecordChange) -> bool:
    asked = (each.verdict for each in opened.gate_results if each.path == change.path)
    return is_material(change) and any(
        verdict.filled and verdict.question.gate == first_gate(change.kind) for verdict in asked
    )


def _named(opened: OpenedStep, change: RecordChange) -> Iterator[Finding]:
    """Yields new names that may not be there. Uncommitted edits may name people whom their commit will name too."""
    before, after = (names_in(side.data if side is not None else None) for side in (change.base, change.head))
    new = [name for name in dict.fromkeys(after) if name not in before]
    if not new:
        return
    if not is_material(change):
        words, rule = "was added, but nothing in the record that people approve has changed", GROWN_IDLY
    else:
        new = list(_strangers(opened, change, _committed(opened, change, new)))
        words, rule = "is named, but wrote nothing on it in this step and did not propose it", NAMED_BY_OTHERS
    strange = set(new)
    wrong = [index for index, name in enumerate(after) if name in strange]
    fix = Fix("take out who may not be named", tuple(Remove(("authors", index)) for index in reversed(wrong)))
    for name in new[:MOST_OF_A_KIND]:
        yield Spot(f"author {cut(name)} {words}", ("authors",), fix=fix).finding(rule, change.path)


def _committed(opened: OpenedStep, change: RecordChange, names: list[str]) -> list[str]:
    """Returns the names that a commit brings: all of them, unless the step has uncommitted edits of the record."""
    from itsm_as_code.git.tree import GitTree

    if change.path not in opened.uncommitted:
        return names
    tree = GitTree(opened.repository, opened.trees.head_commit)
    there = read_data(change.path, tree.read(change.path)).data if tree.entry(change.path) is not None else None
    return [name for name in names if name in names_in(there)]


def _strangers(opened: OpenedStep, change: RecordChange, names: list[str]) -> Iterator[str]:
    """Yields the names of those who neither wrote on the record in the step nor signed a proposal of it."""
    proposed = _proposers(opened, change)
    known = {name: opened.evaluator.base.find(Person, name) for name in names if name not in proposed}
    emails = {name: {email.lower() for email in person.emails} if person else set() for name, person in known.items()}
    possible = not opened.addresses.isdisjoint(frozenset().union(*emails.values()))
    wrote = writers(opened, change) if possible else frozenset()
    yield from (name for name, addresses in emails.items() if wrote.isdisjoint(addresses))


def _proposers(opened: OpenedStep, change: RecordChange) -> frozenset[str]:
    """Returns the people who signed a proposal of exactly this content."""
    evaluator = opened.evaluator
    subject = _after(opened, change)
    content = content_digest(subject)
    acts = evaluator.acts(subject_of(change.kind, change.id))
    fitting = (act for act in acts if act.fault is None and act.decision is Decision.PROPOSED and content == act.digest)
    return frozenset(act.by for act in fitting if content and act.workspace == evaluator.base.settings.id)


def _after(opened: OpenedStep, change: RecordChange) -> Subject:
    """Returns the record as it is after the step, with nothing that differs from it."""
    data = change.head.data if change.head is not None and change.head.data is not None else {}
    return opened.evaluator.subject(change.kind, change.id, data, data, change.path)


def _before(change: RecordChange) -> Subject | None:
    if change.base is None or change.base.data is None:
        return None
    return Subject(change.kind, change.id, change.base.data, change.base.data, change.base.record, {})


def _nobody_left(opened: OpenedStep, change: RecordChange, people: dict[TreeSnapshot, Directory]) -> Iterator[Finding]:
    """Yields the seats that nobody can fill after the step, because of those who wrote the record or asked for it."""
    subject = _after(opened, change)
    if not names_in(subject.head) and not isinstance(subject.head.get("requester"), str):
        return
    evaluator = opened.evaluator
    rules_change = any(each.kind in _DECIDERS for each in opened.step.changes)
    records = evaluator.head if rules_change else evaluator.base
    found = dict(_shut_out(opened, subject, records, people))
    before = _before(change) if found else None
    was = set(dict(_shut_out(opened, before, evaluator.base, people))) if before is not None else set()
    for (gate, rule), who in found.items():
        if (gate, rule) not in was:
            words = f"after this step nobody could fill {rule} at gate {gate}: {who} wrote it or asked for it"
            yield Spot(words, ("authors",), gate=gate, subject=subject_of(change.kind, change.id)).finding(
                NOBODY_LEFT, change.path
            )


def _shut_out(
    opened: OpenedStep, subject: Subject, records: TreeSnapshot, people: dict[TreeSnapshot, Directory]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yields gates and rules with a seat for which nobody is left, and who is barred."""
    if records not in people:
        here = records is opened.evaluator.base
        people[records] = opened.evaluator.directory if here else directory_of(records.all(Person), records.all(Team))
    objecting = objectors(opened.evaluator.acts(subject_of(subject.kind, subject.id)), content_digest(subject))
    for gate in (*gates_ahead(subject.kind, subject.head), *_freezes(opened, subject, records)):
        asked = question(subject, Gate(gate), records, records)
        asked = replace(asked, disqualified=without_objectors(asked.disqualified, objecting))
        for rule in shut_out(records.all(Policy), asked, people[records]):
            yield (gate, rule), ", ".join(sorted(asked.disqualified))


def _freezes(opened: OpenedStep, subject: Subject, records: TreeSnapshot) -> Iterator[str]:
    """Yields the gates of the freezes over a change that has not passed its gate yet."""
    change, own = subject.record, first_gate(subject.kind)
    if isinstance(change, Change) and own is not None and not is_past(subject.kind, own, change.state):
        facts = question(subject, Gate(own), records, records).facts
        for freeze in freezes_over(change, facts, records, opened.evaluator.now):
            yield EXCEPTION + freeze.id
