"""`itsm propose`, `approve`, `refuse` and `withdraw`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import checkout_of, dry_run_option, push_option
from itsm_as_code.cli.outcome import show_context, show_difference, show_not_durable, show_status_after
from itsm_as_code.cli.output import note
from itsm_as_code.cli.writing import show_blocked, show_written
from itsm_as_code.domain.errors import Exit

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decision_context import DecisionContext

_ABOUT = {
    "propose": ("proposed", "Ask for a decision on exactly this content."),
    "approve": ("approved", "Approve exactly the content that is shown, with your signature."),
    "refuse": (
        "refused",
        "Refuse, with a reason; you or somebody with a named role can take it back.",
    ),
    "withdraw": ("withdrawn", "Take back your decision or, with a named role, somebody else's refusal."),
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
    @click.option("--gate", metavar="GATE", help="The gate, if the record could pass several; `edit` for rules.")
    @click.option("--comment", required=name == "refuse", help="Your comment; it is signed too.")
    @click.option("--for", "on_behalf_of", metavar="PERSON", help="Decide for a person whose deputy you are.")
    @click.option(
        "--key", type=click.Path(path_type=Path), help="The SSH key to sign with; default: one of your registered keys."
    )
    @push_option
    @dry_run_option
    @click.pass_context
    def command(ctx: click.Context, /, ref: str, push: bool, dry_run: bool, **options: Any) -> int:
        return _decide(ctx, decision, ref, options, push=push, dry_run=dry_run)

    for option in _OWN_OPTIONS.get(name, ()):
        command.params.insert(3, option)
    return command


_YES = click.Option(["--yes"], is_flag=True, help="Sign without asking. Without a terminal nobody is asked.")
_OWN_OPTIONS = {
    "refuse": [_YES],
    "approve": [
        _YES,
        click.Option(["--seat"], metavar="RULE", help="The rule whose seat you mean, if you could fill several."),
    ],
    "withdraw": [
        click.Option(
            ["--act", "withdraws"], multiple=True, metavar="APR-…", help="Somebody else's refusal to take back."
        )
    ],
}


def _decide(ctx: click.Context, decision: str, ref: str, options: dict[str, Any], *, push: bool, dry_run: bool) -> int:
    from itsm_as_code.app.deciding.flow import decide
    from itsm_as_code.app.deciding.request import DecisionRequest
    from itsm_as_code.app.writing.draft import Blocked
    from itsm_as_code.domain.kinds.approval import Decision

    view = Terminal(ctx, agreed=options.pop("yes", False))
    withdraws = tuple(each.upper() for each in options.pop("withdraws", ()))
    request = DecisionRequest(ref, Decision(decision), **options, withdraws=withdraws)
    try:
        result = decide(checkout_of(ctx), request, view, push=push, dry_run=dry_run)
    except Blocked as blocked:
        show_blocked(ctx, blocked)
        raise
    if result.declined:
        view.say("nothing was signed")
        return Exit.FINDINGS
    if result.written is not None and result.status is not None:
        show_written(ctx, result.written, dry_run=dry_run)
        if not dry_run:
            show_status_after(ctx, result.status, result.written)
    if decision == "refused" and not push and not dry_run:
        show_not_durable(request)
    return Exit.CLEAN


class Terminal:
    """Shows decisions on the terminal, and asks before they are signed. `agreed` means that the person has said yes."""

    def __init__(self, ctx: click.Context, *, agreed: bool) -> None:
        self._ctx = ctx
        self._agreed = agreed

    def show(self, context: DecisionContext, *, first: bool) -> None:
        """Shows the record, its status, and its differences from the protected branch."""
        show_context(self._ctx, context, record=first)
        if self._ctx.info_name != "propose":
            show_difference(self._ctx, context)

    def say(self, sentence: str) -> None:
        """Prints the sentence on standard error."""
        note(sentence)

    def confirm(self, context: DecisionContext) -> bool:
        """Asks on a terminal. Nobody can answer for a script; by calling the command it has said what it wants."""
        if self._agreed or not sys.stdin.isatty():
            return True
        verb, subject = self._ctx.info_name, context.verdict.question.subject
        return click.confirm(f"{verb} {subject} at gate {context.gate.name}, as it is shown?", default=False, err=True)


propose_command = _command("propose")
approve_command = _command("approve")
refuse_command = _command("refuse")
withdraw_command = _command("withdraw")
