"""`itsm propose`, `approve`, `refuse` and `withdraw`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import clock, dry_run_option, push_option, workspace_of
from itsm_as_code.cli.outcome import show_difference, show_matter, show_not_durable, show_outlook
from itsm_as_code.cli.writing import show_blocked, show_written
from itsm_as_code.domain.errors import Exit

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decide import Matter, Wish
    from itsm_as_code.app.write import Delivery, Draft
    from itsm_as_code.domain.approval.act import Act

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
    from itsm_as_code.app.approvals.decide import Wish
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
        if decision == "proposed":
            _propose(ctx, wish, delivery)
        else:
            _land(ctx, *_decision(ctx, wish, delivery), delivery)
    except Blocked as blocked:
        show_blocked(ctx, blocked)
        raise
    if decision == "refused" and not push and not dry_run:
        show_not_durable(wish)
    return Exit.CLEAN


def _decision(ctx: click.Context, wish: Wish, delivery: Delivery) -> tuple[Matter, list[Draft]]:
    """The act of a decision at one gate, shown before it is signed; none where it is made or needless already."""
    from itsm_as_code.app.approvals.decide import act_draft, also_waiting, decision_of, matter, not_landed
    from itsm_as_code.app.approvals.objections import cautions, require_sensible
    from itsm_as_code.app.approvals.soundness import require_sound
    from itsm_as_code.domain.kinds.approval import Decision
    from itsm_as_code.render.clean import one_line

    found = matter(workspace_of(ctx), wish.ref, wish.gate, wish.on_behalf_of or delivery.actor, delivery.at)
    own_gate = wish.decision is Decision.APPROVED and wish.gate is None
    if own_gate:
        found = _or_its_review(found)
    show_matter(ctx, found)
    show_difference(ctx, found)
    there = [*(not_landed(found.court, found.verdict.question.subject) if delivery.push else ())]
    made = decision_of(found, wish, delivery.actor)
    if made is not None:
        _show_made(found, made, push=delivery.push)
        return found, there
    if own_gate and _is_needless(ctx, found):
        return found, there
    require_sensible(found, wish, delivery.actor)
    if wish.decision is Decision.APPROVED:
        require_sound(workspace_of(ctx), found)
    for caution in cautions(found, wish):
        click.echo(f"note: {one_line(caution)}", err=True)
    act = act_draft(found, wish, delivery.actor, Path.home(), delivery.at)
    for gate in also_waiting(found) if wish.gate is None else ():
        command = f"itsm {ctx.info_name} {found.verdict.question.subject} --gate {gate}"
        click.echo(f"note: gate {gate} waits for you too: {command}", err=True)
    return found, [act, *there]


def _or_its_review(found: Matter) -> Matter:
    """The review of an emergency that is past its gate, where that is what waits; said, as nobody named its gate."""
    from itsm_as_code.app.approvals.afterwards import review_meant

    review = review_meant(found)
    if review is None:
        return found
    words = f"it is past gate {found.gate.name}, and its review waits to be accepted"
    click.echo(f"note: gate {review.gate.name} is meant: {words}", err=True)
    return review


def _is_needless(ctx: click.Context, found: Matter) -> bool:
    """Whether an approval would help nobody, which is said then."""
    from itsm_as_code.app.approvals.afterwards import nothing_to_approve
    from itsm_as_code.render.clean import one_line

    why = nothing_to_approve(workspace_of(ctx), found)
    if why is not None:
        click.echo(one_line(f"{why}; nothing was signed"), err=True)
    return why is not None


def _show_made(found: Matter, made: Act, *, push: bool) -> None:
    """That the decision is made already, and whether it has yet to land."""
    subject = found.verdict.question.subject
    landed = found.court.base.exists("approval", made.id)
    more = "" if landed or push else "; it is not on the protected branch yet: --push lands it"
    words = f"{made.stands_for} has {made.decision} exactly this at gate {found.gate.name} of {subject} already"
    click.echo(f"{words} ({made.id}){more}", err=True)


def _propose(ctx: click.Context, wish: Wish, delivery: Delivery) -> None:
    """The proposals at every gate that needs somebody, but for those that are made already; with the record, where its
    revision or authors were not yet as they must be."""
    from itsm_as_code.app.approvals.decide import act_draft, not_landed, proposal_of
    from itsm_as_code.app.approvals.proposing import proposing

    person = wish.on_behalf_of or delivery.actor
    found = proposing(workspace_of(ctx), wish, delivery.actor, delivery.at)
    acts = []
    for index, matter in enumerate(found.matters):
        show_matter(ctx, matter, record=index == 0)
        made = proposal_of(matter)
        if made is None:
            acts.append(act_draft(matter, wish, delivery.actor, Path.home(), delivery.at))
        else:
            click.echo(f"{person} has proposed exactly this at gate {matter.gate.name} already ({made.id})", err=True)
    if not found.matters:
        click.echo(f"nobody has to decide on {wish.ref}, so there is nothing to propose", err=True)
        return
    first = found.matters[0]
    if delivery.push:
        acts += not_landed(first.court, first.verdict.question.subject)
    _land(ctx, first, acts, delivery, found.mended)


def _land(
    ctx: click.Context, found: Matter, acts: list[Draft], delivery: Delivery, mended: Draft | None = None
) -> None:
    """Writes the acts and the record that was mended for them; only acts are pushed."""
    from itsm_as_code.app.approvals.outlook import outlook
    from itsm_as_code.app.write import MESSAGE_LENGTH, Brought, Waiting, carry_out

    kept = () if mended is None else (mended,)
    if not (*acts, *kept):
        return
    workspace = workspace_of(ctx)
    delivery = replace(delivery, message=(*acts, *kept)[0].words[:MESSAGE_LENGTH])
    new, there = ([d for d in acts if (d.before is None) is fresh] for fresh in (True, False))
    ahead = outlook(workspace, found, (*acts, *kept), delivery.at)
    waiting = (Waiting(found.path, ahead.verdicts[0]),) if kept else ()
    along = Brought((*there, *kept), waiting)
    written = carry_out(workspace, lambda _: tuple(new), delivery, lambda *_: along)
    show_written(ctx, written, dry_run=delivery.dry_run)
    if not delivery.dry_run:
        show_outlook(ctx, ahead, written)


propose_command = _command("propose")
approve_command = _command("approve")
refuse_command = _command("refuse")
withdraw_command = _command("withdraw")
