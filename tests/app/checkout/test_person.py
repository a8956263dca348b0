"""Who acts: the person whom the Git identity names."""

from __future__ import annotations

from pathlib import Path

import pytest

from itsm_as_code.app.checkout.person import person_of
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.store.snapshot import TreeSnapshot
from tests.checks.memory import snapshot_of

PEOPLE = {
    f"records/people/{name}.yaml": f"id: {name}\nkind: person\nschema: 1\nname: {name.title()}\nemails: {emails}\n"
    for name, emails in (("eve", "[eve@example.org, Both@example.org]"), ("fay", "[both@example.org]"))
}


@pytest.fixture(scope="module")
def records() -> TreeSnapshot:
    return snapshot_of(PEOPLE)


@pytest.mark.parametrize("address", ["eve@example.org", "EVE@Example.org"])
def test_an_address_names_a_person_in_any_case(
    records: TreeSnapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", address)
    assert person_of(tmp_path, records) == "eve"
    assert person_of(tmp_path, records, newcomer="zoe") == "eve"


def test_an_address_that_several_have_names_nobody(
    records: TreeSnapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "both@example.org")
    with pytest.raises(UsageFault, match="belongs to several people: eve, fay"):
        person_of(tmp_path, records)


def test_whoever_is_being_made_acts_where_nobody_has_the_address(
    records: TreeSnapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "zoe@example.org")
    assert person_of(tmp_path, records, newcomer="zoe") == "zoe"
    with pytest.raises(UsageFault, match="nobody in records/people has the address zoe@example") as raised:
        person_of(tmp_path, records)
    assert "--set emails=zoe@example.org" in (raised.value.hint or "")


def test_without_an_identity_nobody_acts(
    records: TreeSnapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(CouldNotCheck, match="Git does not know who you are"):
        person_of(tmp_path, records)
