"""What protects the branch is read from the branch: a checkout that names another one is not believed, and says so."""

from __future__ import annotations

import pytest

from tests.approvals.records import Record, change
from tests.approvals.world import MAIN, World

FREE = "refs/heads/free"
ELSEWHERE = f"forge:\n  type: none\n  protected_ref: {FREE}\n"


@pytest.fixture
def misled(world: World) -> tuple[World, Record]:
    """A checkout on a branch whose itsm.yaml says that a free branch is the protected one; a change to decide on."""
    record = change()
    world.git("remote", "add", "origin", str(world.server))
    world.git("push", "--quiet", "origin", f"HEAD:{FREE}")
    world.git("fetch", "--quiet", "origin")
    world.git("remote", "set-head", "origin", "main")
    world.git("switch", "--quiet", "-c", "proposal")
    settings = world.ws / "itsm.yaml"
    settings.write_text(settings.read_text("utf-8") + ELSEWHERE, encoding="utf-8")
    world.put(record)
    world.commit()
    return world, record


COMMANDS = {
    "refuse": ("refuse", "{}", "--comment", "No.", "--yes", "--push"),
    "approve": ("approve", "{}", "--yes"),
    "propose": ("propose", "{}", "--push"),
    "withdraw": ("withdraw", "{}", "--push"),
    "note": ("note", "{}", "Seen.", "--push"),
    "explain": ("explain", "{}", "approval"),
    "proof": ("show", "{}", "--format", "json", "--proof"),
    "awaiting": ("list", "--awaiting", "ben"),
    "approvals": ("list", "--approvals"),
    "audit": ("check", "--history"),
    "hook": ("generate", "server-hook"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_A203_no_command_takes_a_free_branch_for_the_protected_one(misled: tuple[World, Record], name: str) -> None:
    world, record = misled
    before = {ref: world.git("rev-parse", ref, folder=world.server) for ref in (MAIN, FREE)}
    done = world.itsm(*(word.format(record["id"]) for word in COMMANDS[name]), who="ben")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "itsm.yaml here says that free is the protected branch, but main is" in done.stderr
    assert "git checkout origin/main -- itsm.yaml" in done.stderr
    assert {ref: world.git("rev-parse", ref, folder=world.server) for ref in (MAIN, FREE)} == before


def test_where_the_files_name_the_same_branch_everything_works(misled: tuple[World, Record]) -> None:
    world, record = misled
    world.git("checkout", "--quiet", "origin/main", "--", "itsm.yaml")
    world.commit()
    for who, *words in (("ana", "propose"), ("ben", "approve", "--yes")):
        done = world.itsm(*words, record["id"], "--push", who=who)
        assert done.returncode == 0, done.stdout + done.stderr
    assert world.itsm("generate", "server-hook").stdout.count(MAIN) >= 1


def test_checking_what_is_here_needs_no_protected_branch(misled: tuple[World, Record]) -> None:
    world, _ = misled
    assert world.itsm("check").returncode == 0
    step = world.itsm("check", "--base", "origin/main")
    assert step.returncode == 1 and "APR001" in step.stdout
