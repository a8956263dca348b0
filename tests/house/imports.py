"""The imports of the package as text says them: lazy ones, those for types only, and modules named in strings too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "itsm_as_code"


def module_of(path: Path) -> str:
    """The dotted name of a file of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of the package, parsed, by its dotted name."""
    return {module_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


@cache
def graph() -> dict[str, set[str]]:
    """Module to the modules of the package that it imports, wherever in the file."""
    trees = sources()
    return {name: {found for found in _named_in(tree, trees) if found != name} for name, tree in trees.items()}


def _named_in(tree: ast.Module, known: dict[str, ast.Module]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield from [inner] if inner in known else [node.module] if node.module in known else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in known:
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from _begun_by(node, known)


def _begun_by(text: ast.JoinedStr, known: dict[str, ast.Module]) -> Iterator[str]:
    """The modules whose names begin as an f-string does: `import_module(f"itsm_as_code.cli.{name}")`."""
    first = text.values[0] if text.values else None
    begins = str(first.value) if isinstance(first, ast.Constant) else ""
    if begins.startswith("itsm_as_code.") and begins.endswith("."):
        yield from (name for name in known if name.startswith(begins))


def circles(edges: dict[str, set[str]]) -> list[set[str]]:
    """The sets of modules that import each other, directly or around (strongly connected, more than one module)."""
    reached = {name: _reach(name, edges) for name in edges}
    found: list[set[str]] = []
    for name in edges:
        circle = {other for other in reached[name] if name in reached[other]} | {name}
        if len(circle) > 1 and circle not in found:
            found.append(circle)
    return found


def _reach(start: str, edges: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    left = list(edges[start])
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left += edges[name]
    return seen
