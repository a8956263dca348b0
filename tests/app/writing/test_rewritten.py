"""Files that a machine rewrote: which fixes are applied, what is left, and that all are written or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.checking.report import Report
from itsm_as_code.app.writing.rewritten import RewrittenFile, apply_fixes, write
from itsm_as_code.checks.identity import TWO_FILES
from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.errors import ItsmError
from itsm_as_code.domain.finding import Finding, Spot
from tests.checks.memory import MemoryTree

PATH = "records/services/portal.yaml"
FILES = MemoryTree({PATH: "id: portal # kept\nkind: servise\ntier: 1\n"})


def finding(field: str, value: str, *, safe: bool = True, path: str = PATH) -> Finding:
    fix = Fix(f"write {value}", (SetValue((field,), value),), safe=safe)
    return Spot(f"wrong {field} {value}", (field,), fix=fix).finding(TWO_FILES, path)


def fixed(*findings: Finding, unsafe: bool = False) -> tuple[tuple[RewrittenFile, ...], int]:
    return apply_fixes(FILES, Report(findings, {}), unsafe=unsafe)


def test_a_fix_is_applied_and_named_and_the_rest_of_the_file_stays() -> None:
    ((one,), left) = fixed(finding("kind", "service"))
    assert one.after == b"id: portal # kept\nkind: service\ntier: 1\n"
    assert (one.done, left) == ((f"{TWO_FILES.code}: write service",), 0)
    assert one.difference().splitlines()[3:5] == [" id: portal # kept", "-kind: servise"]


def test_fixes_that_change_a_meaning_are_applied_only_when_asked_for() -> None:
    assert fixed(finding("id", "other", safe=False)) == ((), 1)
    assert fixed(finding("id", "other", safe=False), unsafe=True)[1] == 0


def test_of_two_fixes_of_one_place_only_the_first_is_applied() -> None:
    ((one,), left) = fixed(finding("kind", "service"), finding("kind", "sla"))
    assert (b"kind: service" in one.after, left) == (True, 1)


def test_findings_without_a_fix_and_files_that_are_gone_are_left() -> None:
    plain = Spot("wrong").finding(TWO_FILES, PATH)
    assert fixed(plain, finding("kind", "x", path="records/services/gone.yaml")) == ((), 2)


def test_a_file_that_changed_meanwhile_is_refused_and_none_is_written(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"else")
    with pytest.raises(ItsmError):
        write(tmp_path, [RewrittenFile("a", b"1", b"2"), RewrittenFile("b", b"1", b"2")])
    assert (tmp_path / "a").read_bytes() == b"1"
    write(tmp_path, [RewrittenFile("a", b"1", b"2")])
    assert (tmp_path / "a").read_bytes() == b"2"
