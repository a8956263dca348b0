"""Ways to make the hook end well without a judgement: what the pusher's environment says, and what takes the place of
the check."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from itsm_as_code.app.publishing import generated_files
from tests.approvals.raw_client import NOTHING, Answer, RawClient
from tests.approvals.records import change, service
from tests.approvals.world import MAIN, World, identity
from tests.forks.start import started_python

COMPLETIONS = [
    {"_ITSM_COMPLETE": "bash_source"},
    {"_ITSM_COMPLETE": "zsh_complete", "COMP_WORDS": "itsm check", "COMP_CWORD": "1"},
]


def bad_commit(world: World) -> str:
    """A change that nobody has approved, on the tip."""
    world.git("reset", "--quiet", "--hard", world.tip())
    world.put(change())
    return world.commit()


def good_commit(world: World) -> str:
    """A step that needs nobody, on the tip."""
    world.git("reset", "--quiet", "--hard", world.tip())
    world.put(service("one", 3))
    return world.commit()


def sent(world: World, commit: str, **extra: str) -> Answer:
    """How a push of a commit ends in which Git and the hook have these settings too."""
    return RawClient(world, extra=extra).send((world.tip(), commit, MAIN))


def assert_judged(world: World, **extra: str) -> None:
    """Whatever the pusher's settings are, the hook refuses the bad and lets the good pass."""
    answer = sent(world, bad_commit(world), **extra)
    assert not answer.landed and "APR001" in answer.said, answer
    answer = sent(world, good_commit(world), **extra)
    assert answer.landed and "no findings" in answer.said, answer


def program(folder: Path, name: str, *lines: str) -> Path:
    """A script of the shell."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", *lines, ""]))
    path.chmod(0o755)
    return path


# The pusher's environment


@pytest.mark.parametrize("extra", COMPLETIONS, ids=["source", "complete"])
def test_A173_settings_for_completion_let_nothing_pass(world: World, extra: dict[str, str]) -> None:
    assert_judged(world, **extra)
    bad = bad_commit(world)
    world.pin(started_python())
    done = world.try_git("push", str(world.server), f"{bad}:{MAIN}", extra=extra)
    assert done.returncode != 0 and "APR001" in done.stderr


def test_A174_settings_of_python_git_and_the_shell_reach_no_hook(world: World) -> None:
    """All at once, with Python itself instead of what stands in for it."""
    world.pin(started_python())
    trap, home = world.folder / "trap", world.folder / "evil-home"
    ran = world.folder / "ran"
    for name in ("env", "git", "sh", "python", "python3", "ssh-keygen"):
        program(trap, name, f"echo {name} >> {ran}")
    for name in ("sitecustomize.py", "usercustomize.py", "click.py", "start.py"):
        (trap / name).write_text(f"open({str(ran)!r}, 'a').write('{name}')\nimport os\nos._exit(0)\n")
    (trap / "itsm_as_code").mkdir()
    (trap / "itsm_as_code" / "__init__.py").write_text("raise SystemExit(0)\n")
    home.mkdir()
    (home / ".gitconfig").write_text(
        f"[core]\n\tworktree = {trap}\n\tbare = false\n\tfsmonitor = {trap}/sh\n\tpager = {trap}/sh\n"
        f"[alias]\n\trev-parse = !{trap}/sh\n\tcat-file = !{trap}/sh\n[diff]\n\texternal = {trap}/sh\n"
    )
    assert_judged(
        world, **COMPLETIONS[0], PATH=str(trap), HOME=str(home), TMPDIR="/nowhere", ENV=str(trap / "sh"),
        BASH_ENV=str(trap / "sh"), LD_LIBRARY_PATH=str(trap), COLUMNS="1", IFS="/", PS4="$(exit)", CDPATH=str(trap),
        PYTHONPATH=str(trap), PYTHONSTARTUP=str(trap / "start.py"), PYTHONUSERBASE=str(trap), PYTHONINSPECT="1",
        PYTHONHOME="/nowhere", PYTHONWARNINGS="error", PYTHONUTF8="0", PYTHONIOENCODING="ascii",
        PYTHONEXECUTABLE=str(trap / "python"), PYTHONBREAKPOINT="os._exit", PYTHONOPTIMIZE="2",
        GIT_PYTHON_GIT_EXECUTABLE=str(trap / "git"), GIT_PYTHON_TRACE="full", GIT_CEILING_DIRECTORIES="/",
        GIT_SSH_COMMAND=str(trap / "sh"), GIT_EDITOR=str(trap / "sh"), GIT_TRACE="1", GIT_ICASE_PATHSPECS="1",
        GIT_REPLACE_REF_BASE="refs/tags/", GIT_WORK_TREE=str(trap), GIT_INDEX_FILE=str(trap / "index"),
        ITSM_PROTECTED_REF="refs/heads/other", ITSM_CHECK_FAIL_ON="never", NO_COLOR="", LC_ALL="C", LANG="tr_TR.UTF-8",
    )  # fmt: skip
    assert not ran.exists(), ran.read_text()


def test_A174_modules_in_the_folder_where_the_hook_runs_are_not_taken(world: World) -> None:
    world.pin(started_python())
    for name in ("itsm_as_code", "click", "signal"):
        (world.server / f"{name}.py").write_text("import os\nos._exit(0)\n")
    assert_judged(world)


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
@pytest.mark.parametrize(
    "extra",
    [
        {"SHELLOPTS": "noexec"}, {"SHELLOPTS": "onecmd"}, {"SHELLOPTS": "xtrace", "PS4": "$(kill $$)"},
        {f"BASH_FUNC_{name}%%": "() { builtin exit 0; }" for name in ("exec", "exit", "echo", "case", "[", "env")},
    ],
    ids=["noexec", "onecmd", "xtrace", "functions"],
)  # fmt: skip
def test_A174_a_shell_that_takes_settings_from_its_environment_judges_too(
    world: World, monkeypatch: pytest.MonkeyPatch, extra: dict[str, str]
) -> None:
    shell = world.folder / "sh"
    shell.symlink_to(shutil.which("bash") or "")
    monkeypatch.setattr(generated_files, "_SHELL", str(shell))
    world.pin(started_python())
    assert (world.server / "hooks" / "pre-receive").read_text().startswith(f"#!{shell} -p\n")
    assert_judged(world, **extra)


def test_A174_a_namespace_leads_past_no_judgement(world: World) -> None:
    bad = bad_commit(world)
    tip = world.tip()
    answer = sent(world, bad, GIT_NAMESPACE="other")
    assert not answer.landed and world.tip() == tip


def test_a_hook_gets_what_it_needs_and_nothing_else(world: World) -> None:
    """Beside what the shell adds by itself."""
    seen = world.folder / "seen"
    said = "import json, os; print(json.dumps(dict(os.environ)))"
    fake = program(world.folder / "fake", "python", f"{sys.executable} -I -c '{said}' > {seen}", "exit 1")
    world.pin(str(fake))
    sent(world, good_commit(world), A="1", GIT_PUSH_OPTION_COUNT="0", LANG="C", LC_ALL="C")
    names = set(json.loads(seen.read_text())) - {"PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE"}
    quarantine = {"GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"}
    assert names == {"PATH", "HOME", "LANG"} | quarantine


def test_a_server_in_a_folder_with_blanks_and_quotes_judges(world: World) -> None:
    moved = World(world.folder.with_name("it's a world"))
    world.folder.rename(moved.folder)
    assert_judged(moved)


# What takes the place of the check


@pytest.mark.parametrize(
    "lines",
    [
        ("exit 0",),
        ("echo may-land; exit 0",),
        ('echo "$@"; exit 0',),
        ('for each; do echo "$each"; done; exit 0',),
        ('for word; do :; done; echo "$word"; exit 1',),
        ('for word; do :; done; echo "$word"; echo "$word"; exit 0',),
        ('for word; do :; done; echo "$word."; exit 0',),
        ('for word; do :; done; echo "$word" >&2; exit 0',),
        ('for word; do :; done; echo "$word"; kill -9 $$',),
        ("kill -9 $$",),
        ("cat > /dev/null; exec true",),
        ('exec {python} "$@" --help',),
        ('exec {python} "$@" -h',),
        ('exec {python} "$@" < /dev/null',),
        ('exec {python} "$@" <&-',),
        ('exec {python} "$@" > /dev/null',),
        ('exec {python} "$@" >&-',),
        ('exec {python} "$@" > /dev/full',),
        ('_ITSM_COMPLETE=bash_source exec {python} "$@"',),
        ("exec {python} -I -m itsm_as_code --version",),
        ("exec {python} -I -m itsm_as_code check --help",),
        ("exec {python} -I -c pass",),
        ("exec /no/such/program",),
    ],
    ids=lambda lines: lines[0][:60],
)
def test_A173_what_ends_well_without_the_word_of_the_check_lets_nothing_pass(
    world: World, lines: tuple[str, ...]
) -> None:
    python = started_python()
    fake = program(world.folder / "fake python", "python", *(line.replace("{python}", python) for line in lines))
    world.pin(str(fake))
    tip = world.tip()
    answer = sent(world, good_commit(world))
    assert not answer.landed and world.tip() == tip
    answer = RawClient(world).send((NOTHING, good_commit(world), "refs/heads/free"))
    assert not answer.landed, "nor does a push of another branch"


@pytest.mark.parametrize(("last", "lands"), [("exit 0", True), ("exit 3", False)])
def test_the_word_of_the_check_lets_a_push_pass(world: World, last: str, *, lands: bool) -> None:
    """So it is the word alone for which the other pushes of these tests are refused."""
    world.pin(str(program(world.folder / "fake", "python", 'for word; do :; done; echo "$word"', last)))
    answer = sent(world, good_commit(world))
    assert answer.landed is lands
    assert ("not judged" in answer.said) is not lands


def test_a_check_that_ends_well_without_the_word_is_told_to_the_pusher(world: World) -> None:
    world.pin(str(program(world.folder / "fake", "python", "exit 0")))
    assert "this push was not judged (the check ended with exit code 0)" in sent(world, good_commit(world)).said


def test_a_push_of_other_branches_passes_by_the_word_too(world: World) -> None:
    bad = bad_commit(world)
    assert RawClient(world).send((NOTHING, bad, "refs/heads/free"), (NOTHING, bad, "refs/tags/v1")).landed


def test_a_hook_of_an_older_form_refuses_and_says_what_to_do(world: World) -> None:
    hook = world.server / "hooks" / "pre-receive"
    anchor = world.git("rev-list", "--max-parents=0", "HEAD")
    hook.write_text(
        f"#!/bin/sh\nexec {started_python()} -m itsm_as_code check --pre-receive {MAIN} --anchor {anchor}\n"
    )
    for ref in (MAIN, "refs/heads/free"):
        old = world.tip() if ref == MAIN else NOTHING
        answer = RawClient(world).send((old, good_commit(world), ref))
        assert not answer.landed and "itsm generate server-hook" in answer.said
    answer = sent(world, bad_commit(world))
    assert not answer.landed and "APR001" in answer.said


def started_by_a_parent_that_forgets(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `itsm` where the system does not keep how children end."""
    ignore = "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN)"
    command = [sys.executable, "-c", f"{ignore}; os.execv(sys.argv[1], sys.argv[1:])"]
    return subprocess.run(
        [*command, sys.executable, "-m", "itsm_as_code", *arguments],
        cwd=world.ws, env=identity("ana", world.home("ana")), capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_A173_a_parent_that_forgets_how_its_children_end_makes_no_signature_good(world: World) -> None:
    """Python takes an end that the system has forgotten for exit code 0, also that of `ssh-keygen`."""
    record = change()
    world.put(record)
    world.act("ana", "proposed", record)
    act = world.ws / world.act("ben", "refused", record)
    act.write_text(act.read_text().replace("decision: refused", "decision: approved"))
    world.commit()
    done = started_by_a_parent_that_forgets(world, "check", "--base", "main~1")
    assert done.returncode == 1 and "the signature does not verify" in done.stdout


def test_A173_a_parent_that_forgets_how_its_children_end_makes_no_answer_of_git(world: World) -> None:
    world.git("switch", "--quiet", "--orphan", "other")
    world.write({"README.md": "x\n"})
    world.commit()
    world.git("switch", "--quiet", "main")
    done = started_by_a_parent_that_forgets(world, "check", "--base", "main", "--head", "other")
    assert done.returncode == 3 and "no common history" in done.stderr


# What a server holds that shows people something else


def test_a_replace_ref_that_is_on_the_server_is_told_to_the_pusher(world: World) -> None:
    bad, tip = bad_commit(world), world.tip()
    world.git("fetch", "--quiet", str(world.ws), f"{bad}:refs/heads/loose", folder=world.server)
    world.git("replace", tip, bad, folder=world.server)
    answer = sent(world, good_commit(world))
    assert answer.landed
    assert "note: Git shows other objects in place of 1 here (refs/replace/)" in answer.said
    assert f"git replace -d {tip}" in answer.said


def test_a_replace_ref_that_is_there_is_told_by_the_check_the_audit_and_the_doctor(world: World) -> None:
    tip, good = world.tip(), good_commit(world)
    step = ("check", "--base", "HEAD~1")
    said = [world.itsm(*words) for words in (step, ("check", "--history"), ("doctor",))]
    assert not any("in place of" in each.stdout + each.stderr for each in said)
    world.git("replace", tip, good)
    for output in ("text", "json", "github"):
        told = world.itsm(*step, "--format", output)
        assert (told.returncode, f"git replace -d {tip}" in told.stderr) == (0, True)
    audited = world.itsm("check", "--history")
    assert audited.returncode == 0 and "in place of 1 object (git replace --list" in audited.stdout
    assert json.loads(world.itsm("check", "--history", "--format", "json").stdout)["replaced"] == [tip]
    examined = world.itsm("doctor").stdout
    assert "replaced objects" in examined and f"git replace -d {tip}" in examined


@pytest.mark.parametrize("name", ["shallow", "info/grafts"])
def test_A103_a_history_that_the_server_cuts_off_stops_a_step_and_says_how_to_go_on(world: World, name: str) -> None:
    (world.server / "info").mkdir(exist_ok=True)
    (world.server / name).write_text(world.tip() + "\n")
    answer = sent(world, good_commit(world))
    assert not answer.landed and "help:" in answer.said
    assert "Traceback" not in answer.said
