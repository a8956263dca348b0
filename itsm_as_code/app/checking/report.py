"""The report of a check: what is wrong and where, and what itsm.yaml accepts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from itsm_as_code.checks.hidden import hide_line, hide_lines, hide_words, made_of
from itsm_as_code.checks.privacy import CARD_NUMBER, SECRET
from itsm_as_code.domain.finding import FieldPath, Finding, Position, in_order
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.settings import Settings
from itsm_as_code.store.tree import Tree, Unreadable


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found.

    `evaluated` counts the records that were checked, per kind, so that nobody mistakes "nothing checked" for "nothing
    wrong". `suppressed` are findings that itsm.yaml accepts. `sources` has the text of the files with findings, for
    code frames, without lines that look like secrets. `changed` are paths that a step changes, `prefix` is the
    workspace's folder in its repository, with a slash.
    """

    findings: tuple[Finding, ...]
    evaluated: dict[str, int]
    suppressed: tuple[Finding, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    scope: str = "workspace"
    changed: frozenset[str] = frozenset()
    prefix: str = ""

    @property
    def total(self) -> int:
        """How many records were checked."""
        return sum(self.evaluated.values())


MOST_SEARCHED = 1 << 17
"""The largest file, in bytes, in which the lines of findings are looked up."""


def finish(
    findings: Iterable[Finding],
    evaluated: Counter[str],
    settings: Settings,
    tree: Tree,
    at: datetime,
    *,
    scope: str = "workspace",
    notes: tuple[str, ...] = (),
) -> Report:
    """Returns the report: suppressed findings are set apart; the others get positions and an order."""
    kept: list[Finding] = []
    suppressed: list[Finding] = []
    for finding in findings:
        (suppressed if is_suppressed(finding, settings, at) else kept).append(finding)
    placed, sources = place(kept, tree)
    counts = {kind: evaluated[kind] for kind in (*KINDS, "settings") if evaluated[kind]}
    return Report(in_order(placed), counts, in_order(without_secrets(suppressed, tree)), sources, notes, scope)


def notes_on_replaced(objects: Collection[str]) -> tuple[str, ...]:
    """Returns what to say about objects in whose place Git shows others. Checks always read the object itself."""
    if not objects:
        return ()
    first = next(iter(objects))
    return (
        f"Git shows other objects in place of {len(objects)} here (refs/replace/), so people may see something else"
        f" than what was judged; git replace -d {first} ends the first",
    )


def is_suppressed(finding: Finding, settings: Settings, at: datetime) -> bool:
    """Whether itsm.yaml accepts the finding at this instant."""
    return any(
        entry.code == finding.code and entry.path in (None, finding.path) and at.date() <= entry.until
        for entry in settings.suppress
    )


def place(findings: Iterable[Finding], tree: Tree) -> tuple[list[Finding], dict[str, str]]:
    """Returns findings with their positions, and the text of their files. Only files with findings are read again.

    Neither says what looks like a secret: reports are kept and read by more people than the records.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    placed: list[Finding] = []
    sources: dict[str, str] = {}
    for path, group in by_path.items():
        data = _bytes_of(tree, path)
        if data is None:
            placed += map(_hidden, group)
            continue
        sources[path], secrets = hide_lines(data.decode("utf-8", "replace"))
        wanted = [(f.field, f.at_key) for f in group if f.position is None and f.field]
        found = _located(data, wanted, path) if wanted else {}
        at_places = [f if f.position else f.placed(found.get((f.field, f.at_key))) for f in group]
        for finding in at_places:
            if finding.rule in (SECRET, CARD_NUMBER) and finding.position is not None:
                sources[path] = hide_line(sources[path], finding.position.line)
        placed += [_hidden(f, secrets) for f in at_places]
    return placed, sources


def without_secrets(findings: Iterable[Finding], tree: Tree) -> Iterator[Finding]:
    """Yields findings that do not say what looks like a secret in their files, without positions."""
    yield from (replace(finding, position=None) for finding in place(findings, tree)[0])


def _hidden(finding: Finding, secrets: tuple[str, ...] = ()) -> Finding:
    """Returns the finding with what looks like a secret hidden in all its words. A way out that was made of a secret,
    such as a similar name, is left out."""
    message = hide_words(finding.message, secrets)
    field_ = tuple(hide_words(step, secrets) if isinstance(step, str) else step for step in finding.field)
    help_ = None if made_of(finding.help or "", secrets) else finding.help and hide_words(finding.help, secrets)
    fix = finding.fix
    if fix is not None:
        told = "change the hidden value" if made_of(fix.title, secrets) else hide_words(fix.title, secrets)
        fix = fix if told == fix.title else replace(fix, title=told)
    same = (message, field_, help_, fix) == (finding.message, finding.field, finding.help, finding.fix)
    return finding if same else replace(finding, message=message, field=field_, help=help_, fix=fix)


def _located(data: bytes, wanted: list[tuple[FieldPath, bool]], path: str) -> dict[tuple[FieldPath, bool], Position]:
    """Returns the positions of fields. Finding them takes a second for each few kilobytes, so in a file that is much
    larger than any record the findings name their fields alone."""
    from itsm_as_code.store.locate import locate

    if len(data) > MOST_SEARCHED:
        return {}
    return locate(data, wanted, article=path.endswith(".md"))


def _bytes_of(tree: Tree, path: str) -> bytes | None:
    entry = tree.entry(path)
    if entry is None or entry.mode != "file":
        return None
    try:
        return tree.read(path)
    except (Unreadable, KeyError):
        return None  # the finding itself says that the file can't be read


def relative_to_user(root: Path, start: Path, path: str) -> str:
    """Returns a path of the workspace as the user would type it."""
    full = root / path
    try:
        return full.relative_to(start).as_posix()
    except ValueError:
        return Path(path).as_posix()
