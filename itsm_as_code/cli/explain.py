"""`itsm explain`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import at_option, clock, style_of, workspace_of
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.suggest import did_you_mean

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decide import Matter
    from itsm_as_code.app.workspace import Workspace

EPILOG = """\b
Examples:
  itsm explain LIF001
  itsm explain 7K3Q9 sla
"""


@click.command("explain", epilog=EPILOG)
@click.argument("word", metavar="CODE|REF", shell_complete=complete_refs)
@click.argument("aspect", required=False, type=click.Choice(["approval", "sla", "priority", "state"]))
@at_option
@click.pass_context
def explain_command(ctx: click.Context, word: str, aspect: str | None, at: datetime | None) -> None:
    """Explain a check, or why a record is as it is.

    CODE is a check's code or name. Of a record: its approval, seat by seat, its SLA clocks, interval by interval, its
    priority, or its state; the state where nothing is said.
    """
    from itsm_as_code.checks.catalogue import RULES

    code = word.upper() if word.upper() in RULES else next((c for c, rule in RULES.items() if rule.name == word), None)
    if code is not None and aspect is None:
        _explain_rule(code)
    elif aspect is None and word.isalnum() and word[-3:].isdigit() and word[:-3].isalpha():
        raise UsageFault(f"there is no check `{word}`", hint=did_you_mean(word.upper(), RULES) or None)
    else:
        _explain_record(ctx, word, aspect or "state", clock(at))


def _explain_rule(code: str) -> None:
    from itsm_as_code.checks.catalogue import RULES
    from itsm_as_code.checks.examples import example

    rule = RULES[code]
    click.echo(f"{rule.code} {rule.name} ({rule.severity}, since {rule.since})\n\n{rule.why}\n")
    click.echo(f"How to mend it: {rule.fix}")
    found = example(code)
    if found is not None:
        for title, text in zip(("Fails", "Passes"), found, strict=True):
            click.echo(f"\n{title}:\n")
            click.echo("\n".join(f"  {line}".rstrip() for line in text.rstrip("\n").split("\n")))


def _explain_record(ctx: click.Context, ref: str, aspect: str, at: datetime) -> None:
    workspace = workspace_of(ctx)
    style = style_of(ctx)
    if aspect == "sla":
        from itsm_as_code.app.sla import itemised
        from itsm_as_code.render.sla import explained

        zone = workspace.snapshot().settings.time_zone
        lines = list(explained(itemised(workspace, ref, at), zone, at, style))
        if not lines:
            click.echo("no SLA holds for this ticket: none of its service's agreements applies to it")
    elif aspect == "approval":
        from itsm_as_code.app.approvals.decide import matter
        from itsm_as_code.app.approvals.overview import further_gates
        from itsm_as_code.checks.approvals import way_out
        from itsm_as_code.render.verdict import as_text

        found = matter(workspace, ref, None, None, at)
        verdict = found.verdict
        lines = list(as_text(verdict, style, way_out(verdict)))
        lines += _entry(workspace, found) if not verdict.passes else ()
        for gate in further_gates(found.court, found.subject):
            further = found.court.verdict(found.subject, gate)
            lines += ["", *as_text(further, style, way_out(further))]
        lines += [f"  owed     {debt.words}" for debt in found.court.debts if debt.change == found.subject.id]
        click.echo(f"note: rules and people are those of {found.court.base.tree.label}", err=True)
    else:
        from itsm_as_code.app.explain import reasons

        lines = list(reasons(workspace, ref, aspect))
    from itsm_as_code.render.clean import clean

    for line in lines:
        click.echo(line if style.colour else clean(line))


def _entry(workspace: Workspace, found: Matter) -> Iterator[str]:
    """What was decided when the record went past the gate: that counts, whatever has become of people since."""
    from itsm_as_code.app.approvals.look_back import entry_of
    from itsm_as_code.render.verdict import entry_line

    entry = entry_of(workspace, found.path, found.subject)
    gate = found.verdict.question.gate
    if entry is not None:
        then = next((verdict for verdict in entry.verdicts if verdict.question.gate == gate), None)
        yield entry_line(gate, entry.commit, entry.landed_at, then)
        if then is not None and not then.passes:
            command = f"itsm approve {found.verdict.question.subject} --gate ratify"
            yield f"  it went past the check; whoever may decide takes it over with: {command}"
