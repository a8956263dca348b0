"""A workspace in which much has been decided, and twenty branches on which one more change waits for its approvers."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.gated_step import APPROVERS, GatedStep
from benchmarks.history import commit
from benchmarks.workspace import files
from itsm_as_code.domain.ids import approval_path, parse_path

CHANGES, BRANCHES = 5_000, 20
WHO = APPROVERS[1]
"""The person who is asked last: each branch has the proposal, and the approval of the other one."""
_ENOUGH = 30_000
"""So many records have more than five thousand changes among them."""
_ACT = (
    "id: {id}\nkind: approval\nschema: 1\nat: 2026-06-01T12:00:00Z\nby: elena-petrova\nworkspace: 7q2mz4kd9w1xh5tb\n"
    "subject: {subject}\ngate: scheduled\ndigest: itsm1:" + "a" * 64 + "\nfields:\n  reason: " + "b" * 16 + "\n"
    "decision: {decision}\nsignature: |\n  -----BEGIN SSH SIGNATURE-----\n  AAAA\n  -----END SSH SIGNATURE-----\n"
)


def write_branches(root: Path, keys: Path) -> None:
    """Makes `root` a repository with `CHANGES` changes on `main`, two acts on each, and the branches `change-…`."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(root)], check=True)
    importing = ["git", "-C", str(root), "fast-import", "--quiet", "--done"]
    subprocess.run(importing, input=b"".join(_stream(keys)), check=True)
    subprocess.run(["git", "-C", str(root), "checkout", "-q", "main", "--", "itsm.yaml"], check=True)


def _stream(keys: Path) -> Iterator[bytes]:
    keys.mkdir()
    step = GatedStep(keys)
    yield from commit(0, [(path, step.on_base(path, data)) for path, data in _base()])
    for number in range(BRANCHES):
        yield f"reset refs/heads/change-{number:02}\nfrom refs/heads/main\n\n".encode()
        yield from commit(number + 1, step.proposed(number), f"change-{number:02}")
    yield b"done\n"


def _base() -> Iterator[tuple[str, bytes]]:
    """The sample without its other tickets' copies, and closed changes with acts that nobody has to look at again."""
    sample = dict(files(0))
    yield from sample.items()
    found = (each for each in files(_ENOUGH) if each[0].startswith("records/changes/") and each[0] not in sample)
    for path, data in islice(found, CHANGES):
        yield path, data
        yield from _acts(parse_path(path))


def _acts(located: tuple[str, str] | None) -> Iterable[tuple[str, bytes]]:
    subject = located[1] if located is not None else ""
    for number, decision in enumerate(("proposed", "approved")):
        act = f"APR-20260601-{subject[-4:]}{number}"
        yield approval_path(subject, act), _ACT.format(id=act, subject=subject, decision=decision).encode()
