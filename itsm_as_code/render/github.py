"""Shows findings as GitHub annotations, and all of them as a job summary.

GitHub shows ten annotations per level and step, so changed files come first and the summary has everything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from itsm_as_code.domain.finding import Finding
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.findings import place_of

SHOWN_PER_LEVEL = 10
SUMMARY_LIMIT = 1_000_000
"""The number of bytes; GitHub refuses summaries over 1 MiB per step."""


def annotate(findings: Sequence[Finding], first: frozenset[str] = frozenset(), prefix: str = "") -> Iterator[str]:
    """Yields workflow commands. Paths in `first` come first; `prefix` is the workspace's folder in the repository."""
    shown: Counter[str] = Counter()
    for finding in sorted(findings, key=lambda f: (f.path not in first, f.sort_key)):
        level = str(finding.severity)
        if shown[level] == SHOWN_PER_LEVEL:
            continue
        shown[level] += 1
        properties = {"file": prefix + finding.path, "title": f"{finding.code} {finding.rule.name}"}
        if finding.position is not None:
            properties |= {"line": str(finding.position.line), "col": str(finding.position.column)}
        words = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
        way_out = finding.help or finding.rule.fix
        sentence = f"{finding.message.rstrip('.')}. {way_out[:1].upper()}{way_out[1:]}"
        yield f"::{level} {words}::{_data(sentence)}"


def notice(title: str, text: str) -> str:
    """Returns a workflow command for a notice that belongs to no file."""
    return f"::notice title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    return one_line(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def job_summary(findings: Iterable[Finding], sentence: str) -> str:
    """Returns Markdown with every finding, cut with a note at GitHub's limit."""
    lines = ["## itsm check", "", _cell(sentence), ""]
    rows = [
        f"| {finding.severity} | {finding.code} | {_cell(place_of(finding))} | {_cell(finding.message)} |"
        for finding in findings
    ]
    if rows:
        lines += ["| severity | code | place | finding |", "|---|---|---|---|"]
    size = sum(len(line.encode()) + 1 for line in lines)
    for number, row in enumerate(rows):
        size += len(row.encode()) + 1
        if size > SUMMARY_LIMIT:
            lines += ["", f"{len(rows) - number} more findings are in the log."]
            break
        lines.append(row)
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    cleaned = one_line(text).replace("\\", "\\\\").replace("|", "\\|").replace("`", "\\`").replace("[", "\\[")
    return cleaned.replace("&", "&amp;").replace("<", "&lt;").replace("@", "@\u2060")
