"""Edits of real-looking records, as a reviewer sees them: the lines that went and the lines that came."""

from __future__ import annotations

import difflib

import pytest

from itsm_as_code.domain.edit import AddItem, Edit, Remove, RenameKey, ReplaceBody, SetValue, Steps
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.store.editor import apply
from itsm_as_code.store.outcome import Misfit

RECORD = """\
# yaml-language-server: $schema=../../../schemas/incident.json
# Seen by the night shift.

id: INC-20261121-7K3Q9
kind: incident
title: "Portal: 'sign in' fails"   # as reported
service: patient-portal
tags: [login, night]  # searched
aliases: {}
links:
- label: dashboard
  url: 'https://metrics.example.org/d/1'
  # the old one is gone
# from the provider
- label: status
  url: https://status.example.org

# what the team agreed
plan:
  backout: |   # in this order
    Stop the service.

    Restore the snapshot.
  test: sign in
  # nobody wrote a plan for communication
timeline:
- at: 2026-11-21T02:00:00Z
  by: ana
  state: new
  note: >-
    Many calls
    since two.
- at: 2026-11-21T02:10:00Z
  by: ben
# end
"""

KEYS: dict[Steps, list[str]] = {
    (): ["id", "kind", "schema", "title", "service", "affects", "tags", "aliases", "links", "plan", "timeline"],
    ("plan",): ["implementation", "backout", "test"],
}


def order(path: Steps) -> list[str]:
    return KEYS.get(path, ["at", "by", "state", "note", "public"])


def changed(*edits: Edit, record: str = RECORD) -> list[str]:
    """The lines of the difference, without context."""
    after = apply(record.encode(), edits, order=order).decode()
    lines = difflib.unified_diff(record.split("\n"), after.split("\n"), lineterm="", n=0)
    return [line for line in list(lines)[2:] if not line.startswith("@@")]


@pytest.mark.parametrize(
    ("edit", "difference"),
    [
        (
            SetValue(("title",), "Portal down"),
            ["-title: \"Portal: 'sign in' fails\"   # as reported", '+title: "Portal down"   # as reported'],
        ),
        (SetValue(("service",), "telehealth"), ["-service: patient-portal", "+service: telehealth"]),
        (SetValue(("service",), "no"), ["-service: patient-portal", '+service: "no"']),
        (SetValue(("schema",), 1), ["+schema: 1"]),
        (SetValue(("affects",), ["a", "b"]), ["+affects:", "+- a", "+- b"]),
        (SetValue(("x-unknown",), True), ["+x-unknown: true"]),
        (SetValue(("aliases", "snow"), "INC0010"), ["-aliases: {}", "+aliases:", "+  snow: INC0010"]),
        (SetValue(("plan", "implementation"), "a\nb\n"), ["+  implementation: |", "+    a", "+    b"]),
        (
            SetValue(("plan", "backout"), "Stop the service.\n\nRestore the backup.\n"),
            ["-    Restore the snapshot.", "+    Restore the backup."],
        ),
        (
            SetValue(("plan", "backout"), "none"),
            [
                "-  backout: |   # in this order",
                "-    Stop the service.",
                "-",
                "-    Restore the snapshot.",
                "+  backout: none   # in this order",
            ],
        ),
        (SetValue(("links", 0, "url"), "it's"), ["-  url: 'https://metrics.example.org/d/1'", "+  url: 'it''s'"]),
        (
            SetValue(("tags",), ["login", "day", "night"]),
            ["-tags: [login, night]  # searched", "+tags: [login, day, night]  # searched"],
        ),
        (
            AddItem(("timeline",), {"note": "one\ntwo", "by": "ana", "at": "2026-11-21T02:20:00Z"}),
            ["+- at: 2026-11-21T02:20:00Z", "+  by: ana", "+  note: |-", "+    one", "+    two"],
        ),
        (AddItem(("links",), {"label": "new"}, 1), ["+- label: new"]),
        (
            AddItem(("tags",), "a, b", 0),
            ["-tags: [login, night]  # searched", '+tags: ["a, b", login, night]  # searched'],
        ),
        (AddItem(("affects",), "lab"), ["+affects:", "+- lab"]),
        (Remove(("service",)), ["-service: patient-portal"]),
        (
            Remove(("tags", 0)),
            ["-tags: [login, night]  # searched", "+tags: [night]  # searched"],
        ),
        (
            Remove(("links", 0)),
            ["-- label: dashboard", "-  url: 'https://metrics.example.org/d/1'", "-  # the old one is gone"],
        ),
        (
            Remove(("links", 0, "label")),
            [
                "-- label: dashboard",
                "-  url: 'https://metrics.example.org/d/1'",
                "+- url: 'https://metrics.example.org/d/1'",
            ],
        ),
        (
            RenameKey(("links", 1, "url"), "on"),
            ["-  url: https://status.example.org", '+  "on": https://status.example.org'],
        ),
    ],
)
def test_only_the_lines_concerned_change(edit: Edit, difference: list[str]) -> None:
    assert changed(edit) == difference


def test_edits_are_carried_out_in_their_sequence() -> None:
    edits = (AddItem(("tags",), "day"), Remove(("tags", 0)), RenameKey(("tags",), "words"))
    assert changed(*edits) == ["-tags: [login, night]  # searched", "+words: [night, day]  # searched"]


def test_a_list_that_becomes_empty_goes_with_its_last_item() -> None:
    assert changed(Remove(("tags", 0)), Remove(("tags", 0))) == ["-tags: [login, night]  # searched"]


def test_a_comment_goes_with_the_paragraph_it_heads_and_stays_with_what_else_follows() -> None:
    record = "id: x\n\n# a\na: 1\n\n# b and c\nb: 2\nc: 3\n"
    assert apply(record.encode(), [Remove(("a",))], order=None) == b"id: x\n\n# b and c\nb: 2\nc: 3\n"
    assert apply(record.encode(), [Remove(("b",))], order=None) == b"id: x\n\n# a\na: 1\n\n# b and c\nc: 3\n"


def test_lists_that_are_indented_get_items_that_are_indented() -> None:
    record = "tags:\n    - a\nplan:\n    test: x\n"
    after = apply(record.encode(), [AddItem(("links",), {"a": {"b": 1}}), AddItem(("tags",), "b")], order=None)
    assert after == b"tags:\n    - a\n    - b\nplan:\n    test: x\nlinks:\n    - a:\n          b: 1\n"


@pytest.mark.parametrize(
    ("before", "edit", "after"),
    [
        ("a: [\n  x,  # one\n  w  # two\n]\n", AddItem(("a",), "z"), "a: [\n  x,  # one\n  w,  # two\n  z\n]\n"),
        ("a: [\n  x,\n  w,\n]\n", AddItem(("a",), "z"), "a: [\n  x,\n  w,\n  z,\n]\n"),
        ("a: [\n  x,  # one\n  w,  # two\n]\n", Remove(("a", 0)), "a: [\n  w,  # two\n]\n"),
        ("a: [\n  x,  # one\n  w]\n", Remove(("a", 1)), "a: [\n  x,  # one\n  ]\n"),
        ("a: [x, w]\n", Remove(("a", 1)), "a: [x]\n"),
        ("a: [x: 1]\n", SetValue(("a", 0, "w"), 2), "a: [{x: 1, w: 2}]\n"),
        ("a: {x: 1}\n", SetValue(("a", "w"), ["p", {"q": "r, s"}]), 'a: {x: 1, w: [p, {q: "r, s"}]}\n'),
        ("a: {x, w: 1}\n", SetValue(("a", "x"), 2), "a: {x: 2, w: 1}\n"),
        ("{}\n", SetValue(("a",), 1), "{a: 1}\n"),
        ("a:\nb: 1\n", SetValue(("a",), ["x"]), "a:\n- x\nb: 1\n"),
        ("a:\n# end\n", AddItem(("a",), "x"), "a:\n- x\n# end\n"),
        ("- not\n", SetValue(("a",), 1), None),
        ("a:  # c\n", SetValue(("a", "b", "c"), 1), "a:  # c\n  b:\n    c: 1\n"),
        ("a:\n  # why\n  x\n", SetValue(("a",), "w"), "a:\n  # why\n  w\n"),
        ("a: x", SetValue(("b",), 1), "a: x\nb: 1\n"),
        ("a: |\n  x", SetValue(("b",), 1), "a: |-\n  x\nb: 1\n"),
        ("a: >+2 # c\n  x", SetValue(("b",), 1), "a: >2- # c\n  x\nb: 1\n"),
        ("a: x\n    # deep\nb: 1\n", SetValue(("a",), "w\nz\n"), 'a: "w\\nz\\n"\n    # deep\nb: 1\n'),
        ("a: x\r\nb: w # c\r\n", AddItem(("c",), "z"), "a: x\r\nb: w # c\r\nc:\r\n- z\r\n"),
        ("\ufeffa: x\n", SetValue(("a",), "w"), "\ufeffa: w\n"),
        ("- a: 1\n", Remove((0, "a")), None),
    ],
)
def test_odd_layouts_are_kept(before: str, edit: Edit, after: str | None) -> None:
    if after is None:
        with pytest.raises(CouldNotCheck, match="not a map"):
            apply(before.encode(), [edit], order=None)
    else:
        assert apply(before.encode(), [edit], order=None).decode() == after


@pytest.mark.parametrize(
    "edit",
    [
        SetValue((), "x"),
        SetValue(("title", "x"), "y"),
        SetValue(("links", 7), "y"),
        SetValue(("links", "x"), "y"),
        AddItem(("title",), "y"),
        AddItem(("links",), "y", 3),
        AddItem(("links",), "y", -1),
        Remove(("nothing",)),
        Remove(("links", 2)),
        Remove(("links", -1)),
        RenameKey(("links", 0), "x"),
        RenameKey(("title",), "kind"),
        RenameKey(("nothing",), "x"),
        ReplaceBody("x"),
    ],
)
def test_an_edit_for_which_there_is_no_place_is_refused(edit: Edit) -> None:
    with pytest.raises(Misfit) as caught:
        apply(RECORD.encode(), [SetValue(("service",), "x"), edit], order=order)
    assert caught.value.message


def test_the_last_field_of_a_record_is_not_removed() -> None:
    with pytest.raises(Misfit, match="the only field of the record"):
        apply(b"a:\n- x\n", [Remove(("a", 0))], order=None)


@pytest.mark.parametrize(
    "text",
    [
        b"a: [\n",
        b"a: &x 1\nb: *x\n",
        b"a: !t x\n",
        b"? a\n: b\n",
        b"? a\n",
        b"a: 1\n---\nb: 2\n",
        b"",
        b"# nothing\n",
        b"a: \xff\n",
        b"1: x\n",
        b"a: 1\na: 2\n",
        b"a: " + b"[" * 100_000,
        b"a: &x [" + b"y, " * 10_000 + b"]\nb: [" + b"*x, " * 9_000 + b"]\n",
    ],
)
def test_what_is_no_record_is_not_edited(text: bytes) -> None:
    with pytest.raises(CouldNotCheck):
        apply(text, [SetValue(("b",), "x")], order=None)


def test_half_a_character_is_not_written() -> None:
    with pytest.raises(UsageFault, match="UTF-8"):
        apply(b"a: x\n", [SetValue(("a",), "\udcff")], order=None)


ARTICLE = "---\ntitle: How to sign in # t\ntags: []\n---\n\n# Sign in  \r\n\n---\nnot: yaml: [\n\ttab \n"


def test_edits_of_an_article_keep_its_body_to_the_byte() -> None:
    after = apply(ARTICLE.encode(), [AddItem(("tags",), "login")], order=None).decode()
    assert after == ARTICLE.replace("tags: []", "tags:\n- login")


def test_the_body_of_an_article_is_replaced_below_its_front_matter() -> None:
    after = apply(ARTICLE.encode(), [ReplaceBody("New.\n"), SetValue(("tags",), "x")], order=None).decode()
    assert after == "---\ntitle: How to sign in # t\ntags: x\n---\nNew.\n"


def test_an_article_that_ends_with_its_front_matter_gets_a_body() -> None:
    assert apply(b"---\na: b\n---", [ReplaceBody("New.\n")], order=None) == b"---\na: b\n---\nNew.\n"
