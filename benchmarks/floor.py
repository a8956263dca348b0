"""The floor under `check`: read, parse and validate all records by the chosen libraries, in one process.

Run as `python -m benchmarks.floor FOLDER`. It checks nothing, keeps each record as `check` does, and does
without the garbage collector as `check` does: it is as fast as these libraries can be used.
"""

from __future__ import annotations

import gc
import os
import sys

import ryaml

from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.base import Record


def load(path: str) -> Record:
    """One file, read, parsed and validated."""
    with open(path, "rb") as file:  # noqa: PTH123 - as fast as can be
        text = file.read().decode()
    body = None
    if path.endswith(".md"):
        text, _, body = text.removeprefix("---\n").partition("\n---\n")
    data = ryaml.loads(text)  # type: ignore[attr-defined]
    if body is not None:
        data["body"] = body
    return KINDS[data["kind"]].model.model_validate(data)


def main() -> None:
    """All records below the folder that is named."""
    gc.disable()
    folder = os.path.join(sys.argv[1], "records")  # noqa: PTH118 - as fast as can be
    records = [load(f"{under}/{name}") for under, _, names in os.walk(folder) for name in names]
    print(len(records))


if __name__ == "__main__":
    main()
