"""Pushes that no client of Git's makes: several commands for one ref, names that lead to another, tips that are not
there. Beside each stands a push of the same client that lands."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.approvals.conftest import found
from tests.approvals.raw_client import FLUSH, NOTHING, Answer, Command, RawClient
from tests.approvals.records import PEOPLE, change, founding, service
from tests.approvals.world import MAIN, World

FREE = "refs/heads/free"
ALSO_FREE = "refs/heads/also-free"


class Steps(NamedTuple):
    """`bad` follows `tip` and lacks its approvals; `harmless` follows `bad`; `good` follows `tip` and may land."""

    tip: str
    bad: str
    harmless: str
    good: str

    def commands(self, *moves: str) -> list[Command]:
        """Commands for the protected ref, from words such as `tip bad`; `nothing` is no commit."""
        words = self._asdict() | {"nothing": NOTHING}
        pairs = (move.split() for move in moves)
        return [(words[old], words[new], MAIN) for old, new in pairs]


@pytest.fixture
def steps(world: World) -> Steps:
    tip = world.tip()
    world.put(change())
    bad = world.commit()
    world.put(service("one", 3))
    harmless = world.commit()
    world.git("reset", "--quiet", "--hard", tip)
    world.put(service("two", 3))
    return Steps(tip, bad, harmless, world.commit())


def refused(world: World, steps: Steps, answer: Answer, *words: str) -> None:
    """Nothing of the push has moved, and the next good one lands."""
    assert answer.refs and "ok" not in answer.refs.values(), answer
    for each in words:
        assert each in answer.said, answer.said
    refs = set(world.git("for-each-ref", "--format=%(refname)", folder=world.server).split())
    assert not refs & {FREE, ALSO_FREE}
    assert world.tip() == steps.tip
    assert world.try_git("cat-file", "-e", steps.bad, folder=world.server).returncode != 0
    assert RawClient(world).send((steps.tip, steps.good, MAIN)).landed


# Several commands for the protected ref


@pytest.mark.parametrize("around", [False, True], ids=["alone", "among others"])
@pytest.mark.parametrize("atomic", [False, True], ids=["one by one", "atomic"])
@pytest.mark.parametrize(
    "moves",
    [
        ("tip bad", "bad harmless"),
        ("bad harmless", "tip bad"),
        ("tip good", "tip bad"),
        ("tip bad", "tip good"),
        ("tip good", "tip good"),
        ("tip bad", "nothing bad"),
        ("tip good", "nothing bad"),
        ("nothing bad", "tip good"),
        ("tip nothing", "nothing bad"),
        ("nothing bad", "tip nothing"),
        ("tip bad", "bad harmless", "harmless good"),
        ("tip good", "good nothing"),
    ],
    ids=", ".join,
)
def test_A170_a_push_moves_the_protected_branch_once(
    world: World, steps: Steps, moves: tuple[str, ...], *, atomic: bool, around: bool
) -> None:
    first, *more = steps.commands(*moves)
    commands = [first, *more]
    if around:
        free = [(NOTHING, steps.good, name) for name in (FREE, ALSO_FREE, "refs/tags/v1")]
        commands = [free[0], first, free[1], *more, free[2]]
    answer = RawClient(world).send(*commands, atomic=atomic)
    refused(world, steps, answer, f"the push moves {MAIN} {len(moves)} times")


@pytest.mark.parametrize("atomic", [False, True], ids=["one by one", "atomic"])
def test_a_single_step_of_a_raw_client_lands_also_among_other_branches(
    world: World, steps: Steps, *, atomic: bool
) -> None:
    client = RawClient(world)
    assert "atomic" in client.capabilities and client.refs[MAIN] == steps.tip
    free = (NOTHING, steps.bad, FREE)
    answer = client.send(free, (steps.tip, steps.good, MAIN), (NOTHING, steps.good, ALSO_FREE), atomic=atomic)
    assert answer.landed and set(answer.refs) == {MAIN, FREE, ALSO_FREE}, answer
    assert "no findings" in answer.said
    assert world.tip() == steps.good


def test_A170_a_command_in_a_push_certificate_counts_too(world: World, steps: Steps) -> None:
    world.git("config", "receive.certNonceSeed", "seed", folder=world.server)
    client = RawClient(world)
    nonce = next(each.partition("=")[2] for each in client.capabilities if each.startswith("push-cert="))
    certificate = [
        b"push-cert\0report-status", b"certificate version 0.1\n", b"pusher Ana <ana@example.org> 1700000000 +0000\n",
        f"nonce {nonce}\n".encode(), b"\n", f"{steps.bad} {steps.harmless} {MAIN}\n".encode(),
        b"-----BEGIN PGP SIGNATURE-----\n", b"-----END PGP SIGNATURE-----\n", b"push-cert-end\n",
    ]  # fmt: skip
    pack = client.pack_for((steps.tip, steps.harmless, MAIN))
    answer = client.send((steps.tip, steps.bad, MAIN), before=certificate, pack=pack)
    refused(world, steps, answer, "2 times")


def test_A170_of_very_many_commands_each_is_looked_at(world: World, steps: Steps) -> None:
    free: list[Command] = [(NOTHING, steps.good, f"refs/heads/free/{number}") for number in range(3000)]
    step = (steps.tip, steps.bad, MAIN)
    answer = RawClient(world).send(*free[:1500], step, *free[1500:])
    assert len(answer.refs) == 3001
    refused(world, steps, answer, "APR001")


# Names that lead to the protected ref


def test_A171_a_symbolic_ref_is_no_way_to_the_protected_branch(world: World, steps: Steps) -> None:
    world.git("symbolic-ref", "refs/heads/master", MAIN, folder=world.server)
    world.git("symbolic-ref", "refs/heads/trunk", "refs/heads/master", folder=world.server)
    for name in ("refs/heads/master", "refs/heads/trunk"):
        for new in (steps.bad, steps.good, NOTHING):
            answer = RawClient(world).send((steps.tip, new, name))
            assert f"{name} is another name of {MAIN}" in answer.said
    both = [(steps.tip, steps.good, MAIN), (steps.good, steps.harmless, "refs/heads/master")]
    answer = RawClient(world).send(*both)
    refused(world, steps, answer, "another name")


def test_A171_a_protected_branch_that_stands_for_another_is_moved_by_its_own_name(world: World, steps: Steps) -> None:
    world.git("branch", "trunk", "main", folder=world.server)
    world.git("symbolic-ref", MAIN, "refs/heads/trunk", folder=world.server)
    answer = RawClient(world).send((steps.tip, steps.bad, "refs/heads/trunk"))
    refused(world, steps, answer, "another name")


def test_A171_a_symbolic_ref_is_no_way_to_found_the_protected_branch(world: World) -> None:
    other = World(world.folder / "other")
    other.folder.mkdir()
    (other.folder / "homes").symlink_to(world.folder / "homes")
    assert found(other, founding({name: world.public(name) for name in PEOPLE})).landed
    first = other.tip()
    other.git("update-ref", "-d", MAIN, folder=other.server)
    other.git("symbolic-ref", "refs/heads/master", MAIN, folder=other.server)
    answer = RawClient(other).send((NOTHING, first, "refs/heads/master"))
    assert "another name" in answer.said and not answer.landed
    assert RawClient(other).send((NOTHING, first, MAIN), (NOTHING, first, FREE)).landed
    assert other.tip() == first


@pytest.mark.parametrize(
    "name",
    ["refs/heads/Main", "refs/heads/MAIN", "refs/Heads/main", "refs/heads/ma\u200bin", "refs/heads/ｍain",
     "refs/heads/maın"],
)  # fmt: skip
def test_A171_a_name_that_some_disk_takes_for_the_protected_branch_is_closed(
    world: World, steps: Steps, name: str
) -> None:
    answer = RawClient(world).send((steps.tip, steps.good, MAIN), (NOTHING, steps.bad, name))
    refused(world, steps, answer, "another name")


@pytest.mark.parametrize("name", ["refs/heads/main/x", "refs/heads/MAIN/x/y"])
def test_A171_a_name_in_the_way_of_the_protected_branch_is_closed(world: World, steps: Steps, name: str) -> None:
    answer = RawClient(world).send((NOTHING, steps.good, name), (steps.tip, steps.good, MAIN))
    refused(world, steps, answer, "in the way")


@pytest.mark.parametrize(
    "name", ["HEAD", "refs/heads", "refs/heads/../heads/main", "refs/heads//main", "refs/heads/x\r", "main",
             "refs/heads/a b", "main-worktree/refs/heads/main", "@", "refs/heads/main\x01"]
)  # fmt: skip
def test_A171_what_is_no_name_of_a_ref_stops_the_push(world: World, steps: Steps, name: str) -> None:
    answer = RawClient(world).send((steps.tip, steps.good, MAIN), (NOTHING, steps.bad, name))
    refused(world, steps, answer)


def test_a_line_break_in_a_name_hides_no_command(world: World, steps: Steps) -> None:
    hidden = f"refs/heads/x\n{steps.tip} {steps.good} {MAIN}\nleft over".encode()
    answer = RawClient(world).send((steps.tip, steps.bad, MAIN), (NOTHING, steps.good, hidden))
    assert answer.refs[MAIN] != "ok" and world.tip() == steps.tip


def test_names_that_are_near_the_protected_one_or_not_in_utf_8_are_free(world: World, steps: Steps) -> None:
    names: list[str | bytes] = [
        "refs/heads/main-2", "refs/heads/mains/x", "refs/tags/main", "refs/heads/größe", b"refs/heads/caf\xe9"
    ]  # fmt: skip
    answer = RawClient(world).send(*((NOTHING, steps.bad, name) for name in names), (steps.tip, steps.good, MAIN))
    assert answer.landed, answer
    assert world.tip() == steps.good


@pytest.mark.parametrize("name", ["refs/replace/{}", "refs/Replace/{}", "refs/notes/commits", "refs/itsm/x"])
@pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
def test_A170_a_closed_ref_stops_the_push_wherever_it_stands(
    world: World, steps: Steps, name: str, *, first: bool
) -> None:
    closed, step = (NOTHING, steps.bad, name.format(steps.tip)), (steps.tip, steps.good, MAIN)
    answer = RawClient(world).send(*([closed, step] if first else [step, closed]))
    refused(world, steps, answer, "can't be pushed")


# Tips that are not there


@pytest.mark.parametrize(
    "move", ["bad harmless", "nothing bad", "nothing good", "good bad"], ids=lambda move: move.replace(" ", " to ")
)
def test_A172_a_step_from_a_tip_that_is_not_there_is_not_judged(world: World, steps: Steps, move: str) -> None:
    answer = RawClient(world).send(*steps.commands(move))
    refused(world, steps, answer, "has moved: it is at")


def test_A172_of_two_pushes_that_saw_the_same_tip_one_lands(world: World, steps: Steps) -> None:
    early, late = RawClient(world), RawClient(world)
    assert early.send((steps.tip, steps.good, MAIN)).landed
    world.git("reset", "--quiet", "--hard", steps.tip)
    world.put(service("three", 3))
    other = world.commit()
    answer = late.send((steps.tip, other, MAIN))
    assert not answer.landed and "has moved: it is at" in answer.said
    assert world.tip() == steps.good


def test_a_command_that_pushes_tries_again_when_the_hook_says_that_the_branch_has_moved(
    world: World, steps: Steps
) -> None:
    """Between what the server says of its refs and the hook, somebody else lands."""
    world.git("fetch", "--quiet", str(world.ws), f"{steps.good}:refs/heads/loose", folder=world.server)
    hook = world.server / "hooks" / "pre-receive"
    hook.rename(hook.with_name("judging"))
    hook.write_text(
        "#!/bin/sh\ntest -f moved || { touch moved; cat > /dev/null; "
        f"env -u GIT_QUARANTINE_PATH git update-ref {MAIN} {steps.good}; echo '{steps.tip} {steps.bad} {MAIN}'"
        ' | hooks/judging; exit; }\nexec hooks/judging "$@"\n'
    )
    hook.chmod(0o755)
    world.git("reset", "--quiet", "--hard", steps.tip)
    world.git("remote", "add", "origin", str(world.server))
    done = world.itsm("new", "incident", "--title", "Mail is down", "--service", "mail", "--push")
    assert done.returncode == 0, done.stderr
    assert (world.server / "moved").exists()
    assert world.git("log", "--format=%H", "-1", f"{MAIN}~1", folder=world.server) == steps.good


def test_a_push_that_changes_nothing_and_one_of_no_commands_move_nothing(world: World, steps: Steps) -> None:
    answer = RawClient(world).send((steps.tip, steps.tip, MAIN))
    assert not answer.landed and "exactly one step" in answer.said
    assert RawClient(world).send_bytes(FLUSH).refs == {}
    assert world.tip() == steps.tip


# What else a client may send


def test_A172_a_client_that_says_it_is_shallow_cuts_no_history_off(world: World, steps: Steps) -> None:
    shallow = f"shallow {steps.good}".encode()
    answer = RawClient(world).send((steps.tip, steps.good, MAIN), before=[shallow])
    assert not answer.landed and world.tip() == steps.tip
    assert not (world.server / "shallow").exists()
    assert RawClient(world).send((steps.tip, steps.good, MAIN)).landed


def test_options_of_a_push_change_no_judgement(world: World, steps: Steps) -> None:
    world.git("config", "receive.advertisePushOptions", "true", folder=world.server)
    asked = ["skip", "--help", "fail-on=never"]
    answer = RawClient(world).send((steps.tip, steps.bad, MAIN), options=asked)
    assert not answer.landed and "APR001" in answer.said
    assert RawClient(world).send((steps.tip, steps.good, MAIN), options=asked).landed


def test_a_server_that_borrows_objects_from_another_repository_judges_the_same(world: World, steps: Steps) -> None:
    (world.server / "objects" / "info" / "alternates").write_text(f"{world.ws}/.git/objects\n")
    answer = RawClient(world).send((steps.tip, steps.bad, MAIN))
    assert not answer.landed and "APR001" in answer.said
    assert RawClient(world).send((steps.tip, steps.good, MAIN)).landed
