"""Who is barred as an author, and who has objected to being named."""

from __future__ import annotations

from typing import Any

import pytest

from itsm_as_code.domain.approval.act import ActProof
from itsm_as_code.domain.approval.authorship import IS_AUTHOR, names_in, objectors, without_objectors
from tests.domain.approval.world import DIGEST, STALE, act, name

NO: dict[str, Any] = {"decision": "refused", "gate": "authors"}


@pytest.mark.parametrize(
    ("written", "names"),
    [(["ana", "ben"], ("ana", "ben")), (["ana", 7, None], ("ana",)), ("ana", ()), (None, ()), ({"ana": True}, ())],
)
def test_names_are_the_texts_of_a_list(written: object, names: tuple[str, ...]) -> None:
    assert names_in({"authors": written}) == names


def test_a_record_that_is_not_there_names_nobody() -> None:
    assert names_in(None) == names_in({}) == ()


def test_whoever_refuses_at_the_gate_objects() -> None:
    assert objectors([act(1, "dora", **NO)], DIGEST) == {"dora"}


@pytest.mark.parametrize(
    "fields",
    [
        {"decision": "approved"}, {"decision": "withdrawn"}, {"gate": "scheduled"}, {"digest": STALE},
        {"fault": "unsigned"}, {"on_behalf_of": "ben"}, {"proof": ActProof.REVIEW},
    ],
    ids=str,
)  # fmt: skip
def test_nothing_else_is_an_objection(fields: dict[str, Any]) -> None:
    assert objectors([act(1, "dora", **NO | fields)], DIGEST) == frozenset()


def test_content_without_a_digest_is_not_objected_to() -> None:
    assert objectors([act(1, "dora", **NO | {"digest": ""})], "") == frozenset()


@pytest.mark.parametrize("fields", [{}, {"digest": STALE}, {"gate": "edit"}], ids=str)
def test_whoever_has_ever_proposed_it_is_not_believed(fields: dict[str, Any]) -> None:
    assert objectors([act(1, "dora", **NO), act(2, "dora", "proposed", **fields)], DIGEST) == frozenset()
    assert objectors([act(1, "dora", **NO), act(2, "ben", "proposed", on_behalf_of="dora")], DIGEST) == frozenset()


def test_a_proposal_that_does_not_verify_is_none() -> None:
    assert objectors([act(1, "dora", **NO), act(2, "dora", "proposed", fault="unsigned")], DIGEST) == {"dora"}


def test_an_objection_is_taken_back_by_its_maker_alone() -> None:
    assert (
        objectors([act(1, "dora", **NO), act(2, "dora", "withdrawn", gate="authors", supersedes=[1])], DIGEST) == set()
    )
    assert objectors([act(1, "dora", **NO), act(2, "eve", "withdrawn", gate="authors", supersedes=[1])], DIGEST) == {
        "dora"
    }
    again = [act(1, "dora", **NO), act(2, "dora", **NO, supersedes=[1])]
    assert objectors(again, DIGEST) == {"dora"} and again[1].supersedes == {name(1)}


def test_only_authors_leave_the_list_of_who_is_barred() -> None:
    barred = {"ana": IS_AUTHOR, "ben": "asked for it", "dora": IS_AUTHOR, "eve": "proposed it"}
    left = without_objectors(barred, frozenset({"ben", "dora", "eve"}))
    assert left == {"ana": IS_AUTHOR, "ben": "asked for it", "eve": "proposed it"}
