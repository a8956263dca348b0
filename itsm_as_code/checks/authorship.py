"""Family LIF for `authors`: says in words who may be named, and when. `app.approvals.authorship` looks for it."""

from __future__ import annotations

from itsm_as_code.checks.registry import rule

GROWN_IDLY = rule(
    "LIF047", "authors-without-material-change",
    why="Authors fill no seat. If anybody could add names to a record at any time, anybody could shut approvers out.",
    fix="Take the new names out. Whoever changes the content of the record is named in the same step.",
)  # fmt: skip
NAMED_BY_OTHERS = rule(
    "LIF048", "author-named-by-others",
    why="Authors fill no seat, so nobody may name somebody who had no part in the step.",
    fix="Take the name out, let that person propose the content, or name them in the commit: `Co-authored-by: …`.",
)  # fmt: skip
NOBODY_LEFT = rule(
    "LIF049", "nobody-left-to-decide",
    why="Whoever wrote a record or asked for it fills no seat. If all are among them, nobody can ever decide on it.",
    fix="Leave out, in writing and in `authors`, the people who must decide, or ask others to join the seat first.",
)  # fmt: skip

RULES = (GROWN_IDLY, NAMED_BY_OTHERS, NOBODY_LEFT)
