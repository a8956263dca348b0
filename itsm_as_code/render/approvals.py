"""How approvals stand, a change in one line or two: the answer, the title, and in short why."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.answer import Status, Verdict
from itsm_as_code.domain.digest import changed_fields
from itsm_as_code.domain.instants import write_instant
from itsm_as_code.domain.kinds.approval import Decision
from itsm_as_code.render.clean import one_line
from itsm_as_code.render.style import Style
from itsm_as_code.render.verdict import in_colour

if TYPE_CHECKING:
    from itsm_as_code.domain.approval.debts import Debt

WIDTH = 120
"""Columns where the terminal does not say."""
_INDENT = 10
_BETWEEN = " · "
_MOST_NAMES = 3
_MOST_LINES = 2


def as_text(label: str, status: Status, why: str, style: Style, width: int = WIDTH) -> Iterator[str]:
    """A record with the answer, and why: beside it where there is room, else below."""
    label, why = one_line(label), one_line(why)
    room = max(width - _INDENT, _INDENT)
    head = f"{in_colour(status, style, _INDENT)}{label if len(label) <= room else label[: room - 1] + '…'}"
    if len(label) + len(_BETWEEN) + len(why) <= room:
        yield head + style.faint(_BETWEEN + why)
        return
    yield head
    below = textwrap.wrap(why, room, max_lines=_MOST_LINES, placeholder=" …", break_on_hyphens=False)
    yield from (" " * _INDENT + style.faint(line) for line in below)


def in_short(verdicts: Sequence[Verdict], debt: Debt | None) -> str:
    """What the answers at the gates rest on; the first gate goes without saying."""
    first, *others = verdicts
    told = [_why(first), *(f"{verdict.question.gate}: {_why(verdict)}" for verdict in others)]
    if debt is not None:
        told.append(f"review due {write_instant(debt.due)}")
    return "; ".join(words for words in told if words)


def is_stale(verdict: Verdict) -> bool:
    """Whether people wait for an answer again because the content changed since they approved it."""
    return verdict.status is Status.PENDING and bool(_stale(verdict)[0])


def _why(verdict: Verdict) -> str:
    match verdict.status:
        case Status.UNKNOWN:
            return "; ".join(verdict.faults)
        case Status.REFUSED:
            return "; ".join(f"refused by {act.stands_for}: {act.comment or 'no words'}" for act in verdict.blocking)
        case Status.APPROVED:
            by = [each.by for each in verdict.filled if each.by]
            return f"by {_names(by)}" if by else f"nobody has to decide: {', '.join(verdict.rules)}"
    return "; ".join([*verdict.question.held_back, *_lacking(verdict)])


def _lacking(verdict: Verdict) -> Iterator[str]:
    if verdict.missing_proposal:
        yield "not proposed yet"
    stale, changed = _stale(verdict)
    if stale:
        yield f"stale: {', '.join(changed) or 'the content'} changed since {_names(stale)} approved"
    if not verdict.missing_proposal:
        yield from dict.fromkeys(_empty(verdict))


def _empty(verdict: Verdict) -> Iterator[str]:
    for each in verdict.filled:
        if each.by is None:
            rule = each.place.rule.split("/")[-1]
            seat = "" if verdict.question.gate.endswith(f"/{rule}") else f"{rule} "
            yield f"{seat}waits for {_names(each.could, 'or')}"


def _stale(verdict: Verdict) -> tuple[list[str], list[str]]:
    """Who approved other content and has not decided on this one, and what changed since, but for its number."""
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
    return people[0] if people else "nobody who could"
