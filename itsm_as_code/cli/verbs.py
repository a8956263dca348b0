"""The lifecycle verbs as commands, made from the lifecycle tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import dry_run_option, push_option, when_option
from itsm_as_code.cli.writing import perform
from itsm_as_code.domain.lifecycle import LIFECYCLES, Transition, kinds_of_verb

_EXAMPLES = {
    "hold": ('itsm hold 7K3Q9 --reason "Waiting for the vendor"', 'itsm hold 7K3Q9 --reason "Parts ordered" --push'),
    "resolve": ('itsm resolve 7K3Q9 --summary "Renewed the certificate"',
                'itsm resolve 7K3Q9 --code workaround --summary "Moved to the second node"'),
    "fulfil": ('itsm fulfil 7K3Q9 --summary "Account made"', 'itsm fulfil 7K3Q9 --summary "Laptop handed over" --push'),
    "cancel": ('itsm cancel 7K3Q9 --reason "Opened twice"', 'itsm cancel 7K3Q9 --reason "No longer wanted" --push'),
    "reject": ('itsm reject 7K3Q9 --reason "No backout"', 'itsm reject 7K3Q9 --reason "Too risky now" --push'),
    "evaluate": ("itsm evaluate 7K3Q9 --code successful", 'itsm evaluate 7K3Q9 --code failed --summary "It broke"'),
}  # fmt: skip


def verb_command(verb: str) -> click.Command:
    """The command of a verb."""
    steps = [step for table in LIFECYCLES.values() for step in table.transitions if step.verb == verb]
    options = [
        click.Argument(["refs"], nargs=-1, required=True, metavar="REF...", shell_complete=complete_refs),
        click.Option(["--reason"], help="Why: what is waited for, why it is dropped or taken up again."),
        click.Option(["--code"], help="How it ended, e.g. fixed, workaround, successful, rolled_back."),
        click.Option(["--summary"], help="What ended it, in a sentence or two."),
        click.Option(["--note"], help="What else is to be known, for the team."),
        click.Option(["--public"], help="What users are told."),
        click.Option(["--set", "words"], multiple=True, metavar="FIELD=VALUE", help="Set another field with it."),
    ]
    first, second = _EXAMPLES.get(verb, (f"itsm {verb} {_usual(verb)}", f"itsm {verb} {_usual(verb)} --push"))
    command = click.Command(
        verb, callback=_callback(verb), params=list(options), help=_help(steps), short_help=steps[0].summary,
        epilog=f"\b\nExamples:\n  {first}\n  {second}\n",
    )  # fmt: skip
    for decorate in (dry_run_option, push_option, when_option):
        command = decorate(command)
    return command


def _usual(verb: str) -> str:
    kinds = kinds_of_verb(verb)
    return "7K3Q9" if any(LIFECYCLES[kind].in_timeline for kind in kinds) else "vpn-connect"


def _help(steps: list[Transition]) -> str:
    kinds = [(kind, s) for kind, table in LIFECYCLES.items() for s in table.transitions if s in steps]
    ways: dict[tuple[str, str], list[str]] = {}
    for kind, step in kinds:
        ways.setdefault((", ".join(step.origins), step.target), []).append(kind)
    lines = [f"  {origins} to {target}: {', '.join(names)}" for (origins, target), names in ways.items()]
    return f"{steps[0].summary}\n\n\b\n" + "\n".join(lines)


def _callback(verb: str) -> Any:
    @click.pass_context
    def callback(
        ctx: click.Context, refs: tuple[str, ...], reason: str | None, code: str | None, summary: str | None,
        note: str | None, public: str | None, words: tuple[str, ...], when: datetime | None, push: bool, dry_run: bool,
    ) -> int:  # fmt: skip
        from itsm_as_code.app.transition import Step, transition

        step = Step(verb, refs, reason, code, summary, note, public, words)
        message = f"{' '.join(refs)}: {verb}"[:70]
        return perform(ctx, lambda who, now: transition(step, who, now, when), message, push=push, dry_run=dry_run)

    return callback
