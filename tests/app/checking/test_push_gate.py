"""What a push may do to the protected ref: one step, dated now, judged by the rules of the old tip."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from itsm_as_code.app.checking.push_gate import Update, judge_push, parse_updates
from itsm_as_code.app.checking.report import Report
from itsm_as_code.domain.errors import CouldNotCheck, ItsmError, Refused, UsageFault
from itsm_as_code.domain.instants import CLOCK_TOLERANCE, LATE
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
