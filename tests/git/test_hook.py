"""Inside a real pre-receive hook: the pushed objects are read from quarantine, whatever Git exports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.git.builder import RepoBuilder

_SCRIPT = """
import os, sys
from pathlib import Path
from itsm_as_code.git.repository import open_repository
from itsm_as_code.git.step import step

old, new, ref = sys.stdin.readline().split()
with open_repository(Path("."), quarantine=os.environ) as repository:
    made = step(repository, old, new)
    sys.stderr.write("changed " + " ".join(change.path for change in made.changed) + "\\n")
    sys.stderr.write("reads " + made.head.read("record").decode() + "\\n")
sys.exit(1)
"""


def test_a_pre_receive_hook_sees_the_step_that_is_pushed(repo: RepoBuilder, tmp_path: Path) -> None:
    repo.commit({"record": "old", "other": "1"})
    server = RepoBuilder(tmp_path / "server.git", "--bare", clone_of=repo.path)
    hook = server.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    (tmp_path / "check.py").write_text(_SCRIPT)
    hook.write_text(f"#!/bin/sh\nexec {sys.executable} {tmp_path / 'check.py'}\n")
    hook.chmod(0o755)
    clone = RepoBuilder(tmp_path / "clone", clone_of=server.path)
    clone.commit({"record": "pushed"})
    done = subprocess.run(
        ["git", "push", "origin", "HEAD:refs/heads/main"], cwd=clone.path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "remote: changed record" in done.stderr
    assert "remote: reads pushed" in done.stderr
