"""The canonical layout of records as people write them, before and after."""

from __future__ import annotations

import pytest

from itsm_as_code.domain.edit import Steps
from itsm_as_code.domain.errors import CouldNotCheck
from itsm_as_code.store.layout import canonical

KEYS: dict[Steps, list[str]] = {
    (): ["id", "kind", "title", "plan", "timeline"],
    ("plan",): ["backout", "test"],
}


def order(path: Steps) -> list[str]:
    return KEYS.get(path, ["at", "by"])


def test_keys_are_ordered_and_comments_go_with_them() -> None:
    before = """\


# yaml-language-server: $schema=x.json
# Who: the night shift.

# of the portal
title:   Portal down     # as reported
# kept
timeline:
    # first
    -   by: ana
        at: 2026-11-21T02:00:00Z   # UTC
        # closing the entry

    # second
    -
        at: 2026-11-21T02:10:00Z
    # closing the list
id : INC-20261121-7K3Q9


x-own: 1
plan: # agreed
    test: "sign in"
    backout: >+
        Stop
          it.

    # closing the plan
kind: 'incident'
# closing the file

"""
    after = """\
# yaml-language-server: $schema=x.json
# Who: the night shift.

id: INC-20261121-7K3Q9
kind: 'incident'
# of the portal
title: Portal down  # as reported
plan:  # agreed
  backout: >+
    Stop
      it.

  test: "sign in"
  # closing the plan
# kept
timeline:
# first
- at: 2026-11-21T02:00:00Z  # UTC
  by: ana
  # closing the entry

# second
- at: 2026-11-21T02:10:00Z
  # closing the list

x-own: 1
# closing the file
"""
    assert canonical(before.encode(), order).decode() == after
    assert canonical(after.encode(), order).decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: b\r\nc: |\r\n  d\r\n\r\n  e\r\n", "a: b\nc: |\n  d\n\n  e\n"),
        ("\ufeffa: b", "a: b\n"),
        ("---\n# top\na: b\n...\n", "# top\na: b\n"),
        ("--- # top\na: b\n", "# top\na: b\n"),
        ("a: |\n  x", "a: |-\n  x\n"),
        ("a: |4\n      x\n     y\n", "a: |4\n      x\n     y\n"),
        ("a:\n   b: |2\n       x\n", "a:\n  b: |2\n      x\n"),
        ("a: |\n     x\n\n       y\n   \n", "a: |\n  x\n\n    y\n"),
        ("a: |\n  x  \n   \n", "a: |\n  x  \n   \n"),
        ("a: one\n     two\n\n     three  # c\n", "a: one\n  two\n\n  three  # c\n"),
        ('a: "one  \n     two \\\n     three\\ \n   four"\n', 'a: "one\n  two \\\n  three\\ \n  four"\n'),
        ("a:\n    'b'\n", "a: 'b'\n"),
        ("a:  # why\n\n    # more\n    b   # c\n", "a:  # why\n  # more\n  b  # c\n"),
        ("a:\n    # why\n    b\n", "a:\n  # why\n  b\n"),
        ("a:   # nothing\nb:\n", "a:  # nothing\nb:\n"),
        (
            "a: [x,\n  {y: z,   # c\n  w: v}, 'p\n\n   q',\n]\n",
            "a: [x,\n    {y: z,   # c\n      w: v}, 'p\n\n    q',\n  ]\n",
        ),
        ("a: [\n\n\n  x   \n ]\n", "a: [\n\n    x\n  ]\n"),
        ("a:\n  - - x\n    - |\n        t\n    # c\n  - {}\n", "a:\n- - x\n  - |\n    t\n  # c\n- {}\n"),
        ("a:\n  - |\n    t\n  # closing\nb: c\n", "a:\n- |\n  t\n # closing\nb: c\n"),
        ("a:\n  - |1\n    t\n  # closing\nb: c\n", "a:\n- |1\n  t\n# closing\nb: c\n"),
        ("a:\n- # why\n  b: c\n- # only\n", "a:\n-  # why\n  b: c\n-  # only\n"),
        ("a:\n-\n  # why\n  b: c\n", "a:\n-\n  # why\n  b: c\n"),
        ("a: b\n\n\n\nc: d\n\n\n", "a: b\n\nc: d\n"),
        ("{a: b}", "{a: b}\n"),
    ],
)
def test_white_space_has_one_form(before: str, after: str) -> None:
    assert canonical(before.encode(), None).decode() == after
    assert canonical(after.encode(), None).decode() == after


def test_the_body_of_an_article_keeps_all_but_its_line_ends() -> None:
    before = "---  \r\ntitle:  x\r\nid: y\r\n---\r\n\r\n# Head  \r\n\r\n\r\n\ttext \r\n---\r\nno: yaml: ["
    after = "---\nid: y\ntitle: x\n---\n\n# Head  \n\n\n\ttext \n---\nno: yaml: ["
    assert canonical(before.encode(), order).decode() == after


@pytest.mark.parametrize("text", [b"a: [", b"", b"- a\n", b"a: &x 1\n", b"\xff\xfe"])
def test_what_is_no_record_is_not_laid_out(text: bytes) -> None:
    with pytest.raises(CouldNotCheck):
        canonical(text, None)
