"""Writing: an intent becomes files, is checked before it is written, and lands whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.app.check import place
from itsm_as_code.app.keeping import bytes_in, data_in, data_of, keep
from itsm_as_code.app.mend import order_of
from itsm_as_code.app.protected import REMOTE, base_tree, branch_of, refresh, require_remote
from itsm_as_code.app.workspace import Workspace
from itsm_as_code.checks.registry import Context
from itsm_as_code.checks.run import check_record
from itsm_as_code.domain.errors import CouldNotCheck, ItsmError, Refused
from itsm_as_code.domain.finding import Finding, in_order
from itsm_as_code.domain.ids import parse_path
from itsm_as_code.domain.replay import replay
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.settings import SETTINGS_PATH
from itsm_as_code.store.editor import apply
from itsm_as_code.store.overlay import WrittenOver
from itsm_as_code.store.snapshot import TreeSnapshot
from itsm_as_code.store.tree import Tree

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.answer import Verdict
    from itsm_as_code.git.publish import Pushed

MESSAGE_LENGTH = 70


@dataclass(frozen=True, slots=True)
class Draft:
    """One file as it is to be. `before` is None for a new one; `words` say what was done."""

    path: str
    before: bytes | None
    after: bytes
    words: str


Intent = Callable[[TreeSnapshot], tuple[Draft, ...]]
"""What is wanted, worked out on a snapshot that keeps its data. Raises UsageFault or Refused."""


class Blocked(Refused):
    """The record would have findings; nothing was written."""

    def __init__(self, findings: tuple[Finding, ...], sources: dict[str, str]) -> None:
        super().__init__("the record would have findings, so nothing was written", hint="mend them as they say")
        self.findings = findings
        self.sources = sources


class NotPushed(ItsmError):
    """The files are written here, but the push failed. Doing it all again would do it twice."""

    def __init__(self, drafts: tuple[Draft, ...], cause: ItsmError) -> None:
        kept = "do not repeat the edit: the next --push of this record takes it along"
        super().__init__(
            f"{', '.join(draft.words for draft in drafts)}, here only; it was not pushed: {cause.message}",
            hint=f"{cause.hint}; {kept}" if cause.hint else kept,
        )
        self.exit_code = cause.exit_code


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an intent is carried out. `message` is the commit's, for a push."""

    at: datetime
    message: str
    actor: str
    push: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft that can't land before people have decided: its path, how it stands at the gate, why no proposal could
    be signed (None: there is one), and the files that approvers need besides."""

    path: str
    verdict: Verdict
    unproposed: ItsmError | None = None
    besides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What goes along with drafts: files of its own, which land by themselves, and the drafts that have to wait."""

    drafts: tuple[Draft, ...] = ()
    waiting: tuple[Waiting, ...] = ()


Along = Callable[[Tree, Tree, tuple[Draft, ...]], Brought]
"""From base, the files with the drafts over them, and the drafts to what goes along with them."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, what the checks noted, what waits for people, and what the push came to."""

    drafts: tuple[Draft, ...]
    notes: tuple[Finding, ...]
    waiting: tuple[Waiting, ...] = ()
    pushed: Pushed | None = None


def carry_out(workspace: Workspace, intent: Intent, delivery: Delivery, along: Along | None = None) -> Written:
    """Works out the intent on the files as they are, checks, writes, pushes what need not wait for people.

    Raises Blocked where a record would have errors, and whatever the intent raises; then nothing was
    written. Where the push fails the local files stay as written, and the error says so.
    """
    from itsm_as_code.store.atomic import write_all

    if delivery.push:
        require_remote(workspace)
    if delivery.push and along is not None:
        refresh(workspace)
    tree = workspace.tree()
    base = base_tree(workspace)
    drafts = tuple(_kept(draft, base, tree, delivery.actor) for draft in intent(TreeSnapshot(tree, keep_data=True)))
    drafts = tuple(draft for draft in drafts if draft.after != draft.before)
    notes = verified(WrittenOver(tree, _acts_of_base(base, drafts)), drafts, delivery.at)
    over = WrittenOver(tree, {draft.path: draft.after for draft in drafts})
    brought = along(base, over, drafts) if along is not None and base is not None else Brought()
    fresh = tuple(draft for draft in brought.drafts if draft.before is None)
    verified(WrittenOver(over, _acts_of_base(base, fresh)), fresh, delivery.at)
    drafts = (*drafts, *brought.drafts)
    if delivery.dry_run or not drafts:
        return Written(drafts, notes, brought.waiting)
    new = tuple(draft for draft in drafts if draft.after != draft.before)
    write_all(
        {workspace.root / draft.path: draft.after for draft in new},
        expect={workspace.root / draft.path: draft.before for draft in new},
        root=workspace.root,
    )
    held = {each.path for each in brought.waiting}
    ready = tuple(draft for draft in drafts if draft.path not in held)
    if not delivery.push or not ready:
        return Written(drafts, notes, brought.waiting)
    if held:
        delivery = replace(delivery, message="; ".join(draft.words for draft in ready)[:MESSAGE_LENGTH])
    try:
        pushed = _push(workspace, ready, delivery)
    except ItsmError as error:
        raise NotPushed(drafts, error) from error
    _leave_no_acts_behind(workspace, drafts)
    return Written(drafts, notes, brought.waiting, pushed)


def _leave_no_acts_behind(workspace: Workspace, drafts: tuple[Draft, ...]) -> None:
    """Takes acts that have landed, now or before, out of a checkout whose HEAD does not have them: they would lie in
    the way when the protected branch is checked out or pulled, and are read from base."""
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.revision import resolve
    from itsm_as_code.git.tree import GitTree

    here, base = workspace.tree(), base_tree(workspace)
    with open_repository(workspace.root) as repository:
        if repository.ask("rev-parse", "--verify", "--quiet", "HEAD").status != 0:
            return
        head = GitTree(repository, resolve(repository, "HEAD"))
        for folder in {draft.path.rpartition("/")[0] for draft in drafts if _is_act(draft)}:
            for entry in here.entries(folder):
                landed = entry.mode == "file" and bytes_in(base, entry.path) == here.read(entry.path)
                if landed and head.entry(entry.path) is None:
                    (workspace.root / entry.path).unlink(missing_ok=True)


def _is_act(draft: Draft) -> bool:
    located = parse_path(draft.path)
    return located is not None and located[0] == "approval"


def _acts_of_base(base: Tree | None, drafts: tuple[Draft, ...]) -> dict[str, bytes]:
    """The landed acts beside those that are drafted: a new one names them, whether or not this branch has them."""
    folders = {draft.path.rpartition("/")[0] for draft in drafts if _is_act(draft)}
    entries = (entry for folder in folders for entry in (base.entries(folder) if base is not None else ()))
    return {entry.path: base.read(entry.path) for entry in entries if base is not None and entry.mode == "file"}


def _kept(draft: Draft, base: Tree | None, here: Tree, actor: str) -> Draft:
    return replace(draft, after=keep(draft.path, draft.after, base, here, actor))


def verified(tree: Tree, drafts: tuple[Draft, ...], at: datetime) -> tuple[Finding, ...]:
    """The findings of the drafts that do not block. Raises Blocked for errors."""
    files = {draft.path: draft.after for draft in drafts}
    over = WrittenOver(tree, files)
    snapshot = TreeSnapshot(over)
    findings: list[Finding] = []
    for path in files:
        if path == SETTINGS_PATH:
            findings += snapshot.settings_findings
            continue
        loaded = snapshot.load(path)
        if loaded is None:
            raise CouldNotCheck(f"{path} is no record's path")
        findings += loaded.findings
        if loaded.record is not None:
            findings += check_record(loaded.record, path, Context(snapshot, at))
    placed, sources = place(findings, over)
    if any(finding.severity is Severity.ERROR for finding in placed):
        raise Blocked(in_order(f for f in placed if f.severity is Severity.ERROR), sources)
    return in_order(placed)


def _push(workspace: Workspace, drafts: tuple[Draft, ...], delivery: Delivery) -> Pushed:
    """Replays what is local in the drafts' files on the newest tip of the protected branch."""
    from itsm_as_code.git.publish import push_replay, where_parted
    from itsm_as_code.git.repository import open_repository
    from itsm_as_code.git.revision import resolve
    from itsm_as_code.git.tree import GitTree

    with open_repository(workspace.root) as repository:

        def edit(tip: GitTree) -> Mapping[str, bytes]:
            # Not from the newest base we know of: these files may be older, and all in it would look taken out.
            start = where_parted(repository, tip.commit)
            return {draft.path: _replayed(draft, start, tip, delivery) for draft in drafts}

        unborn = repository.ask("rev-parse", "--verify", "--quiet", "HEAD").status != 0
        head = None if unborn else GitTree(repository, resolve(repository, "HEAD"))
        written = {draft.path: draft.after for draft in drafts if draft.before == bytes_in(head, draft.path)}
        return push_replay(repository, REMOTE, branch_of(workspace), edit, delivery.message, written=written)


def _replayed(draft: Draft, base: Tree | None, tip: Tree, delivery: Delivery) -> bytes:
    """The file on the tip with our edits since `base`, or ours where the tip has none."""
    there = data_in(tip, draft.path)
    if there is None:
        return _kept(draft, tip, tip, delivery.actor).after
    edits = tuple(replay(data_in(base, draft.path), data_of(draft.path, draft.after), there))
    text = apply(tip.read(draft.path), edits, order=order_of(draft.path))
    landed = _kept(Draft(draft.path, draft.before, text, draft.words), tip, tip, delivery.actor)
    verified(tip, (landed,), delivery.at)
    return landed.after
