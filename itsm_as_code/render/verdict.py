"""A verdict for people: every seat, every act that counts or does not and why, and the command to run next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from itsm_as_code.domain.approval.answer import Filled, Status, Verdict
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.wording import counted
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.style import Style

MOST_NAMES = 12


def as_text(verdict: Verdict, style: Style, next_step: str | None = None) -> Iterator[str]:
    """Lines that explain a verdict."""
    asked = verdict.question
    yield f"{style.strong(one_line(asked.subject))} at gate {asked.gate}: {in_colour(verdict.status, style)}"
    yield f"  content  {asked.digest}"
    for fault in verdict.faults:
        yield f"  {style.bad('error')}    {one_line(fault)}"
    for words in asked.held_back:
        yield f"  {style.bad('held')}     {one_line(words)}"
    for words in verdict.because:
        yield f"  nobody   {one_line(words)}"
    if verdict.filled:
        who = ", ".join(verdict.proposed_by) or "nobody yet: itsm propose"
        if asked.needs_proposal:
            yield f"  proposed by {who}"
    for each in verdict.filled:
        yield from _seat(each, style)
    for act in verdict.blocking:
        words = f": {act.comment}" if act.comment else ""
        yield f"  {style.bad('refused')}  {act.stands_for}, {write_instant(act.at)} ({act.id}){one_line(words)}"
    for person, why in sorted(asked.disqualified.items()):
        yield f"  barred   {person} {why}"
    here = [gone for gone in verdict.discarded if gone.act.gate == asked.gate]
    for gone in here:
        yield f"  ignored  {gone.act.id} {gone.act.decision} by {gone.act.by}: {one_line(gone.why)}"
    others = sorted({gone.act.gate for gone in verdict.discarded} - {asked.gate})
    if others:
        acts = counted(len(verdict.discarded) - len(here), "act")
        yield f"  besides  {acts} at {', '.join(others)}"
    for passed in verdict.passed:
        yield f"  rule     {passed.rule} does not apply: {one_line(passed.why)}"
    if next_step is not None and verdict.status is not Status.APPROVED:
        yield f"  {style.hint('next:')}    {one_line(next_step)}"


def entry_line(gate: str, commit: str, landed_at: datetime, verdict: Verdict | None) -> str:
    """What was decided at the step by which a record went past a gate; None: in the first commit."""
    judged = f"by the base of then: {verdict.status.value}" if verdict is not None else ""
    how = judged or "in the first commit, the root of trust"
    return f"  entered  {gate} with this content at step {commit[:12]}, {write_instant(landed_at)}, {how}"


def in_colour(status: Status, style: Style, width: int = 0) -> str:
    """The answer in its colour, padded to `width` columns."""
    paint = {Status.APPROVED: style.hint, Status.PENDING: style.warm}.get(status, style.bad)
    return paint(status.value) + " " * (width - len(status.value))


def _seat(each: Filled, style: Style) -> Iterator[str]:
    if each.by is not None:
        deputy = f", by the hand of {each.made_by}" if each.made_by is not None else ""
        yield f"  {style.hint('filled')}   {each.place}: {each.by} ({each.why}){deputy}, {each.act}"
        return
    names = ", ".join(each.could[:MOST_NAMES]) or "nobody is left who could"
    more = f" and {len(each.could) - MOST_NAMES} more" if len(each.could) > MOST_NAMES else ""
    yield f"  {style.warm('empty')}    {each.place} ({each.seat.evidence.value} evidence): {names}{more}"
