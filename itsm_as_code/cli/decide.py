"""`itsm propose`, `approve`, `refuse` and `withdraw`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import clock, dry_run_option, push_option, style_of, workspace_of
from itsm_as_code.cli.writing import show_blocked, show_written
from itsm_as_code.domain.errors import Exit

if TYPE_CHECKING:
    from itsm_as_code.app.decide import Matter

_ABOUT = {
    "propose": ("proposed", "Say that exactly this content is to be decided on."),
    "approve": ("approved", "Approve exactly the content that is shown, with your signature."),
    "refuse": ("refused", "Refuse, with a reason; it stands until you or a named role take it back."),
    "withdraw": ("withdrawn", "Take your own decision back, or as a named role somebody's refusal."),
}
_EXAMPLES = {
    "propose": ("itsm propose 7K3Q9", "itsm propose policy/changes --push"),
    "approve": ("itsm approve 7K3Q9", 'itsm approve 7K3Q9 --comment "Tested with you on Friday" --push'),
    "refuse": ('itsm refuse 7K3Q9 --comment "No backout"', 'itsm refuse 7K3Q9 --comment "Month end" --push'),
    "withdraw": ("itsm withdraw 7K3Q9", "itsm withdraw 7K3Q9 --act APR-20261121-7K3Q9 --push"),
}


def _command(name: str) -> click.Command:
    decision, about = _ABOUT[name]
    first, second = _EXAMPLES[name]

    @click.command(name, help=about, short_help=about, epilog=f"\b\nExamples:\n  {first}\n  {second}\n")
    @click.argument("ref", shell_complete=complete_refs)
    @click.option("--gate", metavar="GATE", help="Which gate, where the record could pass several; `edit` for rules.")
    @click.option("--comment", required=name == "refuse", help="Your words; they are signed with the rest.")
    @click.option(
        "--for", "on_behalf_of", metavar="PERSON", help="Decide in the place of somebody who delegated to you."
    )
    @click.option("--seat", metavar="RULE", help="The rule whose seat it is meant for, where you could fill several.")
    @click.option("--act", "withdraws", multiple=True, metavar="APR-…", help="A refusal of somebody else to take back.")
    @click.option(
        "--key", type=click.Path(path_type=Path), help="The SSH key to sign with; default one that is registered."
    )
    @push_option
    @dry_run_option
    @click.pass_context
    def command(ctx: click.Context, /, ref: str, push: bool, dry_run: bool, **options: Any) -> int:
        return _decide(ctx, decision, ref, options, push=push, dry_run=dry_run)

    return command


def _decide(ctx: click.Context, decision: str, ref: str, options: dict[str, Any], *, push: bool, dry_run: bool) -> int:
    from itsm_as_code.app.actor import acting_person
    from itsm_as_code.app.decide import Wish, act_draft, matter, require_sound
    from itsm_as_code.app.write import Blocked, Delivery, carry_out
    from itsm_as_code.domain.kinds.approval import Decision

    workspace = workspace_of(ctx)
    now = clock(None)
    person = acting_person(workspace, workspace.snapshot())
    wish = Wish(ref, Decision(decision), **options)
    found = matter(workspace, ref, wish.gate, person, now)
    _show_matter(ctx, found)
    try:
        require_sound(found, wish)
        draft = act_draft(found, wish, person, Path.home(), now)
        written = carry_out(workspace, lambda _: (draft,), Delivery(now, draft.words[:70], person, push, dry_run))
    except Blocked as blocked:
        show_blocked(ctx, blocked)
        raise
    show_written(ctx, written, dry_run=dry_run)
    return Exit.CLEAN


def _show_matter(ctx: click.Context, found: Matter) -> None:
    """What is being decided, rendered by us: the record, and what changed since this person's last act."""
    from itsm_as_code.render import record, verdict

    style = style_of(ctx)
    if not ctx.obj["quiet"]:
        state = str(getattr(found.subject.record, "state", "") or "")
        label = found.subject.record.label if found.subject.record is not None else found.subject.id
        for line in record.as_text(dict(found.subject.head), label, state, style):
            click.echo(line)
    if found.changed is not None:
        words = ", ".join(found.changed) or "nothing"
        click.echo(f"changed since your last act: {words}")
    for line in verdict.as_text(found.verdict, style):
        click.echo(line)


propose_command = _command("propose")
approve_command = _command("approve")
refuse_command = _command("refuse")
withdraw_command = _command("withdraw")
