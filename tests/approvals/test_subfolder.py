"""A workspace may be a folder of a larger repository: its lane and its workflow files are those of the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.approvals.guarded_files import guard_of
from itsm_as_code.app.publishing.generated_files import server_hook
from itsm_as_code.domain.settings import Settings
from tests.approvals.records import NOW, change, path, text
from tests.approvals.world import World
from tests.checkouts import checkout_at
from tests.forks.start import forked_python


@pytest.fixture
def below(world: World) -> World:
    """The world's workspace moved to the folder `itsm`, with a server and a hook of its own."""
    world.git("rm", "--quiet", "-r", "--cached", ".")
    (world.ws / "itsm").mkdir()
    for name in ("itsm.yaml", "records"):
        (world.ws / name).rename(world.ws / "itsm" / name)
    world.git("update-ref", "-d", "HEAD")
    world.commit()
    hook = world.server / "hooks" / "pre-receive"
    hook.unlink()
    world.git("push", "--quiet", "--force", str(world.server), "HEAD:refs/heads/main")
    folder = world.ws / "itsm"
    hook.write_text(server_hook(checkout_at(folder, NOW), forked_python()))
    hook.chmod(0o755)
    return world


def put(world: World, name: str, content: bytes) -> None:
    target: Path = world.ws / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def test_records_in_the_folder_are_judged_and_files_beside_it_are_free(below: World) -> None:
    put(below, "src/main.py", b"print()\n")
    below.land()
    record = change()
    put(below, f"itsm/{path(record)}", text(record))
    push = below.step()
    assert not push.landed and "APR001" in push.said


def test_a_change_in_the_folder_lands_with_its_acts(below: World) -> None:
    record = change()
    put(below, f"itsm/{path(record)}", text(record))
    for by, decision in (("ana", "proposed"), ("ben", "approved")):
        where = below.act(by, decision, record)
        (below.ws / "itsm" / where).parent.mkdir(parents=True, exist_ok=True)
        (below.ws / where).rename(below.ws / "itsm" / where)
    below.land()


@pytest.mark.parametrize("name", [".github/workflows/check.yml", "itsm/.gitattributes"])
def test_A127_workflow_files_at_the_top_need_a_keeper(below: World, name: str) -> None:
    put(below, name, b"on: push\n")
    push = below.step()
    assert not push.landed and "workflows at gate edit: pending" in push.said


def test_attributes_on_the_way_to_the_folder_are_guarded_and_others_are_free() -> None:
    settings = Settings.model_validate({"name": "W", "id": "tr1a1g0und", "schema": 1, "guarded": ["ops/run.sh"]})
    guard = guard_of(settings, "a/itsm/")
    guarded = (
        ".gitattributes",
        "a/.gitattributes",
        "a/itsm/.gitattributes",
        "ops/run.sh",
        ".github/a/b.yml",
        "Jenkinsfile",
    )
    assert all(guard.covers(path) and guard.concerns(path) for path in guarded)
    assert guard.concerns("ops") and guard.concerns(".github") and guard.concerns("a/itsm") and not guard.covers("ops")
    free = ("src/.gitattributes", "ops/run.sh.txt", ".github/pull_request_template.md", "sub/Jenkinsfile", "README.md")
    assert not any(guard.concerns(path) for path in free)


@pytest.mark.parametrize("path", ["/etc", "../x", "a//b", "a/", "*.yml", ":(top)x", ""])
def test_what_is_no_path_from_the_top_can_not_be_guarded(path: str) -> None:
    with pytest.raises(ValueError, match="guarded"):
        Settings.model_validate({"name": "W", "id": "tr1a1g0und", "schema": 1, "guarded": [path]})
