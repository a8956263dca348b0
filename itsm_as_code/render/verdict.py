"""Explains a verdict to people: every seat, every act and whether it counts, and the command to run next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from itsm_as_code.checks.approvals import way_out
from itsm_as_code.domain.approval.verdict import GateStatus, SeatStatus, Verdict
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.wording import counted
from itsm_as_code.render.line import Line, Span, bad, hint, line, strong, warm

MOST_NAMES = 12
WORDS_AT = 11
"""The column at which the words beside a label begin."""


def with_next_step(verdict: Verdict) -> Iterator[Line]:
    """Yields the lines that explain a verdict; the last one says what to do while the gate is not open."""
    yield from as_text(verdict)
    if not verdict.is_open:
        yield labelled(hint("next:"), way_out(verdict))


def as_text(verdict: Verdict) -> Iterator[Line]:
    """Yields the lines that explain a verdict."""
    asked = verdict.question
    yield line(strong(asked.subject), f" at gate {asked.gate}: ", in_colour(verdict.status))
    yield labelled("content", asked.digest)
    for fault in verdict.faults:
        yield labelled(bad("error"), fault)
    for lapse in verdict.lapses:
        yield labelled(bad("lapsed"), lapse.why)
    for words in asked.held_back:
        yield labelled(bad("held"), words)
    for words in verdict.because:
        yield labelled("nobody", words)
    if verdict.filled:
        who = ", ".join(verdict.proposed_by) or "nobody yet: itsm propose"
        if asked.needs_proposal:
            yield line(f"  proposed by {who}", hang=WORDS_AT)
    for each in verdict.filled:
        yield _seat(each)
    for act in verdict.blocking:
        words = f": {act.comment}" if act.comment else ""
        yield labelled(bad("refused"), f"{act.stands_for}, {write_instant(act.at)} ({act.id}){words}")
    for person, why in sorted(asked.disqualified.items()):
        yield labelled("barred", f"{person} {why}")
    here = [gone for gone in verdict.discarded if gone.act.gate == asked.gate]
    for gone in here:
        yield labelled("ignored", f"{gone.act.id} {gone.act.decision} by {gone.act.by}: {gone.why}")
    others = sorted({gone.act.gate for gone in verdict.discarded} - {asked.gate})
    if others:
        acts = counted(len(verdict.discarded) - len(here), "act")
        yield labelled("besides", f"{acts} at {', '.join(others)}")
    for passed in verdict.skipped_rules:
        yield labelled("rule", f"{passed.rule} does not apply: {passed.why}")


def labelled(label: str | Span, words: str) -> Line:
    """Returns a line below an answer: a label, and words beside it."""
    span = label if isinstance(label, Span) else Span(label)
    return line("  ", span, " " * (WORDS_AT - 2 - len(span.text)), words, hang=WORDS_AT)


def entry_line(gate: str, commit: str, landed_at: datetime, verdict: Verdict | None) -> Line:
    """Returns the line on the step by which a record passed a gate. `verdict` is None for the first commit."""
    judged = f"by the base at that time: {verdict.status.value}" if verdict is not None else ""
    how = judged or "in the first commit, the root of trust"
    return labelled("entered", f"{gate} with this content at step {commit[:12]}, {write_instant(landed_at)}, {how}")


def in_colour(status: GateStatus) -> Span:
    """Returns the answer in its colour."""
    return {GateStatus.APPROVED: hint, GateStatus.PENDING: warm}.get(status, bad)(status.value)


def _seat(each: SeatStatus) -> Line:
    if each.by is not None:
        deputy = f", decided by deputy {each.made_by}" if each.made_by is not None else ""
        return labelled(hint("filled"), f"{each.place}: {each.by} ({each.why}){deputy}, {each.act}")
    names = ", ".join(each.could[:MOST_NAMES]) or "nobody is left who can fill it"
    more = f" and {len(each.could) - MOST_NAMES} more" if len(each.could) > MOST_NAMES else ""
    return labelled(warm("empty"), f"{each.place} ({each.seat.evidence.value} evidence): {names}{more}")
