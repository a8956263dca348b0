"""Shows the report of an import as text and as versioned JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from itsm_as_code.render.line import Line, faint, line, strong

if TYPE_CHECKING:
    from itsm_as_code.domain.loss import Loss, LossReport

JSON_VERSION = 1
MOST_KEPT = 20
_HEADINGS = {
    "dropped": "Dropped: no record holds these values",
    "guessed": "Guessed: the source does not say this",
    "cleaned": "Cleaned: kept in another form",
    "noted": "Noted: kept, although it looks wrong",
}


def as_text(
    report: LossReport, counts: Mapping[str, int], kept: Sequence[tuple[str, str]], *, dry_run: bool
) -> Iterator[Line]:
    """Yields lines: what was read and made, what happened to it in the workspace, then the losses by type.

    `counts` has the number of records by what happens to them. `kept` has pairs (path, reason) of what was not
    changed here.
    """
    read = ", ".join(f"{number:,} {name}" for name, number in report.totals.items())
    yield line(strong(report.system), f": {read}")
    done = ", ".join(f"{number:,} {name}" for name, number in counts.items())
    yield line(f"records: {done}{' (dry run: nothing was written)' if dry_run else ''}")
    for sort, heading in _HEADINGS.items():
        losses = [loss for loss in report.losses if loss.sort == sort]
        if losses:
            yield line("")
            yield line(strong(heading))
            for loss in losses:
                yield from _lines(loss)
    if kept:
        yield line("")
        yield line(strong("Left as they are here"))
        for path, why in kept[:MOST_KEPT]:
            yield line(f"  {path}: {why}", hang=4)
        if len(kept) > MOST_KEPT:
            yield line(f"  … and {len(kept) - MOST_KEPT:,} more (--format json lists all)")


def _lines(loss: Loss) -> Iterator[Line]:
    yield line(f"  {loss.count:>7,} × {loss.field}: {loss.why}", hang=12)
    if loss.examples:
        yield line(" " * 12, faint(f"e.g. {' · '.join(loss.examples)}"), hang=17)


def as_json(report: LossReport, counts: Mapping[str, int], kept: Sequence[tuple[str, str]], *, dry_run: bool) -> str:
    """Returns one JSON object. Its keys stay the same within one version."""
    losses: list[dict[str, Any]] = [
        {
            "field": loss.field,
            "sort": str(loss.sort),
            "count": loss.count,
            "why": loss.why,
            "examples": list(loss.examples),
        }
        for loss in report.losses
    ]
    return json.dumps(
        {
            "version": JSON_VERSION,
            "system": report.system,
            "dry_run": dry_run,
            "source": report.totals,
            "records": dict(counts),
            "losses": losses,
            "kept": [{"path": path, "why": why} for path, why in kept],
        },
        indent=2,
        ensure_ascii=True,
    )
