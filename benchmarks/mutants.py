"""Mutants of a module: mutmut makes them, and here they are also made of functions that are decorated."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

SWITCH = "MUTANT_UNDER_TEST"
"""The variable that tells mutmut's code which mutant is to run."""
_LEFT = frozenset({"staticmethod", "classmethod"})
_NAME = re.compile(r"^(?P<module>.+)\.x(?:_(?P<function>\w+?)|ǁ(?P<owner>\w+)ǁ(?P<method>\w+?))__mutmut_\d+$")
_READ = "_read_"


@dataclass(frozen=True, slots=True)
class Mutants:
    """A module with all of its mutants in it, of which one at most is switched on."""

    path: str
    source: str
    code: str
    spans: dict[str, tuple[int, int]]

    @property
    def names(self) -> list[str]:
        """The names of the mutants, each with that of its module."""
        return [f"{module_of(self.path)}.{name}" for name in self.spans if not name.endswith("_orig")]

    def change(self, name: str) -> tuple[str, str]:
        """The lines that a mutant takes out, and those that it puts in, without their indents."""
        mutant = name.rpartition(".")[2]
        before, after = self._function(f"{mutant.partition('__mutmut_')[0]}__mutmut_orig"), self._function(mutant)
        lines = list(unified_diff(before, after, lineterm="", n=0))[2:]
        out, put_in = ([line[1:].strip() for line in lines if line.startswith(sign)] for sign in "-+")
        return "\n".join(out), "\n".join(put_in)

    def line(self, name: str) -> int:
        """The line of the source that a mutant changes, counted from the first line of its function."""
        lines = self.source.splitlines()
        function = function_of(name).removeprefix(_READ)
        first = next(n for n, text in enumerate(lines, 1) if re.match(rf"\s*def {function}\(", text))
        was = self.change(name)[0].split("\n", maxsplit=1)[0]
        return next((n for n, text in enumerate(lines[first - 1 :], first) if text.strip() == was), first)

    def _function(self, name: str) -> list[str]:
        first, last = self.spans[name]
        return [line.replace(name, "f", 1) for line in self.code.splitlines()[first - 1 : last]]


def module_of(path: str) -> str:
    """The name by which the module of a file is imported."""
    return path.removesuffix(".py").replace("/", ".")


def function_of(name: str) -> str:
    """The function that a mutant is one of."""
    found = _NAME.match(name)
    assert found is not None, name
    return found["function"] or found["method"]


def mutants_of(path: str, source: str) -> Mutants:
    """Makes the mutants of a module."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    made = mutate_file_contents(path, opened(source))
    spans = {name: (span.start, span.end) for name, span in made.line_span_by_function_name.items()}
    return Mutants(path, source, made.code, spans)


def opened(source: str) -> str:
    """The module with plain functions that are decorated after they were made, because mutmut leaves out those that
    are decorated where they are made."""
    lines = source.splitlines()
    for node in sorted(_decorated(ast.parse(source)), key=lambda found: found.lineno, reverse=True):
        decorators = [ast.get_source_segment(source, each) or "" for each in node.decorator_list]
        body = lines[node.lineno - 1 : node.end_lineno]
        indent, name = " " * node.col_offset, node.name
        if node.col_offset:
            body[0] = body[0].replace(f"def {name}(", f"def {_READ}{name}(", 1)
            after = [f"{indent}{name} = {decorators[0]}(lambda self: self.{_READ}{name}())"]
        else:
            after = [f"{name} = ({decorator})({name})" for decorator in reversed(decorators)]
        lines[node.decorator_list[0].lineno - 1 : node.end_lineno] = [*body, *after]
    return "\n".join([*lines, ""])


def _decorated(module: ast.Module) -> Iterator[ast.FunctionDef]:
    """Yields functions of a module that are decorated, and properties of its classes."""
    for node in module.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        for each in members:
            if isinstance(each, ast.FunctionDef) and not _LEFT.issuperset(map(ast.unparse, each.decorator_list)):
                yield each
