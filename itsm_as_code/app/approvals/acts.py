"""Lists, reads and verifies the acts on a subject. No other module looks for acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.approval.act import Act, act_of
from itsm_as_code.domain.ids import FOLDERS, RECORDS, parse_path
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.evidence.verification import Claim, faults, revoked_keys

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.approval import Approval
    from itsm_as_code.store.known import Loaded
    from itsm_as_code.store.snapshot import TreeSnapshot

ACTS = f"{RECORDS}/{FOLDERS['approval']}"
"""The folder of all acts. Below it, each subject has one."""


def folder_of_acts(subject: str) -> str:
    """Returns the folder of the acts on a subject, which acts name `CHG-…`, `policy/changes`, `workspace` or
    `workflows`."""
    return f"{ACTS}/{subject}"


def act_files(snapshot: TreeSnapshot, subject: str) -> Iterator[tuple[str, Loaded | None]]:
    """Yields the path of every file among the acts on a subject, with the file as read; None if it is not a record's
    path."""
    for entry in snapshot.tree.entries(folder_of_acts(subject)):
        yield entry.path, snapshot.load(entry.path) if entry.mode == "file" and parse_path(entry.path) else None


def acts_on(snapshot: TreeSnapshot, subject: str) -> Iterator[tuple[str, Approval, dict[str, Any]]]:
    """Yields the acts on a subject that can be read: path, record, and the record as written."""
    for path, loaded in act_files(snapshot, subject):
        record: Any = loaded.record if loaded is not None else None
        if loaded is not None and record is not None and record.subject == subject:
            yield path, record, loaded.data or {}


def unreadable_acts(snapshot: TreeSnapshot, subject: str) -> Iterator[str]:
    """Yields the files among the acts on a subject that can't be read. Each of them might be a refusal."""
    return (path for path, loaded in act_files(snapshot, subject) if loaded is None or loaded.record is None)


def verified_acts(
    base: TreeSnapshot, head: TreeSnapshot, subject: str, now: datetime, compromised: Mapping[str, datetime] | None
) -> Iterator[Act]:
    """Returns the acts on a subject in base and head, each verified against the people of base.

    `compromised` (fingerprint to instant) are keys that were revoked later; it is for those who judge the past, and
    then all signatures are verified. None is for the next step: the acts of base were judged when they landed, so only
    their keys are looked up. Then the keys count as revoked that head revokes. So a stolen key neither refuses the step
    that revokes it nor proposes it, and the step is judged as audits will judge it.
    """
    claims: dict[str, tuple[Approval, Claim]] = {}
    for snapshot in (head, base):  # Base comes last: a proposal can't change what has landed.
        for _, record, data in acts_on(snapshot, subject):
            name = record.witness or record.by
            signer, after = base.find(Person, name), head.find(Person, name)
            landed = snapshot is base
            judged = landed and compromised is None
            known = compromised if compromised is not None else revoked_keys([after] if after is not None else [])
            claims[record.id] = (record, Claim(data, signer, landed, known, judged))
    found = faults([claim for _, claim in claims.values()], now)
    for (record, _), fault in zip(claims.values(), found, strict=True):
        yield act_of(record, fault)
