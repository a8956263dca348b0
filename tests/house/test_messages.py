"""A message is for people. What a program tells apart is said in data: a code, a gate, a subject (invariant 8)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.imports import sources

SHOWING = {"rstrip"}
"""What may be done with a message to show it: trimmed before another sentence follows."""


def test_no_message_is_compared_split_or_matched() -> None:
    found = [f"{name}:{node.lineno}" for name, tree in sources().items() for node in read_again(tree)]
    assert found == []


def test_a_message_that_is_read_again_is_seen() -> None:
    told = [
        "error.message == 'x'", "'x' in finding.message", "f.message.startswith('x')", "f.message.split()",
        "re.match('x', f.message)", "f.message[:3]", "len(f.message)\nmatch f.message:\n  case 'x': pass",
    ]  # fmt: skip
    assert [len(list(read_again(ast.parse(each)))) for each in told] == [1] * len(told)
    assert not list(read_again(ast.parse("Look(error.message, f'{error.message}!'); self.message = message")))


def read_again(tree: ast.AST) -> Iterator[ast.expr]:
    """The places where an attribute named `message` is taken apart or compared."""
    for node in ast.walk(tree):
        yield from filter(_is_message, _examined(node))


def _examined(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Subscript):
        return [node.value]
    if isinstance(node, ast.Match):
        return [node.subject]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        of_re = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        return [*(node.args if of_re else ()), *([node.func.value] if node.func.attr not in SHOWING else ())]
    return []


def _is_message(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "message"
