"""Family POL for conditions that people read differently than they are meant: lists tested in part, and globs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.conditions import DECIDED, named_fields
from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.condition.terms import FieldTest, Glob, IsSet, Only, leaves
from itsm_as_code.domain.finding import FieldPath, Spot, cut
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.domain.condition import Condition
    from itsm_as_code.domain.kinds.policy import Policy

IN_PART = rule(
    "POL010", "list-tested-in-part",
    severity=Severity.WARNING,
    why="A list can hold other values beside those that are named: adding one would leave a rule, or slip into one.",
    fix="Write `only` where no other values may be, and name the values that need somebody in another rule.",
)  # fmt: skip
OTHER_GLOB = rule(
    "POL011", "glob-read-otherwise",
    severity=Severity.WARNING,
    why="People know patterns from .gitignore, shells and searches, where the same text matches something else.",
    fix="Use `*` for any text, slashes included, and `?` for one character; list several patterns under `any`.",
)  # fmt: skip

_ELSEWHERE = (
    (r"\[[^\]]+\]", "one of these characters", "a bracket stands for itself"),
    (r"\{[^{}]*(?:,|\.\.)[^{}]*\}", "one of these words", "a brace stands for itself"),
    (r"[+@!]\([^)]*\)", "a group of patterns", "a bracket stands for itself"),
    (r"\*\*", "folders at any depth", "it is the same as one `*`, which matches slashes too"),
    (r"\\", "that the next character is no wildcard", "it stands for itself"),
    (r"^!", "everything but the pattern", "it stands for itself; write {not: {glob: …}}"),
)
"""What other dialects read as a special sign: its pattern, what it means there, and what it is here."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A condition of a record, with its place and the kind that it is about. If it `guards`, whatever does not meet it
    gets away with less; if it exempts, whatever meets it does."""

    at: FieldPath
    condition: Condition
    kinds: tuple[str, ...]
    guards: bool | None = None


@record_check(IN_PART, "policy", "freeze", "change-model")
def list_tested_in_part(record: Any, _: Context) -> Iterator[Spot]:
    """Finds lists that a condition tests in part.

    That is `not` where a rule asks for people or a freeze stops changes, and values without `only` where a rule or a
    change model lets something pass.
    """
    for written in _conditions(record):
        every = list(leaves(written.condition))
        bounded = {leaf.field for leaf in every if isinstance(leaf.test, Only) and not leaf.negated}
        for leaf in every:
            tests_part = not isinstance(leaf.test, Only | IsSet) and leaf.field not in bounded
            if tests_part and leaf.negated is written.guards and _is_list(leaf, written.kinds):
                yield Spot(_in_words(leaf), (*written.at, *leaf.at))


def _in_words(leaf: FieldTest) -> str:
    name = cut(leaf.field)
    if leaf.negated:
        return f"whatever has one of these values in `{name}`, beside others, is not meant: add a rule that names it"
    return f"whatever has one of these values in `{name}` is meant, whatever else it has: write `only`"


def _is_list(leaf: FieldTest, kinds: tuple[str, ...]) -> bool:
    """Tells whether a field is a list, and `not` may be said of it; else there is an error already."""
    found = (named_fields(kind).get(leaf.field) for kind in kinds)
    return any(field is not None and field.many and (field.takes_not or not leaf.negated) for field in found)


@record_check(OTHER_GLOB, "policy", "freeze", "change-model", "sla")
def glob_read_otherwise(record: Any, _: Context) -> Iterator[Spot]:
    """Finds globs with signs that mean something elsewhere, and globs without any."""
    for written in _conditions(record):
        for leaf in leaves(written.condition):
            if isinstance(leaf.test, Glob):
                at = (*written.at, *leaf.at)
                yield from (Spot(message, at) for message in _other_readings(leaf.test.pattern))


def _other_readings(pattern: str) -> Iterator[str]:
    if "*" not in pattern and "?" not in pattern:
        yield f"`{cut(pattern)}` matches this text alone: write `*{cut(pattern)}*` for a part of the text, or no glob"
    for sign, there, here in _ELSEWHERE:
        found = re.search(sign, pattern)
        if found is not None:
            yield f"`{cut(found[0])}` elsewhere means {there}; here {here}"


def _conditions(record: Any) -> Iterator[_Written]:
    """Yields the conditions of a record of any kind that has some."""
    match record.KIND:
        case "policy":
            yield from _of_policy(record)
        case "freeze":
            yield _Written(("scope",), record.scope, ("change",), guards=True)
        case "change-model" if record.allows is not None:
            yield _Written(("allows",), record.allows, ("change",), guards=False)
        case "sla":
            yield from _of_sla(record)


def _of_policy(policy: Policy) -> Iterator[_Written]:
    kinds = tuple(kind for kind in policy.subject if kind in DECIDED)
    for index, each in enumerate(policy.rules):
        if each.when is not None:
            yield _Written(("rules", index, "when"), each.when, kinds, guards=each.seats != "none")


def _of_sla(sla: Any) -> Iterator[_Written]:
    from itsm_as_code.domain.clocks.rules import CONDITIONS, NEVER

    for index, version in enumerate(sla.versions):
        if version.applies_to is not None:
            yield _Written(("versions", index, "applies_to"), version.applies_to, version.kinds)
        for name, target in version.targets.items():
            for key in CONDITIONS:
                written = getattr(target, key)
                if written is not None and written != NEVER:
                    yield _Written(("versions", index, "targets", name, key), written, version.kinds)


RULES = (IN_PART, OTHER_GLOB)
CHECKS = (list_tested_in_part, glob_read_otherwise)
