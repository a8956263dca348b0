"""Records edited by hand: nobody is let to sign what could never land, and what commands keep is kept for them."""

from __future__ import annotations

import re

from tests.approvals.conftest import founded, world
from tests.approvals.records import change, incident, path
from tests.approvals.world import MAIN
from tests.cli.desks import Desk, ana, desk, on_the_branch, ref

__all__ = ["ana", "founded", "ref", "world"]

RULES = "records/policies/changes.yaml"


def _edited(ana: Desk, who: str = "ana") -> None:
    """Somebody changes the rules in an editor, on a branch, and commits."""
    ana.git("fetch", "--quiet", "origin")
    ana.git("switch", "--quiet", "-c", "proposal")
    file = ana.folder / RULES
    file.write_text(file.read_text().replace("expires_after: 30d", "expires_after: 40d"))
    ana.world.commit(who)


def test_what_can_never_land_is_not_approved(ana: Desk) -> None:
    _edited(ana)
    cleo = on_the_branch(ana, "cleo")
    done = cleo.itsm("approve", "policy/changes", "--push")
    assert done.code == 1
    assert "LIF022" in done.err and "APR006" in done.err
    assert "nothing was signed" in done.err and "itsm fix --base origin/main" in done.err
    assert not cleo.acts("policy/changes")
    cleo.must("refuse", "policy/changes", "--comment", "Fix it first")
    cleo.must("withdraw", "policy/changes")


def test_propose_keeps_revision_and_authors_and_says_so(ana: Desk) -> None:
    _edited(ana)
    said = ana.must("propose", "policy/changes", "--push")
    assert f"{RULES}: revision and authors brought up to date" in said
    text = (ana.folder / RULES).read_text()
    assert "\nrevision: 2\n" in text and "authors:\n- ana\n" in text
    assert "policy/changes at gate edit: pending: edits/rules by one of cleo, dora" in said
    assert f"git add {RULES} && git commit" in said
    assert "revision: 2" not in ana.git("show", f"origin/main:{RULES}"), "the rules wait for people"
    ana.world.commit()
    cleo = on_the_branch(ana, "cleo")
    said = cleo.must("approve", "policy/changes", "--push")
    assert "policy/changes at gate edit: approved: nobody else is asked" in said
    assert "differs from origin/main:" in said and "-  expires_after: 30d" in said and "+  expires_after: 40d" in said
    (steps,) = re.findall(r"merge its pull request, or: (.+)$", said, re.MULTILINE)
    ana.git("push", "--quiet", "origin", "proposal")
    ana.git("fetch", "--quiet", "origin")
    for step in steps.split(" && "):
        ana.git(*step.split()[1:])
    assert "revision: 2" in ana.world.git("show", f"{MAIN}:{RULES}", folder=ana.world.server)


def test_propose_does_not_sign_what_it_can_not_fix(ana: Desk) -> None:
    _edited(ana, "ben")
    done = ana.itsm("propose", "policy/changes")
    assert done.code == 1, done.out + done.err
    assert "APR006" in done.err and "ben wrote on it" in done.err and "nothing was signed" in done.err
    assert "LIF022" not in done.err
    assert not ana.acts("policy/changes")
    assert "revision" not in (ana.folder / RULES).read_text()


def test_who_only_proposes_is_no_author(ana: Desk) -> None:
    _edited(ana)
    ana.must("fix", "--base", "origin/main")
    ana.world.commit()
    dora = on_the_branch(ana, "dora")
    dora.must("propose", "policy/changes")
    assert "authors:\n- ana\n" in (dora.folder / RULES).read_text()
    assert "- dora\n" not in (dora.folder / RULES).read_text()


def test_fix_sees_what_is_not_committed_and_names_who_wrote_it(ana: Desk) -> None:
    ana.git("fetch", "--quiet", "origin")
    file = ana.folder / RULES
    file.write_text(file.read_text().replace("expires_after: 30d", "expires_after: 40d"))
    said = ana.must("fix", "--base", "origin/main", "--dry-run")
    assert "would fix 1 file" in said and "+revision: 2" in said
    ana.must("fix", "--base", "origin/main")
    assert "\nrevision: 2\n" in file.read_text() and "authors:\n- ana\n" in file.read_text()
    assert "fixed 0 files" in ana.must("fix", "--base", "origin/main")


def test_a_refusal_that_is_not_pushed_says_so(ana: Desk) -> None:
    said = ana.must("refuse", "policy/changes", "--comment", "Not so")
    assert "this refusal is only in this checkout" in said
    assert "itsm refuse policy/changes --comment 'Not so' --push" in said
    assert "only in this checkout" not in ana.must("refuse", "policy/changes", "--comment", "Not so", "--push")


def test_an_edit_says_how_many_acts_no_longer_fit(ana: Desk, ref: str) -> None:
    said = ana.must("set", ref, "reason=It ends on Saturday.")
    assert f"1 act on {ref} no longer fits its content; itsm propose {ref} makes a new proposal" in said
    assert "no longer" not in ana.must("set", ref, "reason=It ends on Sunday.")
    assert "no longer" not in ana.must("note", ref, "Talked about it")
    assert "no longer" not in ana.must("propose", ref)


def test_an_incident_that_is_only_here_is_shown_to_approvers_with_its_emergency(ana: Desk) -> None:
    cause = incident("1NC09", "P1")
    record = change(state="submitted", type="emergency", incident=cause["id"])
    ana.world.put(cause, record)
    said = ana.must("schedule", record["id"])
    assert f"git add {path(record)} {path(cause)} records/approvals/" in said
    ana.git("add", path(cause))
    ana.git("commit", "--quiet", "-m", "the incident")
    assert path(cause) not in ana.must("refuse", record["id"], "--comment", "Not so")


def test_propose_names_an_author_also_where_the_proposal_is_made_already(ana: Desk, ref: str) -> None:
    file = ana.folder / path(change())
    file.write_text(file.read_text().replace("authors:\n- ana\n", "authors:\n- ben\n"))
    said = ana.must("propose", ref, "--push")
    assert "has proposed exactly this" in said and "revision and authors brought up to date" in said
    assert "authors:\n- ben\n- ana\n" in file.read_text()


def test_who_is_named_by_others_objects_with_a_command(ana: Desk) -> None:
    record = change(state="draft", authors=["dora"])
    ana.world.put(record)
    ana.world.commit("dora")  # as anybody can write it
    assert ana.world.push("eve").landed
    dora = desk(ana.world, "dora")
    done = dora.itsm("refuse", record["id"], "--gate", "authors", "--comment", "I have never seen it.", "--push")
    assert done.code == 0, done.err
    assert "at gate authors: approved" in done.out and "this refusal is only" not in done.err
    assert "people say this for themselves" in done.out
    again = dora.itsm("refuse", record["id"], "--gate", "authors", "--comment", "Never.", "--for", "ben")
    assert again.code == 2 and "people speak for themselves" in again.err
    assert "nothing is approved at gate authors" in dora.itsm("approve", record["id"], "--gate", "authors").err


def test_fix_takes_out_the_names_of_people_who_had_no_part(ana: Desk) -> None:
    ana.git("fetch", "--quiet", "origin")
    file = ana.folder / RULES
    file.write_text(file.read_text() + "authors:\n- ana\n- dora\n")
    ana.git("commit", "--quiet", "--all", "-m", "names")
    assert "LIF047" in ana.itsm("check", "--base", "origin/main").out
    ana.must("fix", "--base", "origin/main")
    assert "authors:" not in file.read_text()
    ana.git("commit", "--quiet", "--all", "-m", "no names")
    assert ana.itsm("check", "--base", "origin/main").code == 0


def test_propose_says_whom_nobody_may_name(ana: Desk) -> None:
    ana.git("fetch", "--quiet", "origin")
    file = ana.folder / RULES
    file.write_text(file.read_text().replace("title: ", "title: More on ") + "authors:\n- dora\n")
    ana.git("commit", "--quiet", "--all", "-m", "names")
    done = ana.itsm("propose", "policy/changes")
    assert done.code == 1 and "author dora is named, but wrote nothing on it in this step" in done.err
