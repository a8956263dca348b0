"""The documents: links lead somewhere, commands exist, examples are valid, the tutorial runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from itsm_as_code.cli.commands import COMMANDS, SECTIONS, find, verbs
from itsm_as_code.domain.ids import path_of
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.store.frontmatter import split_article
from itsm_as_code.store.reader import read_text
from tests.cli.harness import Desk
from tests.environment import clock_of
from tests.forks.start import forked_python

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
GENERATED = ("docs/checks.md", "docs/commands.md", "docs/fields.md", "docs/lifecycles.md")
WRITTEN = [page for page in PAGES if page not in GENERATED]
TUTORIAL = "Five minutes in a repository of your own"
FROM_NOTHING = "docs/how-to/approvals.md"
AFTER_IT = "docs/how-to/when-something-went-wrong.md"
"""A page whose people, keys and server are those that the other page has made."""
CLOCK = "2026-11-21T12:00:00Z"
"""When the records that the pages show are checked, in a workspace that was made then too."""

_FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_NAMED_PATH = re.compile(r"^(?:itsm_as_code|tests|docs|benchmarks|templates|schemas)/[\w./-]+$")
_CALL = re.compile(r"""(?:^|[($|&;] ?)(itsm (?:"[^"]*"|'[^']*'|[^|)&;"'\n])*)""", re.MULTILINE)
_OTHER_HOST = re.compile(r"^(?:https?|mailto):")


def _text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def _prose(page: str) -> str:
    return _FENCE.sub("", _text(page))


def _blocks(text: str, *languages: str) -> list[tuple[str, str]]:
    """(info string, content) of the fenced blocks in these languages."""
    found = ((match[1].strip(), match[2]) for match in _FENCE.finditer(text))
    return [(info, content) for info, content in found if info.split(" ")[0] in languages]


def _anchors(page: str) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


# links and names


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for target in _LINK.findall(_CODE_SPAN.sub("", _prose(page))):
        if _OTHER_HOST.match(target):
            continue
        path, _, anchor = target.partition("#")
        there = (ROOT / page).parent / path if path else ROOT / page
        assert there.exists(), f"{page} links to {target}"
        if anchor:
            assert anchor in _anchors(there.resolve().relative_to(ROOT).as_posix()), f"{page} links to {target}"


@pytest.mark.parametrize("page", WRITTEN)
def test_paths_that_are_named_exist(page: str) -> None:
    for span in _CODE_SPAN.findall(_prose(page)):
        if _NAMED_PATH.match(span):
            assert (ROOT / span).exists(), f"{page} names {span}"


def test_every_page_is_linked_from_the_index() -> None:
    linked = {(ROOT / "docs" / target.split("#")[0]).resolve() for target in _LINK.findall(_prose("docs/index.md"))}
    for page in PAGES:
        if page.startswith("docs/") and page != "docs/index.md":
            assert (ROOT / page).resolve() in linked, f"docs/index.md does not link {page}"


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "images").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size <= 200 * 1024, picture.name


@pytest.mark.parametrize("page", WRITTEN)
def test_pages_speak_of_no_particular_machine(page: str) -> None:
    assert not re.search(r"/(?:work|root|home)/", _text(page))


# commands


def _command_lines(page: str) -> Iterator[str]:
    """What a page shows as a call of `itsm`: code spans, lines of shell blocks, prompts of transcripts."""
    for span in _CODE_SPAN.findall(_prose(page)):
        if span.startswith("itsm "):
            yield span
    for _, block in _blocks(_text(page), "bash", "sh", "console"):
        yield from _CALL.findall(block.replace("\\\n", " "))


def _command(name: str) -> click.Command:
    import importlib

    listed = find(name) or next(verb for verb in verbs() if verb.name == name)
    module = importlib.import_module(f"itsm_as_code.cli.{listed.module}")
    made = getattr(module, listed.attribute)
    command = made if isinstance(made, click.Command) else made(name)
    assert isinstance(command, click.Command)
    return command


@pytest.mark.parametrize("page", WRITTEN)
def test_commands_and_options_that_are_named_exist(page: str) -> None:
    known = {command.name for command in (*COMMANDS, *verbs())}
    for line in _command_lines(page):
        words = [word for word in shlex.split(line, comments=True)[1:] if word != "…"]
        while words and words[0] in ("-q", "-C"):
            words = words[2:] if words[0] == "-C" else words[1:]
        if not words or words[0].startswith("-") or words[0].isupper():
            continue
        assert words[0] in known, f"{page}: {line}"
        command = _command(words[0])
        if isinstance(command, click.Group) and len(words) > 1:
            assert words[1] in command.commands, f"{page}: {line}"
            command = command.commands[words[1]]
        options = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
        for word in words[1:]:
            if word.startswith("--"):
                assert word.split("=")[0] in options, f"{page}: {line}"


# examples


def _data(text: str) -> dict[str, Any]:
    """What our own reader makes of a shown text, which it must accept."""
    read = read_text(text)
    assert read.data is not None, f"{read.faults}\n{text}"
    return read.data


def _records(page: str) -> dict[str, str]:
    """Path to text of the whole records that a page shows."""
    found: dict[str, str] = {}
    for info, block in _blocks(_text(page), "yaml", "markdown"):
        text = block
        if info == "markdown":
            article = split_article(block)
            assert article is not None
            text = article.fields
        data = _data(text)
        if "kind" not in data:
            continue
        path = path_of(str(data["kind"]), str(data["id"]))
        assert path not in found, f"{page} shows {path} twice"
        found[path] = block
    return found


@pytest.mark.parametrize("page", [page for page in WRITTEN if _blocks(_text(page), "yaml", "markdown")])
def test_yaml_that_is_shown_is_valid(page: str, tmp_path: Path) -> None:
    for _, block in _blocks(_text(page), "yaml"):
        assert _data(block)
    desk = _desk(tmp_path, clock=CLOCK)
    for path, text in _records(page).items():
        (desk.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (desk.folder / path).write_text(text, encoding="utf-8")
    done = desk.itsm("check", "--fail-on", "warning")
    assert done.code == 0, done.out + done.err


@pytest.mark.parametrize("page", ["docs/sla.md", "docs/records.md", "README.md"])
def test_pages_about_records_show_whole_ones(page: str) -> None:
    assert _records(page)


# the glossary


def _glossary() -> list[str]:
    return re.findall(r"^- \*\*(.+?)\*\*", _text("docs/glossary.md"), re.MULTILINE)


def test_the_glossary_has_every_kind_state_and_section() -> None:
    terms = {term.casefold() for term in _glossary()}
    states = {state for table in LIFECYCLES.values() for state in table.states}
    sections = {section.lower() for section in SECTIONS}
    wanted = {*KINDS, *states, *sections, *(command.name for command in COMMANDS)}
    assert not {word for word in wanted if word.casefold() not in terms}


def test_each_part_of_the_glossary_is_in_alphabetical_order_and_no_term_comes_twice() -> None:
    parts = [re.findall(r"^- \*\*(.+?)\*\*", part, re.MULTILINE) for part in _text("docs/glossary.md").split("\n## ")]
    for terms in parts:
        words = [re.sub(r"[^a-z0-9]", "", term.casefold()) for term in terms]
        assert words == sorted(words)
    assert len(_glossary()) == len({term.casefold() for term in _glossary()})


# what runs


def _desk(folder: Path, *, clock: str | None = None) -> Desk:
    """A new workspace with one commit, in which there are `web-shop` and `ana-example`."""
    desk = Desk(folder / "workspace", clock=clock)
    desk.folder.mkdir()
    desk.must(
        "init", "--name", "Example", "--service", "Web shop", "--person", "Ana Example", "--email", "ana@example.org"
    )
    desk.commit("found the workspace")
    return desk


def _run(
    desk: Desk, blocks: list[tuple[str, str]], other: dict[str, str | None] | None = None, *, again: bool = True,
    started: bool = False,
) -> None:  # fmt: skip
    """Runs shell blocks one after the other in one shell, and then all `again`: who follows a page twice must not meet
    what they made before. Each command must succeed; `exit=1` tells of another end, `once` of what is made for good.
    Commands are forked, also those of hooks, or `started` as on the machine of a reader.
    """
    script = "set -e\n"
    for info, block in [*blocks, *(each for each in blocks if again and "once" not in each[0].split())]:
        wanted = re.search(r"exit=(\d+)", info)
        if wanted is None:
            script += block
        else:
            script += f"ended=0\n{{\n{block}}} || ended=$?\ntest $ended -eq {wanted[1]}\n"
    environment = desk.environment()
    path = f"{_folder_of_itsm(desk, started=started)}:{environment['PATH']}"
    changed = {**environment, "PATH": path, **(other or {})}
    environment = {name: value for name, value in changed.items() if value is not None}
    done = subprocess.run(
        ["bash", "-c", script], cwd=desk.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def _folder_of_itsm(desk: Desk, *, started: bool) -> Path:
    """Where a shell finds `itsm`. On another clock it is always forked: a hook hands nothing on."""
    if started and not clock_of(os.environ):
        return Path(sys.executable).parent
    itsm = desk.folder.parent / "forked" / "itsm"
    itsm.parent.mkdir(exist_ok=True)
    itsm.write_text(f'#!/bin/sh\nexec {shlex.quote(forked_python())} -I -m itsm_as_code "$@"\n', encoding="utf-8")
    itsm.chmod(0o755)
    return itsm.parent


def test_the_tutorial_runs(tmp_path: Path) -> None:
    section = _text("README.md").split(f"## {TUTORIAL}\n")[1].split("\n## ")[0]
    blocks = _blocks(section, "bash")
    assert len(blocks) >= 5
    (tmp_path / "work").mkdir()
    _run(Desk(tmp_path / "work"), blocks, started=True)
    (site,) = tmp_path.glob("work/*/site/index.html")
    assert "Web shop" in site.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page",
    [
        p
        for p in PAGES
        if p.startswith("docs/how-to/") and p not in (FROM_NOTHING, AFTER_IT) and _blocks(_text(p), "bash")
    ],
)
def test_how_tos_run_in_a_new_workspace(page: str, tmp_path: Path) -> None:
    desk = _desk(tmp_path)
    remote = tmp_path / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(remote)], check=True, env=desk.environment())
    desk.git("remote", "add", "origin", str(remote))
    desk.git("push", "-q", "-u", "origin", "HEAD:main")
    _run(desk, _blocks(_text(page), "bash"))
    desk.must("check")


def test_the_how_to_on_approvals_runs_from_an_empty_folder(tmp_path: Path) -> None:
    """Two people on one machine: who acts is told by each checkout's own Git configuration."""
    (tmp_path / "home").mkdir()
    desk = Desk(tmp_path / "work")
    desk.folder.mkdir()
    identities = {name: None for name in desk.environment() if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER"))}
    _run(desk, _blocks(_text(FROM_NOTHING), "bash"), {**identities, "HOME": str(tmp_path / "home")})
    told = desk.git("-C", "itsm.git", "log", "--format=%s", "main")
    subjects = [" ".join(line.split()[:2]) for line in told.splitlines()]
    once = ["Renew the", "ben-example approved", "ben-example withdrew", "ben-example refused"]
    assert subjects == [*once, *once, "Create the"], "the page was followed twice"


def test_the_ways_out_of_mistakes_work_after_the_how_to_on_approvals(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    desk = Desk(tmp_path / "work")
    desk.folder.mkdir()
    identities = {name: None for name in desk.environment() if name.startswith(("GIT_AUTHOR", "GIT_COMMITTER"))}
    made = [each for each in _blocks(_text(FROM_NOTHING), "bash") if "once" in each[0].split()]
    _run(desk, [*made, *_blocks(_text(AFTER_IT), "bash")], {**identities, "HOME": str(tmp_path / "home")}, again=False)
    told = desk.git("-C", "itsm.git", "log", "--format=%s", "main")
    assert told.count("ben-example withdrew") == 1


BROKEN_CHANGE = """\
id: CHG-20261119-7K3Q9
kind: change
schema: 1
title: Renew the TLS certificate
type: normal
reason: It expires on Sunday.
service: webshop
authors:
- ana-example
timeline:
- at: 2026-11-19T09:00:00Z
  by: ana-example
  state: draft
- at: 2026-11-19T10:00:00Z
  by: ana-example
  state: submitted
"""


def _told(desk: Desk, transcript: str) -> str:
    """What the commands of a transcript say; of those that write, standard output alone."""
    told = ""
    for line in re.findall(r"^\$ itsm (.+)$", transcript, re.MULTILINE):
        done = desk.itsm(*shlex.split(line))
        told += f"$ itsm {line}\n{done.out}{'' if line.startswith('set') else done.err}"
    return told


def test_the_transcript_of_a_broken_change_is_what_one_sees(tmp_path: Path) -> None:
    transcript = _blocks(_text("README.md"), "console")[0][1]
    desk = _desk(tmp_path, clock=CLOCK)
    path = desk.folder / path_of("change", "CHG-20261119-7K3Q9")
    path.parent.mkdir(parents=True)
    path.write_text(BROKEN_CHANGE, encoding="utf-8")
    assert _told(desk, transcript) == transcript


def test_the_transcript_of_the_sample_is_what_one_sees() -> None:
    transcript = _blocks(_text("README.md"), "console")[1][1]
    assert _told(Desk(ROOT), transcript).startswith(transcript.rstrip("\n"))
