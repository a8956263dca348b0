"""Workspaces for the tests of checks: a background that is in order, and ways to judge files on it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from itsm_as_code.app.approvals.opened_step import open_step
from itsm_as_code.app.checking.report import Report
from itsm_as_code.app.checking.step import report_of
from itsm_as_code.app.checking.whole import check_workspace
from itsm_as_code.app.checkout.checkout import Checkout
from itsm_as_code.checks.examples import ExampleFile, Root, files_of
from itsm_as_code.domain.approval.gates import EDITED
from itsm_as_code.git.repository import open_repository
from tests.checkouts import checkout_at
from tests.git.builder import RepoBuilder

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

OPEN = {
    f"records/policies/open-{gate}.yaml": (
        f"id: open-{gate}\nkind: policy\nschema: 1\ntitle: Nobody is asked\nsubject:\n"
        + "".join(f"- {kind}\n" for kind in kinds)
        + f"gate: {gate}\nrules:\n- id: everything\n  seats: none\n  because: These tests are about other rules.\n"
    )
    for gate, kinds in {
        "scheduled": ["change"], "post-review": ["change"], "published": ["article"], "edit": list(EDITED),
    }.items()
}  # fmt: skip
"""Policies that ask for nobody, at every gate."""

BACKGROUND = {
    **OPEN,
    "itsm.yaml": "id: 4h7k2m9qx1zt\nschema: 1\nname: Example\n",
    "records/people/ana.yaml": "id: ana\nkind: person\nschema: 1\nname: Ana Author\nemails:\n- ana@example.org\n",
    "records/people/ben.yaml": "id: ben\nkind: person\nschema: 1\nname: Ben Builder\nemails:\n- ben@example.org\n",
    "records/teams/it.yaml": "id: it\nkind: team\nschema: 1\nname: IT\nmembers:\n- ana\n- ben\n",
    "records/services/portal.yaml": (
        "id: portal\nkind: service\nschema: 1\nname: Portal\nowner: it\ntier: 1\ndescription: Where staff begin.\n"
    ),
    "records/change-models/restart-node.yaml": (
        "id: restart-node\nkind: change-model\nschema: 1\ntitle: Restart one node\n"
        "plan:\n  implementation: Drain the node, restart it, put it back.\n"
    ),
    "records/knowledge/sign-in.md": (
        "---\nid: sign-in\nkind: article\nschema: 1\ntitle: How do I sign in?\nstate: published\ntype: how_to\n"
        "summary: Sign in to the portal.\nowner: team/it\n---\nOpen the portal and enter your name.\n"
    ),
}
"""What examples leave out: settings, open policies, two people, a team, a service, a change model, an article."""


def place(root: Path, found: ExampleFile) -> None:
    """Makes the file, link, pipe or submodule in the work tree at `root`."""
    path = root / found.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if found.sort == "link":
        path.symlink_to(found.content.decode())
    elif found.sort == "pipe":
        os.mkfifo(path)
    elif found.sort == "submodule":
        (path / ".git").mkdir(parents=True)
    else:
        path.write_bytes(found.content)


def workspace(root: Path, files: Mapping[str, str | bytes | None] | None = None) -> Checkout:
    """A workspace with the background and these files; None leaves a file of the background out."""
    for name, content in {**BACKGROUND, **(files or {})}.items():
        if content is not None:
            data = content.encode() if isinstance(content, str) else content
            place(root, ExampleFile(None, name, "file", data))
    return checkout_at(root, NOW)


def judge_part(root: Path, part: str) -> Report:
    """The report on one part of an example: on the workspace, or on the step where it shows one."""
    found = tuple(files_of(part))
    if any(each.root for each in found):
        return _judge_step(root, found)
    made = workspace(root)
    for each in found:
        (root / each.path).unlink(missing_ok=True)
        place(root, each)
    return check_workspace(made)


def _judge_step(root: Path, found: Iterable[ExampleFile]) -> Report:
    sides: dict[Root, dict[str, bytes]] = {"start": {}, "base": {}, "head": {}}
    for each in found:
        for side, files in sides.items():
            if each.root in (None, side):
                files[each.path] = each.content
    repository = RepoBuilder(root)
    background = {name: text.encode() for name, text in BACKGROUND.items()}
    parted = sides["start"] or sides["base"]
    start = repository.commit({**background, **parted}, "start")
    if sides["start"]:
        repository.commit({**dict.fromkeys(sides["start"]), **sides["base"]}, "base")
    repository.branch("head", start)
    repository.commit({**dict.fromkeys(parted), **sides["head"]}, "head")
    return judge(root, "main", "head")


def judge(root: Path, base: str = "main", head: str = "HEAD", at: datetime = NOW) -> Report:
    """The report on a step between two revisions of the repository at `root`."""
    with open_repository(root) as opened:
        return report_of(open_step(opened, base, head, at))


def codes(report: Report) -> list[str]:
    """The codes found, sorted."""
    return sorted(finding.code for finding in report.findings)
