"""Who touches a branch besides its author: what lands, and the nearest that does not."""

from __future__ import annotations

from tests.approvals.records import Record, change, service
from tests.approvals.world import MAIN, World

ANA = {"GIT_AUTHOR_NAME": "Ana", "GIT_AUTHOR_EMAIL": "ana@example.org"}
OTHER = {"implementation": "Format the disks.", "backout": "None."}


def _on_a_branch(world: World) -> Record:
    """A change on a branch of its author, proposed and approved; the checkout is on the protected branch again."""
    record = change()
    world.git("switch", "--quiet", "-c", "proposal")
    world.put(change(title="First words"))
    world.commit()
    world.put(record)
    world.approved(record, "ben")
    world.commit()
    world.git("switch", "--quiet", "main")
    return record


def test_a_forges_squash_of_what_was_approved_lands_and_of_something_else_does_not(world: World) -> None:
    record = _on_a_branch(world)
    world.git("merge", "--quiet", "--squash", "proposal")
    world.put(record | {"plan": OTHER})
    world.git("commit", "--quiet", "--all", "-m", "squash", who="robo", extra=ANA)
    push = world.push("robo")
    assert not push.landed and "changes/owner by one of ben, dora" in push.said
    world.put(record)
    world.git("commit", "--quiet", "--all", "--amend", "--no-edit", who="robo", extra=ANA)
    push = world.push("robo")
    assert push.landed, push.said


def test_a_third_persons_rebase_keeps_the_approval_and_what_they_write_makes_them_an_author(world: World) -> None:
    record = _on_a_branch(world)
    world.put(service("wiki", 3))
    world.land("dora")
    world.git("switch", "--quiet", "proposal")
    world.git("rebase", "--quiet", "main", who="cleo")
    world.git("reset", "--quiet", "--soft", "main")
    world.git("commit", "--quiet", "-m", "one step", who="cleo", extra=ANA)
    approved = world.git("rev-parse", "HEAD")
    world.put(record | {"title": "Replace the certificates"})
    world.git("commit", "--quiet", "--all", "--amend", "--no-edit", "--reset-author", who="cleo")
    push = world.push("cleo")
    assert not push.landed and "APR001" in push.said and "cleo wrote on it" in push.said
    push = world.push("cleo", f"{approved}:{MAIN}")
    assert push.landed, push.said


def test_the_approver_brings_their_act_to_the_branch_and_no_words_of_their_own(world: World) -> None:
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    fixed = record | {"title": "Replace the certificates", "authors": ["ana", "ben"]}
    world.put(fixed)
    world.act("ana", "proposed", fixed)
    world.act("ben", "approved", fixed)
    push = world.offer("ben")
    assert not push.landed and "changes/owner by dora" in push.said
    world.act("dora", "approved", fixed)
    world.land("ben")


def test_an_update_from_the_protected_branch_keeps_the_approval_and_an_edit_in_it_does_not(world: World) -> None:
    record = _on_a_branch(world)
    world.put(service("wiki", 3))
    world.land("dora")
    world.git("switch", "--quiet", "proposal")
    world.git("merge", "--quiet", "--no-edit", "main", who="dora")
    kept = world.git("rev-parse", "HEAD")
    world.put(record | {"plan": OTHER})
    world.git("commit", "--quiet", "--all", "--amend", "--no-edit", who="dora")
    edited = world.git("rev-parse", "HEAD")
    world.git("switch", "--quiet", "main")
    for branch, lands in ((edited, False), (kept, True)):
        world.git("reset", "--quiet", "--hard", world.tip())
        world.git("merge", "--quiet", "--no-ff", "-m", "merge", branch, who="robo")
        push = world.push("robo")
        assert push.landed is lands, push.said


def test_a_branch_behind_base_merges_and_its_own_tip_does_not_land(world: World) -> None:
    _on_a_branch(world)
    world.put(service("wiki", 3))
    world.land("dora")
    push = world.push(what=f"proposal:{MAIN}")
    assert not push.landed
    push = world.push("ana", f"proposal:{MAIN}", "--force")
    assert not push.landed and "exactly one step" in push.said
    world.git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    push = world.push()
    assert push.landed, push.said


def test_a_fork_is_merged_by_a_member_who_proposes_it_and_not_on_its_own_word(world: World) -> None:
    fork, record = world.folder / "fork.git", change()
    world.git("clone", "--quiet", "--bare", str(world.server), str(fork), folder=world.folder)
    world.git("switch", "--quiet", "-c", "idea")
    world.put(record)
    world.commit(GIT_AUTHOR_NAME="Zoe", GIT_AUTHOR_EMAIL="zoe@elsewhere.example")
    world.git("push", "--quiet", str(fork), "HEAD:refs/heads/idea")
    world.git("switch", "--quiet", "main")
    world.act("ben", "approved", record)
    world.land("ben")  # the approver can't write to the fork: the act lands by itself
    world.git("fetch", "--quiet", str(fork), "idea")
    world.git("merge", "--quiet", "--no-ff", "-m", "merge", "FETCH_HEAD")
    push = world.push()
    assert not push.landed and "nobody has proposed exactly this content" in push.said
    world.act("ana", "proposed", record)
    world.git("add", "--all")
    world.git("commit", "--quiet", "--amend", "--no-edit")
    push = world.push()
    assert push.landed, push.said


def test_acts_that_came_first_fit_what_they_name_and_nothing_else(world: World) -> None:
    record = change()
    world.approved(record, "ben")
    world.land("ben")
    world.put(record | {"plan": OTHER})
    push = world.offer()
    assert not push.landed and "nobody has proposed exactly this content" in push.said
    world.put(record)
    world.land()
