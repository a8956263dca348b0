"""What is done to a module so that mutants can be made of all of its functions."""

from __future__ import annotations

import ast
from functools import cached_property, lru_cache

import pytest

from benchmarks.measure import PROJECT
from benchmarks.mutants import Mutants, function_of, opened
from benchmarks.mutation import MUTATED

DECORATED = '''
@lru_cache(8)
@check("POL001")
def plain(word: str) -> str:
    """Says it."""
    return word


class Owner:
    @property
    def one(self) -> int:
        return 1

    @cached_property
    def two(self) -> list[int]:
        return [2]

    @staticmethod
    def three() -> int:
        return 3
'''


def test_what_was_decorated_is_made_plainly_and_is_what_it_was() -> None:
    named: dict[object, str] = {}
    known = {
        "lru_cache": lru_cache, "cached_property": cached_property,
        "check": lambda code: lambda function: named.setdefault(function, code) and function,
    }  # fmt: skip
    code = opened(DECORATED)
    exec(code, known)  # noqa: S102 - it is written above
    plain, owner = known["plain"], known["Owner"]()  # type: ignore[operator]
    assert plain("a") == "a" and plain.cache_info().maxsize == 8  # type: ignore[operator, attr-defined]
    assert list(named.values()) == ["POL001"]
    assert (owner.one, owner.two, owner.three()) == (1, [2], 3)
    assert owner.two is owner.two, "it is worked out once"
    made = {node.name: node.decorator_list for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef)}
    assert {name for name, decorators in made.items() if decorators} == {"three"}


@pytest.mark.parametrize("pattern", MUTATED)
def test_every_module_that_decides_is_there_and_can_be_opened(pattern: str) -> None:
    found = list(PROJECT.glob(pattern))
    assert found
    for path in found:
        tree = ast.parse(opened(path.read_text(encoding="utf-8")))
        plain = {"staticmethod", "classmethod"}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                assert plain.issuperset(map(ast.unparse, node.decorator_list)), f"{path.name}: {node.name}"


@pytest.mark.parametrize("tests", MUTATED.values())
def test_the_tests_that_must_catch_mutants_are_there(tests: tuple[str, ...]) -> None:
    for beginning in tests:
        folder, _, name = beginning.rpartition("/")
        assert list((PROJECT / folder).glob(f"{name}*")), beginning


def test_a_mutant_says_what_it_changes_and_where() -> None:
    source = "class A:\n    def one(self):\n        return 1\n\n    @property\n    def two(self):\n        return 1\n"
    code = (
        "    def xǁAǁ_read_two__mutmut_orig(self):\n        return 1\n"
        "    def xǁAǁ_read_two__mutmut_1(self):\n        return 2\n"
    )
    spans = {"xǁAǁ_read_two__mutmut_orig": (1, 2), "xǁAǁ_read_two__mutmut_1": (3, 4)}
    made = Mutants("a/b.py", source, code, spans)
    assert made.names == ["a.b.xǁAǁ_read_two__mutmut_1"]
    (name,) = made.names
    assert (made.change(name), made.line(name), function_of(name)) == (("return 1", "return 2"), 7, "_read_two")
