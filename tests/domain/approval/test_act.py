"""An act is its record, field for field, and what is signed is all of the record but the signature."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from itsm_as_code.domain.approval.act import Act, ActProof, act_of, statement
from itsm_as_code.domain.digest import NotCanonical
from itsm_as_code.domain.kinds.approval import Approval, Decision

BARE: dict[str, Any] = {
    "id": "APR-20261121-7K3Q9", "kind": "approval", "schema": 1, "workspace": "k3v9x0qa",
    "subject": "CHG-20261121-7K3Q9", "gate": "scheduled", "digest": "itsm1:" + "a" * 64, "decision": "refused",
    "by": "ana", "at": "2026-11-21T08:00:00Z",
}  # fmt: skip
FULL = BARE | {
    "replaces": "itsm1:" + "c" * 64, "fields": {"title": "2" * 16, "reason": "1" * 16}, "on_behalf_of": "ben",
    "witness": "ci", "seat": "cab", "comment": "No.", "supersedes": ["APR-20261121-0000A"], "signature": "x",
}  # fmt: skip
AT = datetime(2026, 11, 21, 8, tzinfo=UTC)


def test_an_act_has_every_field_of_its_record() -> None:
    assert act_of(Approval.model_validate(FULL), "unsigned") == Act(
        id="APR-20261121-7K3Q9", workspace="k3v9x0qa", subject="CHG-20261121-7K3Q9", gate="scheduled",
        digest="itsm1:" + "a" * 64, decision=Decision.REFUSED, by="ana", at=AT,
        supersedes=frozenset({"APR-20261121-0000A"}), on_behalf_of="ben", witness="ci", seat="cab", comment="No.",
        replaces="itsm1:" + "c" * 64, fields=(("reason", "1" * 16), ("title", "2" * 16)), proof=ActProof.REVIEW,
        fault="unsigned",
    )  # fmt: skip


def test_a_record_that_leaves_fields_out_makes_a_signed_act_without_them() -> None:
    assert act_of(Approval.model_validate(BARE), None) == Act(
        id="APR-20261121-7K3Q9", workspace="k3v9x0qa", subject="CHG-20261121-7K3Q9", gate="scheduled",
        digest="itsm1:" + "a" * 64, decision=Decision.REFUSED, by="ana", at=AT, proof=ActProof.SIGNED,
    )  # fmt: skip


def test_a_delegate_stands_for_the_delegator_and_everybody_else_for_themselves() -> None:
    assert act_of(Approval.model_validate(FULL), None).stands_for == "ben"
    assert act_of(Approval.model_validate(BARE), None).stands_for == "ana"


@pytest.mark.parametrize("data", [BARE, FULL])
def test_the_statement_is_all_fields_but_the_signature(data: dict[str, Any]) -> None:
    signed = {key: value for key, value in data.items() if key != "signature"}
    assert json.loads(statement(data)) == signed
    assert statement(data) == statement(signed) == statement(data | {"signature": "y"})


def test_a_field_that_is_called_otherwise_is_part_of_the_statement() -> None:
    assert statement(BARE | {"Signature": "y"}) != statement(BARE)
    with pytest.raises(NotCanonical):
        statement(BARE | {"comment": None})
