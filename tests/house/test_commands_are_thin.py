"""A command turns options into a call and a value into text: it knows use cases, `render/`, and words (invariant 7)."""

from __future__ import annotations

from tests.house.imports import graph

WORDS = {
    "itsm_as_code": "the version",
    "itsm_as_code.domain.errors": "exit codes, and the errors of wrong usage",
    "itsm_as_code.domain.wording": "numbers and articles in sentences",
    "itsm_as_code.domain.suggest": "`did you mean`",
    "itsm_as_code.domain.instants": "the type of `--at` and `--when`",
    "itsm_as_code.domain.rule": "severities, the choices of `--fail-on`",
    "itsm_as_code.domain.kinds": "the table of kinds: arguments, help and completion follow from it",
    "itsm_as_code.domain.kinds.types": "audiences, the choices of `--audience`",
    "itsm_as_code.domain.kinds.approval": "the decision that each of the four commands makes",
    "itsm_as_code.domain.lifecycle": "the tables: the verbs are commands made from them",
    "itsm_as_code.domain.approval.audit": "what an audit found: each format of `check` tells it",
    "itsm_as_code.domain.clocks.status": "breached, for the exit code of `sla status --fail`",
    "itsm_as_code.domain.ids": "which of the paths that were written are acts, and the id of a new person",
    "itsm_as_code.domain.assignment": "the codes that the help of `--code` lists",
    "itsm_as_code.domain.shape": "the same",
    "itsm_as_code.checks.catalogue": "the words of a check, for `explain CODE`",
    "itsm_as_code.checks.examples": "its examples",
}
"""What commands may know besides use cases and renderers, and what for."""


def _known() -> set[tuple[str, str]]:
    mine = ("itsm_as_code.cli", "itsm_as_code.app", "itsm_as_code.render")
    edges = ((name, other) for name, others in graph().items() for other in others)
    return {(name, other) for name, other in edges if name.startswith(f"{mine[0]}.") and not _is_in(other, mine)}


def _is_in(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def test_commands_know_use_cases_renderers_and_words() -> None:
    assert {(name, other) for name, other in _known() if other not in WORDS} == set()


def test_every_word_of_the_list_is_used() -> None:
    assert WORDS.keys() <= {other for _, other in _known()}
