"""How long one verdict takes without its signatures, and how long a thousand signatures take to verify."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from itsm_as_code.domain.approval.act import Act, statement
from itsm_as_code.domain.approval.directory import Directory, directory_of
from itsm_as_code.domain.approval.judge import judge
from itsm_as_code.domain.approval.question import Question
from itsm_as_code.domain.approval.verdict import Verdict
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.policy import Policy
from itsm_as_code.domain.kinds.team import Team
from itsm_as_code.evidence.ssh_keygen import sign
from itsm_as_code.evidence.verification import Claim, faults

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PEOPLE, TEAMS, ACTS, SIGNATURES = 200, 30, 20, 1000
_SIGNERS = 20
_DIGEST, _STALE = "itsm1:" + "a" * 64, "itsm1:" + "b" * 64
_WORKSPACE, _SUBJECT, _GATE = "b3nchm4rk", "CHG-20261121-7K3Q9", "scheduled"


@dataclass(frozen=True, slots=True)
class Matter:
    """All that one verdict rests on."""

    question: Question
    policies: tuple[Policy, ...]
    acts: tuple[Act, ...]
    people: Directory

    def judge(self) -> Verdict:
        return judge(self.question, self.policies, self.acts, self.people, NOW)


def seconds_a_verdict(rounds: int = 200) -> float:
    """Median seconds of one verdict. Raises RuntimeError where it is not the approval that it should be."""
    found = matter()
    if not found.judge().is_open:
        raise RuntimeError(f"the verdict is {found.judge().status}")
    taken = []
    for _ in range(rounds):
        begun = perf_counter()
        found.judge()
        taken.append(perf_counter() - begun)
    return median(taken)


def matter() -> Matter:
    """A change that a rule of each of four policies applies to, decided on by many: 200 people, 30 teams, 20 acts."""
    names = [f"person-{number:03}" for number in range(PEOPLE)]
    teams = [_team(number, names[number * 6 : number * 6 + 12]) for number in range(TEAMS)]
    people = [_person(name, number) for number, name in enumerate(names)]
    question = Question(
        workspace=_WORKSPACE, subject=_SUBJECT, kind="change", gate=_GATE, digest=_DIGEST, owner_team="team-01",
        facts={"type": "normal", "service": "mail", "tier": 1, "risk_level": "high", "incident_priority": None,
               "changes": ("plan", "window"), "before": "draft"},
        fields={"reason": "1" * 16, "plan.backout": "2" * 16}, disqualified={names[0]: "is one of its authors"},
    )  # fmt: skip
    return Matter(question, tuple(_policies()), tuple(_acts(names)), directory_of(people, teams))


def _team(number: int, members: list[str]) -> Team:
    """Every third team is part of the one before it."""
    parents = (f"team-{number - 1:02}",) if number % 3 == 2 else ()
    data = {"id": f"team-{number:02}", "kind": "team", "schema": 1, "name": f"Team {number}"}
    return Team.model_validate({**data, "members": tuple(members), "parents": parents})


def _person(name: str, number: int) -> Person:
    more: dict[str, Any] = {"roles": ("change-manager",)} if number % 40 == 7 else {}
    return Person.model_validate({"id": name, "kind": "person", "schema": 1, "name": name, **more})


def _policies() -> Iterator[Policy]:
    seats: dict[str, list[dict[str, Any]]] = {
        "owners": [{"owner_team": True}],
        "board": [{"teams": ["team-01", "team-02"], "count": 2}],
        "security": [{"teams": ["team-05"]}, {"roles": ["change-manager"]}],
        "nights": [{"roles": ["change-manager"]}],
    }
    for name, asked in seats.items():
        rules = [
            {"id": "normal", "when": {"type": "normal"}, "seats": asked, "expires_after": "30d"},
            {"id": "risky", "when": {"risk_level": {"gt": "moderate"}, "tier": 3}, "seats": asked},
            {"id": "emergency", "when": {"type": "emergency", "incident_priority": ["P1", "P2"]}, "seats": asked},
            {"id": "named", "when": {"service": ["portal", "identity"], "tier": {"lt": 3}}, "seats": asked},
        ]
        data = {"id": name, "kind": "policy", "schema": 1, "title": name, "subject": ("change",), "gate": _GATE}
        yield Policy.model_validate({**data, "rules": rules})


def _acts(names: list[str]) -> Iterator[Act]:
    """A proposal, approvals for all seats and more, some of older content, a refusal that its maker took back."""
    yield _act(1, names[0], Decision.PROPOSED)
    for number, each in enumerate((6, 8, 9, 12, 14, 20, 31, 33, 36, 38, 47, 87, 127), start=2):
        yield _act(number, names[each], Decision.APPROVED)
    for number, each in enumerate((7, 10, 11, 150), start=15):
        yield replace(_act(number, names[each], Decision.APPROVED), digest=_STALE)
    yield _act(19, names[13], Decision.REFUSED)
    yield replace(_act(20, names[13], Decision.APPROVED), supersedes=frozenset({_id(19)}))


def _act(number: int, by: str, decision: Decision) -> Act:
    return Act(
        id=_id(number), workspace=_WORKSPACE, subject=_SUBJECT, gate=_GATE, digest=_DIGEST, decision=decision, by=by,
        at=NOW - timedelta(hours=24 - number), fields=(("plan.backout", "2" * 16), ("reason", "3" * 16)),
    )  # fmt: skip


def _id(number: int) -> str:
    return f"APR-20261121-{number:05}"


def seconds_of_signatures(count: int = SIGNATURES) -> float:
    """Seconds on the clock to verify `count` signed acts. Raises RuntimeError where one does not verify."""
    with tempfile.TemporaryDirectory(prefix="itsm-bench-keys-") as folder:
        claims = signed_claims(Path(folder), count)
    begun = perf_counter()
    wrong = [fault for fault in faults(claims, NOW) if fault is not None]
    taken = perf_counter() - begun
    if wrong:
        raise RuntimeError(f"{len(wrong)} of {count} acts do not verify: {wrong[0]}")
    return taken


def signed_claims(folder: Path, count: int) -> list[Claim]:
    """Acts that differ, by a few people, each signed with a key of their own."""
    signers = []
    for number in range(min(_SIGNERS, count)):
        key = make_key(folder / f"key-{number}")
        data = {"id": f"person-{number:03}", "kind": "person", "schema": 1, "name": "P", "keys": [{"key": public(key)}]}
        signers.append((key, Person.model_validate(data)))
    found = []
    for number in range(count):
        key, person = signers[number % len(signers)]
        data = {
            "id": _id(number), "kind": "approval", "schema": 1, "workspace": _WORKSPACE, "subject": _SUBJECT,
            "gate": _GATE, "digest": _DIGEST, "fields": {"reason": "1" * 16}, "decision": "approved", "by": person.id,
            "at": "2026-11-21T11:00:00Z",
        }  # fmt: skip
        found.append(Claim(data | {"signature": sign(statement(data), key)}, person))
    return found


def make_key(path: Path) -> Path:
    """A new ed25519 key without a passphrase; the file of its private half."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(path)], check=True)
    return path


def public(key: Path) -> str:
    """`type base64`, as the registry has it."""
    return " ".join(key.with_name(f"{key.name}.pub").read_text(encoding="ascii").split()[:2])
