"""`itsm explain`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import at_option, checkout_of
from itsm_as_code.cli.output import note, show, tell_clock
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.domain.suggest import did_you_mean

if TYPE_CHECKING:
    from itsm_as_code.app.approvals.decision_context import DecisionContext
    from itsm_as_code.app.checkout.clone import Clone
    from itsm_as_code.render.line import Line

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

    CODE is a check's code or name. For a record it explains the approval, seat by seat; the SLA clocks, interval by
    interval; the priority; or the state, which is the default.
    """
    from itsm_as_code.checks.catalogue import RULES

    code = word.upper() if word.upper() in RULES else next((c for c, rule in RULES.items() if rule.name == word), None)
    if code is not None and aspect is None:
        _explain_rule(code)
    elif aspect is None and word.isalnum() and word[-3:].isdigit() and word[:-3].isalpha():
        raise UsageFault(f"there is no check `{word}`", hint=did_you_mean(word.upper(), RULES) or None)
    else:
        _explain_record(ctx, word, aspect or "state", at)


def _explain_rule(code: str) -> None:
    from itsm_as_code.checks.catalogue import RULES
    from itsm_as_code.checks.examples import example
    from itsm_as_code.render.line import fixed, line

    rule = RULES[code]
    show(line(f"{rule.code} {rule.name} ({rule.severity}, since {rule.since})"), "")
    show(line(rule.why, hang=0), "", line(f"How to fix it: {rule.fix}", hang=0))
    found = example(code)
    if found is not None:
        for title, text in zip(("Fails", "Passes"), found, strict=True):
            show("", f"{title}:", "", *(fixed(f"  {row}".rstrip(" ")) for row in text.rstrip("\n").split("\n")))


def _explain_record(ctx: click.Context, ref: str, aspect: str, at: datetime | None) -> None:
    checkout = checkout_of(ctx, at)
    lines: list[Line]
    if aspect == "sla":
        from itsm_as_code.app.reading.sla import itemised
        from itsm_as_code.render.sla import explained

        zone = checkout.here.settings.time_zone
        lines = list(explained(itemised(checkout, ref), zone, checkout.now))
        if not lines:
            show("no SLA applies to this ticket: its service has no agreement that covers it")
    elif aspect == "approval":
        from itsm_as_code.app.approvals.decision_context import context_for
        from itsm_as_code.app.checkout.evaluator_here import evaluator_here
        from itsm_as_code.app.reading.change_statuses import further_gates, verdict_by_now
        from itsm_as_code.render.line import line
        from itsm_as_code.render.verdict import labelled, with_next_step

        found = context_for(evaluator_here(checkout), ref, None, None)
        verdict = verdict_by_now(found)
        lines = list(with_next_step(verdict))
        lines += _entry(checkout.require_clone(), found) if not verdict.is_open else ()
        for gate in further_gates(found.evaluator, found.subject):
            further = found.evaluator.verdict(found.subject, gate)
            lines += [line(""), *with_next_step(further)]
        lines += [labelled("owed", debt.words) for debt in found.evaluator.debts if debt.change == found.subject.id]
        note(f"note: rules and people are those of {found.evaluator.base.tree.label}")
    else:
        from itsm_as_code.app.reading.explain import reasons
        from itsm_as_code.render.line import verbatim

        lines = [each for words in reasons(checkout, ref, aspect) for each in verbatim(words)]
    show(*lines)
    if aspect in ("approval", "sla"):
        tell_clock(at)


def _entry(clone: Clone, found: DecisionContext) -> Iterator[Line]:
    """Yields what was decided when the record passed the gate. That counts even if people have left since."""
    from itsm_as_code.app.approvals.entry_step import entry_step
    from itsm_as_code.render.line import line
    from itsm_as_code.render.verdict import entry_line

    entry = entry_step(clone.line(found.evaluator.now), clone.require_base(), found.path, found.subject)
    gate = found.verdict.question.gate
    if entry is not None:
        then = next((verdict for verdict in entry.verdicts if verdict.question.gate == gate), None)
        yield entry_line(gate, entry.commit, entry.landed_at, then)
        if then is not None and not then.is_open:
            command = f"itsm approve {found.verdict.question.subject} --gate ratify"
            yield line(f"  it went past the check; people who may decide can ratify it with: {command}", hang=4)
