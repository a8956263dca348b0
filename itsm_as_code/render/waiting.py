"""What waits for people after a step: whom, where the record is meanwhile, and what to do next, on one screen."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from itsm_as_code.checks.approvals import message, way_out
from itsm_as_code.domain.approval.answer import Status, Verdict
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.style import Style

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.answer import Filled


@dataclass(frozen=True, slots=True)
class Place:
    """Where the user stands: the branch checked out (None: none), the protected one, whether there is a remote; and
    `head`, by which a merge finds the commit that is checked out where no branch of its own names it."""

    branch: str | None
    protected: str
    remote: bool
    head: str


def as_text(waiting: Sequence[tuple[str, Verdict]], besides: Sequence[str], here: Place, style: Style) -> Iterator[str]:
    """Lines on drafts (path and verdict of a gate) that can't land yet; `besides` are acts and tickets that belong
    with them and are yet to be committed."""
    for _, verdict in waiting:
        yield one_line(message(verdict))
    yield f"  where    in your work tree; it lands on {here.protected} once it is approved"
    if any(_pending(verdict) for _, verdict in waiting):
        paths = dict.fromkeys([*(path for path, _ in waiting), *besides])
        yield one_line(f"  {style.hint('next')}     {_to_show_it(waiting[0][1].question.subject, tuple(paths), here)}")
    for _, verdict in waiting:
        push = " --push" if here.remote and _pending(verdict) else ""
        yield one_line(f"  then     {_who(verdict)}{way_out(verdict)}{push}")


def decided(verdicts: Sequence[Verdict], paths: Sequence[str], here: Place, style: Style) -> Iterator[str]:
    """Lines on a record after a decision: how it stands at its gates, and whom it waits for. `paths` are
    files yet to be committed."""
    for verdict in verdicts:
        asked = verdict.question
        filled = f"{asked.subject} at gate {asked.gate}: approved: nobody else is asked"
        yield one_line(filled if verdict.status is Status.APPROVED else message(verdict))
    subject = verdicts[0].question.subject
    if paths:
        yield one_line(f"  {style.hint('next')}     {_to_show_it(subject, paths, here)}")
    for verdict in verdicts:
        if verdict.status is not Status.APPROVED:
            push = " --push" if here.remote and _pending(verdict) else ""
            yield one_line(f"  {style.hint('then')}     {_who(verdict)}{way_out(verdict)}{push}")


def landing(subject: str, here: Place, style: Style, *, uncommitted: bool) -> str:
    """The line that says how a record lands which nothing keeps from it any more. `uncommitted`: the line before has
    the user make a branch first, where there is none."""
    branch = shlex.quote(_own(here) or (_new_branch(subject) if uncommitted else here.head))
    pull = f" && git pull --ff-only origin {here.protected}" if here.remote else ""
    push = f" && git push origin {here.protected}" if here.remote else ""
    steps = f"git switch {here.protected}{pull} && git merge --no-ff {branch}{push}"
    return one_line(f"  {style.hint('land it')}  merge its pull request, or: {steps}")


def _to_show_it(subject: str, paths: Sequence[str], here: Place) -> str:
    """The commands that put the draft on a branch where others see it."""
    own = _own(here)
    branch = shlex.quote(own or _new_branch(subject))
    steps = [] if own else [f"git switch -c {branch}"]
    steps += [f"git add {shlex.join(paths)}", f"git commit -m {shlex.quote(subject)}"]
    steps += [f"git push origin {branch}"] if here.remote else []
    return " && ".join(steps)


def _own(here: Place) -> str | None:
    """The branch that is checked out, where that is not the protected one."""
    return here.branch if here.branch != here.protected else None


def _new_branch(subject: str) -> str:
    return subject.replace("/", "-")


def _pending(verdict: Verdict) -> bool:
    return verdict.status is Status.PENDING


def _who(verdict: Verdict) -> str:
    """Those who may decide, where that is what is lacking."""
    if not _pending(verdict) or verdict.missing_proposal:
        return ""
    empty: list[Filled] = [each for each in verdict.filled if each.by is None]
    names = sorted({person for each in empty for person in each.could})
    return f"{' or '.join(names[:8])}, on that branch: " if names else ""
