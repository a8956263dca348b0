"""Commands are listed, and what they offer is tried: a command, an option or a format that no test knows is found."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache

import click
import pytest

from itsm_as_code.cli.commands import COMMANDS
from tests.house.code import called, functions
from tests.house.commands import commands
from tests.house.imports import ROOT, sources

_NO_TESTS = ("house", "recipes")


def test_every_command_is_listed() -> None:
    known = {inspect.unwrap(each.callback).__name__ for each in commands().values() if each.callback is not None}
    assert {name for module, tree in sources().items() for name in _commands_in(module, tree)} - known == set()


def test_a_command_is_seen() -> None:
    tree = ast.parse("@click.group('a')\ndef a(): ...\n@a.command('b')\ndef b(): ...\n@option\ndef c(): ...")
    assert list(_commands_in("itsm_as_code.cli.a", tree)) == ["a", "b"]
    assert list(_commands_in("itsm_as_code.app.a", tree)) == []


def _commands_in(module: str, tree: ast.Module) -> Iterator[str]:
    """The functions of a module that a decorator makes commands."""
    for function in functions(tree) if module.startswith("itsm_as_code.cli.") else ():
        decorators = (each for each in function.decorator_list if isinstance(each, ast.Call))
        if any(called(each) in ("command", "group") for each in decorators):
            yield function.name


@cache
def _tests() -> str:
    """All that the tests say, but for those of the house."""
    places = (path for path in sorted((ROOT / "tests").rglob("*")) if path.suffix in (".py", ".txt", ".md", ""))
    files = (path for path in places if path.is_file() and path.relative_to(ROOT).parts[1] not in _NO_TESTS)
    return "\n".join(path.read_text(encoding="utf-8") for path in files if "node_modules" not in path.parts)


def _names(option: str) -> bool:
    return re.search(rf"{re.escape(option)}(?![\w-])", _tests()) is not None


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_every_command_is_tried_by_a_test(name: str) -> None:
    assert name in commands(), name
    call = rf"""(?:\b(?:must|itsm)\((?:\w+, )?|"-C", str\(\w+\), )"{name}"[,)]|^itsm {name}\b"""
    assert re.search(call, _tests(), re.MULTILINE) is not None


def test_every_option_is_tried_by_a_test() -> None:
    params = [param for command in commands().values() for param in command.params if isinstance(param, click.Option)]
    options = {option for param in params for option in (*param.opts, *param.secondary_opts)}
    assert {option for option in options if option.startswith("--") and not _names(option)} == set()


def _formats() -> set[str]:
    return {
        output
        for command in commands().values()
        for param in command.params
        if param.name == "output" and isinstance(param.type, click.Choice)
        for output in param.type.choices
    }


@pytest.mark.parametrize("output", sorted(_formats()))
def test_every_format_is_tried_by_a_test(output: str) -> None:
    default = {param.default for command in commands().values() for param in command.params if param.name == "output"}
    asked = rf"""--format(?:", "|=| ){output}\b"""
    assert output in default or re.search(asked, _tests()) is not None
