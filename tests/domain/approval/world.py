"""Small worlds for verdicts: people, teams, rules and acts in a few words each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from itsm_as_code.domain.approval.act import Act
from itsm_as_code.domain.approval.directory import Directory, directory_of
from itsm_as_code.domain.approval.judge import judge
from itsm_as_code.domain.approval.question import Question
from itsm_as_code.domain.approval.verdict import Verdict
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.policy import Policy, PolicyRule
from itsm_as_code.domain.kinds.team import Team

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
WORKSPACE = "k3v9x0qa"
SUBJECT = "CHG-20261121-7K3Q9"
DIGEST, STALE = "itsm1:" + "a" * 64, "itsm1:" + "b" * 64
QUESTION = Question(
    workspace=WORKSPACE, subject=SUBJECT, kind="change", gate="scheduled", digest=DIGEST,
    facts={"type": "normal", "tier": 1, "risk_level": "low", "incident_priority": None, "changes": (), "before": None},
    fields={"reason": "1" * 16, "plan.backout": "2" * 16}, owner_team="it",
)  # fmt: skip


def person(name: str, **more: Any) -> Person:
    """A person; `delegate` as (to, from, until)."""
    if "delegate" in more:
        to, start, end = more.pop("delegate")
        more["delegate"] = {"to": to, "from": start, "until": end}
    return Person.model_validate({"id": name, "kind": "person", "schema": 1, "name": name.title(), **more})


def team(name: str, *members: str, parents: Iterable[str] = (), **more: Any) -> Team:
    """A team and those who belong to it directly."""
    data = {"id": name, "kind": "team", "schema": 1, "name": name, "members": members, "parents": tuple(parents)}
    return Team.model_validate({**data, **more})


def rule(name: str = "cab", seats: Any = None, **more: Any) -> PolicyRule:
    """A rule; one seat of team `cab` where none is named."""
    return PolicyRule.model_validate({"id": name, "seats": seats or [{"teams": ["cab"]}], **more})


def policy(*rules: PolicyRule, **more: Any) -> Policy:
    """A policy for changes that are to be scheduled."""
    data = {"id": "changes", "kind": "policy", "schema": 1, "title": "Changes", "subject": ("change",)}
    return Policy.model_validate({**data, "gate": "scheduled", "rules": rules, **more})


def act(number: int, by: str, decision: str = "approved", **more: Any) -> Act:
    """An act on the subject; its id follows from its number, and `supersedes` takes numbers."""
    more["supersedes"] = frozenset(name(each) for each in more.get("supersedes", ()))
    made = Act(
        id=name(number), workspace=WORKSPACE, subject=SUBJECT, gate="scheduled", digest=DIGEST,
        decision=Decision(decision), by=by, at=NOW - timedelta(hours=1),
    )  # fmt: skip
    return replace(made, **more)


def name(number: int) -> str:
    """The id of an act."""
    return f"APR-20261121-{number:05}"


PEOPLE = (
    person("ana"), person("ben"), person("cho"), person("dee"), person("zoe", roles=("change-manager",)),
    person("robot", type="bot"), person("gone", state="retired"),
)  # fmt: skip
TEAMS = (team("cab", "ben", "cho", "dee", "robot", "gone"), team("security", "cho", "dee"), team("it", "ana", "ben"))
PROPOSAL = act(1, "ana", "proposed")


def registry(people: Iterable[Person] = PEOPLE, teams: Iterable[Team] = TEAMS) -> Directory:
    """The people of base."""
    return directory_of(people, teams)


def verdict(
    *acts: Act,
    rules: Iterable[PolicyRule] = (),
    question: Question = QUESTION,
    people: Directory | None = None,
    now: datetime = NOW,
) -> Verdict:
    """The verdict on the subject by one policy of these rules (one of one CAB member where none is named)."""
    return judge(question, [policy(*(tuple(rules) or (rule(),)))], acts, people or registry(), now)


def reasons(found: Verdict) -> Mapping[str, str]:
    """Act to why it does not count; fails where one act is listed twice."""
    listed = [each.act.id for each in found.discarded]
    assert len(listed) == len(set(listed)), "an act is discarded twice"
    return {each.act.id: each.why for each in found.discarded}
