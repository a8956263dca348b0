"""The report of a check: accepted findings apart, the others placed in their files and in order."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from itsm_as_code.app.checking.report import finish, is_suppressed, place, relative_to_user
from itsm_as_code.checks.identity import CASE_CLASH, TWO_FILES
from itsm_as_code.domain.finding import Finding, Position, Spot
from itsm_as_code.domain.settings import Settings
from tests.checks.memory import MemoryTree
from tests.checks.workspace import NOW

PORTAL = "records/services/portal.yaml"
TREE = MemoryTree({PORTAL: "id: portal\nkind: service\nname: Portal\n"})


def settings(**accepted: Any) -> Settings:
    entry = {"code": TWO_FILES.code, "reason": "It is known.", "until": "2026-11-30"} | accepted
    return Settings.model_validate({"id": "4h7k2m9qx1zt", "schema": 1, "name": "Example", "suppress": [entry]})


def finding(path: str = PORTAL, *field: str, **more: Any) -> Finding:
    return Spot("something is wrong", field, **more).finding(TWO_FILES, path)


def test_what_the_settings_accept_is_kept_apart_and_not_lost() -> None:
    other = Spot("clashes").finding(CASE_CLASH, PORTAL)
    report = finish([finding(), other], Counter(), settings(), TREE, NOW)
    assert [each.code for each in report.findings] == [CASE_CLASH.code]
    assert [each.code for each in report.suppressed] == [TWO_FILES.code]


def test_an_acceptance_is_for_its_code_its_path_and_its_days() -> None:
    assert is_suppressed(finding(), settings(), NOW)
    assert is_suppressed(finding(), settings(path=PORTAL), NOW)
    assert not is_suppressed(finding(), settings(path="records/services/mail.yaml"), NOW)
    assert not is_suppressed(finding(), settings(code=CASE_CLASH.code), NOW)
    assert is_suppressed(finding(), settings(until="2026-11-21"), NOW), "the last day counts"
    assert not is_suppressed(finding(), settings(until="2026-11-20"), NOW)


def test_findings_get_the_place_of_their_field_and_the_text_of_their_file() -> None:
    (value, key), sources = place([finding(PORTAL, "name"), finding(PORTAL, "kind", at_key=True)], TREE)
    assert (value.position, key.position) == (Position(3, 7), Position(2, 1))
    assert sources == {PORTAL: TREE.read(PORTAL).decode()}


def test_a_finding_on_a_file_that_is_gone_stays_without_a_place() -> None:
    gone = finding("records/services/gone.yaml", "name")
    assert place([gone], TREE) == ([gone], {})


def test_a_place_that_is_known_is_kept() -> None:
    known = finding(PORTAL, "name").placed(Position(1, 1))
    assert place([known], TREE)[0] == [known]


def test_a_report_counts_the_records_by_kind_in_the_order_of_kinds() -> None:
    counted = Counter({"settings": 1, "service": 2, "incident": 3, "team": 0})
    report = finish([], counted, settings(), TREE, NOW)
    assert report.evaluated == {"incident": 3, "service": 2, "settings": 1}
    assert list(report.evaluated)[-1] == "settings"
    assert report.total == 6


def test_findings_are_in_order_and_told_once() -> None:
    found = [finding("b.yaml"), finding("a.yaml"), finding("b.yaml")]
    assert [each.path for each in finish(found, Counter(), settings(code="REF001"), TREE, NOW).findings] == [
        "a.yaml", "b.yaml",
    ]  # fmt: skip


def test_a_path_is_told_as_the_user_would_type_it() -> None:
    root = Path("/ws")
    assert relative_to_user(root, root, PORTAL) == PORTAL
    assert relative_to_user(root, root / "records", PORTAL) == "services/portal.yaml"
    assert relative_to_user(root, root / "attachments", PORTAL) == PORTAL, "above where the user stands"
