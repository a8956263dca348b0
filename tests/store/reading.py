"""Short ways to read a text and look at what came of it."""

from __future__ import annotations

from itsm_as_code.store.fast_parser import FAST
from itsm_as_code.store.fault import Fault
from itsm_as_code.store.parser import Parser
from itsm_as_code.store.reader import Read, read_yaml
from itsm_as_code.store.slow_parser import SLOW

PARSERS = (FAST, SLOW)


def read(text: str | bytes, parser: Parser | None = None) -> Read:
    """What the reader makes of `text`."""
    return read_yaml(text.encode() if isinstance(text, str) else text, parser=parser)


def only_fault(text: str | bytes, parser: Parser | None = None) -> Fault:
    """The one fault of `text`."""
    result = read(text, parser)
    assert result.data is None
    assert len(result.faults) == 1, [f"{fault.rule.name}: {fault.message}" for fault in result.faults]
    return result.faults[0]


def names(text: str | bytes, parser: Parser | None = None) -> list[str]:
    """The names of the rules that `text` breaks."""
    return [fault.rule.name for fault in read(text, parser).faults]


def place(fault: Fault) -> tuple[int, int] | None:
    """Line and column of `fault`."""
    return (fault.position.line, fault.position.column) if fault.position else None
