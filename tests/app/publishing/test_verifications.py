"""Who verified an article, by the acts that they signed."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.app.publishing.verifications import signed_verifications
from itsm_as_code.domain.kinds.article import Verification
from tests.app.approvals.worlds import Memory, keys, memory
from tests.approvals.records import NOW, at
from tests.approvals.test_attacks_pages import article, put
from tests.approvals.world import act_id
from tests.site.memory import MemorySnapshot

__all__ = ["keys", "memory"]

RECORD = article()


def found(memory: Memory) -> dict[str, tuple[str, str]]:
    return {name: (each.date.isoformat(), each.by) for name, each in signed_verifications(memory.after, NOW).items()}


@pytest.fixture
def there(memory: Memory) -> Memory:
    put(memory, RECORD)
    return memory


def test_without_an_act_nobody_did(there: Memory) -> None:
    put(there, article(verified=[{"date": at()[:10], "by": "dora"}]))
    assert found(there) == {}


@pytest.mark.parametrize("gate", ["published", "verified"])
def test_whoever_approved_it_did_on_that_day(there: Memory, gate: str) -> None:
    there.act("dora", "approved", RECORD, gate=gate, at=at(days=2))
    assert found(there) == {"how-to": (at(days=2)[:10], "dora")}


def test_the_newest_one_is_named(there: Memory) -> None:
    for days, name in ((3, "dora"), (1, "cleo"), (2, "ben")):
        there.act(name, "approved", RECORD, gate="verified", at=at(days=days))
    assert found(there)["how-to"][1] == "cleo"


@pytest.mark.parametrize(
    "fields",
    [
        {"decision": "proposed"}, {"gate": "ratify"}, {"digest": f"itsm1:{'0' * 64}"}, {"on_behalf_of": "ben"},
        {"workspace": "an0therw0rkspace"},
    ],
    ids=str,
)  # fmt: skip
def test_nothing_else_is_a_verification(there: Memory, fields: dict[str, Any]) -> None:
    given = {"decision": "approved", "gate": "verified"} | fields
    there.act("dora", given.pop("decision"), RECORD, **given)
    assert found(there) == {}


def test_a_key_of_somebody_else_verifies_nothing(there: Memory) -> None:
    there.act("dora", "approved", RECORD, gate="verified", key=there.key("eve"))
    assert found(there) == {}


def test_whoever_took_it_back_or_refused_since_did_not(there: Memory) -> None:
    said = there.act("dora", "approved", RECORD, gate="verified")
    there.act("cleo", "approved", RECORD, gate="verified", at=at(days=2))
    there.act("dora", "withdrawn", RECORD, gate="verified", supersedes=[act_id(said)])
    assert found(there)["how-to"][1] == "cleo"
    there.act("cleo", "refused", RECORD, gate="published")
    assert found(there) == {}


@pytest.mark.parametrize("state", ["draft", "in_review", "retired"])
def test_only_published_articles_are_looked_at(there: Memory, state: str) -> None:
    there.act("dora", "approved", RECORD, gate="verified")
    put(there, article(state=state))
    assert found(there) == {}


def test_records_that_are_not_read_from_files_have_no_acts() -> None:
    assert signed_verifications(MemorySnapshot(), NOW) == {}
    assert Verification.model_fields.keys() == {"date", "by"}
