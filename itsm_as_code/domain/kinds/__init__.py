"""Holds the models of the kinds, one file per kind. `KINDS` lists them without importing the models."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from itsm_as_code.domain.kind_rows import KIND_ROWS, KindRow

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record


@dataclass(frozen=True, slots=True)
class Kind(KindRow):
    """One kind of record: its row, and access to its model."""

    @property
    def model(self) -> type[Record]:
        """The pydantic model. It is imported at first use, because building models takes most of the start-up time."""
        return _model(self.name, self.model_name)


@cache
def _model(name: str, model_name: str) -> type[Record]:
    module = import_module(f"itsm_as_code.domain.kinds.{name.replace('-', '_')}")
    model: type[Record] = getattr(module, model_name)
    return model


KINDS: dict[str, Kind] = {row.name: Kind(**asdict(row)) for row in KIND_ROWS}
"""Maps the name of each kind to the kind, tickets first."""
