"""No two modules import each other, not even lazily: a circle can only be understood, and moved, as one."""

from __future__ import annotations

from tests.house.imports import circles, graph


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(graph()) == []


def test_a_circle_is_seen() -> None:
    found = circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a", "d"}})
    assert found == [{"b", "c"}]


def test_lazy_imports_and_names_in_strings_are_seen() -> None:
    edges = graph()
    assert "itsm_as_code.app.checking.step" in edges["itsm_as_code.cli.check"], "an import inside a function"
    assert "itsm_as_code.cli.new" in edges["itsm_as_code.cli.main"], "import_module with an f-string"
