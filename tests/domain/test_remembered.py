"""What is remembered is what was kept last, and never more than fits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from itsm_as_code.domain.remembered import Remembered

SIZES = st.integers(0, 12)


@given(st.lists(st.tuples(st.integers(0, 9), SIZES, st.booleans())))
def test_an_answer_is_the_value_kept_last_or_none(deeds: list[tuple[int, int, bool]]) -> None:
    memory: Remembered[int, str] = Remembered(10, len)
    kept: dict[int, str] = {}
    for number, (key, size, asks) in enumerate(deeds):
        if asks:
            assert memory.get(key) in (None, kept.get(key))
        elif size <= 5:
            kept[key] = f"{number}".rjust(size, ".")[-size:] if size else ""
            assert memory.keep(key, kept[key]) == kept[key]


@given(st.lists(st.tuples(st.integers(0, 99), SIZES)))
def test_never_more_is_kept_than_fits(deeds: list[tuple[int, int]]) -> None:
    memory: Remembered[int, str] = Remembered(10, len)
    for key, size in deeds:
        memory.keep(key, "." * size)
        memory.get(key // 2)
        assert sum(map(len, (memory._old | memory._young).values())) <= 10


def test_what_is_asked_for_stays_and_the_rest_is_forgotten() -> None:
    memory: Remembered[int, int] = Remembered(8)
    memory.keep(0, 0)
    for number in range(1, 50):
        memory.keep(number, number)
        assert memory.get(0) == 0
    assert memory.get(1) is None


def test_a_value_that_is_too_large_is_given_back_and_not_kept() -> None:
    memory: Remembered[str, bytes] = Remembered(10, len)
    assert memory.keep("small", b"12345") == b"12345"
    assert memory.keep("large", b"123456") == b"123456"
    assert (memory.get("small"), memory.get("large")) == (b"12345", None)
