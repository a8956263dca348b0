"""What the text of the package says besides its imports: calls, annotations and functions, by module."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef


def called(node: ast.Call) -> str:
    """The last word of what is called: `open_repository` of `repository.open_repository(…)`."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """All calls, wherever they are."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def functions(tree: ast.AST) -> Iterator[Function]:
    """All functions and methods, wherever they are."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def parameters(function: Function) -> Iterator[ast.arg]:
    """The parameters of a function, of every sort."""
    said = function.args
    yield from (*said.posonlyargs, *said.args, *said.kwonlyargs)
    yield from (each for each in (said.vararg, said.kwarg) if each is not None)


def names_in(annotation: ast.expr | None) -> set[str]:
    """The names in an annotation, also where it is written as text."""
    if annotation is None:
        return set()
    texts = [node.value for node in ast.walk(annotation) if isinstance(node, ast.Constant) and _is_text(node)]
    inner = [name for text in texts for name in names_in(_parsed(str(text)))]
    return {*inner, *(node.id for node in ast.walk(annotation) if isinstance(node, ast.Name))}


def _is_text(node: ast.Constant) -> bool:
    return isinstance(node.value, str)


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
