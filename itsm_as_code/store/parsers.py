"""Chooses the parser: `ryaml`, or ruamel.yaml's pure parser on systems without a wheel of ryaml (musl)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsm_as_code.store.parser import Parser


@cache
def installed() -> Parser:
    """Returns the fastest parser that is installed."""
    try:
        import ryaml  # noqa: F401
    except ImportError:
        from itsm_as_code.store.slow_parser import SLOW

        return SLOW
    from itsm_as_code.store.fast_parser import FAST

    return FAST
