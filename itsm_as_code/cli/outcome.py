"""What the deciding commands show: what is decided on, and how it stands afterwards."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.options import style_of, workspace_of

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decide import Matter, Wish
    from itsm_as_code.app.approvals.outlook import Outlook
    from itsm_as_code.app.write import Written


def show_matter(ctx: click.Context, found: Matter, *, record: bool = True) -> None:
    """What is being decided, rendered by us: the record, and what changed since this person's last act."""
    from itsm_as_code.render import record as whole
    from itsm_as_code.render import verdict

    style = style_of(ctx)
    if record and not ctx.obj["quiet"]:
        state = str(getattr(found.subject.record, "state", "") or "")
        label = found.subject.record.label if found.subject.record is not None else found.subject.id
        for line in whole.as_text({"id": found.subject.id, **found.subject.head}, label, state, style):
            click.echo(line)
    if found.changed is not None:
        words = ", ".join(found.changed) or "nothing"
        click.echo(f"changed since your last act: {words}")
    for line in verdict.as_text(found.verdict, style):
        click.echo(line)


def show_difference(ctx: click.Context, found: Matter) -> None:
    """What an edit of rules, or a record that is decided on anew, has otherwise than base."""
    from itsm_as_code.app.approvals.workflows import WORKFLOWS
    from itsm_as_code.app.keeping import bytes_in
    from itsm_as_code.app.protected import name_of_base
    from itsm_as_code.domain.approval.question import EDIT
    from itsm_as_code.render import difference

    base = name_of_base(workspace_of(ctx))
    court, lines = found.court, []
    if found.path == WORKFLOWS:
        before, after = court.workflows
        lines = list(difference.of_files(before["files"], after["files"]))
    elif found.gate.name == EDIT or found.changed:
        old, new = (bytes_in(snapshot.tree, found.path) for snapshot in (court.base, court.head))
        if old is not None and new is not None:
            command = f"git diff {base} -- {shlex.quote(found.path)}"
            lines = list(difference.as_text(old, new, style_of(ctx), command))
    if lines:
        click.echo(f"differs from {base}:")
        for line in lines:
            click.echo(line)


def show_outlook(ctx: click.Context, ahead: Outlook, written: Written) -> None:
    """How the record stands with what was signed, and what comes next."""
    from itsm_as_code.app.protected import branch_here, branch_of, has_remote, head_here
    from itsm_as_code.cli.writing import ACTS
    from itsm_as_code.render.waiting import Place, decided, landing

    workspace = workspace_of(ctx)
    here = Place(branch_here(workspace), branch_of(workspace), remote=has_remote(workspace), head=head_here(workspace))
    style = style_of(ctx, sys.stderr)
    landed = written.pushed is not None
    acts = [draft.path for draft in written.drafts if draft.path.startswith(ACTS) and not landed]
    paths = (*ahead.to_commit, *acts)
    for line in decided(ahead.verdicts, paths, here, style):
        click.echo(line, err=True)
    if ahead.to_land and all(verdict.passes for verdict in ahead.verdicts):
        line = landing(ahead.verdicts[0].question.subject, here, style, uncommitted=bool(paths))
        click.echo(line, err=True)


def show_not_durable(wish: Wish) -> None:
    """That a refusal which was not pushed can be lost, and how it lands by itself."""
    from itsm_as_code.render.clean import one_line

    gate = f" --gate {wish.gate}" if wish.gate else ""
    deputy = f" --for {wish.on_behalf_of}" if wish.on_behalf_of else ""
    command = f"itsm refuse {wish.ref}{gate}{deputy} --comment {shlex.quote(wish.comment or '')} --push"
    words = "note: this refusal is only here, where whoever pushes next can leave it out; to land it by itself: "
    click.echo(one_line(words + command), err=True)
