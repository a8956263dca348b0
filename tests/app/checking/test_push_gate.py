"""What a push may do to the protected ref: one step, dated now, judged by the rules of the old tip."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from itsm_as_code.app.checking.push_gate import Update, judge_push, parse_updates
from itsm_as_code.app.checking.report import Report
from itsm_as_code.domain.errors import CouldNotCheck, ItsmError, Refused, UsageFault
from itsm_as_code.domain.instants import CLOCK_TOLERANCE, LATE, write_instant
from tests.checks.memory import as_files, incident
from tests.checks.workspace import BACKGROUND, codes
from tests.git.builder import RepoBuilder

MAIN = "refs/heads/main"
UNBORN = "refs/heads/unborn"
NOTHING = "0" * 40


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> RepoBuilder:
    """`main` with two commits; `step`, `two` and `aside` are what pushes would make of it."""
    made = RepoBuilder(tmp_path_factory.mktemp("gate"))
    made.commit(BACKGROUND)
    made.commit({"README.md": "Hello\n"})
    made.branch("step")
    made.commit(as_files(incident(service="soon")))
    made.branch("two")
    made.commit({"README.md": "Hello again\n"})
    made.branch("aside", "main~1")
    made.commit({"NOTES.md": "Aside\n"})
    made.branch("many", "main")
    made.commit({"a": "1"})
    return made


def clock(repo: RepoBuilder, rev: str) -> datetime:
    return datetime.fromtimestamp(int(repo.git("log", "-1", "--format=%ct", rev)), UTC)


def push(repo: RepoBuilder, old: str, new: str, *, anchor: str | None = None, late: timedelta | None = None) -> Report:
    """The report on a push that moves `main` from one revision to another, at the time of the new one; on a push that
    makes the protected branch where it begins with nothing."""
    before, after = (NOTHING if rev == NOTHING else repo.head(rev) for rev in (old, new))
    now = clock(repo, new if new != NOTHING else "main") + (late or timedelta())
    ref = UNBORN if old == NOTHING else MAIN
    report = judge_push(repo.path, [Update(before, after, ref)], ref, anchor, now, {})
    assert report is not None
    return report


def test_the_lines_of_a_hook_are_updates() -> None:
    assert parse_updates(["a b refs/heads/main\n", "c d refs/heads/a b\n"]) == [
        Update("a", "b", MAIN), Update("c", "d", "refs/heads/a b"),
    ]  # fmt: skip


def test_other_lines_are_not_taken_for_an_empty_push() -> None:
    with pytest.raises(CouldNotCheck, match="not called by Git"):
        parse_updates(["hello\n"])


def test_a_step_is_judged(repo: RepoBuilder) -> None:
    report = push(repo, "main", "step")
    assert "REF001" in codes(report)
    assert report.scope == "step"


def test_a_push_that_does_not_touch_the_protected_ref_is_none_of_our_business(repo: RepoBuilder) -> None:
    update = Update(NOTHING, repo.head("step"), "refs/heads/step")
    assert judge_push(repo.path, [update], MAIN, None, clock(repo, "step"), {}) is None


@pytest.mark.parametrize("ref", ["refs/replace/a", "refs/notes/commits", "refs/itsm/x"])
def test_refs_that_change_what_others_see_are_closed(repo: RepoBuilder, ref: str) -> None:
    with pytest.raises(Refused, match="without a check"):
        judge_push(repo.path, [Update(NOTHING, repo.head("step"), ref)], MAIN, None, clock(repo, "step"), {})


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("main", "two", "exactly one step"), ("main", "aside", "exactly one step"), ("main", NOTHING, "can't be deleted")],
    ids=["two steps", "another line", "deletion"],
)
def test_a_move_that_is_no_step_is_refused(repo: RepoBuilder, old: str, new: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        push(repo, old, new)


def test_a_merge_of_more_than_two_branches_is_refused(repo: RepoBuilder) -> None:
    tree = repo.git("rev-parse", "step^{tree}")
    octopus = repo.commit_tree(tree, *(repo.head(name) for name in ("main", "step", "many")))
    with pytest.raises(Refused, match="more than two branches"):
        push(repo, "main", octopus)


def test_a_tip_is_dated_within_a_day_and_not_ahead(repo: RepoBuilder) -> None:
    second = timedelta(seconds=1)
    assert push(repo, "main", "step", late=LATE)
    assert push(repo, "main", "step", late=-CLOCK_TOLERANCE)
    with pytest.raises(Refused, match="more than a day ago"):
        push(repo, "main", "step", late=LATE + second)
    with pytest.raises(Refused, match="is in the future"):
        push(repo, "main", "step", late=-CLOCK_TOLERANCE - second)


def test_the_first_push_is_checked_as_a_whole_and_is_the_commit_that_is_pinned(repo: RepoBuilder) -> None:
    first = repo.head("main~1")
    assert push(repo, NOTHING, first).scope == "workspace"
    assert push(repo, NOTHING, first, anchor=first).findings == ()
    with pytest.raises(Refused, match="the first commit must be"):
        push(repo, NOTHING, "main", anchor=first)


def test_a_first_push_without_settings_is_refused(repo: RepoBuilder) -> None:
    bare = repo.commit_tree(repo.tree_of({"README.md": "Hello\n"}))
    with pytest.raises(Refused, match=r"no itsm\.yaml"):
        push(repo, NOTHING, bare)


def judged(repo: RepoBuilder, *updates: tuple[str, str, str], protected: str = MAIN) -> Report | None:
    """The report on a push of updates that name revisions."""

    def oid(rev: str) -> str:
        return NOTHING if rev == "nothing" else repo.head(rev)

    moves = [Update(oid(old), oid(new), ref) for old, new, ref in updates]
    return judge_push(repo.path, moves, protected, None, clock(repo, "step"), {})


def test_a_push_of_no_updates_is_not_taken_for_one_that_passes(repo: RepoBuilder) -> None:
    with pytest.raises(CouldNotCheck, match="names no ref"):
        judged(repo)


@pytest.mark.parametrize("protected", ["main", "HEAD", "refs/heads/", "refs/tags/main", "refs/heads/a..b"])
def test_a_branch_is_protected_by_its_full_name(repo: RepoBuilder, protected: str) -> None:
    with pytest.raises(UsageFault, match="full name"):
        judged(repo, ("main", "step", MAIN), protected=protected)


@pytest.mark.parametrize("second", [("step", "two"), ("nothing", "step"), ("main", "step"), ("main", "nothing")])
def test_a_push_that_moves_the_branch_twice_is_refused_before_anything_is_judged(
    repo: RepoBuilder, second: tuple[str, str]
) -> None:
    for updates in ([("main", "step", MAIN), (*second, MAIN)], [(*second, MAIN), ("main", "step", MAIN)]):
        with pytest.raises(Refused, match="2 times"):
            judged(repo, *updates)


@pytest.mark.parametrize("old", ["main~1", "step", "nothing"])
def test_a_step_is_judged_only_from_the_tip_that_is_there(repo: RepoBuilder, old: str) -> None:
    with pytest.raises(Refused, match="has moved: it is at"):
        judged(repo, (old, "step", MAIN))
    with pytest.raises(Refused, match="has moved: it is at no commit"):
        judged(repo, ("main", "step", UNBORN), protected=UNBORN)


@pytest.mark.parametrize(
    ("ref", "words"),
    [
        ("refs/heads/MAIN", "another name of"),
        ("refs/heads/main/x", "in the way of"),
        ("refs/Notes/commits", "without a check"),
        ("HEAD", "not a ref"),
        ("refs/heads/a\nb", "not a ref"),
    ],
)
def test_an_update_that_no_push_may_make_stops_the_others(repo: RepoBuilder, ref: str, words: str) -> None:
    for updates in ([("main", "step", MAIN), ("nothing", "step", ref)], [("nothing", "step", ref)]):
        with pytest.raises(Refused, match=words):
            judged(repo, *updates)


def test_what_is_in_the_way_of_the_branch_may_be_deleted(repo: RepoBuilder) -> None:
    assert judged(repo, ("step", "nothing", f"{UNBORN}/x"), protected=UNBORN) is None
    with pytest.raises(Refused, match="in the way of"):
        judged(repo, ("nothing", "step", "refs/heads/a"), protected="refs/heads/a/b")


def test_ids_of_objects_are_whole(repo: RepoBuilder) -> None:
    step = repo.head("step")
    for old, new in ((repo.head("main")[:12], step), (repo.head("main"), step[:12]), ("", step), ("0", step)):
        with pytest.raises(Refused, match="not a ref that a push can move"):
            judge_push(repo.path, [Update(old, new, MAIN)], MAIN, None, clock(repo, "step"), {})


def test_a_folder_that_is_no_repository_lets_nothing_pass(tmp_path: Path) -> None:
    with pytest.raises(ItsmError):
        judge_push(tmp_path, [Update("a", "b", MAIN)], MAIN, None, datetime(2026, 11, 21, tzinfo=UTC), {})


# What is said, word by word: whoever is refused reads nothing else.


def refusal(repo: RepoBuilder, *updates: tuple[str, str, str], protected: str = MAIN) -> tuple[str, str | None]:
    with pytest.raises(ItsmError) as raised:
        judged(repo, *updates, protected=protected)
    return raised.value.message, raised.value.hint


@pytest.mark.parametrize(
    ("updates", "said", "hint"),
    [
        ((), "the push names no ref, so there was nothing to judge", "it reads `old new ref` lines"),
        (
            (("main", "step", MAIN), ("main", "step", MAIN)), f"the push moves {MAIN} 2 times",
            "push one step at a time",
        ),
        (
            (("main", "step", "HEAD"),), "HEAD is not a ref that a push can move",
            "push to refs/heads/NAME or refs/tags/NAME",
        ),
        (
            (("nothing", "step", "refs/itsm/x"),),
            "refs/itsm/x can't be pushed: it would change what others see, without a check", None,
        ),
        (
            (("nothing", "step", "refs/heads/Main"),), f"refs/heads/Main is another name of {MAIN}",
            f"push to {MAIN} itself",
        ),
        (
            (("nothing", "step", f"{MAIN}/x"),), f"{MAIN}/x would be in the way of {MAIN}",
            "choose a name outside it",
        ),
        ((("main", "nothing", MAIN),), f"{MAIN} can't be deleted", None),
    ],
)  # fmt: skip
def test_whoever_is_refused_reads_why_and_what_to_do(
    repo: RepoBuilder, updates: tuple[tuple[str, str, str], ...], said: str, hint: str | None
) -> None:
    assert refusal(repo, *updates) == (said, hint)


def test_whoever_is_refused_reads_which_commits_it_is_about(repo: RepoBuilder) -> None:
    main, first = repo.head("main")[:12], repo.head("main~1")[:12]
    fetch = "git fetch, put the commit on the newest tip, and push again"
    assert refusal(repo, ("main~1", "step", MAIN)) == (
        f"{MAIN} has moved: it is at {main}, and this push is a step from {first}", fetch,
    )  # fmt: skip
    assert refusal(repo, ("nothing", "step", MAIN)) == (
        f"{MAIN} has moved: it is at {main}, and this push is a step from no commit", fetch,
    )  # fmt: skip
    assert refusal(repo, ("main", "two", MAIN)) == (
        f"a push moves {MAIN} by exactly one step, whose first parent is the present tip {main}",
        "squash onto the newest tip, or merge with --no-ff: git fetch && git rebase, then one commit",
    )
    assert refusal(repo, ("main", "step", "main"), protected="main") == (
        "main is not the full name of a branch", "refs/heads/main is one",
    )  # fmt: skip


def test_a_name_that_is_long_is_shown_in_part(repo: RepoBuilder) -> None:
    said, _ = refusal(repo, ("nothing", "step", f"refs/itsm/{'x' * 100}"))
    assert said.startswith(f"refs/itsm/{'x' * 69}… can't be pushed")


def test_a_merge_of_many_and_an_old_or_early_tip_are_told_what_to_do(repo: RepoBuilder) -> None:
    tree = repo.git("rev-parse", "step^{tree}")
    octopus = repo.commit_tree(tree, *(repo.head(name) for name in ("main", "step", "many")))
    with pytest.raises(Refused) as raised:
        push(repo, "main", octopus)
    assert (raised.value.message, raised.value.hint) == (
        "people can't review a merge of more than two branches", "merge one branch at a time",
    )  # fmt: skip
    with pytest.raises(Refused) as raised:
        push(repo, "main", "step", late=LATE + timedelta(seconds=1))
    dated = write_instant(datetime.fromisoformat(repo.git("log", "-1", "--format=%cI", "step")))
    assert raised.value.message == f"the new tip is dated {dated}, more than a day ago"
    assert raised.value.hint == "git commit --amend --no-edit, or rebase it, and push again"


def test_a_merge_of_two_branches_is_one_step(repo: RepoBuilder) -> None:
    merge = repo.commit_tree(repo.git("rev-parse", "step^{tree}"), repo.head("main"), repo.head("step"))
    assert push(repo, "main", merge).scope == "step"


def test_a_commit_without_a_parent_is_no_step(repo: RepoBuilder) -> None:
    alone = repo.commit_tree(repo.git("rev-parse", "step^{tree}"))
    with pytest.raises(Refused, match="exactly one step"):
        push(repo, "main", alone)


def test_the_first_push_is_told_which_commit_is_pinned_and_how_settings_are_made(repo: RepoBuilder) -> None:
    first = repo.head("main~1")
    with pytest.raises(Refused) as raised:
        push(repo, NOTHING, "main", anchor=first)
    assert raised.value.message == f"the first commit must be {first[:12]}, which the hook pins"
    bare = repo.commit_tree(repo.tree_of({"README.md": "Hello\n"}))
    with pytest.raises(Refused) as raised:
        push(repo, NOTHING, bare)
    assert (raised.value.message, raised.value.hint) == ("the first commit has no itsm.yaml", "itsm init")


@pytest.mark.parametrize("line", ["", "a b", "a b\n", "\n"])
def test_a_line_with_fewer_words_is_none_of_gits(line: str) -> None:
    with pytest.raises(CouldNotCheck) as raised:
        parse_updates([f"{NOTHING} {NOTHING} {MAIN}\n", line])
    assert (raised.value.message, raised.value.hint) == (
        "the hook was not called by Git", "it reads `old new ref` lines",
    )  # fmt: skip


# Names that stand for another.


@pytest.fixture
def linked(tmp_path: Path) -> RepoBuilder:
    """`alias` stands for `main`, and `unborn` for a branch that is not there yet."""
    made = RepoBuilder(tmp_path / "linked")
    made.commit(BACKGROUND)
    made.branch("step")
    made.commit({"README.md": "Hello\n"})
    made.git("symbolic-ref", "refs/heads/alias", MAIN)
    made.git("symbolic-ref", "refs/heads/unborn", "refs/heads/yet")
    return made


def test_a_ref_that_stands_for_the_branch_is_another_name_of_it(linked: RepoBuilder) -> None:
    moved = ("main", "step", "refs/heads/alias")
    assert refusal(linked, moved) == (f"refs/heads/alias is another name of {MAIN}", f"push to {MAIN} itself")
    assert refusal(linked, ("main", "step", MAIN), protected="refs/heads/alias")[0] == (
        f"{MAIN} is another name of refs/heads/alias"
    )


def test_a_ref_that_stands_for_one_that_is_not_there_is_seen_too(linked: RepoBuilder) -> None:
    assert refusal(linked, ("nothing", "step", "refs/heads/unborn"), protected="refs/heads/yet")[0] == (
        "refs/heads/unborn is another name of refs/heads/yet"
    )
    assert refusal(linked, ("nothing", "step", "refs/heads/yet"), protected="refs/heads/unborn")[0] == (
        "refs/heads/yet is another name of refs/heads/unborn"
    )


def test_objects_that_git_shows_in_place_of_others_are_told_with_the_report(linked: RepoBuilder) -> None:
    main, step = linked.head("main"), linked.head("step")
    linked.git("update-ref", f"refs/replace/{main}", step)
    report = judge_push(linked.path, [Update(main, step, MAIN)], MAIN, None, clock(linked, "step"), {})
    assert report is not None and any(main[:12] in note for note in report.notes)


def test_a_workspace_in_a_folder_of_its_repository_is_judged_there(tmp_path: Path) -> None:
    made = RepoBuilder(tmp_path / "whole")
    made.commit({f"office/{name}": content for name, content in BACKGROUND.items()})
    made.branch("step")
    made.commit({f"office/{name}": content for name, content in as_files(incident(service="soon")).items()})
    update = Update(made.head("main"), made.head("step"), MAIN)
    report = judge_push(made.path, [update], MAIN, None, clock(made, "step"), {}, "office")
    assert report is not None and "REF001" in codes(report)
    with pytest.raises(CouldNotCheck):
        judge_push(made.path, [update], MAIN, None, clock(made, "step"), {})


def test_a_history_that_is_cut_short_is_not_judged(tmp_path: Path, repo: RepoBuilder) -> None:
    cut = RepoBuilder(tmp_path / "cut", "--depth", "1", "--no-single-branch", clone_of=f"file://{repo.path}")
    update = Update(repo.head("main"), repo.head("step"), MAIN)
    cut.git("update-ref", MAIN, update.old)
    with pytest.raises(CouldNotCheck):
        judge_push(cut.path, [update], MAIN, None, clock(repo, "step"), {})


def test_objects_that_only_the_push_has_are_read_from_where_git_keeps_them(tmp_path: Path, repo: RepoBuilder) -> None:
    """Until the hook has let a push pass, its objects are in a folder of their own."""
    pusher = RepoBuilder(tmp_path / "pusher", clone_of=repo.path)
    pusher.branch("mine", repo.head("main"))
    pusher.commit(as_files(incident(service="soon")))
    update, now = Update(repo.head("main"), pusher.head(), MAIN), clock(pusher, "HEAD")
    kept = {
        "GIT_OBJECT_DIRECTORY": str(pusher.path / ".git/objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(repo.path / ".git/objects"),
    }
    report = judge_push(repo.path, [update], MAIN, None, now, kept)
    assert report is not None and "REF001" in codes(report)
    with pytest.raises(ItsmError):
        judge_push(repo.path, [update], MAIN, None, now, {})


def test_of_a_line_only_its_end_is_taken_away() -> None:
    """Whatever else is in the name of a ref is for the checks of names."""
    for name in ("refs/heads/X", "refs/heads/x ", "refs/heads/x\t"):
        assert parse_updates([f"a b {name}\n"]) == [Update("a", "b", name)]
    with pytest.raises(CouldNotCheck):
        parse_updates(["a\tb refs/heads/x\n"])
