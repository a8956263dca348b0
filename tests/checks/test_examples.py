"""Every rule's examples do what they say: one yields the rule's finding and no other error, the other none at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.checking.whole import check_workspace
from itsm_as_code.checks.catalogue import RULES
from itsm_as_code.checks.examples import all_examples, example, files_of
from itsm_as_code.domain.rule import Severity
from tests.checks.workspace import judge_part, workspace

WITHOUT_EXAMPLE = {
    "YAML021": "a file without read permission: whoever is root, as in a container, may read it all the same",
    "APR005": "a refusal that is only in the proposal blocks it as well, as APR002 shows",
    "APR008": "a step that nobody could judge shows in history only",
    "APR006": "who wrote a commit stands in the commit, not in a file",
}
"""Rules whose fault no file can show, with the reason."""

EXAMPLES = all_examples()


def test_the_background_of_the_examples_is_in_order(tmp_path: Path) -> None:
    assert check_workspace(workspace(tmp_path)).findings == ()


def test_every_rule_has_an_example_or_a_reason_why_not() -> None:
    assert set(RULES) - set(EXAMPLES) == set(WITHOUT_EXAMPLE)
    assert set(EXAMPLES) <= set(RULES)


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_failing_example_yields_its_code_and_no_other_error(code: str, tmp_path: Path) -> None:
    found = judge_part(tmp_path, EXAMPLES[code][0]).findings
    assert code in {finding.code for finding in found}, found
    assert {f.code for f in found if f.severity is Severity.ERROR} <= {code}, found


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_passing_example_yields_no_error_and_no_warning(code: str, tmp_path: Path) -> None:
    report = judge_part(tmp_path, EXAMPLES[code][1])
    assert report.total > 0
    assert [finding for finding in report.findings if finding.severity is not Severity.NOTICE] == []
    assert code not in {finding.code for finding in report.findings}


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_two_parts_show_files_and_differ(code: str) -> None:
    fails, passes = (tuple(files_of(part)) for part in EXAMPLES[code])
    assert fails and passes and fails != passes
    assert all(part.count("\n") <= 60 for part in EXAMPLES[code])


def test_a_code_that_is_none_has_no_example() -> None:
    assert example("XYZ001") is None


def test_a_part_says_where_files_are_and_what_they_hold() -> None:
    part = (
        "-- base/a.yaml --\nid: a\n\n-- head/a.yaml, \\xNN is a byte --\nid: \\xff\n\n-- b -> c --\n"
        "-- d, a pipe --\n-- e, a submodule --\n-- f, made 50 bytes long --\nid: f\n"
    )
    assert [(each.root, each.path, each.sort, each.content[:8]) for each in files_of(part)] == [
        ("base", "a.yaml", "file", b"id: a\n"),
        ("head", "a.yaml", "file", b"id: \xff\n"),
        (None, "b", "link", b"c"),
        (None, "d", "pipe", b""),
        (None, "e", "submodule", b""),
        (None, "f", "file", b"id: f\n  "),
    ]
    assert len(list(files_of(part))[-1].content) == 50


def test_a_path_line_with_an_unknown_note_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown note `a hologram`"):
        list(files_of("-- a, a hologram --\n"))
