"""What the deciding commands show: the content that is decided on, and its status afterwards."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.options import checkout_of
from itsm_as_code.cli.output import note, show

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decision_context import DecisionContext
    from itsm_as_code.app.deciding.request import DecisionRequest
    from itsm_as_code.app.deciding.status_after import StatusAfter
    from itsm_as_code.app.writing.draft import WriteResult


def show_context(ctx: click.Context, found: DecisionContext, *, record: bool = True) -> None:
    """Shows the record, the fields that changed since this person's last act, and the verdict."""
    from itsm_as_code.render import record as whole
    from itsm_as_code.render import verdict

    if record and not ctx.obj["quiet"]:
        state = str(getattr(found.subject.record, "state", "") or "")
        label = found.subject.record.label if found.subject.record is not None else found.subject.id
        show(*whole.as_text({"id": found.subject.id, **found.subject.head}, label, state))
    if found.changed is not None:
        words = ", ".join(found.changed) or "nothing"
        show(f"changed since your last act: {words}")
    show(*verdict.as_text(found.verdict))


def show_difference(ctx: click.Context, found: DecisionContext) -> None:
    """Shows the differences from base, for an edit of rules or a record that is decided on again, and which attached
    files differ."""
    from itsm_as_code.app.deciding.difference import attached_files_of, file_of, guarded_files_of
    from itsm_as_code.render import difference

    base = checkout_of(ctx).require_clone().name_of_base
    lines = []
    if (files := guarded_files_of(found)) is not None:
        lines = list(difference.of_files(*files))
    elif (sides := file_of(found)) is not None:
        lines = list(difference.as_text(*sides, f"git diff {base} -- {shlex.quote(found.path)}"))
    lines += difference.of_files(*attached_files_of(found))
    if lines:
        show(f"differs from {base}:", *lines)


def show_status_after(ctx: click.Context, ahead: StatusAfter, written: WriteResult) -> None:
    """Shows the status of the record with the new act, and the next step."""
    from itsm_as_code.cli.writing import place_of
    from itsm_as_code.domain.ids import is_act
    from itsm_as_code.render.waiting import decided, landing

    here = place_of(checkout_of(ctx))
    landed = written.pushed is not None
    acts = [draft.path for draft in written.drafts if is_act(draft.path) and not landed]
    paths = (*ahead.to_commit, *acts)
    show(*decided(ahead.verdicts, paths, here), err=True)
    if ahead.to_land and all(verdict.is_open for verdict in ahead.verdicts):
        show(landing(ahead.verdicts[0].question.subject, here, uncommitted=bool(paths)), err=True)


def show_not_durable(request: DecisionRequest) -> None:
    """Warns that an unpushed refusal can be lost and shows the command that lands it."""
    gate = f" --gate {request.gate}" if request.gate else ""
    deputy = f" --for {request.on_behalf_of}" if request.on_behalf_of else ""
    command = f"itsm refuse {request.ref}{gate}{deputy} --comment {shlex.quote(request.comment or '')} --push"
    words = "note: this refusal is only in this checkout, so the next push can leave it out; to land it by itself: "
    note(words + command)
