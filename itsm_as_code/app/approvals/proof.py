"""All that is needed to check an approval offline, years later: what was decided on, by which acts, keys and rules.

What has landed is judged as it was when it entered: by the base of that step. What has not is judged as it lies here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from itsm_as_code.app.approvals.decide import matter
from itsm_as_code.app.approvals.hearing import Court
from itsm_as_code.app.approvals.look_back import entry
from itsm_as_code.app.protected import base_tree
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.domain.approval.proof import Decided, Plain, Proof
from itsm_as_code.domain.approval.rules import select
from itsm_as_code.domain.digest import material
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.domain.ids import FOLDERS, RECORDS, parse_path, path_of
from itsm_as_code.domain.revision import WORKFLOWS_KIND
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.store.snapshot import TreeSnapshot

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.answer import Verdict
    from itsm_as_code.domain.approval.inquiry import Subject
    from itsm_as_code.git.repository import Repository
    from itsm_as_code.git.tree import GitTree


@dataclass(frozen=True, slots=True)
class _Step:
    """The step to prove: a court over its two sides, the subject, the verdicts of the gates that it passes."""

    court: Court
    subject: Subject
    verdicts: tuple[Verdict, ...]
    base: str
    entered: str | None


def proof(workspace: Workspace, ref: str, at: datetime) -> Proof:
    """The proof for the record meant. Raises UsageFault where it needs no decision, CouldNotCheck where there is
    nothing to prove it from."""
    from itsm_as_code.git.history import genesis
    from itsm_as_code.git.repository import open_repository

    here = matter(workspace, ref, None, None, at)
    newest: Any = base_tree(workspace)
    with open_repository(workspace.root) as repository:
        step = _entered(repository, newest, here.path, here.subject)
        if step is None:
            heard = tuple(each.verdict for each in here.court.hear(here.path, here.subject))
            step = _Step(here.court, here.subject, heard or (here.verdict,), newest.commit, None)
        known = TreeSnapshot(newest, keep_data=True)
        acts = tuple(_acts(step.court, known, step.verdicts[0].question.subject))
        return Proof(
            workspace=step.court.base.settings.id,
            genesis=genesis(repository, SETTINGS_PATH, newest.commit),
            newest=newest.commit,
            base=step.base,
            entered=step.entered,
            judged_at=step.court.now,
            kind=step.subject.kind,
            path=here.path,
            content=_content(step.subject),
            gates=tuple(_decided(step, verdict) for verdict in step.verdicts),
            acts=acts,
            people=dict(_people(step.court, known, [record for _, _, record in acts])),
            teams=_teams(step),
        )


def _entered(repository: Repository, newest: GitTree, path: str, subject: Subject) -> _Step | None:
    """The step by which just this content passed its gate, or None where it has not landed past it."""
    found = entry(repository, TreeSnapshot(newest, keep_data=True), newest.commit, path, subject)
    if found is None:
        return None
    if found.court is None or found.base is None:
        raise CouldNotCheck(
            f"{path} came with the first commit of the workspace, which nobody judged",
            hint="that commit is the root of trust; its id is what there is to compare",
        )
    return _Step(found.court, found.subject, found.verdicts, found.base, found.commit)


def _content(subject: Subject) -> Plain:
    """What the digest covers, as written."""
    covered: Plain = {"kind": subject.kind, "schema": subject.head.get("schema")}
    covered["material"] = material(subject.kind, subject.head)
    return covered | ({"attachments": dict(subject.attachments)} if subject.attachments else {})


def _decided(step: _Step, verdict: Verdict) -> Decided:
    asked, before = verdict.question, step.subject.base
    if not asked.digest:
        raise CouldNotCheck(f"{asked.subject}: {'; '.join(asked.faults)}")
    policies: Iterable[Any] = step.court.base.records("policy")
    replaced = None
    if asked.kind == WORKFLOWS_KIND and before is not None:
        before = {**before, "since": step.court.top.since()}
    if asked.replaces is not None and before is not None:
        replaced = {
            "kind": asked.kind, "schema": before.get("schema"), "material": material(asked.kind, before),
        }  # fmt: skip
    return Decided(verdict, select(policies, asked).rules, replaced)


def _acts(court: Court, known: TreeSnapshot, subject: str) -> Iterator[tuple[str, str, Plain]]:
    """Every act on the subject as written: what base had, what the step brought, what has landed since."""
    seen: set[str] = set()
    for where, snapshot in (("base", court.base), ("step", court.head), ("later", known)):
        for file in snapshot.tree.entries(f"{RECORDS}/{FOLDERS['approval']}/{subject}"):
            loaded = snapshot.load(file.path) if file.mode == "file" and parse_path(file.path) else None
            if loaded is not None and loaded.data is not None and file.path not in seen:
                seen.add(file.path)
                yield file.path, where, loaded.data


def _people(court: Court, known: TreeSnapshot, acts: Iterable[Plain]) -> Iterator[tuple[str, Plain]]:
    """Whom the acts name: standing and roles by base, keys as the registry lists them by now."""
    named = {act.get(role) for act in acts for role in ("by", "on_behalf_of", "witness")}
    for name in sorted(each for each in named if isinstance(each, str)):
        path = path_of("person", name)
        loaded = [snapshot.load(path) for snapshot in (court.base, known)]
        then, now = ((each.data if each is not None else None) for each in loaded)
        member = court.registry.people.get(name)
        if then is None and now is None:
            continue
        told: Plain = {"active": False, "human": False, "roles": []}
        if member is not None:
            told = {"active": member.active, "human": member.human, "roles": sorted(member.roles)}
        delegate = (then or {}).get("delegate")
        yield name, told | {"keys": (now or then or {}).get("keys", [])} | ({"delegate": delegate} if delegate else {})


def _teams(step: _Step) -> dict[str, Plain]:
    """The teams that seats name, and the teams that are part of them, as base has them."""
    teams: Iterable[Any] = step.court.base.records("team")
    active = {team.id: team for team in teams if team.state == "active"}
    seats = [(filled.seat, verdict.question) for verdict in step.verdicts for filled in verdict.filled]
    wanted = {team for seat, _ in seats for team in seat.teams}
    wanted |= {asked.owner_team for seat, asked in seats if seat.owner_team and asked.owner_team}
    ahead = list(wanted)
    while ahead:
        name = ahead.pop()
        for child in (team.id for team in active.values() if name in team.parents and team.id not in wanted):
            wanted.add(child)
            ahead.append(child)
    return {
        name: {"members": list(active[name].members), "parents": list(active[name].parents)}
        for name in sorted(wanted & active.keys())
    }
