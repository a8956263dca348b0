"""References, circles, ids and aliases."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checks.memory import article, as_files, change, codes, entry, incident, look, look_at, service


def test_a_dangling_reference_names_the_nearest_record_and_can_be_fixed() -> None:
    (finding,) = look_at(incident(service="portl"))
    assert (finding.code, finding.field, finding.help) == ("REF001", ("service",), "did you mean `portal`?")
    assert finding.fix is not None and not finding.fix.safe
    (either,) = look_at(incident(affects=["service/portl"]))
    assert either.help == "did you mean `service/portal`?"


def test_a_dangling_reference_that_is_near_nothing_says_where_the_ids_are() -> None:
    (few,) = look_at(incident(service="nowhere"))
    assert few.help == "one of `portal`, or add the record"
    more = as_files(*(service(id=f"shop-{number}") for number in range(9)))
    many = next(f for f in look({**more, **as_files(incident(service="nowhere"))}) if f.code == "REF001")
    assert many.help == "`itsm list services` shows all of them; or add the record"


def test_a_reference_to_a_renamed_file_is_told_the_name_of_the_file() -> None:
    renamed = as_files(service(id="webshop"))
    files = {path: text.replace("webshop", "web-shop") for path, text in renamed.items()}
    found = look({**files, **as_files(incident(service="web-shop"))})
    assert codes(found) == ["ID001", "REF001"]
    assert next(f.help for f in found if f.code == "REF001") == "did you mean `webshop`?"


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (incident(service="nowhere"), ("service",)),
        (incident(problem="PRB-20261121-ZZZZZ"), ("problem",)),
        (incident(major={"commander": "zed"}), ("major", "commander")),
        (incident(entry("08:00", state="new", assignee="zed")), ("timeline", 0, "assignee")),
        (incident({**entry("08:00", state="new"), "by": "zed"}), ("timeline", 0, "by")),
        (article(owner="team/nowhere"), ("owner",)),
        (article(verified=[{"date": "2026-11-01", "by": "zed"}]), ("verified", 0, "by")),
        (service(depends_on=["asset/nothing"]), ("depends_on", 0)),
    ],
)
def test_references_are_found_wherever_they_stand(record: dict[str, Any], field: tuple[str | int, ...]) -> None:
    assert [(finding.code, finding.field) for finding in look_at(record)] == [("REF001", field)]


def test_messages_count_entries_from_one_as_show_does() -> None:
    (finding,) = look_at(incident({**entry("08:00", state="new"), "by": "zed"}))
    assert finding.message == "`timeline.1.by`: there is no person `zed`"


def test_nobody_is_no_reference() -> None:
    assert look_at(incident(entry("08:00", state="new", assignee="nobody", team="it"))) == []


def test_a_record_that_can_not_be_read_is_there_all_the_same() -> None:
    found = look({**as_files(incident(service="payroll")), "records/services/payroll.yaml": "tier: [\n"})
    assert codes(found) == ["YAML008"]


def test_only_open_work_minds_what_is_retired() -> None:
    retired = service("old", state="retired")
    open_one = incident(service="old")
    ended = incident(entry("08:00", state="cancelled", reason="Opened twice."), service="old")
    assert codes(look_at(retired, open_one)) == ["REF002"]
    assert look_at(retired, ended) == []
    assert look_at(retired, service("older", state="retired", depends_on=["service/old"])) == []


def chain(*parents: tuple[str, str | None]) -> list[dict[str, Any]]:
    return [
        incident(id=f"INC-20261121-{a * 5}", **({"parent": f"INC-20261121-{b * 5}"} if b else {})) for a, b in parents
    ]


@pytest.mark.parametrize(
    ("parents", "on_the_circle"),
    [
        ([("A", "B"), ("B", "C"), ("C", None)], ""),
        ([("A", "B"), ("B", "A")], "AB"),
        ([("A", "B"), ("B", "C"), ("C", "A")], "ABC"),
        ([("A", "B"), ("B", "C"), ("C", "B")], "BC"),
    ],
)
def test_circles_are_told_at_each_record_on_them(parents: list[tuple[str, str | None]], on_the_circle: str) -> None:
    found = look_at(*chain(*parents))
    assert {finding.code for finding in found} <= {"REF004"}
    assert [finding.path[-6] for finding in found] == list(on_the_circle)


def test_a_reference_to_itself_is_told_once() -> None:
    assert codes(look_at(*chain(("A", "A")))) == ["REF003"]
    assert codes(look_at(service(depends_on=["service/payroll"]))) == ["REF003"]


def test_dependencies_of_changes_and_parents_of_teams_have_a_direction() -> None:
    one = change(depends_on=["CHG-20261121-ZZZZZ"])
    other = change(id="CHG-20261121-ZZZZZ", depends_on=["CHG-20261121-4M2XT"])
    assert codes(look_at(one, other)) == ["REF004", "REF004"]
    teams = [
        {"id": a, "kind": "team", "schema": 1, "name": a, "parents": [b]} for a, b in (("net", "ops"), ("ops", "net"))
    ]
    assert codes(look_at(*teams)) == ["REF004", "REF004"]


def test_many_paths_without_a_circle_are_walked_once() -> None:
    ids = [f"CHG-20261121-{number:05}" for number in range(40)]
    ladder = [change(id=each, depends_on=ids[n + 1 : n + 3]) for n, each in enumerate(ids)]
    assert look_at(*ladder) == []


def test_an_alias_belongs_to_one_record_of_a_kind() -> None:
    one = incident(aliases={"old": "1"})
    other = incident(id="INC-20261121-8R2BC", aliases={"old": "1"})
    (finding,) = look_at(one, other)
    assert (finding.code, finding.field) == ("ID008", ("aliases", "old"))
    assert "INC-20261121-7K3Q9" in finding.message
    assert look_at(one, {**other, "aliases": {"older": "1"}}) == []
    assert look_at(one, change(aliases={"old": "1"})) == []


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("records/services/payroll.yml", "name it records/services/payroll.yaml"),
        (
            "records/incidents/INC-20261121-7K3Q9.yaml",
            "it belongs at records/incidents/2026/11/INC-20261121-7K3Q9.yaml",
        ),
        ("records/knowledge/x.markdown", "name it records/knowledge/x.md"),
        ("records/README.md", None),
    ],
)  # fmt: skip
def test_a_file_that_is_no_record_is_told_where_it_belongs(path: str, hint: str | None) -> None:
    (finding,) = look({path: ""})
    assert (finding.code, finding.help) == ("ID002", hint)


def test_an_id_that_its_path_belies_can_be_fixed() -> None:
    (text,) = as_files(service("payroll")).values()
    (finding,) = look({"records/services/pay.yaml": text})
    assert finding.code == "ID001"
    assert finding.fix is not None and finding.fix.title == "set id to pay"


def test_names_that_differ_by_case_are_told_once() -> None:
    (text,) = as_files(service("payroll")).values()
    (finding,) = look({"records/services/payroll.yaml": text, "records/services/PayRoll.yaml": text})
    assert (finding.code, finding.path) == ("ID004", "records/services/PayRoll.yaml")


def test_an_assignee_is_of_the_team_while_the_ticket_lives() -> None:
    zoe = {"id": "zoe", "kind": "person", "schema": 1, "name": "Zoe"}
    first = entry("08:00", state="new", team="it", assignee="zoe")
    assert codes(look_at(zoe, incident(first))) == ["REF005"]
    assert look_at(zoe, incident(first, entry("09:00", state="cancelled", reason="Opened twice."))) == []
    assert look_at(zoe, incident({**first, "assignee": "ben"})) == []
