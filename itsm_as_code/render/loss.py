"""The report of an import as text and as versioned JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from itsm_as_code.render.clean import one_line

if TYPE_CHECKING:
    from itsm_as_code.domain.loss import Loss, LossReport
    from itsm_as_code.render.style import Style

JSON_VERSION = 1
MOST_KEPT = 20
_HEADINGS = {
    "dropped": "Dropped: no record holds these values",
    "guessed": "Guessed: the source does not say this",
    "cleaned": "Cleaned: kept in another form",
    "noted": "Noted: kept, though odd",
}


def as_text(
    report: LossReport, counts: Mapping[str, int], kept: Sequence[tuple[str, str]], style: Style, *, dry_run: bool
) -> Iterator[str]:
    """Lines: what was read and made, what became of it in the workspace, then losses by sort.

    `counts` are records by what happens to them; `kept` pairs (path, why) of what was left as it is here.
    """
    read = ", ".join(f"{number:,} {name}" for name, number in report.totals.items())
    yield f"{style.strong(report.system)}: {read}"
    done = ", ".join(f"{number:,} {name}" for name, number in counts.items())
    yield f"records: {done}{' (dry run: nothing was written)' if dry_run else ''}"
    for sort, heading in _HEADINGS.items():
        losses = [loss for loss in report.losses if loss.sort == sort]
        if losses:
            yield ""
            yield style.strong(heading)
            for loss in losses:
                yield from _lines(loss, style)
    if kept:
        yield ""
        yield style.strong("Left as they are here")
        for path, why in kept[:MOST_KEPT]:
            yield f"  {one_line(path)}: {one_line(why)}"
        if len(kept) > MOST_KEPT:
            yield f"  … and {len(kept) - MOST_KEPT:,} more (--format json lists all)"


def _lines(loss: Loss, style: Style) -> Iterator[str]:
    yield f"  {loss.count:>7,} × {one_line(loss.field)}: {one_line(loss.why)}"
    if loss.examples:
        yield f"            {style.faint('e.g. ' + ' · '.join(one_line(example) for example in loss.examples))}"


def as_json(report: LossReport, counts: Mapping[str, int], kept: Sequence[tuple[str, str]], *, dry_run: bool) -> str:
    """One JSON object; keys stay as they are within one version."""
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
        ensure_ascii=False,
    )
