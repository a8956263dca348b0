"""A repository is opened in few places, and its words are known to `git/` alone (invariants 3 and 5 of the house)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.code import called, calls
from tests.house.imports import sources

OPENING = {
    "itsm_as_code.app.checkout.checkout",  # once for a command, when something first asks
    "itsm_as_code.app.checking.push_gate",  # a hook stands in a bare repository and has no checkout
    "itsm_as_code.git.start",  # `itsm init` makes it
}
ASKING = {"ask", "read", "as_user"}
"""The methods that hand Git its words: `Repository.ask`, `Repository.read` and `Repository.as_user`."""


def test_a_repository_is_opened_in_three_places() -> None:
    found = {name for name, tree in sources().items() if any(called(each) == "open_repository" for each in calls(tree))}
    assert found == OPENING


def test_words_for_git_are_written_in_git_alone() -> None:
    found = [
        f"{name}:{call.lineno}"
        for name, tree in sources().items()
        if name.startswith(("itsm_as_code.app", "itsm_as_code.cli"))
        for call in words_for_git(tree)
    ]
    assert found == []


def test_a_word_for_git_is_seen() -> None:
    told = 'repository.ask("log", path); clone.repository.read(*["show", path]); files.read(path); x.as_user(("a",))'
    assert [ast.unparse(call.func) for call in words_for_git(ast.parse(told))] == [
        "repository.ask", "clone.repository.read", "x.as_user",
    ]  # fmt: skip


def words_for_git(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls that hand a text of their own to a method by which Git is asked. Only `app/` and `cli/` could make them:
    the layers keep the repository from all others."""
    for call in calls(tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr in ASKING and any(map(_holds_text, call.args)):
            yield call


def _holds_text(argument: ast.expr) -> bool:
    if isinstance(argument, ast.Starred):
        return _holds_text(argument.value)
    if isinstance(argument, ast.Tuple | ast.List):
        return any(map(_holds_text, argument.elts))
    return isinstance(argument, ast.JoinedStr) or (
        isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )
