"""Shows the status of approvals: for each change the answer, the title and a short reason, in one or two lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.rule_names import rules_meant, short_name
from itsm_as_code.domain.approval.verdict import GateStatus, Verdict
from itsm_as_code.domain.digest import changed_fields
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.render.line import Line, faint, line
from itsm_as_code.render.verdict import in_colour

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.debts import Debt

WIDTH = 120
"""This is the number of columns if the terminal does not say."""
_INDENT = 10
_BETWEEN = " · "
_MOST_NAMES = 3
_MOST_LINES = 2


def as_text(label: str, status: GateStatus, why: str, width: int = WIDTH) -> Iterator[Line]:
    """Yields the answer and the record's label, with the reason beside it if there is room, or else below."""
    room = max(width - _INDENT, _INDENT)
    answer = in_colour(status)
    head = (answer, " " * (_INDENT - len(answer.text)), label)
    if len(label) + len(_BETWEEN) + len(why) <= room:
        yield line(*head, faint(_BETWEEN + why), hang=_INDENT)
        return
    yield line(*head, hang=_INDENT)
    below = textwrap.wrap(why, room, max_lines=_MOST_LINES, placeholder=" …", break_on_hyphens=False)
    yield from (line(" " * _INDENT, faint(row), hang=_INDENT) for row in below)


def in_short(verdicts: Sequence[Verdict], debt: Debt | None) -> str:
    """Returns in short why the gates have their answers. The first gate is not named."""
    first, *others = verdicts
    told = [_why(first), *(f"{verdict.question.gate}: {_why(verdict)}" for verdict in others)]
    if debt is not None:
        told.append(f"review due {write_instant(debt.due)}")
    return "; ".join(words for words in told if words)


def waits_for(verdicts: Sequence[Verdict]) -> list[str]:
    """Everybody who could fill a seat that is empty."""
    empty = (each for verdict in verdicts for each in verdict.filled if each.by is None)
    return sorted({person for each in empty for person in each.could})


def is_stale(verdict: Verdict) -> bool:
    """Returns whether an answer is pending because the content changed after people approved it."""
    return verdict.status is GateStatus.PENDING and bool(_stale(verdict)[0])


def _why(verdict: Verdict) -> str:
    lapsed = [lapse.why for lapse in verdict.lapses]
    match verdict.status:
        case GateStatus.UNKNOWN:
            return "; ".join([*lapsed, *verdict.faults])
        case GateStatus.REFUSED:
            return "; ".join(f"refused by {act.stands_for}: {act.comment or 'no comment'}" for act in verdict.blocking)
        case GateStatus.APPROVED:
            by = [each.by for each in verdict.filled if each.by]
            return f"by {_names(by)}" if by else f"nobody has to decide: {', '.join(verdict.rules)}"
    return "; ".join([*lapsed, *verdict.question.held_back, *_lacking(verdict)])


def _lacking(verdict: Verdict) -> Iterator[str]:
    if verdict.missing_proposal:
        yield "not proposed yet"
    stale, changed = _stale(verdict)
    if stale:
        yield f"stale: {', '.join(changed) or 'the content'} changed since {_names(stale)} approved"
    if not verdict.missing_proposal:
        yield from dict.fromkeys(_empty(verdict))


def _empty(verdict: Verdict) -> Iterator[str]:
    rules = {each.place.rule for each in verdict.filled}
    for each in verdict.filled:
        if each.by is None:
            rule = short_name(each.place.rule)
            shown = rule if len(rules_meant(rule, rules)) == 1 else each.place.rule
            seat = "" if verdict.question.gate.endswith(f"/{rule}") else f"{shown} "
            yield f"{seat}waits for {_names(each.could, 'or')}"


def _stale(verdict: Verdict) -> tuple[list[str], list[str]]:
    """Returns who approved other content and has not decided on this one, and which fields changed since then.

    A new revision number is not named as a change.
    """
    asked, seated = verdict.question, {each.by for each in verdict.filled}
    gone = [
        each.act for each in verdict.discarded
        if each.act.decision is Decision.APPROVED and each.act.gate == asked.gate and each.act.digest != asked.digest
        and each.act.fault is None and each.act.stands_for not in seated
    ]  # fmt: skip
    fields = (field for act in gone for field in changed_fields(dict(act.fields), asked.fields))
    changed = sorted({field.split(".")[0] for field in fields} - {"revision"})
    return sorted({act.stands_for for act in gone}), changed


def _names(people: Sequence[str], last: str = "and") -> str:
    if len(people) > _MOST_NAMES + 1:
        return f"{', '.join(people[:_MOST_NAMES])} {last} {len(people) - _MOST_NAMES} more"
    if len(people) > 1:
        return f"{', '.join(people[:-1])} {last} {people[-1]}"
    return people[0] if people else "somebody, but nobody is left who can decide"
