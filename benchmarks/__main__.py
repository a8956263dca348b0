"""`python -m benchmarks [--write] [ROW …]`: measures, prints the table, and writes it to RESULTS.md if asked."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.machine import description
from benchmarks.rows import ROWS, Row, Workspaces

RESULTS = Path(__file__).parent / "RESULTS.md"
HEAD = """# Speed

Written by `python -m benchmarks --write`. Times are processor seconds of whole processes, medians of several runs;
ratios are medians of pairs run in turn. What counts is the ratio: it holds on other machines.
"""


def main() -> None:
    """Measure what is named, all by default."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="itsm-bench-") as folder:
        lines = list(_table(Workspaces(Path(folder)), options.rows or list(ROWS)))
    if options.write:
        RESULTS.write_text(f"{HEAD}\n{description()}" + "".join(f"\n{line}" for line in lines) + "\n", "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"one of {', '.join(ROWS)}; all by default")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    if unknown := [name for name in options.rows if name not in ROWS]:
        parser.error(f"there is no row {unknown[0]}")
    if options.write and options.rows:
        parser.error("only the whole table is written")
    return options


def _table(places: Workspaces, names: list[str]) -> Iterator[str]:
    head = "| Work | itsm | Beside it | Ratio | Goal | Met |", "|---|---|---|---|---|---|"
    for line in head:
        print(line)
        yield line
    for name in names:
        for row in ROWS[name](places):
            line = _line(row)
            print(line)
            sys.stdout.flush()
            yield line


def _line(row: Row) -> str:
    return f"| {row.work} | {row.ours} | {row.theirs} | {row.ratio} | {row.goal} | {'yes' if row.met else '**no**'} |"


if __name__ == "__main__":
    main()
