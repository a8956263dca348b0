"""A world to decide in: a checkout, a bare repository whose hook judges every push, people with keys."""

from __future__ import annotations

import copy
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from itsm_as_code.app.checking.push_gate import Update, judge_push
from itsm_as_code.app.publishing.generated_files import server_hook
from itsm_as_code.domain.approval.act import statement
from itsm_as_code.domain.approval.gates import subject_of
from itsm_as_code.domain.digest import digest, field_hashes, reviewed
from itsm_as_code.domain.errors import ItsmError
from itsm_as_code.domain.ids import approval_path
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.revision import SETTINGS_KIND
from itsm_as_code.domain.rule import Severity
from itsm_as_code.evidence import ssh_keygen
from itsm_as_code.render.findings import as_text
from itsm_as_code.render.screen import Screen
from itsm_as_code.store.reader import read_yaml
from tests.approvals.records import DAY, NOW, WORKSPACE, Record, at, path, text
from tests.checkouts import checkout_at
from tests.environment import clean
from tests.forks.start import run_forked

MAIN = "refs/heads/main"
GATES = {"change": "scheduled", "request": "in_progress"}


def identity(name: str, home: Path) -> dict[str, str]:
    """The environment in which Git and `itsm` run for a person."""
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", name.title()), ("EMAIL", f"{name}@example.org"))}  # fmt: skip
    return clean(os.environ, str(home)) | who


@dataclass(frozen=True, slots=True)
class Push:
    """How a push ended and what the pusher was told."""

    landed: bool
    said: str


@dataclass
class World:
    """`folder` holds the checkout `ws`, the bare `srv.git` and a home for each person, with a key."""

    folder: Path
    numbers: Any = field(default_factory=lambda: count(10000))

    @property
    def ws(self) -> Path:
        return self.folder / "ws"

    @property
    def server(self) -> Path:
        return self.folder / "srv.git"

    def home(self, name: str) -> Path:
        return self.folder / "homes" / name

    def key(self, name: str) -> Path:
        """The private key of a person."""
        return self.home(name) / ".ssh" / "id_ed25519"

    def public(self, name: str) -> str:
        """`type base64` of a person's key."""
        return " ".join(self.key(name).with_suffix(".pub").read_text().split()[:2])

    # Git

    def git(
        self, *arguments: str, who: str = "ana", folder: Path | None = None, extra: Mapping[str, str] | None = None
    ) -> str:
        """Runs Git in the checkout, which must succeed."""
        done = self.try_git(*arguments, who=who, folder=folder, extra=extra)
        assert done.returncode == 0, f"git {arguments}: {done.stderr}"
        return done.stdout.strip()

    def try_git(
        self, *arguments: str, who: str = "ana", folder: Path | None = None, extra: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs Git in the checkout."""
        return subprocess.run(
            ["git", *arguments], cwd=folder or self.ws, env=identity(who, self.home(who)) | dict(extra or {}),
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def itsm(self, *arguments: str, who: str = "ana", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Runs `itsm` in the checkout, as a process in nothing but the person's environment."""
        return run_forked(arguments, folder or self.ws, identity(who, self.home(who)) | {"PATH": os.environ["PATH"]})

    def write(self, files: Mapping[str, bytes | str | None]) -> None:
        """Writes files of the checkout; None removes one."""
        for name, content in files.items():
            target = self.ws / name
            if content is None:
                target.unlink()
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())

    def put(self, *records: Record) -> None:
        """Writes records to the checkout."""
        self.write({path(record): text(record) for record in records})

    def commit(self, who: str = "ana", **extra: str) -> str:
        """Commits everything as a person; the commit's id."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", "step", who=who, extra=extra)
        return self.git("rev-parse", "HEAD")

    def push(self, who: str = "ana", what: str = f"HEAD:{MAIN}", *options: str) -> Push:
        """Pushes to the server, whose hook judges."""
        done = self.try_git("push", *options, str(self.server), what, who=who)
        return Push(done.returncode == 0, done.stderr)

    def step(self, who: str = "ana") -> Push:
        """Commits everything and pushes it."""
        self.commit(who)
        return self.push(who)

    def offer(self, who: str = "ana", now: datetime | None = None) -> Push:
        """What the hook would say to a step, asked in this process of what the hook runs; nothing moves. The step is
        dated `now`.

        Nine tenths of a push are Python starting up in the hook: what is tried in many variations is offered.
        """
        self.git("add", "--all")
        tree = self.git("write-tree")
        dates = {f"GIT_{role}_DATE": (now or datetime.now(UTC)).isoformat() for role in ("AUTHOR", "COMMITTER")}
        new = self.git("commit-tree", tree, "-p", "HEAD", "-m", "step", who=who, extra=dates)
        self.git("update-ref", "refs/offers/step", new)
        self.git("fetch", "--quiet", str(self.ws), "+refs/offers/step:refs/offers/step", folder=self.server)
        try:
            report = judge_push(self.server, [Update(self.tip(), new, MAIN)], MAIN, None, now or datetime.now(UTC), {})
        except ItsmError as error:
            return Push(False, str(error))
        assert report is not None
        said = Screen().text(as_text(report.findings, report.sources))
        return Push(not any(each.severity is Severity.ERROR for each in report.findings), said)

    def land(self, who: str = "ana") -> None:
        """A step that must land."""
        push = self.step(who)
        assert push.landed, push.said

    def soon(self, **ahead: float) -> str:
        """An instant so long from the moment in which the test asks, for what ends while it runs."""
        return write_instant(datetime.now(UTC) + timedelta(**ahead))

    def force(self) -> None:
        """A step put on the protected branch past the hook, as an administrator could."""
        self.commit()
        self.git("fetch", "--quiet", str(self.ws), f"+HEAD:{MAIN}", folder=self.server)

    def pin(self, python: str) -> None:
        """Puts the hook on the server, with the first commit of the checkout as the root of trust."""
        hook = self.server / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(server_hook(checkout_at(self.ws, NOW), python))
        hook.chmod(0o755)

    def tip(self) -> str:
        """The protected branch."""
        return self.git("rev-parse", MAIN, folder=self.server)

    # Acts

    def act(self, by: str, decision: str, record: Record, *, key: Path | None = None, **fields: Any) -> str:
        """Writes an act of a person on a record as it is given; its path. `fields` replace what would be written."""
        signed = self.unsigned(by, decision, record, **fields)
        signed["signature"] = ssh_keygen.sign(statement(signed), key or self.key(by))
        return self.file_act(signed)

    def file_act(self, act: Record) -> str:
        """Writes an act where it belongs; its path."""
        where = approval_path(act["subject"], act["id"])
        self.write({where: text(act, where)})
        return where

    def unsigned(self, by: str, decision: str, record: Record, **fields: Any) -> Record:
        """An act without a signature."""
        kind = record.get("kind", SETTINGS_KIND)
        gate = fields.get("gate") or GATES.get(kind, "edit")
        review = reviewed(record) if gate == "post-review" else None
        act: Record = {
            "id": f"APR-{DAY}-{next(self.numbers)}", "kind": "approval", "schema": 1, "workspace": WORKSPACE,
            "subject": subject_of(kind, record["id"]), "gate": gate, "digest": digest(kind, record, None, review),
            "fields": field_hashes(kind, record, None, review), "decision": decision, "by": by, "at": at(minutes=1),
        }  # fmt: skip
        before = self.on_base(path(record) if kind != SETTINGS_KIND else "itsm.yaml") if gate == "edit" else None
        replaced = {"replaces": digest(kind, before)} if before is not None else {}
        return {key: value for key, value in (act | replaced | fields).items() if value is not None}

    def approved(self, record: Record, *by: str, proposer: str = "ana") -> None:
        """Writes a proposal and approvals of a record."""
        self.act(proposer, "proposed", record)
        for name in by:
            self.act(name, "approved", record)

    def on_base(self, where: str) -> Record | None:
        """The data of a record on the protected branch."""
        done = self.try_git("show", f"{MAIN}:{where}", folder=self.server)
        return read_yaml(done.stdout.encode()).data if done.returncode == 0 else None

    def edited(self, where: str, **fields: Any) -> Record:
        """A record of base with other fields and the next revision, ana among its authors."""
        found = self.on_base(where)
        assert found is not None, where
        record = copy.deepcopy(found) | fields
        return record | {"revision": record.get("revision", 1) + 1, "authors": ["ana"]}


def act_id(where: str) -> str:
    """The id of the act at a path."""
    return Path(where).stem


def signed_again(world: World, act: Record, by: str) -> Record:
    """An act with the signature that a person's key gives it."""
    bare = {key: value for key, value in act.items() if key != "signature"}
    return bare | {"signature": ssh_keygen.sign(statement(bare), world.key(by))}


__all__ = ["DAY", "NOW", "Push", "World", "act_id", "identity", "signed_again"]
