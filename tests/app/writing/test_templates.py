"""Templates of YAML files: names of people's choosing get into them unharmed."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from itsm_as_code.app.writing.templates import as_yaml, yaml_environment
from itsm_as_code.store.reader import read_yaml


@pytest.mark.parametrize(
    "text",
    ["Ana", "Ana's café", "yes", "No", "null", "1", "1.5", "2026-11-21", "a: b", "a #b", "- x", "{}", '"', "\\", " x ",
     "line\nbreak", "患者", "on", "~", "*a", "&a", "!x", "@x", "x:"],
)  # fmt: skip
def test_a_name_is_read_back_as_it_was_typed(text: str) -> None:
    assert (read_yaml(f"name: {as_yaml(text)}\n".encode()).data or {}).get("name") == text


def test_a_plain_name_needs_no_quotes() -> None:
    assert as_yaml("Patient portal") == "Patient portal"


def test_a_template_that_lacks_a_value_says_so() -> None:
    with pytest.raises(UndefinedError):
        yaml_environment("records").from_string("id: {{ id }}\n").render()
