"""`itsm propose`, `approve`, `refuse` and `withdraw`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import clock, dry_run_option, push_option, style_of, workspace_of
from itsm_as_code.cli.writing import show_blocked, show_written
from itsm_as_code.domain.errors import Exit

if TYPE_CHECKING:
    from itsm_as_code.app.decide import Matter, Wish
    from itsm_as_code.app.write import Delivery, Draft

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
    @click.option(
        "--key", type=click.Path(path_type=Path), help="The SSH key to sign with; default one that is registered."
    )
    @push_option
    @dry_run_option
    @click.pass_context
    def command(ctx: click.Context, /, ref: str, push: bool, dry_run: bool, **options: Any) -> int:
        return _decide(ctx, decision, ref, options, push=push, dry_run=dry_run)

    for option in _OWN_OPTIONS.get(name, ()):
        command.params.insert(3, option)
    return command


_OWN_OPTIONS = {
    "approve": [
        click.Option(
            ["--seat"], metavar="RULE", help="The rule whose seat it is meant for, where you could fill several."
        )
    ],
    "withdraw": [
        click.Option(
            ["--act", "withdraws"], multiple=True, metavar="APR-…", help="A refusal of somebody else to take back."
        )
    ],
}


def _decide(ctx: click.Context, decision: str, ref: str, options: dict[str, Any], *, push: bool, dry_run: bool) -> int:
    from itsm_as_code.app.actor import acting_person
    from itsm_as_code.app.decide import Wish
    from itsm_as_code.app.protected import refresh, require_remote
    from itsm_as_code.app.write import Blocked, Delivery
    from itsm_as_code.domain.kinds.approval import Decision

    workspace = workspace_of(ctx)
    now = clock(None)
    person = acting_person(workspace, workspace.snapshot())
    withdraws = tuple(each.upper() for each in options.pop("withdraws", ()))
    wish = Wish(ref, Decision(decision), **options, withdraws=withdraws)
    if push:
        require_remote(workspace)
        refresh(workspace)
    delivery = Delivery(now, "", person, push, dry_run)
    try:
        drafts = _proposals(ctx, wish, delivery) if decision == "proposed" else _decision(ctx, wish, delivery)
        _land(ctx, drafts, delivery)
    except Blocked as blocked:
        show_blocked(ctx, blocked)
        raise
    return Exit.CLEAN


def _decision(ctx: click.Context, wish: Wish, delivery: Delivery) -> list[Draft]:
    """The act of a decision at one gate, shown before it is signed."""
    from itsm_as_code.app.decide import act_draft, also_waiting, matter, not_landed, require_sound
    from itsm_as_code.app.objections import cautions, require_sensible
    from itsm_as_code.render.clean import one_line

    found = matter(workspace_of(ctx), wish.ref, wish.gate, wish.on_behalf_of or delivery.actor, delivery.at)
    _show_matter(ctx, found)
    require_sensible(found, wish, delivery.actor)
    require_sound(found, wish)
    for caution in cautions(found, wish):
        click.echo(f"note: {one_line(caution)}", err=True)
    act = act_draft(found, wish, delivery.actor, Path.home(), delivery.at)
    for gate in also_waiting(found) if wish.gate is None else ():
        command = f"itsm {ctx.info_name} {found.verdict.question.subject} --gate {gate}"
        click.echo(f"note: gate {gate} waits for you too: {command}", err=True)
    return [act, *(not_landed(found.court, found.verdict.question.subject) if delivery.push else ())]


def _proposals(ctx: click.Context, wish: Wish, delivery: Delivery) -> list[Draft]:
    """The proposals at every gate that needs somebody, but for those that are made already."""
    from itsm_as_code.app.decide import act_draft, not_landed, proposal_of, to_propose

    person = wish.on_behalf_of or delivery.actor
    found = to_propose(workspace_of(ctx), wish.ref, wish.gate, person, delivery.at)
    acts = []
    for index, matter in enumerate(found):
        _show_matter(ctx, matter, record=index == 0)
        made = proposal_of(matter)
        if made is None:
            acts.append(act_draft(matter, wish, delivery.actor, Path.home(), delivery.at))
        else:
            click.echo(f"{person} has proposed exactly this at gate {matter.gate.name} already ({made.id})", err=True)
    if not found:
        click.echo(f"nobody has to decide on {wish.ref}, so there is nothing to propose", err=True)
    elif delivery.push:
        acts += not_landed(found[0].court, found[0].verdict.question.subject)
    return acts


def _land(ctx: click.Context, drafts: list[Draft], delivery: Delivery) -> None:
    from itsm_as_code.app.write import MESSAGE_LENGTH, Brought, carry_out

    if drafts:
        delivery = replace(delivery, message=drafts[0].words[:MESSAGE_LENGTH])
        new, there = ([d for d in drafts if (d.before is None) is fresh] for fresh in (True, False))
        along = Brought(tuple(there))
        written = carry_out(workspace_of(ctx), lambda _: tuple(new), delivery, lambda *_: along)
        show_written(ctx, written, dry_run=delivery.dry_run)


def _show_matter(ctx: click.Context, found: Matter, *, record: bool = True) -> None:
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


propose_command = _command("propose")
approve_command = _command("approve")
refuse_command = _command("refuse")
withdraw_command = _command("withdraw")
