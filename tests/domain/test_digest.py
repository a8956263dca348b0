"""The digest: RFC 8785 for what records hold, deaf to layout, alert to every material value."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.domain.digest import (
    LARGEST,
    NotCanonical,
    canonical,
    changed_fields,
    digest,
    field_hashes,
    reviewed,
)
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.base import Gated
from itsm_as_code.domain.shape import key_order, material_keys
from itsm_as_code.store import layout
from itsm_as_code.store.reader import read_yaml

CHANGE = """\
id: CHG-20261121-7K3Q9
kind: change
schema: 1
title: Renew the portal's certificate   # before it expires
type: normal
reason: |
  It expires soon.

  Nobody could sign in then.
service: portal
affects: [service/mail, "asset/lb-1"]
plan:
  implementation: Put the new one in place — "carefully" ☺.
  backout: >-
    Put the old one
    back.
window: {start: 2026-11-22T08:00:00Z, end: 2026-11-22T09:00:00Z}
outage:
  expected: true
  minutes: 5
tags: [tls]
authors:
- ana
timeline:
- at: 2026-11-21T08:00:00Z
  by: ana
  state: draft
"""
SAME = """\
timeline: [{at: 2026-11-21T08:00:00Z, by: ana, state: draft}]
kind: "change"
'schema': 1

# Another day, another layout.
id: 'CHG-20261121-7K3Q9'
title: 'Renew the portal''s certificate'
type: "normal"
service: portal
affects:
    - service/mail
    - asset/lb-1
reason: "It expires soon.\\n\\nNobody could sign in then.\\n"
plan: {backout: Put the old one back., implementation: "Put the new one in place \\u2014 \\"carefully\\" \\u263A."}
outage: {minutes: 5, expected: true}
window:
  end: "2026-11-22T09:00:00Z"
  start: 2026-11-22T08:00:00Z
"""
ARTICLE = {
    "id": "sign-in", "kind": "article", "schema": 1, "title": "How?", "type": "how_to", "summary": "So.",
    "owner": "team/it", "state": "published", "body": "Open the portal.\n",
}  # fmt: skip

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
keys = st.text(st.characters(max_codepoint=127), max_size=6)
legal = st.recursive(
    text | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def data_of(written: str) -> dict[str, Any]:
    found = read_yaml(written.encode())
    assert found.data is not None
    return found.data


@given(legal)
def test_the_canonical_form_is_that_of_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(legal)
def test_the_canonical_form_loses_nothing(value: Any) -> None:
    read = json.loads(canonical(value))
    assert read == value
    assert canonical(read) == canonical(value)


def test_values_that_python_holds_equal_are_told_apart() -> None:
    assert len({canonical(value) for value in (True, 1, "1", "true", [1], ["1"], {"1": 1})}) == 7


def test_texts_that_look_alike_are_told_apart() -> None:  # A051
    alike = ["é", "e\u0301", "\u212b", "Å", "a\r\nb", "a\nb", "a", "a ", "\ufeffa"]
    assert len({canonical(each) for each in alike}) == len(alike)


@pytest.mark.parametrize(
    "value",
    [
        None, 1.0, 0.5, float("nan"), float("inf"), 2**53, -(2**53), 2**53 + 1, 10**400, "\ud800", b"bytes", {1, 2},
        {1: "a"}, {None: "a"}, {"ü": 1}, {True: 1}, [None], {"a": {"b": [1.0]}}, [["\udc00"]],
        pytest.param(object(), id="an object"),
    ],
    ids=repr,
)  # fmt: skip
def test_values_that_no_record_may_hold_have_no_form(value: Any) -> None:
    for around in (value, [value], {"a": value}):
        with pytest.raises(NotCanonical):
            canonical(around)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("\ud800", "a text holds half of a surrogate pair"),
        (-(2**53), "a number is beyond ±(2^53 - 1): -9007199254740992"),
        ({"ü": 1}, "a key is not ASCII text: 'ü'"),
        ({1: "a"}, "a key is not ASCII text: 1"),
        (1.5, "a value of type float has no canonical form"),
    ],
    ids=repr,
)
def test_what_has_no_form_is_said_with_the_reason(value: Any, words: str) -> None:
    with pytest.raises(NotCanonical) as raised:
        canonical([value])
    assert str(raised.value) == words


def test_the_largest_numbers_have_a_form() -> None:
    assert canonical([LARGEST, -LARGEST]) == b"[9007199254740991,-9007199254740991]"


@given(st.integers(2**53 - 3, 2**53 + 3), st.sampled_from([1, -1]))
def test_the_bound_of_whole_numbers_is_that_of_rfc_8785(size: int, sign: int) -> None:
    try:
        theirs = rfc8785.dumps(sign * size)
    except rfc8785.IntegerDomainError:
        with pytest.raises(NotCanonical):
            canonical(sign * size)
    else:
        assert canonical(sign * size) == theirs


def test_a_digest_is_a_named_full_length_sha256() -> None:  # A052
    data = {"id": "it", "kind": "team", "schema": 1, "name": "IT", "revision": 3, "authors": ["ana"], "tags": ["x"]}
    material = b'{"id":"it","kind":"team","name":"IT","revision":3,"schema":1}'
    covered = b'{"kind":"team","material":' + material + b',"schema":1}'
    assert digest("team", data) == "itsm1:" + hashlib.sha256(covered).hexdigest()


def test_layout_quotes_comments_and_order_of_keys_leave_the_digest() -> None:
    one, other = data_of(CHANGE), data_of(SAME)
    assert digest("change", one) == digest("change", other)
    assert field_hashes("change", one) == field_hashes("change", other)


@pytest.mark.parametrize("written", [CHANGE, SAME], ids=["as people write", "another layout"])
def test_fmt_leaves_the_digest(written: str) -> None:
    laid_out = layout.canonical(written.encode(), lambda path: key_order(KINDS["change"].model, path))
    assert laid_out != written.encode()
    assert digest("change", data_of(laid_out.decode())) == digest("change", data_of(written))


MATERIAL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("title", {"title": "Renew another"}),
    ("reason", {"reason": "It expires soon.\n\nNobody could sign in then."}),
    ("plan.backout", {"plan": {"implementation": "Put the new one in place — \"carefully\" ☺.", "backout": "None."}}),
    ("window.end", {"window": {"start": "2026-11-22T08:00:00Z", "end": "2026-11-22T10:00:00+01:00"}}),
    ("affects", {"affects": ["asset/lb-1", "service/mail"]}),
    ("outage.minutes", {"outage": {"expected": True, "minutes": 6}}),
    ("service", {"service": "mail"}),
    ("id", {"id": "CHG-20261121-0000A"}),
    ("revision", {"revision": 2}),
    ("visibility", {"visibility": "staff"}),
    ("scope.commits", {"scope": {"commits": ["abcdef0"]}}),
    ("custom", {"custom": {}}),
    ("custom.cost-centre", {"custom": {"cost-centre": 12}}),
)  # fmt: skip


@pytest.mark.parametrize(("field", "edit"), MATERIAL, ids=[field for field, _ in MATERIAL])
def test_a_material_edit_changes_the_digest_and_is_named(field: str, edit: dict[str, Any]) -> None:
    before = data_of(CHANGE)
    after = before | edit
    assert digest("change", before) != digest("change", after)
    assert changed_fields(field_hashes("change", before), field_hashes("change", after)) == (field,)


def test_a_field_that_goes_is_named_as_well() -> None:
    before = data_of(CHANGE)
    after = {key: value for key, value in before.items() if key not in ("outage", "affects")}
    hashes = field_hashes("change", before), field_hashes("change", after)
    assert changed_fields(*hashes) == ("affects", "outage.expected", "outage.minutes")
    assert changed_fields(*reversed(hashes)) == changed_fields(*hashes)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_material_never_changes_the_digest(kind: str) -> None:
    model = KINDS[kind].model
    every = {info.alias or name for name, info in model.model_fields.items()}
    base = {"id": "x", "kind": kind, "schema": 1}
    for field in every - material_keys(model):
        assert digest(kind, base | {field: ["y"]}) == digest(kind, base), field
    for field in material_keys(model) - base.keys():
        assert digest(kind, base | {field: "y"}) != digest(kind, base), field


def test_timelines_and_authors_are_not_material_and_revisions_are() -> None:
    for found in KINDS.values():
        keys = material_keys(found.model)
        assert not keys & {"timeline", "authors", "tags", "aliases", "commits", "pull_requests", "pipelines"}
        assert ("links" in keys) is (found.name in ("article", "service"))
        assert not keys & {"outcome", "resolution", "post_implementation_review", "post_incident_review"}
        if issubclass(found.model, Gated):
            assert "revision" in keys


def test_the_body_of_an_article_is_material() -> None:
    edited = ARTICLE | {"body": "Open the portal. \n"}
    assert changed_fields(field_hashes("article", ARTICLE), field_hashes("article", edited)) == ("body",)
    assert digest("article", ARTICLE) != digest("article", edited)


def test_attached_files_count_by_their_content_and_name() -> None:
    shot, other = "attachments/sign-in/a.png", "attachments/sign-in/b.png"
    digests = [
        digest("article", ARTICLE, found)
        for found in (None, {shot: "sha256:1"}, {shot: "sha256:2"}, {other: "sha256:1"}, {shot: "sha256:1", other: ""})
    ]
    assert len(set(digests)) == len(digests)
    assert digest("article", ARTICLE, {}) == digests[0]
    hashes = [field_hashes("article", ARTICLE, {shot: each}) for each in ("sha256:1", "sha256:2")]
    assert changed_fields(*hashes) == (shot,)


def test_the_same_fields_in_another_kind_have_another_digest() -> None:
    data = {"id": "x", "schema": 1, "name": "X"}
    assert digest("person", data) != digest("team", data)


def test_a_record_without_a_schema_number_has_no_digest() -> None:
    with pytest.raises(NotCanonical):
        digest("team", {"id": "it", "kind": "team", "name": "IT"})


@given(st.data())
def test_fields_named_as_changed_are_those_that_differ(draw: st.DataObject) -> None:
    before = data_of(CHANGE)
    after = deepcopy(before)
    edited = draw.draw(st.frozensets(st.sampled_from(["title", "service", "plan.backout", "window.start"])))
    for path in edited:
        *above, last = path.split(".")
        part = after[above[0]] if above else after
        part[last] += draw.draw(text.filter(bool))
    assert set(changed_fields(field_hashes("change", before), field_hashes("change", after))) == edited
    assert (digest("change", before) == digest("change", after)) is (not edited)


def test_short_hashes_of_fields_are_sixteen_hex_digits_of_the_value() -> None:
    found = field_hashes("team", {"id": "it", "kind": "team", "schema": 1, "name": "IT"})
    assert found["name"] == hashlib.sha256(b'"IT"').hexdigest()[:16]
    assert set(found) == {"id", "kind", "schema", "name"}


def test_a_review_is_accepted_with_its_words_and_only_at_its_gate() -> None:
    change = {"kind": "change", "schema": 1, "title": "x", "outcome": {"code": "successful"}}
    other = change | {"post_implementation_review": {"summary": "It helped."}}
    assert digest("change", change) == digest("change", other)
    assert (
        len({digest("change", each, None, reviewed(each)) for each in (change, other, {**other, "outcome": {}})}) == 3
    )
    assert digest("change", change, None, {}) == digest("change", change)
    beside = set(field_hashes("change", other, None, reviewed(other))) - set(field_hashes("change", other))
    assert beside == {"outcome.code", "post_implementation_review.summary"}
