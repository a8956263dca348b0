"""Shows on one screen what waits for people after a step: who, where the record is, and what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.checks.approvals import message, way_out
from itsm_as_code.domain.approval.verdict import GateStatus, Verdict
from itsm_as_code.render.line import Line, hint, line
from itsm_as_code.render.verdict import labelled

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.verdict import SeatStatus


@dataclass(frozen=True, slots=True)
class BranchState:
    """The branches that matter for the next command.

    `branch` is checked out (None: no branch), `protected` is the protected branch, and `remote` says whether there
    is a remote. `head` names the checked-out commit for a merge if no branch does.
    """

    branch: str | None
    protected: str
    remote: bool
    head: str


def as_text(waiting: Sequence[tuple[str, Verdict]], besides: Sequence[str], here: BranchState) -> Iterator[Line]:
    """Yields lines on drafts (path and verdict of a gate) that can't land yet.

    `besides` are acts and tickets that belong to them and are not committed yet.
    """
    for _, verdict in waiting:
        yield line(message(verdict))
    yield labelled("where", f"in your work tree; it lands on {here.protected} once it is approved")
    if any(_pending(verdict) for _, verdict in waiting):
        paths = dict.fromkeys([*(path for path, _ in waiting), *besides])
        yield labelled(hint("next"), _to_show_it(waiting[0][1].question.subject, tuple(paths), here))
    for _, verdict in waiting:
        push = " --push" if here.remote and _pending(verdict) else ""
        yield labelled("then", f"{_who(verdict)}{way_out(verdict)}{push}")


def decided(verdicts: Sequence[Verdict], paths: Sequence[str], here: BranchState) -> Iterator[Line]:
    """Yields lines on a record after a decision: the answers at its gates, and who can still decide.

    `paths` are files that are not committed yet.
    """
    for verdict in verdicts:
        asked = verdict.question
        filled = f"{asked.subject} at gate {asked.gate}: approved: nobody else is asked"
        yield line(filled if verdict.status is GateStatus.APPROVED else message(verdict))
    subject = verdicts[0].question.subject
    if paths:
        yield labelled(hint("next"), _to_show_it(subject, paths, here))
    for verdict in verdicts:
        if verdict.status is not GateStatus.APPROVED:
            push = " --push" if here.remote and _pending(verdict) else ""
            yield labelled(hint("then"), f"{_who(verdict)}{way_out(verdict)}{push}")


def landing(subject: str, here: BranchState, *, uncommitted: bool) -> Line:
    """Returns the line that says how to land a record that nothing blocks any more.

    With `uncommitted`, the line before has told the user to make a branch first if there is none. The merge is made on
    no branch: if the push is refused, the protected branch here has no commits that the next pull trips over.
    """
    branch = shlex.quote(_own(here) or (_new_branch(subject) if uncommitted else here.head))
    steps = f"git switch {here.protected} && git merge --no-ff --no-edit {branch}"
    if here.remote:
        tip = f"origin/{here.protected}"
        steps = (
            f"git fetch origin && git switch --detach {tip} && git merge --no-ff --no-edit {branch} && "
            f"git push origin HEAD:{here.protected}"
        )
    return labelled(hint("land it"), f"merge its pull request, or: {steps}")


def _to_show_it(subject: str, paths: Sequence[str], here: BranchState) -> str:
    """Returns the commands that put the draft on a branch where others see it."""
    own = _own(here)
    branch = shlex.quote(own or _new_branch(subject))
    steps = [] if own else [f"git switch -c {branch}"]
    steps += [f"git add {shlex.join(paths)}", f"git commit -m {shlex.quote(subject)}"]
    steps += [f"git push origin {branch}"] if here.remote else []
    return " && ".join(steps)


def _own(here: BranchState) -> str | None:
    """Returns the branch that is checked out, unless it is the protected one."""
    return here.branch if here.branch != here.protected else None


def _new_branch(subject: str) -> str:
    return subject.replace("/", "-")


def _pending(verdict: Verdict) -> bool:
    return verdict.status is GateStatus.PENDING


def _who(verdict: Verdict) -> str:
    """Returns the people who may decide, if the answer waits for them."""
    if not _pending(verdict) or verdict.missing_proposal:
        return ""
    empty: list[SeatStatus] = [each for each in verdict.filled if each.by is None]
    names = sorted({person for each in empty for person in each.could})
    return f"{' or '.join(names[:8])}, on that branch: " if names else ""
