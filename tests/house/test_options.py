"""Invariant 11: every option and argument of every command is read by what the command does."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap

import click
import pytest

from tests.house.commands import commands
from tests.house.test_output import SOURCES

COMMANDS = commands()
ALL = "\n".join(SOURCES.values())
ELSEWHERE = {"debug": "itsm_as_code.cli.main.run looks for it before anything is parsed"}
"""Options of `itsm` itself that are read where no parameter has come yet."""


def _function(command: click.Command) -> ast.FunctionDef:
    assert command.callback is not None
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(command.callback))))
    (function,) = (each for each in tree.body if isinstance(each, ast.FunctionDef))
    return function


def _unread(command: click.Command) -> list[str]:
    """The parameters that the callback takes and never looks at, or hands on to nobody who does."""
    function = _function(command)
    own = {arg.arg for arg in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
    body = [node for statement in function.body for node in ast.walk(statement)]
    loaded = {node.id for node in body if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    names = {param.name for param in command.params if param.expose_value and param.name is not None}
    rest = function.args.kwarg.arg if function.args.kwarg is not None else None
    handed_on = names - own
    if rest is not None and f"{rest}.items()" in ast.unparse(function):
        handed_on = set()  # each is used, whatever it is called
    unread = {name for name in names & own if name not in loaded}
    return sorted(unread | {name for name in handed_on if rest not in loaded or not _is_asked_for(name)})


def _is_asked_for(name: str) -> bool:
    """Whether a name that is handed on in a map is taken out of one, or is an attribute that somebody reads."""
    return name in ELSEWHERE or re.search(rf"""\["{name}"\]|(?:get|pop)\("{name}"|\.{name}\b""", ALL) is not None


@pytest.mark.parametrize("words", COMMANDS)
def test_every_option_is_read(words: str) -> None:
    assert _unread(COMMANDS[words]) == []


def test_an_option_that_nobody_reads_is_found() -> None:
    @click.command()
    @click.option("--forgotten-by-all")
    @click.option("--used")
    def own(used: str, forgotten_by_all: str) -> None:
        click.echo(used)

    @click.command()
    @click.option("--forgotten-by-all")
    @click.option("--gate")
    @click.pass_context
    def handed_on(ctx: click.Context, /, **options: str) -> None:
        click.echo(str(options))

    assert _unread(own) == _unread(handed_on) == ["forgotten_by_all"]


def test_there_are_commands_below_commands() -> None:
    assert {"", "list", "sla status", "import servicenow", "close"} <= set(COMMANDS)
