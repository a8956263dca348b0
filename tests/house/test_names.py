"""Names: a public class has a name of its own, and what only tests know is no part of the package."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.house.imports import ROOT, sources

SAME_NAME = {
    "Page": "an imported page and a page of the site: each is what its own field calls a page",
    "Link": "a link in a record and a link on a page; the first names a definition in the published schemas",
}
"""Class names that two modules may both define, with the reason."""
FOR_TESTS = {
    "files_of": "reads the files in an example; the form in which they are written is said in the same module",
}
"""Public names that tests alone use, with the reason."""
NOT_READ = {"hash_algorithm", "attempts"}
"""Fields of values that nothing reads. This set may only shrink."""
CALLED_BY_LIBRARIES = {
    "convert": "click", "format_commands": "click", "format_epilog": "click", "resolve_command": "click",
    "get_help_record": "click",
    "do_GET": "http.server", "do_HEAD": "http.server", "log_message": "http.server",
}  # fmt: skip
"""Methods that a library calls by their name."""
PLAIN = {
    "property", "cached_property", "staticmethod", "classmethod", "dataclass", "cache", "lru_cache", "contextmanager",
    "total_ordering",
}  # fmt: skip
"""Decorators that hand their function to nobody. Others register it: as a command, a check, a validator."""

_JINJA = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)


def test_every_public_class_has_a_name_of_its_own() -> None:
    where: dict[str, list[str]] = defaultdict(list)
    for module, tree in sources().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(module)
    twice = {name: modules for name, modules in where.items() if len(modules) > 1}
    assert {name: modules for name, modules in twice.items() if name not in SAME_NAME} == {}
    assert set(SAME_NAME) <= set(twice), "take names that are not needed out of the list"


def test_nothing_public_is_used_by_tests_alone() -> None:
    unused = {name: f"{found.module}:{found.line}" for found in unused_names(sources()) if (name := found.name)}
    assert {name: place for name, place in unused.items() if name not in FOR_TESTS} == {}
    assert set(FOR_TESTS) <= set(unused), "take names that are used by now out of the list"


def test_every_field_of_a_value_is_read() -> None:
    assert {field for tree in sources().values() for field in _fields(tree)} - _read(sources()) == NOT_READ


def test_what_nothing_reads_is_seen() -> None:
    tree = ast.parse("@dataclass(frozen=True)\nclass A:\n  gone: int\n  kept: int\nclass B:\n  c: int\nA(1, 2).kept")
    assert set(_fields(tree)) - _read({"a": tree}) == {"gone"}


def test_what_nothing_uses_is_seen() -> None:
    tree = ast.parse(
        "LOST = KEPT = 1\n"
        "def again(): return again()\n"
        "def used(): return KEPT\n"
        "@command()\ndef registered(): used()\n"
        "class Thing:\n"
        "    def gone(self): ...\n"
        "    @property\n    def read(self): return self.gone_too\n"
        "    def by_name(self): ...\n"
        "print(Thing().read, getattr(Thing(), 'by_name'))\n"
    )
    assert {found.name for found in unused_names({"some.module": tree})} == {"LOST", "again", "gone"}


@dataclass(frozen=True, slots=True)
class Defined:
    """A public name of a module or of a class in it, and how often it is named in what it stands for itself."""

    module: str
    line: int
    name: str
    in_itself: int


def unused_names(trees: dict[str, ast.Module]) -> Iterator[Defined]:
    """Names that nothing in the package, its templates or the benchmarks names besides their own definition."""
    named = Counter(word for tree in trees.values() for word in _named_in(tree))
    named.update(_words_elsewhere())
    for module, tree in trees.items():
        for found in _defined(module, tree.body):
            if named[found.name] <= found.in_itself and found.name not in CALLED_BY_LIBRARIES:
                yield found


def _defined(module: str, body: Iterable[ast.stmt]) -> Iterator[Defined]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            if not node.name.startswith("_") and not _is_handed_over(node):
                yield Defined(module, node.lineno, node.name, Counter(_named_in(node))[node.name])
            if isinstance(node, ast.ClassDef):
                methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
                yield from _defined(module, methods)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [each.id for each in targets if isinstance(each, ast.Name) and not each.id.startswith("_")]
            # The module of a command is loaded by its name, and with it `<name>_command`.
            yield from (Defined(module, node.lineno, name, 0) for name in names if not name.endswith("_command"))


def _fields(tree: ast.Module) -> Iterator[str]:
    """The fields of the dataclasses of a module."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and any("dataclass" in _named_in(each) for each in node.decorator_list):
            lines = (each for each in node.body if isinstance(each, ast.AnnAssign))
            yield from (each.target.id for each in lines if isinstance(each.target, ast.Name))


def _read(trees: dict[str, ast.Module]) -> set[str]:
    """The attributes that code or a template reads."""
    nodes = (node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return {node.attr for node in nodes if isinstance(node.ctx, ast.Load)} | set(_words_elsewhere())


def _is_handed_over(node: ast.FunctionDef | ast.ClassDef) -> bool:
    names = {next(_named_in(each), "") for each in node.decorator_list}
    return bool(names - PLAIN)


def _named_in(node: ast.AST) -> Iterator[str]:
    """What is read in code: names, attributes, and strings that are a name, as `getattr` takes them."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            yield each.id
        elif isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Load):
            yield each.attr
        elif isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value.isidentifier():
            yield each.value


def _words_elsewhere() -> Iterator[str]:
    """The words in the code of templates, and the names in the benchmarks."""
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".j2"):
            for code in _JINJA.findall(path.read_text(encoding="utf-8")):
                yield from re.findall(r"\w+", code)
    for path in sorted((ROOT / "benchmarks").rglob("*.py")):
        yield from _named_in(ast.parse(path.read_text(encoding="utf-8")))
