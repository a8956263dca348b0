"""The lifecycle verbs as commands, made from the lifecycle tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.consent import for_several, yes_option
from itsm_as_code.cli.options import checkout_of, dry_run_option, push_option, when_option
from itsm_as_code.cli.writing import perform
from itsm_as_code.domain.lifecycle import LIFECYCLES, Transition, kinds_of_verb
from itsm_as_code.domain.wording import with_article

_EXAMPLES = {
    "hold": ('itsm hold 7K3Q9 --reason "Waiting for the vendor"', 'itsm hold 7K3Q9 --reason "Parts ordered" --push'),
    "resolve": ('itsm resolve 7K3Q9 --summary "Renewed the certificate"',
                'itsm resolve 7K3Q9 --code workaround --summary "Moved to the second node"'),
    "fulfil": ('itsm fulfil 7K3Q9 --summary "Account made"', 'itsm fulfil 7K3Q9 --summary "Laptop handed over" --push'),
    "cancel": ('itsm cancel 7K3Q9 --reason "Opened twice"', 'itsm cancel 7K3Q9 --reason "No longer wanted" --push'),
    "reject": ('itsm reject 7K3Q9 --reason "No backout"', 'itsm reject 7K3Q9 --reason "Too risky now" --push'),
    "evaluate": ("itsm evaluate 7K3Q9 --code successful", 'itsm evaluate 7K3Q9 --code failed --summary "It broke"'),
}  # fmt: skip


_ENDINGS = ("resolution", "fulfilment", "outcome")
"""The maps that say how a record ended."""


class CodeOption(click.Option):
    """`--code`. Its help lists the codes of the kinds that the verb ends; the models are loaded only for help."""

    def __init__(self, verb: str, *, hidden: bool) -> None:
        super().__init__(["--code"], hidden=hidden)
        self._verb = verb

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Returns the option and its words, or None if the kinds have no codes."""
        from itsm_as_code.domain.assignment import choices_of
        from itsm_as_code.domain.kinds import KINDS
        from itsm_as_code.domain.shape import inner_model

        listed = []
        for kind in _ending_kinds(self._verb):
            parts = (inner_model(KINDS[kind].model, (name,)) for name in _ENDINGS)
            part = next((part for part in parts if part is not None), None)
            if part is not None and "code" in part.model_fields:
                (codes,) = choices_of(part.model_fields["code"].annotation)
                listed.append(f"{with_article(kind)}: {', '.join(str(code) for code in codes)}")
        self.help = f"How it ended. For {'; for '.join(listed)}."
        return super().get_help_record(ctx) if listed else None


def _ending_kinds(verb: str) -> list[str]:
    """Returns the kinds that must say how they ended after this verb."""
    found = []
    for kind, table in LIFECYCLES.items():
        targets = {step.target for step in table.transitions if step.verb == verb}
        if any(demand.path in _ENDINGS for target in targets for demand in table.demands.get(target, ())):
            found.append(kind)
    return found


def verb_command(verb: str) -> click.Command:
    """Returns the command of a verb."""
    steps = [step for table in LIFECYCLES.values() for step in table.transitions if step.verb == verb]
    told = any(LIFECYCLES[kind].in_timeline for kind in kinds_of_verb(verb))
    ends = bool(_ending_kinds(verb))
    options = [
        click.Argument(["refs"], nargs=-1, required=True, metavar="REF...", shell_complete=complete_refs),
        click.Option(
            ["--reason"], hidden=not told, help="Why: what it waits for, why it is cancelled, or why work begins again."
        ),
        CodeOption(verb, hidden=not ends),
        click.Option(["--summary"], hidden=not ends, help="How it was solved or ended, in a sentence or two."),
        click.Option(["--note"], hidden=not told, help="What else the team should know."),
        click.Option(["--public"], hidden=not told, help="What users are told."),
        click.Option(["--set", "words"], multiple=True, metavar="FIELD=VALUE", help="Set another field too."),
    ]
    first, second = _EXAMPLES.get(verb, (f"itsm {verb} {_usual(verb)}", f"itsm {verb} {_usual(verb)} --push"))
    command = click.Command(
        verb, callback=_callback(verb), params=list(options), help=_help(steps), short_help=steps[0].summary,
        epilog=f"\b\nExamples:\n  {first}\n  {second}\n",
    )  # fmt: skip
    for decorate in (dry_run_option, push_option, yes_option, when_option):
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
        note: str | None, public: str | None, words: tuple[str, ...], when: datetime | None, yes: bool, push: bool,
        dry_run: bool,
    ) -> int:  # fmt: skip
        from itsm_as_code.app.writing.lifecycle_verb import VerbRequest, may_pass_a_gate, transition

        step = VerbRequest(verb, refs, reason, code, summary, note, public, words)
        message = f"{' '.join(refs)}: {verb}"[:70]
        return perform(
            ctx, lambda who, now: transition(step, who, now, when), message, push=push, dry_run=dry_run,
            gated=may_pass_a_gate(checkout_of(ctx).here, step), agreed=for_several(named=True, yes=yes),
        )  # fmt: skip

    return callback
