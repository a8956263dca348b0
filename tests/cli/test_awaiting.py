"""`itsm list --awaiting`: what waits for whom, on base and on the open branches that are named."""

from __future__ import annotations

import json
import os
import shlex
from typing import Any
from unittest.mock import patch

import pytest

from tests.approvals.conftest import founded, world
from tests.approvals.records import at, change, incident, path, team, text
from tests.approvals.test_freezes import frozen
from tests.approvals.world import World, identity
from tests.cli.harness import Done
from tests.cli.inside import Place

__all__ = ["founded", "world"]


def listed(world: World, who: str, *options: str, output: str = "json") -> Done:
    """`itsm list --awaiting WHO`, run by ben."""
    return itsm(world, "list", "--awaiting", who, "--format", output, *options)


def itsm(world: World, *arguments: str) -> Done:
    """Runs `itsm` as ben in the checkout."""
    with patch.dict(os.environ, identity("ben", world.home("ben")), clear=True):
        return Place(world.ws).itsm(*arguments)


def rows(world: World, who: str, *options: str) -> list[dict[str, str]]:
    """The rows, where the command ends clean."""
    done = listed(world, who, *options)
    assert done.code == 0, done.err
    found: list[dict[str, str]] = json.loads(done.out)["awaiting"]
    return found


@pytest.fixture
def submitted(world: World) -> World:
    """A change that lies on base before its gate, proposed by ana."""
    record = change(state="submitted")
    world.put(record)
    world.act("ana", "proposed", record, at=at(minutes=3))
    world.land()
    return world


def branched(world: World, name: str, **fields: Any) -> dict[str, object]:
    """A change that is only on a branch, proposed there, with the checkout on main again."""
    record = change(number="5N3YV", **fields)
    world.git("switch", "--quiet", "-c", name)
    world.put(record)
    world.act("ana", "proposed", record)
    world.commit()
    world.git("switch", "--quiet", "main")
    return record


def test_a_proposal_on_base_waits_for_those_who_could_fill_the_seat(submitted: World) -> None:
    record = change(state="submitted")
    (row,) = rows(submitted, "ben")
    assert row == {
        "id": record["id"],
        "title": "Replace the certificate",
        "gate": "scheduled",
        "since": at(minutes=3),
        "proposed_by": "ana",
        "seat": "changes/owner",
        "where": "base",
        "command": f"itsm approve {record['id']}",
    }
    assert rows(submitted, "dora") == [row]


@pytest.mark.parametrize("who", ["ana", "eve", "cleo", "robo"])
def test_it_waits_for_nobody_else(submitted: World, who: str) -> None:
    done = listed(submitted, who)
    assert (done.code, json.loads(done.out)["awaiting"]) == (0, [])
    assert done.err.startswith(f"nothing waits for {who} on base, which is commit ")


def test_me_is_whom_the_git_identity_names(submitted: World) -> None:
    assert [row["id"] for row in rows(submitted, "me")] == [change()["id"]]


def test_what_was_approved_waits_no_longer(submitted: World) -> None:
    submitted.act("ben", "approved", change(state="submitted"))
    submitted.land("ben")
    assert rows(submitted, "ben") == rows(submitted, "dora") == []


def test_a_proposal_that_its_maker_took_back_does_not_wait(submitted: World) -> None:
    (proposal,) = submitted.ws.glob("records/approvals/CHG-*/*.yaml")
    submitted.act("ana", "withdrawn", change(state="submitted"), supersedes=[proposal.stem])
    submitted.land()
    done = listed(submitted, "ben")
    assert json.loads(done.out)["awaiting"] == []
    assert "note" not in done.err


def test_a_refused_one_waits_for_nobody(submitted: World) -> None:
    submitted.act("ben", "refused", change(state="submitted"))
    submitted.land("ben")
    assert rows(submitted, "dora") == []


def test_a_change_that_passed_its_gate_waits_for_nobody(world: World) -> None:
    record = change()
    world.put(record)
    world.approved(record, "ben")
    world.land()
    done = listed(world, "dora")
    assert json.loads(done.out)["awaiting"] == []
    assert "note" not in done.err


def test_a_cancelled_one_waits_for_nobody(submitted: World) -> None:
    record = change(state="submitted")
    entry = {"at": at(minutes=1), "by": "ana", "state": "cancelled", "reason": "Not needed."}
    submitted.put(record | {"timeline": [*record["timeline"], entry]})
    submitted.force()
    assert rows(submitted, "ben") == []


def test_a_branch_is_looked_at_where_it_is_named_or_fits_a_pattern(world: World) -> None:
    record = branched(world, "feature/renew")
    assert rows(world, "ben") == []
    for option in ("feature/renew", "feature/*", "feat*", "refs/heads/*"):
        (row,) = rows(world, "ben", "--with", option)
        assert (row["id"], row["where"], row["proposed_by"]) == (record["id"], "feature/renew", "ana")
        assert row["command"] == f"git switch feature/renew && itsm approve {record['id']}"


def test_the_command_is_that_of_the_branch_where_one_stands(world: World) -> None:
    record = branched(world, "renew")
    world.git("switch", "--quiet", "renew")
    (row,) = rows(world, "ben", "--with", "renew")
    assert row["command"] == f"itsm approve {record['id']}"


def test_the_commands_that_are_shown_fill_the_seat(world: World) -> None:
    branched(world, "renew")
    (row,) = rows(world, "ben", "--with", "renew")
    switch, approve = map(shlex.split, row["command"].split(" && "))
    world.git(*switch[1:])
    assert itsm(world, *approve[1:]).code == 0
    assert "filled   changes/owner: ben" in itsm(world, "explain", row["id"], "approval").out


def test_a_branch_with_an_evil_name_is_quoted(world: World) -> None:
    branched(world, "x;touch${IFS}me")
    (row,) = rows(world, "ben", "--with", "x*")
    assert row["command"].startswith("git switch 'x;touch${IFS}me' && itsm ")


def test_the_same_content_on_two_branches_is_listed_once_and_other_content_again(world: World) -> None:
    branched(world, "one")
    world.git("branch", "--quiet", "two", "one")
    world.git("switch", "--quiet", "-c", "three", "two")
    edited = change(number="5N3YV", reason="It ends on Sunday.")
    world.put(edited)
    world.act("ana", "proposed", edited)
    world.commit()
    world.git("switch", "--quiet", "main")
    found = rows(world, "ben", "--with", "one", "--with", "two", "--with", "three")
    assert [row["where"] for row in found] == ["one", "three"]


def test_what_nobody_proposed_yet_says_so_by_an_empty_cell(world: World) -> None:
    world.git("switch", "--quiet", "-c", "draft")
    world.put(change())
    world.commit()
    world.git("switch", "--quiet", "main")
    (row,) = rows(world, "ben", "--with", "draft")
    assert "since" not in row and "proposed_by" not in row


def test_an_edit_of_a_team_waits_for_the_keepers(world: World) -> None:
    edited = world.edited(path(team("it")), members=["ana", "ben", "dora", "robo", "eve"])
    world.act("ana", "proposed", edited)
    world.land()
    done = listed(world, "cleo")
    assert json.loads(done.out)["awaiting"] == []
    assert "note: content not found: team/it at gate edit, proposed by ana (APR-" in done.err
    assert "--with BRANCH" in done.err
    world.git("switch", "--quiet", "-c", "grow")
    world.write({path(team("it")): text(edited)})
    world.commit()
    world.git("switch", "--quiet", "main")
    done = listed(world, "cleo", "--with", "grow")
    (row,) = json.loads(done.out)["awaiting"]
    assert (row["id"], row["gate"], row["seat"], row["title"]) == ("team/it", "edit", "edits/rules", "IT")
    assert "note" not in done.err


def test_an_edit_that_landed_is_not_looked_for(world: World) -> None:
    edited = world.edited(path(team("it")), members=["ana", "ben", "dora", "robo", "eve"])
    world.put(edited)
    world.approved(edited, "cleo")
    world.land()
    again = world.edited(path(team("it")), members=["ana", "ben", "dora", "robo"])
    world.put(again)
    world.approved(again, "cleo")
    world.land()
    assert "note" not in listed(world, "cleo").err


def test_an_act_that_landed_before_its_subject_is_named_until_the_branch_is(world: World) -> None:
    record = branched(world, "late")
    world.act("ana", "proposed", record)
    world.land()
    assert f"{record['id']} at gate scheduled, proposed by ana" in listed(world, "ben").err
    assert "note" not in listed(world, "ben", "--with", "late").err


def test_a_stale_proposal_is_passed_over_and_one_for_a_later_revision_looked_for(submitted: World) -> None:
    later = change(state="submitted", revision=2, reason="It ends on Sunday.")
    submitted.act("ana", "proposed", later)
    submitted.land()
    assert "note: content not found" in listed(submitted, "ben").err
    submitted.put(later)
    submitted.land()
    done = listed(submitted, "ben")
    assert [row["where"] for row in json.loads(done.out)["awaiting"]] == ["base"]
    assert "note" not in done.err


def test_an_exception_from_a_freeze_waits_for_whom_the_freeze_names(world: World) -> None:
    frozen(world)
    record = branched(world, "renew", freeze_exception={"reason": "It ends in the freeze."})
    (row,) = rows(world, "ben", "--with", "renew")
    assert row["gate"] == "scheduled"
    (row,) = rows(world, "cleo", "--with", "renew")
    assert (row["gate"], row["seat"]) == ("exception/year-end", "freeze/year-end")
    early = change(state="submitted", freeze_exception={"reason": "It ends in the freeze."})
    world.put(early)
    world.act("ana", "proposed", early, gate="exception/year-end")
    world.land()
    (row,) = rows(world, "cleo")
    assert (row["id"], row["gate"], row["where"]) == (early["id"], "exception/year-end", "base")
    assert record["id"] != early["id"]


def test_a_review_that_is_due_waits_once_it_is_written(world: World) -> None:
    record = change(type="emergency", incident=incident("1NC01", "P1")["id"], state="implementing")
    world.put(record)
    world.approved(record, "dora")
    world.land()
    assert rows(world, "ben") == rows(world, "cleo") == []
    world.put(record | {"post_implementation_review": {"summary": "It went well."}})
    world.land()
    assert rows(world, "ana") == rows(world, "ben") == []
    (row,) = rows(world, "cleo")
    assert (row["id"], row["gate"], row["where"]) == (record["id"], "post-review", "base")
    assert "note" not in listed(world, "ben").err


def test_a_deputy_is_shown_what_waits_for_whoever_delegated(submitted: World) -> None:
    deputed = submitted.edited(
        "records/people/ben.yaml", delegate={"to": "eve", "from": at(days=1), "until": at(days=-1)}
    )
    submitted.put(deputed)
    submitted.force()
    (row,) = rows(submitted, "eve")
    assert row["command"].endswith("4M2XT --for ben")


def test_a_branch_that_is_nowhere_is_an_error_and_so_is_a_pattern_without_a_match(world: World) -> None:
    for option in ("nowhere", "nowhere/*"):
        done = listed(world, "ben", "--with", option)
        assert (done.code, done.out) == (3, ""), option
        assert "help: " in done.err


def test_a_branch_without_common_history_is_an_error_by_name_and_left_out_by_pattern(world: World) -> None:
    tree = world.git("rev-parse", "HEAD^{tree}")
    lonely = world.git("commit-tree", tree, "-m", "pages")
    world.git("branch", "--quiet", "pages", lonely)
    assert listed(world, "ben", "--with", "pages").code == 3
    done = listed(world, "ben", "--with", "p*")
    assert done.code == 0
    assert "pages was left out" in done.err


def test_a_record_on_a_branch_that_cannot_be_judged_is_named(world: World) -> None:
    world.git("switch", "--quiet", "-c", "odd")
    world.put(change("nowhere"))
    world.commit()
    world.git("switch", "--quiet", "main")
    done = listed(world, "ben", "--with", "odd")
    assert json.loads(done.out)["awaiting"] == []
    assert "note: can't be decided: CHG-" in done.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("list", "--with", "main"), "--with goes with --awaiting"),
        (("list", "--at", "2026-11-21T08:00:00Z"), "--at goes with --awaiting"),
        (("list", "changes", "--awaiting", "ben"), "--awaiting takes no query"),
        (("list", "--awaiting", "bne"), "bne is not on the protected branch"),
    ],
)
def test_options_that_make_no_sense_say_what_would(world: World, options: tuple[str, ...], said: str) -> None:
    done = itsm(world, *options)
    assert done.code == 2
    assert said in done.err and "help:" in done.err


def test_the_table_and_the_csv_have_the_columns(submitted: World) -> None:
    heading = listed(submitted, "ben", output="csv").out.splitlines()[0]
    assert heading == "id,title,gate,since,proposed_by,seat,where,command"
    table = listed(submitted, "ben", output="table").out
    assert table.splitlines()[0].split() == heading.split(",")
    assert listed(submitted, "ben", output="ids").out == f"{change()['id']}\n"


def test_base_is_the_protected_branch_as_it_was_last_fetched(submitted: World) -> None:
    submitted.git("remote", "add", "origin", str(submitted.server))
    submitted.git("fetch", "--quiet", "origin")
    submitted.git("switch", "--quiet", "-C", "main", "HEAD~1")
    (row,) = rows(submitted, "ben")
    assert (row["where"], row["command"].split()[-1]) == ("base", "--push")


def test_a_branch_of_the_remote_is_visited_without_a_branch_of_ones_own(world: World) -> None:
    branched(world, "renew")
    world.git("remote", "add", "origin", str(world.server))
    world.git("push", "--quiet", "origin", "renew")
    world.git("branch", "--quiet", "-D", "renew")
    (row,) = rows(world, "ben", "--with", "origin/*")
    assert row["where"] == "origin/renew"
    assert row["command"].startswith("git switch --detach origin/renew && itsm approve CHG-")
