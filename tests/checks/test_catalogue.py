"""Laws of the catalogue: one code, one name, words for people, and no check that nobody runs."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

import itsm_as_code.checks
from itsm_as_code.checks import catalogue, yaml_rules
from itsm_as_code.checks.catalogue import FAMILIES, RULES
from itsm_as_code.checks.registry import AttachmentCheck, ChangeCheck, RecordCheck, WorkspaceCheck
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.revision import SETTINGS_KIND
from itsm_as_code.domain.rule import Rule

MODULES = [
    import_module(f"itsm_as_code.checks.{found.name}") for found in pkgutil.iter_modules(itsm_as_code.checks.__path__)
]
PACKAGE = Path(itsm_as_code.checks.__file__).parent.parent
LISTED: tuple[RecordCheck | WorkspaceCheck | AttachmentCheck | ChangeCheck, ...] = (
    *catalogue.RECORD_CHECKS,
    *catalogue.WORKSPACE_CHECKS,
    *catalogue.ATTACHMENT_CHECKS,
    *catalogue.CHANGE_CHECKS,
)
ALL_RULES = [rule for _, rules in FAMILIES.values() for rule in rules]

RETIRED_CODES: frozenset[str] = frozenset()
"""Codes of rules that were taken back: they are never given to another rule. None yet."""

OLD_SHAPES = ("no-", "must-", "check-", "update-", "avoid-", "require-", "do-", "should-", "use-", "allow-")
"""Beginnings of names that make no sense after "allow": a name says what is wrong."""


def test_codes_are_unique_and_never_retired_ones() -> None:
    codes = [rule.code for rule in ALL_RULES]
    assert len(codes) == len(set(codes))
    assert RETIRED_CODES.isdisjoint(codes)


def test_names_are_unique() -> None:
    names = [rule.name for rule in ALL_RULES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.code)
def test_a_rule_says_why_and_how_to_fix_it_in_sentences(rule: Rule) -> None:
    for words in (rule.why, rule.fix):
        assert len(words) > 10
        assert words.endswith(".")
        assert words[0].isupper() or words[0] == "`"
        assert "  " not in words
    assert rule.why != rule.fix
    assert re.fullmatch(r"[A-Z]{2,4}\d{3}", rule.code)
    assert re.fullmatch(r"\d+\.\d+", rule.since)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.code)
def test_a_name_makes_sense_after_allow(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+){0,5}", rule.name)
    assert not rule.name.startswith(OLD_SHAPES)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_holds_its_own_codes_in_order(family: str) -> None:
    about, rules = FAMILIES[family]
    codes = [rule.code for rule in rules]
    assert {rule.family for rule in rules} == {family}
    assert codes == sorted(codes)
    assert about and not about.endswith(".")


def test_every_check_of_every_module_is_in_the_catalogue_once() -> None:
    kinds = (RecordCheck, WorkspaceCheck, AttachmentCheck, ChangeCheck)
    found = {id(value) for module in MODULES for value in vars(module).values() if isinstance(value, kinds)}
    assert found == {id(check) for check in LISTED}
    assert len({id(check) for check in LISTED}) == len(LISTED)


def test_every_rule_of_every_module_is_in_the_catalogue() -> None:
    found = {id(value) for module in MODULES for value in vars(module).values() if isinstance(value, Rule)}
    assert found == {id(rule) for rule in ALL_RULES}


def test_every_check_yields_a_rule_of_the_catalogue() -> None:
    assert {check.rule.code for check in LISTED} <= set(RULES)


def test_every_rule_is_yielded_by_a_check_or_named_where_its_fault_is_found() -> None:
    by_check = {check.rule.code for check in LISTED}
    names = {value.code: name for module in MODULES for name, value in vars(module).items() if isinstance(value, Rule)}
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.py")
        if path.parent.name != "checks" or path.name == "validation_errors.py"
    )
    text = re.sub(r"^RULES = \(.*?^\)", "", text, flags=re.MULTILINE | re.DOTALL)
    unused = [code for code, name in names.items() if code not in by_check and not _used(name, text)]
    assert unused == []


def _used(name: str, text: str) -> bool:
    return re.search(rf"(?:[(.\s]){name}\b(?! = )", text) is not None


def test_checks_are_for_kinds_that_exist() -> None:
    for check in LISTED:
        assert set(getattr(check, "kinds", ())) <= {*KINDS, SETTINGS_KIND}


def test_every_check_says_what_it_looks_for() -> None:
    for check in LISTED:
        assert check.run.__doc__ and check.run.__doc__.split("\n")[0].endswith((".", ":"))


def test_the_yaml_family_lists_all_its_rules() -> None:
    assert set(yaml_rules.RULES) == {value for value in vars(yaml_rules).values() if isinstance(value, Rule)}
