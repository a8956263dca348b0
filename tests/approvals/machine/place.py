"""The workspace that the machine plays in: who is there, which rules hold, and how everybody signs."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from itsm_as_code.domain.approval.act import statement
from itsm_as_code.domain.digest import digest, field_hashes, reviewed
from itsm_as_code.domain.ids import approval_path
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.evidence import ssh_keygen
from tests.approvals.conftest import make_key
from tests.approvals.machine.objects import Server
from tests.approvals.records import NOBODY, Record, path, person, policy, service, team, text

BEGIN = datetime(2026, 9, 7, 8, tzinfo=UTC)
"""The machine's clock when everything begins; no other clock is ever read."""
WORKSPACE = "m4ch1neg0und"
PEOPLE = ("ana", "ben", "cleo", "dora", "eve", "finn", "gus", "robo")
KEYS = (*PEOPLE, "spare")
"""Whose keys there are; nobody has listed the spare one yet."""
ROLES = {"cleo": ["keeper"], "dora": ["keeper"], "gus": ["keeper"]}

CHANGES = policy(
    "changes", "scheduled", ["change"],
    {"id": "owner", "when": {"type": "normal"}, "seats": [{"teams": ["it"]}], "expires_after": "3d",
     "withdraw_by": ["keeper"]},
    {"id": "board", "when": {"type": "normal", "tier": 1}, "seats": [{"teams": ["cab"]}]},
    {"id": "standard", "when": {"type": "standard"}} | NOBODY,
    {"id": "night", "when": {"type": "emergency", "incident_priority": ["P1", "P2"]}, "seats": [{"roles": ["keeper"]}],
     "author_may_approve": True},
)  # fmt: skip
KEPT = ["policy", "person", "team", "settings", "workflows", "freeze"]
REGISTERS = ["service", "request-item", "calendar", "sla", "change-model"]
EDITS = policy(
    "edits", "edit", KEPT + REGISTERS,
    {"id": "rules", "when": {"kind": KEPT}, "seats": [{"roles": ["keeper"]}], "withdraw_by": ["keeper"]},
    {"id": "registers", "when": {"kind": REGISTERS}} | NOBODY,
)  # fmt: skip
REVIEWS = policy("reviews", "post-review", ["change"], {"id": "keepers", "seats": [{"roles": ["keeper"]}]})
RESTART: Record = {
    "id": "restart", "kind": "change-model", "schema": 1, "title": "Restart a node", "services": ["mail"],
    "plan": {"implementation": "Restart it."},
}  # fmt: skip
FIRST_HOURS = BEGIN - timedelta(days=2, hours=1)
INCIDENT: Record = {
    "id": f"INC-{FIRST_HOURS:%Y%m%d}-1NC01", "kind": "incident", "schema": 1, "title": "Mail is down",
    "service": "mail",
    "timeline": [{
        "at": write_instant(FIRST_HOURS), "by": "ana", "state": "new", "impact": "high", "urgency": "high",
        "priority": "P1", "team": "it",
    }],
}  # fmt: skip
ARTICLES = policy("articles", "published", ["article"], {"id": "all"} | NOBODY)

Files = dict[str, Record]
"""Path to record, as a commit has it; `itsm.yaml` is one of them."""


def founding(keys: Mapping[str, str]) -> Files:
    """The first commit."""
    records = [
        *(person(name, keys[name], **{"roles": ROLES[name]} if name in ROLES else {}) for name in PEOPLE[:-1]),
        person("robo", keys["robo"], type="bot"),
        team("it", "ana", "ben", "dora", "robo"), team("cab", "ben", "cleo"),
        service("mail", 3), service("portal", 1), CHANGES, EDITS, REVIEWS, ARTICLES, RESTART,
        INCIDENT,
    ]  # fmt: skip
    deadlines = {"post_review": "2d", "post_review_self_approved": "1d"}
    settings = {"id": WORKSPACE, "schema": 1, "name": "Machine", "deadlines": deadlines}
    return {"itsm.yaml": settings} | {path(record): record for record in records}


@dataclass
class Place:
    """The keys, which are made once, and the first commit, from which every run begins."""

    folder: Path
    made: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Signature to the public key and the words that it was made with: nobody else can tell what was really signed."""
    numbers: Any = field(default_factory=lambda: count(10000))

    def __post_init__(self) -> None:
        self._signed: dict[tuple[str, bytes], str] = {}
        for name in KEYS:
            make_key(self.folder / name)
        self.keys = {name: " ".join((self.folder / f"{name}.pub").read_text().split()[:2]) for name in KEYS}
        self.files = founding(self.keys)
        self.server = Server.made(self.folder / "first.git")
        self.genesis = self.server.commit(texts(self.files), (), "cleo", BEGIN - timedelta(days=2))
        self.server.move(self.genesis)

    def signed(self, act: Record, key: str) -> Record:
        """The act with a real signature by somebody's key."""
        words = statement(act)
        if (key, words) not in self._signed:
            armour = self._signed[key, words] = ssh_keygen.sign(words, self.folder / key)
            self.made[armour] = (self.keys[key], words)
        return act | {"signature": self._signed[key, words]}

    def begin_anew(self) -> None:
        """Acts are numbered from the beginning again, so that each run is like any other with the same moves."""
        self.numbers = count(10000)

    def act(
        self, by: str, decision: str, subject: str, record: Record, at: datetime, gate: str, *,
        words: bool = False, **fields: Any,
    ) -> Record:  # fmt: skip
        """An act without its signature, on a record as it is given; with the `words` of its review, or without."""
        kind, review = record.get("kind", "settings"), reviewed(record) if words else None
        if kind == "workflows":  # it is no record, and has no kind among its fields
            record = {key: value for key, value in record.items() if key != "kind"}
        act: Record = {
            "id": f"APR-{at:%Y%m%d}-{next(self.numbers)}", "kind": "approval", "schema": 1, "workspace": WORKSPACE,
            "subject": subject, "gate": gate, "digest": digest(kind, record, None, review),
            "fields": field_hashes(kind, record, None, review), "decision": decision, "by": by, "at": write_instant(at),
        }  # fmt: skip
        return {key: value for key, value in (act | fields).items() if value not in (None, [])}


def act_path(act: Record) -> str:
    """Where an act lies."""
    return approval_path(act["subject"], act["id"])


_written: dict[str, tuple[Record, bytes]] = {}


def texts(files: Files) -> dict[str, bytes]:
    """The files as they are written. What was written before is not written again."""
    found = {}
    for where, record in files.items():
        known = _written.get(where)
        if known is None or known[0] != record:
            content = record["content"].encode() if record.get("kind") == "file" else text(record, where)
            known = _written[where] = (copy.deepcopy(record), content)
        found[where] = known[1]
    return found
