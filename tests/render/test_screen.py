"""Lines as terminals and pipes get them: cleaned once, coloured or not, wrapped at words, commands fit to be copied."""

from __future__ import annotations

import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.render import record, verdict, waiting
from itsm_as_code.render.line import Line, bad, fixed, hint, line, verbatim
from itsm_as_code.render.screen import Screen
from itsm_as_code.render.wrap import columns
from tests.domain.approval import world

HERE = waiting.BranchState("feature", "main", remote=True, head="0" * 40)
PATHS = ["records/changes/2026/11/CHG-20261121-7K3Q9.yaml", "records/approvals/2026/11/APR-20261121-00001.yaml"]
HOSTILE = "\x1b[31mred\u202e\x07"
SGR = re.compile(r"\x1b\[[0-9;]*m")


def test_a_line_is_cleaned_and_coloured_once() -> None:
    told = Screen(colour=True).shown(line(hint("next"), f" {HOSTILE}", bad(HOSTILE)))
    assert told == "\x1b[32mnext\x1b[0m \\u001b[31mred\\u202e\\u0007\x1b[1;31m\\u001b[31mred\\u202e\\u0007\x1b[0m"


def test_a_line_stays_one_line() -> None:
    assert Screen().shown(line("a\nb\tc")) == "a⏎b c"


@pytest.mark.parametrize("colour", [True, False])
def test_what_waits_for_people_shows_no_codes(colour: bool) -> None:
    lines = [
        *waiting.as_text([(PATHS[0], world.verdict(world.PROPOSAL))], [PATHS[1]], HERE),
        *waiting.decided([world.verdict(world.PROPOSAL)], PATHS, HERE),
        waiting.landing(world.SUBJECT, HERE, uncommitted=False),
    ]
    told = Screen(colour=colour).text(lines)
    assert "u001b" not in told
    assert told.count("\x1b[32m") == (4 if colour else 0)
    assert SGR.sub("", told) == Screen().text(lines)


def test_the_next_step_is_wrapped_so_that_it_can_be_copied() -> None:
    here = waiting.BranchState("main", "main", remote=True, head="0" * 40)
    lines = list(waiting.as_text([(PATHS[0], world.verdict(world.PROPOSAL))], [], here))
    assert Screen(width=60).text(lines) == (
        "CHG-20261121-7K3Q9 at gate scheduled: pending: changes/cab\n"
        "  by one of ben, cho, dee\n"
        "  where    in your work tree; it lands on main once it is\n"
        "           approved\n"
        "  next     git switch -c CHG-20261121-7K3Q9 && git add \\\n"
        "           records/changes/2026/11/CHG-20261121-7K3Q9.yaml \\\n"
        "           && git commit -m CHG-20261121-7K3Q9 &&\n"
        "           git push origin CHG-20261121-7K3Q9\n"
        "  then     ben or cho or dee, on that branch: itsm approve \\\n"
        "           CHG-20261121-7K3Q9 --gate scheduled --push"
    )


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_verdict_keeps_its_columns(width: int) -> None:
    lines = verdict.with_next_step(world.verdict(world.PROPOSAL, world.act(2, "ana")))
    rows = Screen(width=width).text(lines).splitlines()
    assert all(re.match(r"  \S[\w: ]{8}\S|           \S|\S|  proposed by", row) for row in rows), rows


def test_a_record_wraps_its_texts_where_they_began() -> None:
    data = {"id": "a", "reason": "because it " * 9, "timeline": [{"at": "now", "by": "ana", "note": "we saw it " * 9}]}
    told = Screen(width=40).text(record.as_text(data, "A", "new")).splitlines()
    assert told[1:3] == ["  reason: because it because it because", "    it because it because it because it"]
    assert told[-2:] == ["       saw it we saw it we saw it we saw", "       it we saw it we saw it"]


WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=1, max_size=30)
QUOTED = st.lists(st.text("ab c'\"&|$", min_size=1, max_size=12).map(shlex.quote), min_size=1, max_size=12)


@given(WORDS, st.integers(30, 100), st.booleans())
def test_wrapping_breaks_no_word_and_loses_none(words: list[str], width: int, colour: bool) -> None:
    text = " ".join(words)
    told = Screen(colour, width).shown(line("  ", hint("help:"), f" {text}", hang=8))
    rows = SGR.sub("", told).split("\n")
    assert " ".join(row.strip() for row in rows) == f"help: {text}"
    assert all(columns(row) <= width for row in rows)
    assert all(row.startswith(" " * 8) for row in rows[1:])


@given(QUOTED, st.integers(30, 100))
def test_a_command_that_was_wrapped_is_the_same_command(words: list[str], width: int) -> None:
    command = f"itsm set {' '.join(words)} && git add ."
    told = Screen(width=width).shown(line(f"  next: {command}", hang=8))
    copied = told[told.index("itsm") :].replace("\\\n", "").replace("&&\n", "&& ")
    assert shlex.split(copied) == shlex.split(command)


def test_what_can_not_be_parted_stays_whole() -> None:
    digest = f"itsm1:{'a' * 64}"
    assert Screen(width=60).shown(line(f"  content  {digest}", hang=11)) == f"  content  {digest}"


def test_wide_characters_count_twice() -> None:
    assert Screen(width=20).shown(line("日本語 日本語 日本語 日本語")) == "日本語 日本語 日本語\n  日本語"


@pytest.mark.parametrize("width", [10, None])
def test_what_has_its_layout_keeps_it(width: int | None) -> None:
    frame: Line = fixed("  12 | \tlong enough to be wrapped")
    assert Screen(width=width).shown(frame) == "  12 | \tlong enough to be wrapped"


def test_items_of_a_list_are_wrapped_below_their_words() -> None:
    (told,) = verbatim("  - one two three four")
    assert Screen(width=14).shown(told) == "  - one two\n    three four"
