"""A checkout is handed to use cases, never to what they call: helpers get the tree, the snapshot or the clock that they
need, so that they can be tested, and used by the hook, without one (invariant 6 of the house)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.code import functions, names_in, parameters
from tests.house.imports import sources

WIDE = {"Checkout", "Clone"}
"""Values that open nearly everything."""


def test_only_commands_and_public_functions_of_use_cases_know_a_checkout() -> None:
    found = [
        f"{name}: {where}"
        for name, tree in sources().items()
        if not name.startswith("itsm_as_code.cli.")
        for where in knowing(tree, inside=name.startswith("itsm_as_code.app."), holds=_is_checkout_room(name))
    ]
    assert found == []


def test_a_helper_that_takes_a_checkout_is_seen() -> None:
    told = "def _f(a: Checkout | None): ...\ndef g(*, a: 'Clone'): ...\n"
    told += "class C:\n  a: Clone\n  def _m(self, b: Clone): ..."
    tree = ast.parse(told)
    assert list(knowing(tree, inside=True, holds=False)) == ["_f", "_m", "a field"]
    assert list(knowing(tree, inside=True, holds=True)) == ["_f", "_m"]
    assert list(knowing(tree, inside=False, holds=False)) == ["_f", "g", "_m", "a field"]


def knowing(tree: ast.Module, *, inside: bool, holds: bool) -> Iterator[str]:
    """What takes or holds a checkout or a clone and must not. `inside`: of `app/`; `holds`: fields may."""
    for function in functions(tree):
        if any(names_in(each.annotation) & WIDE for each in parameters(function)) and not (
            inside and not function.name.startswith("_")
        ):
            yield function.name
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) and names_in(node.annotation) & WIDE and not holds:
            yield "a field"


def _is_checkout_room(name: str) -> bool:
    return name.startswith("itsm_as_code.app.checkout.")
