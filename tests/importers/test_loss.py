"""The report: counted per field, ordered, with a few examples."""

from __future__ import annotations

import json

from itsm_as_code.domain.loss import LossReport, LossSort
from itsm_as_code.importers.loss import Losses
from itsm_as_code.render.loss import as_json, as_text
from itsm_as_code.render.screen import Screen


def report() -> LossReport:
    losses = Losses()
    losses.totals["rows"] = 1234
    losses.guessed("title", "Missing.", "x\ny")
    for number in range(5):
        losses.dropped("team", "No team.", f"Group {number}", count=2)
    losses.dropped("notify", "No field.", "z" * 80)
    losses.dropped("never", "Nothing.", count=0)
    return losses.report("servicenow")


def test_losses_are_counted_by_field_and_ordered_by_sort_and_count() -> None:
    assert [(loss.sort, loss.field, loss.count) for loss in report().losses] == [
        (LossSort.DROPPED, "team", 10), (LossSort.DROPPED, "notify", 1), (LossSort.GUESSED, "title", 1),
    ]  # fmt: skip


def test_three_examples_are_kept_short_and_harmless() -> None:
    team, notify, title = report().losses
    assert team.examples == ("Group 0", "Group 1", "Group 2")
    assert notify.examples == ("z" * 59 + "…",)
    assert title.examples == ("x\ufffdy",)


def test_the_report_as_text_says_what_was_read_and_what_became_of_it() -> None:
    kept = [(f"records/{number}", "differs") for number in range(25)]
    text = Screen().text(as_text(report(), {"new": 3, "unchanged": 4}, kept, dry_run=True))
    assert text.startswith("servicenow: 1,234 rows\nrecords: 3 new, 4 unchanged (dry run: nothing was written)\n")
    assert "     10 × team: No team.\n            e.g. Group 0 · Group 1 · Group 2\n" in text
    assert "… and 5 more" in text


def test_the_report_as_json_has_a_version_and_all_that_was_kept() -> None:
    kept = [(f"records/{number}", "differs") for number in range(25)]
    found = json.loads(as_json(report(), {"new": 3}, kept, dry_run=False))
    assert (found["version"], found["records"], len(found["kept"])) == (1, {"new": 3}, 25)
    assert found["losses"][0] == {
        "field": "team", "sort": "dropped", "count": 10, "why": "No team.",
        "examples": ["Group 0", "Group 1", "Group 2"],
    }  # fmt: skip
