"""What approvers are shown of an edit."""

from __future__ import annotations

from itsm_as_code.render.difference import MOST_LINES, as_text, of_files
from itsm_as_code.render.screen import Screen

PLAIN = Screen()


def _shown(before: str, after: str) -> list[str]:
    return [PLAIN.shown(line) for line in as_text(before.encode(), after.encode(), "git diff main -- it")]


def test_lines_that_differ_are_shown_with_those_around_them() -> None:
    before = "a\nb\nc\nd\ne\nf\ng\n"
    assert _shown(before, before.replace("e\n", "E\n")) == [
        "  @@ -3,5 +3,5 @@",
        "   c",
        "   d",
        "  -e",
        "  +E",
        "   f",
        "   g",
    ]
    assert not _shown(before, before)


def test_nothing_in_it_moves_the_cursor_or_turns_the_line_round() -> None:
    (_, *lines) = _shown("a", "a\x1b[2K\r\u202eb\u200b")
    assert lines == ["  -a", "  +a\\u001b[2K\\u000d\\u202eb\\u200b"]


def test_a_long_difference_names_the_command_for_all_of_it() -> None:
    lines = _shown("", "x\n" * 100)
    assert len(lines) == MOST_LINES + 1
    assert lines[-1].endswith("more lines: git diff main -- it")

    assert _shown("", "x\n" * 6000) == ["  too long to be compared here: git diff main -- it"]


def test_files_are_named_with_what_became_of_them() -> None:
    before, after = {"a": "1", "b": "1", "c": "1"}, {"b": "2", "c": "1", "d\n": "1"}
    assert [PLAIN.shown(line) for line in of_files(before, after)] == ["  removed a", "  changed b", "  added d⏎"]
