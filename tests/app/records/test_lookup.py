"""Finding a record by what people type."""

from __future__ import annotations

import pytest

from itsm_as_code.app.records.lookup import SHOWN, find, load, require
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.checks.memory import as_files, change, incident, service, snapshot_of

INCIDENT, CHANGE = "INC-20261121-7K3Q9", "CHG-20261121-4M2XT"


@pytest.fixture(scope="module")
def records() -> TreeSnapshot:
    return snapshot_of(as_files(incident(), change(), service()))


@pytest.mark.parametrize("word", [INCIDENT, INCIDENT.lower(), "7K3Q9", "7k3q9", "q9", "20261121-7K3Q9"])
def test_a_ticket_is_found_by_its_id_and_by_an_end_of_it(records: TreeSnapshot, word: str) -> None:
    assert find(records, word) == ("incident", INCIDENT)


def test_letters_that_look_like_digits_are_read_as_those() -> None:
    records = snapshot_of(as_files(incident(id="INC-20261121-7K0Q1")))
    assert find(records, "7kOql") == ("incident", "INC-20261121-7K0Q1")


@pytest.mark.parametrize("word", ["payroll", "service/payroll"])
def test_what_has_a_slug_is_found_by_it_and_by_kind_and_slug(records: TreeSnapshot, word: str) -> None:
    assert find(records, word) == ("service", "payroll")


def test_one_slug_of_two_kinds_is_not_guessed_at() -> None:
    records = snapshot_of(as_files(service("it")))
    with pytest.raises(UsageFault, match="`it` could be ") as raised:
        find(records, "it")
    assert "team/it" in raised.value.message and "service/it" in raised.value.message
    assert find(records, "team/it") == ("team", "it")


def test_an_end_that_many_tickets_share_names_some_of_them_and_counts_the_rest() -> None:
    many = [incident(id=f"INC-20261121-7K{number}Q9") for number in range(SHOWN + 1)]
    with pytest.raises(UsageFault) as raised:
        find(snapshot_of(as_files(*many)), "q9")
    assert raised.value.message.count("INC-") == SHOWN
    assert raised.value.message.endswith("and 1 more")


@pytest.mark.parametrize("word", ["9", "7K3Q9X", "q!", "Q-"])
def test_one_character_or_more_than_five_or_other_signs_are_no_end_of_an_id(records: TreeSnapshot, word: str) -> None:
    with pytest.raises(UsageFault, match="there is no record"):
        find(records, word)


def test_a_word_that_nearly_names_a_record_gets_its_name_as_hint(records: TreeSnapshot) -> None:
    with pytest.raises(UsageFault) as raised:
        find(records, "payrol")
    assert raised.value.hint == "did you mean `payroll`?"


def test_a_ticket_that_is_not_here_may_be_on_another_branch(records: TreeSnapshot) -> None:
    with pytest.raises(UsageFault) as raised:
        find(records, "INC-20261121-7K3Q8")
    assert (raised.value.hint or "").startswith("it may be on another branch")


def test_a_word_like_nothing_here_is_told_how_to_see_what_there_is(records: TreeSnapshot) -> None:
    with pytest.raises(UsageFault) as raised:
        find(records, "zzzzzz")
    assert raised.value.hint == "`itsm list` shows what there is"


def test_a_record_that_must_exist_raises_with_the_nearest_name(records: TreeSnapshot) -> None:
    require(records, "service", "payroll")
    with pytest.raises(UsageFault, match="there is no service `payrol`") as raised:
        require(records, "service", "payrol")
    assert "payroll" in (raised.value.hint or "")
    with pytest.raises(UsageFault) as raised:
        require(records, "problem", "PRB-20261121-00000")
    assert raised.value.hint == "`itsm list problems` shows what there is"


def test_a_record_is_loaded_with_its_path_and_its_data(records: TreeSnapshot) -> None:
    path, loaded = load(records, "incident", INCIDENT)
    assert path == f"records/incidents/2026/11/{INCIDENT}.yaml"
    assert loaded.data is not None and loaded.data["title"] == "Portal is down"


def test_a_record_with_findings_is_not_used_and_the_check_is_named() -> None:
    records = snapshot_of(as_files(incident(title=5)))
    path = f"records/incidents/2026/11/{INCIDENT}.yaml"
    with pytest.raises(UsageFault, match="has findings and can't be used") as raised:
        load(records, "incident", INCIDENT)
    assert raised.value.hint == f"itsm check {path}"


def test_a_record_that_is_not_there_is_not_loaded(records: TreeSnapshot) -> None:
    with pytest.raises(UsageFault, match="there is no record `INC-20261121-7K3Q8`"):
        load(records, "incident", "INC-20261121-7K3Q8")
