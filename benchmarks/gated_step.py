"""A step that passes a gate: one approved change lands with the three signed acts that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.verdicts import make_key, public
from itsm_as_code.domain.approval.act import statement
from itsm_as_code.domain.digest import digest, field_hashes
from itsm_as_code.domain.ids import approval_path, path_of
from itsm_as_code.domain.shape import key_order_at
from itsm_as_code.evidence.ssh_keygen import sign
from itsm_as_code.store.emit import emit
from itsm_as_code.store.reader import read_yaml

PROPOSER, APPROVERS = "chloe-nguyen", ("elena-petrova", "ruth-abara")
"""The proposer makes the commits; one approver is of the service's team, one of the advisory board."""
FILES = 2 + len(APPROVERS)
"""How many files the step lands."""
_CHANGE: dict[str, Any] = {
    "id": "CHG-20261121-GATED", "kind": "change", "schema": 1, "title": "Replace the certificate of the portal",
    "type": "normal", "reason": "It ends soon.", "service": "patient-portal", "authors": [PROPOSER],
    "risk": {"answers": {"impact_if_it_fails": "low", "tested_before": "tested-in-staging", "backout_proved": "proved",
                         "users_notice": "nobody"}},
    "plan": {"implementation": "Install it.", "test": "Sign in.", "backout": "Put the old one back."},
    "window": {"start": "2026-11-23T21:00:00Z", "end": "2026-11-23T22:00:00Z"},
    "timeline": [{"at": "2026-11-21T11:00:00Z", "by": PROPOSER, "state": "scheduled"}],
}  # fmt: skip


class GatedStep:
    """Keys are made in the folder `keys`; the people on base get them in place of those that they had.

    `acts` more acts on the change have landed before it: approvals of what it was earlier.
    """

    def __init__(self, keys: Path, acts: int = 0) -> None:
        self._acts = acts
        self._keys = {name: make_key(keys / name) for name in (PROPOSER, *APPROVERS)}
        self._workspace = ""

    def on_base(self, path: str, data: bytes) -> bytes:
        """The file as it is, but for the keys of the people who decide."""
        if path == "itsm.yaml":
            self._workspace = str(_read(data)["id"])
        name = Path(path).stem
        if path != path_of("person", name) or name not in self._keys:
            return data
        return emit(_read(data) | {"keys": [{"key": public(self._keys[name])}]}, key_order_at(path))

    def landed(self) -> Iterator[tuple[str, bytes]]:
        """The acts that have landed before."""
        for number in range(self._acts):
            changed = {"reason": f"It ends in {number} days."}
            yield self._act(f"{number:05}", APPROVERS[number % 2], "approved", changed)

    def landing(self) -> Iterator[tuple[str, bytes]]:
        """The change, its proposal and its approvals."""
        yield _file(path_of("change", _CHANGE["id"]), _CHANGE)
        for number, (by, decision) in enumerate([(PROPOSER, "proposed"), *((name, "approved") for name in APPROVERS)]):
            yield self._act(f"GATE{number}", by, decision, {})

    def proposed(self, number: int) -> Iterator[tuple[str, bytes]]:
        """Another change, which still waits for the last of its approvers."""
        other = {"id": f"CHG-20261121-{number:05}", "title": f"Replace certificate {number} of the portal"}
        yield _file(path_of("change", other["id"]), _CHANGE | other)
        yield self._act(f"P{number:04}", PROPOSER, "proposed", other)
        yield self._act(f"A{number:04}", APPROVERS[0], "approved", other)

    def _act(self, tail: str, by: str, decision: str, changed: dict[str, Any]) -> tuple[str, bytes]:
        content = _CHANGE | changed
        act = {
            "id": f"APR-20261121-{tail}", "kind": "approval", "schema": 1, "workspace": self._workspace,
            "subject": content["id"], "gate": "scheduled", "digest": digest("change", content),
            "fields": field_hashes("change", content), "decision": decision, "by": by, "at": "2026-11-21T11:30:00Z",
        }  # fmt: skip
        signed = act | {"signature": sign(statement(act), self._keys[by])}
        return _file(approval_path(content["id"], act["id"]), signed)


def _read(data: bytes) -> dict[str, Any]:
    found = read_yaml(data).data
    assert found is not None, "the sample's files can be read"
    return found


def _file(path: str, record: dict[str, Any]) -> tuple[str, bytes]:
    return path, emit(record, key_order_at(path))
