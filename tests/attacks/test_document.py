"""docs/attacks.md: every attack has a test, a decision or a reason, and the page says so as it is."""

from __future__ import annotations

from tests.attacks import document


def test_the_page_is_up_to_date() -> None:
    assert document.main(["--check"]) == 0, "run: python -m tests.attacks.document"


def test_every_attack_has_a_test_a_decision_or_a_reason() -> None:
    tests = document.tests_of_attacks()
    assert [a.id for a in document.catalogue() if not (tests.get(a.id) or a.also or a.adr or a.note)] == []


def test_ids_are_in_order_and_no_test_names_an_unknown_one() -> None:
    ids = [attack.id for attack in document.catalogue()]
    assert ids == sorted(set(ids))
    assert set(document.tests_of_attacks()) <= set(ids)


def test_what_the_catalogue_names_is_there() -> None:
    named = {name for attack in document.catalogue() for name in attack.also}
    assert named <= set(document.test_names())
    for attack in document.catalogue():
        assert attack.adr is None or (document.ROOT / "docs" / "adr" / f"{attack.adr}.md").is_file()
