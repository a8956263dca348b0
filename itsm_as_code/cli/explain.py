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
    from itsm_as_code.app.checkout.checkout import Checkout
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
        from itsm_as_code.app.reading.change_statuses import further_verdicts
        from itsm_as_code.render.line import line
        from itsm_as_code.render.verdict import labelled, with_next_step

        found = context_for(evaluator_here(checkout), ref, None, None)
        lines = list(_at_its_gate(checkout, found))
        for further in further_verdicts(found):
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


def _at_its_gate(checkout: Checkout, found: DecisionContext) -> Iterator[Line]:
    """Yields the verdict at the record's own gate, with the next step. Of what has landed as it is, that is the verdict
    by which it landed: it counts even if people have left since, and nothing is asked of anybody."""
    from itsm_as_code.app.approvals.entry_step import entry_step
    from itsm_as_code.app.deciding.past_gate import settled
    from itsm_as_code.app.reading.change_statuses import verdict_by_now
    from itsm_as_code.render.verdict import as_text, entry_line, labelled, with_next_step

    verdict = verdict_by_now(found)
    landed = settled(checkout, found) if not verdict.is_open else None
    if landed is not None and verdict.lapses and not landed.to_ratify:
        landed = None
    if landed is None:
        yield from with_next_step(verdict)
    clone = checkout.require_clone()
    here = clone.line(found.evaluator.now), clone.require_base(), found.path, found.subject
    entry = landed.entry if landed is not None else entry_step(*here) if not verdict.is_open else None
    if entry is None:
        return
    gate = found.verdict.question.gate
    then = next((each for each in entry.verdicts if each.question.gate == gate), None)
    if landed is not None:
        yield from as_text(then or verdict)
    yield entry_line(gate, entry.commit, entry.landed_at, then)
    if landed is not None:
        yield labelled("so", landed.words)
    if landed is not None and landed.to_ratify:
        command = f"itsm approve {found.verdict.question.subject} --gate ratify --push"
        yield labelled("next:", f"people who may decide can ratify it: {command}")
