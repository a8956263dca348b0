"""A step through a gate brings its proposal; what needs people waits for them, wherever it lies."""

from __future__ import annotations

import re

from tests.approvals.conftest import founded, world
from tests.approvals.records import at, change, item, path, policy, request, text
from tests.approvals.world import MAIN
from tests.cli.desks import Desk, ana, desk, on_the_branch, ref, submitted

__all__ = ["ana", "founded", "ref", "world"]


def test_scheduling_a_change_proposes_it(ana: Desk) -> None:
    ref = submitted(ana.world)
    said = ana.must("schedule", ref)
    assert f"{ref} is scheduled\nana proposed {ref} at gate scheduled" in said
    assert f"{ref} at gate scheduled: pending: changes/owner by one of ben, dora" in said
    assert f"itsm approve {ref} --gate scheduled" in said
    assert len(ana.acts(ref)) == 1
    assert "nothing to propose" not in ana.must("propose", ref)
    assert len(ana.acts(ref)) == 1, "what is proposed already is not proposed again"


def test_what_was_scheduled_lands_once_it_is_approved(ana: Desk, ref: str) -> None:
    ben = on_the_branch(ana, "ben")
    ben.must("approve", ref, "--push")
    ana.git("pull", "--quiet", "--rebase", "origin", "main")
    ana.git("reset", "--quiet", "--soft", "origin/main")
    push = ana.world.step()
    assert push.landed, push.said


def test_a_schedule_that_is_pushed_lands_the_proposal_and_says_where_the_record_is(ana: Desk) -> None:
    ref = submitted(ana.world)
    before = ana.world.tip()
    said = ana.must("schedule", ref, "--push")
    assert "pushed " in said
    assert "in your work tree; it lands on main once it is approved" in said
    assert "git push origin proposal" in said
    assert f"ben or dora, on that branch: itsm approve {ref} --gate scheduled --push" in said
    landed = ana.git("diff", "--name-only", before, ana.world.tip()).splitlines()
    (act,) = landed
    assert act.startswith(f"records/approvals/{ref}/APR-")
    assert not ana.acts(ref), "it would lie in the way of `git switch main`"
    assert "proposed by ana" in ana.must("explain", ref, "approval")
    log = ana.git("log", "-1", "--format=%s", ana.world.tip())
    assert log.startswith(f"ana proposed {ref} at gate scheduled")
    # What the screen says to do next works as it stands there.
    (step,) = re.findall(r"^  next +(.+)$", said, re.MULTILINE)
    for command in step.split(" && "):
        ana.git(*command.split()[1:])
    ben = on_the_branch(ana, "ben")
    ben.must("approve", ref, "--push")
    ana.git("switch", "--quiet", "main")
    ana.git("pull", "--quiet", "--ff-only", "origin", "main")
    ana.git("merge", "--quiet", "--no-ff", "--no-edit", "proposal")
    push = ana.world.push()
    assert push.landed, push.said


def test_on_the_protected_branch_a_branch_is_made_first(ana: Desk) -> None:
    record = change(state="submitted")
    ana.world.put(record)
    ana.world.land()
    said = ana.must("schedule", record["id"], "--push")
    (step,) = re.findall(r"^  next +(.+)$", said, re.MULTILINE)
    assert step.startswith(f"git switch -c {record['id']} && ")
    for command in step.split(" && "):
        ana.git(*command.split()[1:])
    ben = desk(ana.world, "ben")
    ben.git("switch", "--quiet", record["id"])
    ben.must("approve", record["id"], "--push")
    assert ben.explain(record["id"]) == "approved"


def test_approved_already_the_record_lands_with_the_step(ana: Desk) -> None:
    """Acts may land before their subject: nothing is left to wait for."""
    record = change(state="submitted", revision=1)
    ana.world.act("ana", "proposed", record)
    ana.world.act("ben", "approved", record)
    ana.world.land()
    ana.world.put(record)
    said = ana.must("schedule", record["id"], "--push")
    assert "pushed " in said and "once it is approved" not in said
    assert "state: scheduled" in ana.world.git("show", f"{MAIN}:{path(record)}", folder=ana.world.server)


def test_acts_that_lie_here_land_with_the_record(ana: Desk) -> None:
    record = change(state="submitted", revision=1)
    ana.world.act("ana", "proposed", record)
    ana.world.act("ben", "approved", record)
    ana.world.put(record)
    ana.must("schedule", record["id"], "--push")
    assert "state: scheduled" in ana.world.git("show", f"{MAIN}:{path(record)}", folder=ana.world.server)


def test_without_a_key_the_step_is_taken_and_the_command_is_named(ana: Desk) -> None:
    ref = submitted(ana.world)
    ana.world.key("ana").unlink()
    ana.world.key("ana").with_suffix(".pub").unlink()
    done = ana.itsm("schedule", ref)
    assert done.code == 0
    assert f"{ref} is scheduled" in done.out
    assert f"itsm propose {ref} --gate scheduled" in done.err
    assert not ana.acts(ref)
    assert "state: scheduled" in (ana.folder / path(change())).read_text()


def test_without_a_key_nothing_of_a_gated_step_is_pushed(ana: Desk) -> None:
    ref = submitted(ana.world)
    ana.world.key("ana").unlink()
    before = ana.world.tip()
    done = ana.itsm("schedule", ref, "--push")
    assert done.code == 0, done.err
    assert "pushed" not in done.out
    assert f"itsm propose {ref} --gate scheduled" in done.err
    assert ana.world.tip() == before


def test_offline_the_record_and_its_proposal_are_both_kept(ana: Desk) -> None:
    ref = submitted(ana.world)
    ana.git("remote", "set-url", "origin", str(ana.world.folder / "nowhere"))
    done = ana.itsm("schedule", ref, "--push")
    assert done.code == 3
    assert f"{ref} is scheduled, ana proposed {ref}" in done.err and "here only; it was not pushed" in done.err
    assert len(ana.acts(ref)) == 1
    assert "state: scheduled" in (ana.folder / path(change())).read_text()
    ana.git("remote", "set-url", "origin", str(ana.world.server))
    assert "is included" in ana.must("propose", ref, "--push")
    assert "has proposed exactly this at gate scheduled already" in ana.itsm("propose", ref).err


def test_a_trial_signs_and_writes_nothing(ana: Desk) -> None:
    ref = submitted(ana.world)
    ana.must("schedule", ref, "--dry-run")
    assert not ana.acts(ref)
    assert ana.git("status", "--porcelain") == ""


def test_a_step_that_needs_nobody_brings_no_act(ana: Desk) -> None:
    record = change(state="submitted", type="standard", model={"id": "restart", "revision": 1}, risk=None)
    record.pop("risk")
    ana.world.put(record)
    said = ana.must("schedule", record["id"])
    assert not ana.acts(record["id"]), said


def test_a_request_whose_item_has_seats_is_proposed_when_work_starts(ana: Desk) -> None:
    record = request("laptop")
    record["timeline"] = record["timeline"][:1]
    mouse = request("mouse", number="9V3KD")
    mouse["timeline"] = mouse["timeline"][:1]
    ana.world.put(record, mouse)
    said = ana.must("start", record["id"], mouse["id"], "--yes")
    assert f"ana proposed {record['id']} at gate in_progress" in said
    assert len(ana.acts(record["id"])) == 1
    assert not ana.acts(mouse["id"])


def test_an_article_whose_publication_needs_somebody_is_proposed(ana: Desk) -> None:
    rules = policy("articles", "published", ["article"], {"id": "all", "seats": [{"teams": ["cab"]}]}, revision=2)
    ana.world.put(rules)
    ana.world.approved(rules | {"authors": ["ana"]}, "cleo")
    ana.world.put(rules | {"authors": ["ana"]})
    ana.world.land()
    article = {
        "id": "sign-in", "kind": "article", "schema": 1, "title": "How to sign in", "state": "in_review",
        "type": "how_to", "summary": "Sign in to the portal.", "owner": "team/it", "symptoms": ["It asks who you are"],
        "review_by": at(days=-180)[:10], "visibility": "staff", "authors": ["ana"],
    }  # fmt: skip
    front = text(article, "records/knowledge/sign-in.yaml").decode()
    ana.world.write({"records/knowledge/sign-in.md": f"---\n{front}---\n\n# How to sign in\n\nPress the button.\n"})
    done = ana.itsm("publish", "sign-in")
    assert done.code == 0, done.out + done.err
    assert "ana proposed article/sign-in at gate published" in done.out
    assert len(ana.acts("article/sign-in")) == 1


# itsm.yaml and the workflow files.


def test_settings_are_proposed_and_approved_as_workspace(ana: Desk) -> None:
    world = ana.world
    world.git("switch", "--quiet", "-c", "proposal")
    world.write({"itsm.yaml": (world.ws / "itsm.yaml").read_text() + "revision: 2\ntime_zone: Europe/London\n"})
    ana.must("propose", "workspace")
    world.commit()
    cleo = on_the_branch(ana, "cleo")
    cleo.must("approve", "workspace", "--push")
    ana.git("pull", "--quiet", "--rebase", "origin", "main")
    push = world.push()
    assert push.landed, push.said


def test_workflow_files_are_proposed_and_approved_together(ana: Desk) -> None:
    world = ana.world
    world.git("switch", "--quiet", "-c", "proposal")
    world.write({".github/workflows/check.yml": "on: push\n", ".github/workflows/other.yml": "on: push\n"})
    world.commit()
    assert not world.push().landed
    ana.must("propose", "workflows")
    world.commit()
    cleo = on_the_branch(ana, "cleo")
    cleo.must("approve", "workflows", "--push")
    ana.git("pull", "--quiet", "--rebase", "origin", "main")
    ana.git("reset", "--quiet", "--soft", "origin/main")
    push = world.step()
    assert push.landed, push.said


def test_what_needs_nobody_is_not_proposed(ana: Desk) -> None:
    ana.world.put(item("keyboard"))
    said = ana.must("propose", "request-item/keyboard")
    assert "nobody has to decide" in said
    assert not ana.acts("request-item/keyboard")


# More than one gate.


def _in_a_freeze(ana: Desk) -> str:
    """A submitted change of ana's, on a branch, whose window lies in a freeze; dora fills seats at both gates."""
    year_end = {
        "id": "year-end", "kind": "freeze", "schema": 1, "title": "Year end", "scope": {}, "reason": "The books close.",
        "from": at(days=-1), "until": at(days=-9), "exceptions": [{"roles": ["keeper"]}],
    }  # fmt: skip
    ana.world.put(year_end)
    ana.world.land()
    record = change(state="submitted", freeze_exception={"reason": "The certificate ends in the freeze."})
    ana.world.put(record)
    ana.git("switch", "--quiet", "-c", "proposal")
    ana.world.commit()
    return str(record["id"])


def test_a_change_in_a_freeze_is_proposed_at_both_gates(ana: Desk) -> None:
    ref = _in_a_freeze(ana)
    said = ana.must("schedule", ref)
    assert f"ana proposed {ref} at gate scheduled" in said
    assert f"ana proposed {ref} at gate exception/year-end" in said
    ana.world.commit()
    dora = on_the_branch(ana, "dora")
    said = dora.must("approve", ref, "--push")
    assert f"gate exception/year-end also waits for you: itsm approve {ref} --gate exception/year-end" in said
    assert "also waits for you" not in dora.must("approve", ref, "--gate", "exception/year-end", "--push")
    ana.git("pull", "--quiet", "--rebase", "origin", "main")
    ana.git("reset", "--quiet", "--soft", "origin/main")
    push = ana.world.step()
    assert push.landed, push.said


def test_propose_proposes_at_every_gate_or_at_the_named_one(ana: Desk) -> None:
    ref = _in_a_freeze(ana)
    where = ana.folder / path(change())
    where.write_text(where.read_text().replace("state: submitted", "state: scheduled"))
    ana.must("propose", ref, "--gate", "exception/year-end")
    assert len(ana.acts(ref)) == 1
    assert "has proposed exactly this at gate exception/year-end already" in ana.must("propose", ref)
    assert len(ana.acts(ref)) == 2
