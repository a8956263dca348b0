"""Attacks with steps forced past the check: what such a step grants helps nobody to ratify it, or what came after."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.approvals.records import CHANGES, Record, at, change, incident, item, path, person, policy, request, team
from tests.approvals.test_audit import audit, codes, raw
from tests.approvals.test_freezes import GATE, REASON, frozen, granted
from tests.approvals.world import World, act_id


def as_base_has_it(world: World, where: str, **fields: Any) -> Record:
    """A record of base with other fields, without what a check would ask for."""
    found = world.on_base(where)
    assert found is not None, where
    return found | fields


def edit(where: str, **fields: Any) -> Callable[[World], None]:
    return lambda world: world.put(as_base_has_it(world, where, **fields))


def rules(**owner: Any) -> list[Record]:
    """The rules for changes, that for normal ones with other fields."""
    return [rule | owner if rule["id"] == "owner" else rule for rule in CHANGES["rules"]]


def emergency() -> Record:
    about = {"type": "emergency", "incident": incident("1NC01", "P1")["id"]}
    return change(state="implementing", number="4N1GT", **about)


def keys_of_ben(world: World, *keys: str) -> None:
    world.put(as_base_has_it(world, path(person("ben", "")), keys=[{"key": key} for key in keys]))


def no_beginning(world: World) -> None:
    """Base needs nothing more than it was founded with."""


@dataclass
class Grant:
    """What a forced step grants, what it lets through, who uses it, and who might have let it through."""

    give: Callable[[World], None]
    by: str = "eve"
    act: dict[str, Any] = field(default_factory=dict)
    record: Callable[[], Record] = change
    before: Callable[[World], None] = no_beginning
    entitled: str | None = "ben"
    signs_with: str | None = None


def owned(world: World) -> None:
    """The rule on base asks the team that owns the service."""
    record = world.edited(path(CHANGES), rules=rules(seats=[{"owner_team": True}]))
    world.put(record)
    world.approved(record, "cleo")
    world.land()


def eve_was_here(world: World) -> None:
    """Eve belongs to the team, and has left."""
    world.put(as_base_has_it(world, path(person("eve", "")), state="retired"))
    world.put(as_base_has_it(world, path(team("it")), members=["ana", "ben", "dora", "eve"]))
    world.force()
    world.git("commit", "--quiet", "--amend", "--no-edit")


DEPUTY = {"to": "eve", "from": at(days=1), "until": at(days=-1)}
GRANTS = {
    "a member": Grant(edit(path(team("it")), members=["ana", "ben", "dora", "eve"])),
    "a team within the team": Grant(lambda world: world.put(team("night", "eve", parents=["it"]))),
    "a role": Grant(
        edit(path(person("eve", "")), roles=["emergency-approver"]), record=emergency, entitled="dora",
    ),
    "a role of another rule": Grant(
        lambda world: world.put(
            as_base_has_it(world, path(CHANGES), rules=rules(seats=[{"teams": ["it"], "roles": ["owl"]}])),
            as_base_has_it(world, path(person("eve", "")), roles=["owl"]),
        ),
    ),
    "a key": Grant(
        lambda world: keys_of_ben(world, world.public("ben"), world.public("eve")), by="ben", signs_with="eve",
        entitled="dora",
    ),
    "another key": Grant(
        lambda world: keys_of_ben(world, world.public("eve")), by="ben", signs_with="eve", entitled="dora",
    ),
    "a laxer policy": Grant(edit(path(CHANGES), rules=rules(seats=[{"teams": ["it"], "people": ["eve"]}]))),
    "a rule for others": Grant(edit(path(CHANGES), rules=rules(seats=[{"people": ["eve"]}])), entitled=None),
    "a policy for others": Grant(
        lambda world: world.put(
            as_base_has_it(world, path(CHANGES), state="retired"),
            policy("more", "scheduled", ["change"], {"id": "eve", "seats": [{"people": ["eve"]}]}),
        ),
        entitled=None,
    ),
    "approving ones own": Grant(edit(path(CHANGES), rules=rules(author_may_approve=True)), by="ana"),
    "a deputy": Grant(edit(path(person("ben", "")), delegate=DEPUTY), act={"on_behalf_of": "ben"}),
    "a human": Grant(edit(path(person("robo", "")), type="human"), by="robo"),
    "a service": Grant(
        lambda world: world.put(
            team("friends", "eve", "ben"), as_base_has_it(world, "records/services/mail.yaml", owner="friends")
        ),
        before=owned,
    ),
    "an item": Grant(
        lambda world: world.put(item("laptop", seats=[{"roles": ["keeper"], "people": ["eve"]}])),
        record=lambda: request("laptop"), entitled="cleo",
    ),
}  # fmt: skip


def let_in(world: World, record: Record) -> None:
    """The content that nobody approved, beside what is written already."""
    world.put(record)
    world.force()


def standing(world: World, record: Record) -> list[str]:
    """The codes of the faults of a record that stand."""
    steps = audit(world)[1]["faulty"]
    return [f["code"] for step in steps for f in step["faults"] if f["path"] == path(record) and not f["ratified_by"]]


def ratified(world: World, by: str, record: Record, key: str | None = None, **fields: Any) -> str:
    """A ratification that has landed by itself, through the hook; its id."""
    where = world.act(by, "approved", record, gate="ratify", **({"key": world.key(key)} if key else {}), **fields)
    push = world.step(by)
    assert push.landed, push.said
    return act_id(where)


ORDERS = ["in the same step", "before", "after"]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", GRANTS)
def test_A212_nobody_ratifies_by_what_a_forced_step_granted(world: World, name: str, order: str) -> None:
    grant = GRANTS[name]
    record = grant.record()
    grant.before(world)
    if order == "before":
        grant.give(world)
        world.force()
        let_in(world, record)
    elif order == "after":
        let_in(world, record)
        grant.give(world)
        world.force()
    else:
        grant.give(world)
        let_in(world, record)
    ratified(world, grant.by, record, grant.signs_with, **grant.act)
    assert standing(world, record) == ["APR001"]
    if grant.entitled is not None:  # whoever was entitled, and is, takes it over
        ratified(world, grant.entitled, record)
        assert standing(world, record) == []


def test_A212_seats_that_a_forced_step_gives_a_freeze_ratify_no_exception(world: World) -> None:
    frozen(world)
    record = change(freeze_exception=REASON)
    world.put(as_base_has_it(world, "records/freezes/year-end.yaml", exceptions=[{"people": ["eve", "cleo"]}]))
    world.put(record)
    world.approved(record, "ben")
    world.act("ana", "proposed", record, gate=GATE)
    world.force()
    assert standing(world, record) == ["APR001"]
    ratified(world, "eve", record)
    assert standing(world, record) == ["APR001"]
    ratified(world, "cleo", record)
    assert standing(world, record) == []


def test_A212_a_forced_step_ratifies_neither_itself_nor_the_one_before_by_what_it_brings(world: World) -> None:
    """The acts come with the grant, in one step past the check, and land again through the hook."""
    record = change()
    let_in(world, record)
    GRANTS["a member"].give(world)
    world.act("eve", "approved", record, gate="ratify")
    world.force()
    assert standing(world, record) == ["APR001"]
    ratified(world, "eve", record)
    assert standing(world, record) == ["APR001"]


def test_A213_a_chain_of_forced_steps_lends_rights_from_one_to_the_next(world: World) -> None:
    """Eve becomes a keeper, takes zoe in, who belongs to the team; each step is ratified by whom the last one made."""
    world.put(as_base_has_it(world, path(person("eve", "")), roles=["keeper"]))
    world.force()
    world.put(as_base_has_it(world, path(team("it")), members=["ana", "ben", "dora", "robo", "eve"]))
    world.force()
    record = change()
    let_in(world, record)
    for each in (record, as_base_has_it(world, path(team("it"))), as_base_has_it(world, path(person("eve", "")))):
        ratified(world, "eve", each)
    code, found = audit(world)
    assert code == 1 and codes(found, ratified=True) == []
    assert len(codes(found)) >= 3


def test_A213_what_such_a_base_let_in_through_the_hook_is_named(world: World) -> None:
    """The hook can't know that base is not what people decided on; the audit says what it let in."""
    GRANTS["a member"].give(world)
    world.force()
    forced = world.tip()
    record = change()
    world.put(record)
    world.approved(record, "eve")
    world.land()
    code, found = audit(world)
    assert code == 1 and [step["commit"] for step in found["faulty"]] == [forced]
    (rests,) = found["resting"]
    assert (rests["commit"], rests["passed"]) == (world.tip(), [f"{record['id']} at scheduled"])
    shown = raw(world).stdout
    assert "1 step judged by a base with a standing fault" in shown
    assert f"{world.tip()[:12]}" in shown and f"{record['id']} at scheduled" in shown
    annotated = raw(world, "--format", "github").stdout
    assert f"::1 step was judged by a base with a standing fault: {world.tip()[:12]}\n" in annotated


def test_A213_who_was_let_in_by_such_a_base_ratifies_nothing(world: World) -> None:
    """Eve is made a keeper past the check; through the hook she takes herself into the team, and then ratifies."""
    world.put(as_base_has_it(world, path(person("eve", "")), roles=["keeper"]))
    world.force()
    joined = world.edited(path(team("it")), members=["ana", "ben", "dora", "robo", "eve"])
    world.put(joined)
    world.approved(joined, "eve")
    world.land()
    record = change()
    let_in(world, record)
    ratified(world, "eve", record)
    assert standing(world, record) == ["APR001"]


def test_A212_an_act_from_before_the_deed_ratifies_nothing_later(world: World) -> None:
    """Ben's act was there when the step was forced; another act on the same content does not wake it."""
    record = change()
    world.act("ben", "approved", record, gate="ratify")
    let_in(world, record)
    ratified(world, "eve", record)
    assert standing(world, record) == ["APR001"]


def test_A212_a_refusal_to_ratify_that_is_taken_away_by_force_is_not_forgotten(world: World) -> None:
    record = change()
    let_in(world, record)
    refusal = world.act("dora", "refused", record, gate="ratify")
    world.land("dora")
    world.write({refusal: None})
    world.force()
    ratified(world, "ben", record)
    assert standing(world, record) == ["APR001"]


def test_A212_the_key_of_a_refuser_that_is_taken_away_by_force_takes_no_refusal_away(world: World) -> None:
    record = change()
    let_in(world, record)
    world.act("dora", "refused", record, gate="ratify")
    world.land("dora")
    world.put(as_base_has_it(world, path(person("dora", "")), keys=[]))
    world.force()
    ratified(world, "ben", record)
    assert standing(world, record) == ["APR001"]


def test_A212_a_revocation_that_is_taken_back_by_force_gives_no_key_new_life(world: World) -> None:
    """Ben's key was stolen, and revoked; a step past the check takes that back. It went past the check before, too."""
    record = change()
    let_in(world, record)
    revoked = {"since": at(minutes=5), "reason": "A stolen laptop."}
    taken = world.edited(path(person("ben", "")), keys=[{"key": world.public("ben"), "revoked": revoked}])
    world.put(taken)
    world.approved(taken, "cleo")
    world.land()
    keys_of_ben(world, world.public("ben"))
    world.force()
    ratified(world, "ben", record)
    assert standing(world, record) == ["APR001"]


def test_A212_nothing_is_ratified_where_the_step_asks_nobody_any_more(world: World) -> None:
    record = change()
    free = [{"id": "all", "seats": "none", "because": "It is looked at afterwards."}]
    world.put(as_base_has_it(world, path(CHANGES), rules=free))
    let_in(world, record)
    ratified(world, "eve", record)
    ratified(world, "ben", record)
    assert standing(world, record) == ["APR001"]


# Beside them: what people do.


def test_an_emergency_that_was_forced_in_is_ratified_by_who_could_have_approved_it(world: World) -> None:
    """The server was down at night, so the change went past it; it took somebody into the team as well."""
    record = change()
    joined = as_base_has_it(world, path(team("it")), members=["ana", "ben", "dora", "robo", "eve"], revision=2)
    world.put(joined | {"authors": ["ana"]})
    let_in(world, record)
    ratified(world, "ben", record)
    ratified(world, "cleo", joined)
    code, found = audit(world)
    assert (code, codes(found), codes(found, ratified=True)) == (0, [], ["APR001", "APR001"])
    assert found["faulty"][0]["closed_by"] == world.tip()
    assert [step["commit"] for step in found["resting"]] == [world.git("rev-parse", "HEAD~1"), world.tip()]
    world.write({"notes.txt": "x"})
    world.land()
    assert len(audit(world)[1]["resting"]) == 2, "until the ratification has landed"


def test_who_was_made_something_by_a_ratified_step_ratifies_later_ones(world: World) -> None:
    joined = as_base_has_it(world, path(team("it")), members=["ana", "ben", "dora", "robo", "eve"], revision=2)
    joined |= {"authors": ["ana"]}
    world.put(joined)
    world.force()
    ratified(world, "cleo", joined)
    record = change()
    let_in(world, record)
    ratified(world, "eve", record)
    assert standing(world, record) == []


def test_what_waits_for_an_older_ratification_counts_once_that_has_landed(world: World) -> None:
    """Eve joined by a forced step and ratified a later one; when cleo ratifies the first, eve's act counts."""
    joined = as_base_has_it(world, path(team("it")), members=["ana", "ben", "dora", "robo", "eve"], revision=2)
    joined |= {"authors": ["ana"]}
    world.put(joined)
    world.force()
    record = change()
    let_in(world, record)
    ratified(world, "eve", record)
    assert standing(world, record) == ["APR001"]
    ratified(world, "cleo", joined)
    assert (standing(world, record), audit(world)[0]) == ([], 0)


def test_two_forced_steps_are_ratified_in_one(world: World) -> None:
    joined = as_base_has_it(world, path(team("it")), members=["ana", "ben", "dora", "robo", "eve"], revision=2)
    joined |= {"authors": ["ana"]}
    world.put(joined)
    world.force()
    record = change()
    let_in(world, record)
    world.act("eve", "approved", record, gate="ratify")
    ratified(world, "cleo", joined)
    code, found = audit(world)
    assert code == 0, json.dumps(found, indent=1)


def test_acts_that_a_forced_step_brings_count_where_they_would_count_anyway(world: World) -> None:
    """An act's signature is its credential, however it came."""
    record = change()
    let_in(world, record)
    world.act("ben", "approved", record, gate="ratify")
    world.force()
    assert standing(world, record) == []


def test_people_whom_a_forced_step_took_away_come_back_and_ratify_it(world: World) -> None:
    """Eve made herself the only keeper. The step that gives back is forced too, because only she could approve it."""
    roles = {"cleo": ["keeper"], "dora": ["keeper", "emergency-approver"], "eve": []}
    taken = {"cleo": [], "dora": ["emergency-approver"], "eve": ["keeper"]}
    gone, back = (
        [as_base_has_it(world, path(person(name, "")), roles=given, revision=revision, authors=["ana"])
         for name, given in each.items()]
        for each, revision in ((taken, 2), (roles, 3))
    )  # fmt: skip
    for records in (gone, back):
        world.put(*records)
        world.force()
    for record in (*gone, *back):
        ratified(world, "eve", record)
    assert codes(audit(world)[1], ratified=True) == []
    for record in (*back, *gone):  # once the older step is ratified, what it took is gone by right
        ratified(world, "cleo", record)
    code, found = audit(world)
    assert (code, len(codes(found, ratified=True))) == (0, 6), json.dumps(found, indent=1)


def test_exceptions_and_approvals_that_were_passed_by_are_ratified_by_one_act_each(world: World) -> None:
    frozen(world)
    record = change(freeze_exception=REASON)
    granted(world, record)
    let_in(world, record)
    assert standing(world, record) == ["APR001", "APR001"]
    ratified(world, "cleo", record)
    assert standing(world, record) == ["APR001"]
    ratified(world, "ben", record)
    assert standing(world, record) == []


def test_an_audit_that_begins_after_a_step_takes_it_as_it_is(world: World) -> None:
    """Who examined the step vouches for what it granted."""
    GRANTS["a member"].give(world)
    world.force()
    examined = world.tip()
    record = change()
    let_in(world, record)
    ratified(world, "eve", record)
    code, found = audit(world, "--since", examined)
    assert (code, codes(found), found["faulty"][0]["closed_by"]) == (0, [], world.tip())


# What the command says.


def ratify(world: World, who: str, ref: str, *options: str) -> tuple[int, str]:
    """The exit code and the words of `itsm approve --gate ratify` at a checkout that knows the server's branch."""
    world.git("fetch", "--quiet", str(world.server), "+refs/heads/main:refs/remotes/origin/main")
    done = world.itsm("approve", ref, "--gate", "ratify", *options, who=who)
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def acts_made(world: World) -> list[str]:
    return world.git("status", "--short", "--untracked-files=all").splitlines()


def test_the_command_tells_who_could_never_ratify_before_it_signs(world: World) -> None:
    GRANTS["a member"].give(world)
    record = change()
    let_in(world, record)
    step = world.tip()[:12]
    code, said = ratify(world, "eve", record["id"])
    assert code == 2 and acts_made(world) == []
    assert f"eve might fill no seat on the base before {step}, the step that went past the check" in said
    assert "ben or dora could" in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("another key", "no key of ben was registered that is in force now"),
        ("a deputy", "ben had not delegated to eve"),
        ("a human", "robo might not decide"),
    ],
)
def test_the_command_names_the_right_that_is_missing(world: World, name: str, words: str) -> None:
    grant = GRANTS[name]
    grant.give(world)
    record = grant.record()
    let_in(world, record)
    deputy = ("--for", grant.act["on_behalf_of"]) if grant.act else ()
    signer = ("--key", str(world.key(grant.signs_with))) if grant.signs_with else ()
    code, said = ratify(world, grant.by, record["id"], *deputy, *signer)
    assert code == 2 and words in said and acts_made(world) == []


def test_the_command_says_so_where_nobody_is_left(world: World) -> None:
    GRANTS["a rule for others"].give(world)
    record = change()
    let_in(world, record)
    for who in ("eve", "ben"):
        code, said = ratify(world, who, record["id"])
        if who == "eve":
            assert code == 2 and f"check --history --since {world.tip()[:12]}" in said
            assert "give back by a new step what was taken from people" in said


def test_the_command_warns_of_an_older_step_that_stands(world: World) -> None:
    GRANTS["a member"].give(world)
    world.force()
    older = world.tip()[:12]
    record = change()
    let_in(world, record)
    code, said = ratify(world, "eve", record["id"])
    assert code == 0 and f"note: {older}, an older step, went past the check too" in said
    code, said = ratify(world, "ben", record["id"])
    assert code == 0 and "went past the check too" not in said


def test_the_command_signs_what_went_past_though_it_was_changed_since(world: World) -> None:
    """Eve was taken into the team past the check, and out of it again as it should be; both can be ratified."""
    joined = as_base_has_it(world, path(team("it")), members=["ana", "ben", "dora", "robo", "eve"], revision=2)
    joined |= {"authors": ["ana"]}
    world.put(joined)
    world.force()
    left = world.edited(path(team("it")), members=["ana", "ben", "dora", "robo"])
    world.put(left)
    world.approved(left, "cleo")
    world.land()
    code, said = ratify(world, "dora", "team/it")
    assert code == 0, said
    world.land("dora")
    assert audit(world)[0] == 0
    code, said = ratify(world, "dora", "team/it")
    assert code == 2 and "there is nothing to ratify of team/it" in said


def test_the_command_ratifies_each_content_of_a_record_on_its_own(world: World) -> None:
    first = as_base_has_it(world, path(team("it")), members=["ana", "ben", "dora", "robo", "eve"], revision=2)
    second = first | {"members": ["ana", "ben", "dora", "eve"], "revision": 3}
    for record in (first, second):
        world.put(record | {"authors": ["ana"]})
        world.force()
    for _ in (first, second):
        code, said = ratify(world, "dora", "team/it")
        assert code == 0, said
    world.land("dora")
    code, found = audit(world)
    assert code == 0, json.dumps(found, indent=1)


def test_the_command_signs_again_where_an_act_was_made_before_the_deed(world: World) -> None:
    record = change()
    world.act("ben", "approved", record, gate="ratify")
    let_in(world, record)
    code, said = ratify(world, "ben", record["id"])
    assert code == 0 and "already" not in said
    world.land("ben")
    assert standing(world, record) == []
    code, said = ratify(world, "ben", record["id"])
    assert code == 2 and "there is nothing to ratify" in said


def test_the_command_says_that_acts_were_taken_away(world: World) -> None:
    record = change()
    let_in(world, record)
    refusal = world.act("dora", "refused", record, gate="ratify")
    world.land("dora")
    world.write({refusal: None})
    world.force()
    code, said = ratify(world, "ben", record["id"])
    assert code == 2 and f"acts on {record['id']} were taken away or rewritten past the check" in said


def test_what_is_ratified_by_one_base_alone_is_not_ratified_for_the_command(world: World) -> None:
    GRANTS["a member"].give(world)
    record = change()
    let_in(world, record)
    ratified(world, "eve", record)
    world.git("fetch", "--quiet", str(world.server), "+refs/heads/main:refs/remotes/origin/main")
    done = world.itsm("approve", record["id"], who="ben")
    assert done.returncode == 2 and "--gate ratify" in done.stderr
    ratified(world, "ben", record)
    world.git("fetch", "--quiet", str(world.server), "+refs/heads/main:refs/remotes/origin/main")
    done = world.itsm("approve", record["id"], who="dora")
    assert done.returncode == 0 and "is ratified already" in done.stdout + done.stderr
