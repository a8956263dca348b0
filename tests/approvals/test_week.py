"""A team's week, played through the command line: real keys, a clone for each, a server whose hook judges."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.approvals.conftest import make_key
from tests.approvals.records import at
from tests.approvals.week import Colleague, colleague, next_of
from tests.approvals.world import MAIN, Push, World

TEN_DAYS_AGO = at(days=10)
LATER = at(days=-2, hours=-4)
PLAN = (
    "plan.implementation=Install it.", "plan.backout=Put the old one back.",
    f"window.start={at(days=-2)}", f"window.end={at(days=-2, hours=-2)}",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Team:
    """ana and ben are of it, ben and cleo of cab, cleo and dora keep the rules, dora decides at night."""

    world: World
    ana: Colleague
    ben: Colleague
    cleo: Colleague
    dora: Colleague

    @staticmethod
    def of(world: World) -> Team:
        """Everybody with a clone, at a server whose hook was written by `itsm generate server-hook`."""
        team = Team(world, *(colleague(world, name) for name in ("ana", "ben", "cleo", "dora")))
        (world.server / "hooks" / "pre-receive").write_text(team.dora.must("generate", "server-hook"))
        return team


def proposed(author: Colleague, branch: str, title: str, *fields: str) -> str:
    """A normal change, scheduled by its author on a branch that others see; its id."""
    author.begins(branch)
    ref = author.makes("change", "reason=The old one ends.", *PLAN, *fields, title=title, service="mail", type="normal")
    author.types(next_of(author.must("schedule", ref)))
    return ref


def landed(push: Push) -> None:
    assert push.landed, push.said


def refused(push: Push, *words: str) -> None:
    assert not push.landed
    for each in words:
        assert each in push.said, push.said


# One story in two halves. What is left over on one day is taken up on the next, but nothing on Wednesday.


def test_the_first_half_of_a_teams_week(world: World) -> None:
    team = Team.of(world)
    renewed = monday(team)
    tuesday(team)
    wednesday(team, renewed)
    assert_audited_clean(team.cleo)


def test_the_second_half_of_a_teams_week(world: World) -> None:
    team = Team.of(world)
    held = night(team, outage(team))
    liked = thursday(team, held)
    disliked = friday(team, liked)
    weekend(team, disliked)


def assert_audited_clean(auditor: Colleague) -> None:
    code, found = auditor.audits()
    assert (code, found["status"], found["faulty"], found["debts"]) == (0, "clean", [], [])


def monday(team: Team) -> str:
    """A change is approved, edited, approved again, and lands."""
    ana, ben, dora = team.ana, team.ben, team.dora
    ana.begins("renew")
    ref = ana.makes("change", "reason=It ends.", *PLAN, title="Renew the certificate", service="mail", type="normal")
    ana.types(next_of(ana.must("schedule", ref, "--push")))
    waiting = f"{ref} scheduled"
    assert waiting in dora.awaited()
    ben.types(ben.awaited()[waiting])
    assert not dora.awaited()

    ana.must("set", ref, "reason=It ends on Sunday.")
    said = ana.explained(ref)
    assert "approved by ben: stale: reason changed since" in said
    assert "proposed by nobody yet" in said
    ana.must("propose", ref)
    ana.shows()
    refused(ana.merges("renew"), "APR001", "the approval of ben does not count: stale: reason changed since")
    assert "changed since your last act: reason" in ben.decides("approve", ref, "renew")
    landed(ana.merges("renew"))
    return ref


def tuesday(team: Team) -> None:
    """A refusal that is only on a branch is pushed away with it; one that landed, from a slow clock, is not."""
    ana, ben, cleo, dora = team.ana, team.ben, team.cleo, team.dora
    ref = proposed(ana, "tune", "Tune the cache")
    ben.visits("tune")
    ben.must("refuse", ref, "--comment", "Not at the end of the month")
    ben.git("add", "--all")
    ben.git("commit", "--quiet", "-m", "Refused")
    ben.git("push", "--quiet", "origin", "HEAD:tune")
    refused(cleo.merges("tune"), "APR002", "APR005", "is only in the proposal")
    ana.git("switch", "--quiet", "tune")
    ana.shows("--amend")
    assert ana.explain(ref) == "pending"

    ben.on_a_slow_clock(minutes=4).decides("refuse", ref, "tune", "--comment", "Not at the end of the month")
    ana.must("set", ref, "reason=Nobody refused this.")
    ana.must("propose", ref)
    ana.shows("--amend")
    push = ana.merges("tune")
    refused(push, "APR002", "refused by ben")
    assert "APR005" not in push.said

    ben.decides("withdraw", ref, "tune", "--comment", "Ana waits for the first")
    dora.types(dora.awaited()[f"{ref} scheduled"])
    landed(cleo.squashes("tune"))


def wednesday(team: Team, renewed: str) -> None:
    """A change that was done is taken up again; its old approval does not fit any more."""
    ana, ben = team.ana, team.ben
    ana.updates()
    ana.must("revise", renewed, "--reason", "The vendor is late", "--push")
    assert ana.git("status", "--porcelain") == ""

    ana.begins("renew-later")
    ana.must("set", renewed, f"window.end={LATER}")
    said = ana.must("schedule", renewed)
    assert "the approval of ben does not count: stale: revision, window.end changed since" in said
    assert "superseded" not in said
    ana.types(next_of(said))
    assert "revision: 3" in ben.decides("approve", renewed, "renew-later")
    landed(ana.merges("renew-later"))


def outage(team: Team) -> str:
    """An incident that was resolved is taken up again; its id."""
    ana = team.ana
    ana.updates()
    down = ana.makes("incident", "impact=high", "urgency=high", title="Mail is down", service="mail", when=TEN_DAYS_AGO)
    ana.must("resolve", down, "--summary", "Restarted it", "--when", at(days=9))
    ana.must("reopen", down, "--reason", "It is down again", "--push")
    assert ana.git("status", "--porcelain") == ""
    return down


def night(team: Team, down: str) -> str:
    """An emergency of ten nights ago, let through by whoever decides at night, whose review nobody wrote: a change of
    the team is approved, and held."""
    ana, ben, dora = team.ana, team.ben, team.dora
    ana.begins("night")
    ref = ana.makes(
        "change", "reason=Nobody gets mail.", *PLAN, f"incident={down}", title="Move mail to the second node",
        service="mail", type="emergency", when=TEN_DAYS_AGO,
    )  # fmt: skip
    ana.types(next_of(ana.must("schedule", ref, "--when", TEN_DAYS_AGO)))
    dora.types(dora.awaited()[f"{ref} scheduled"])
    landed(ana.merges("night"))

    held = proposed(ana, "index", "Rebuild the index")
    assert "must first finish an overdue review" in ben.decides("approve", held, "index")
    refused(ben.merges("index"), "APR007", f"{ref} lacks its post-implementation review")
    ana.updates()
    ana.must("set", ref, "post_implementation_review.summary=It helped; we missed the alarm.", "--push")
    return held


def thursday(team: Team, held: str) -> str:
    """ben gets a new key. What the old one signed still lands, now that the debt is paid; it signs nothing more."""
    ana, ben, cleo = team.ana, team.ben, team.cleo
    ben.begins("new-key")
    ended = f"  valid_until: {at(minutes=0)}\n- key: {make_key(ben.new_key)}\n"
    ben.edits("records/people/ben.yaml", "person/ben", lambda text: text + ended)
    ben.must("propose", "person/ben")
    ben.shows()
    cleo.decides("approve", "person/ben", "new-key")
    landed(cleo.merges("new-key"))

    cleo.updates()
    (command,) = (line for what, line in cleo.awaited().items() if what.endswith("post-review"))
    cleo.types(command)
    landed(ben.merges("index"))

    liked = proposed(ana, "liked", "What ben likes")
    ben.visits("liked")
    done = ben.itsm("approve", liked, "--push", "--key", str(team.world.key("ben")))
    assert done.code == 2 and "the key was valid until" in done.err
    ben.must("approve", liked, "--push", "--key", str(ben.new_key))
    return liked


def friday(team: Team, liked: str) -> str:
    """ben leaves: his approval does not count any more, his refusal does. Then the rules change, with a change that
    they do not judge yet."""
    ana, ben, cleo, dora = team.ana, team.ben, team.cleo, team.dora
    disliked = proposed(ana, "disliked", "What ben does not like")
    ben.decides("refuse", disliked, "disliked", "--comment", "I would not", "--key", str(ben.new_key))
    dora.begins("farewell")
    dora.must("retire", "person/ben")
    dora.must("propose", "person/ben")
    dora.shows()
    cleo.decides("approve", "person/ben", "farewell")
    landed(cleo.merges("farewell"))
    retired = "ben may not decide: base says that this person is retired"
    refused(ana.merges("liked"), f"the approval of ben does not count: {retired}")
    push = ana.merges("disliked")
    refused(push, "APR002")
    (refusal,) = re.findall(r"refused by ben \((APR-\S+)\)", push.said)
    cleo.decides("withdraw", disliked, "disliked", "--act", refusal, "--comment", "He has left")
    assert set(dora.awaited()) == {f"{disliked} scheduled", f"{liked} scheduled"}

    dora.begins("board-decides")
    dora.git("merge", "--quiet", "--no-edit", "origin/liked")
    dora.must("approve", liked)
    dora.edits(
        "records/policies/changes.yaml", "policy/changes", lambda text: text.replace("    - it\n", "    - cab\n")
    )
    dora.must("propose", "policy/changes")
    dora.shows()
    cleo.decides("approve", "policy/changes", "board-decides")
    landed(dora.merges("board-decides"))
    assert f"{disliked} scheduled" in cleo.awaited()
    return disliked


def weekend(team: Team, disliked: str) -> None:
    """The audit finds nothing; then what an administrator forces in, until somebody takes it over."""
    ana, cleo = team.ana, team.cleo
    refused(ana.merges("disliked"), "APR001", "changes/owner by cleo")
    assert_audited_clean(cleo)

    before = team.world.tip()
    team.world.git("fetch", "--quiet", str(ana.folder), f"+HEAD:{MAIN}", folder=team.world.server)
    code, found = cleo.audits("--since", before)
    (step,) = found["faulty"]
    assert (code, step["commit"], [fault["code"] for fault in step["faults"]]) == (1, team.world.tip(), ["APR001"])

    cleo.updates()
    cleo.must("approve", disliked, "--gate", "ratify", "--comment", "I would have approved it", "--push")
    code, found = cleo.audits()
    (step,) = found["faulty"]
    assert (code, found["status"], len(step["faults"][0]["ratified_by"])) == (0, "clean", 1)
