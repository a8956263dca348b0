"""Family REF: checks that the records named in references exist, are in use, and form no circles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import starmap
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.content import content
from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.finding import Spot, cut, dotted
from itsm_as_code.domain.ids import parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.kinds.team import Team
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.shape import Reference, references
from itsm_as_code.domain.suggest import nearest

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.snapshot import Snapshot

FEW = 8
"""The highest number of ids that a hint lists."""

DANGLING = rule(
    "REF001", "dangling-reference",
    why="Somebody who follows the reference in the middle of an incident finds nothing.",
    fix="Correct the id, or add the missing record in the same pull request.",
)  # fmt: skip
TO_RETIRED = rule(
    "REF002", "reference-to-retired",
    severity=Severity.WARNING,
    why="An open or active record should not depend on a record that is no longer in use.",
    fix="Refer to the record that replaced it.",
)  # fmt: skip
TO_ITSELF = rule(
    "REF003", "reference-to-itself",
    why="A record can't be its own parent, duplicate or dependency.",
    fix="Remove the reference, or name the record that you meant.",
)  # fmt: skip
CYCLE = rule(
    "REF004", "references-in-a-circle",
    why="In a circle of parents, duplicates or dependencies, no record comes first, so no order can be computed.",
    fix="Remove one of the references in the circle.",
)  # fmt: skip
ASSIGNEE_OUTSIDE_TEAM = rule(
    "REF005", "assignee-outside-team",
    severity=Severity.NOTICE,
    why="The team's queue and the assignee's should show the same tickets.",
    fix="Assign a member of the team, or move the ticket to the assignee's team.",
)  # fmt: skip


@record_check(DANGLING)
def dangling_reference(record: Record, ctx: Context) -> Iterator[Spot]:
    """Finds references to records that do not exist."""
    if all(starmap(ctx.snapshot.exists, content(record).targets)):
        return
    for reference in references(record):
        kind, record_id = reference.target
        # An act may name another act that has landed on base while this branch does not have it yet.
        if record.KIND == "approval" and reference.field[0] == "supersedes":
            continue
        if not ctx.snapshot.exists(kind, record_id):
            yield _dangling(reference, kind, record_id, ctx.snapshot)


def _dangling(reference: Reference, kind: str, record_id: str, snapshot: Snapshot) -> Spot:
    known = [_found_as(other, snapshot) for other in snapshot.records(kind)] if KINDS[kind].has_slug else []
    found = nearest(record_id, known, cutoff=0.7)
    field = dotted(reference.field)
    fix, hint = None, _where_ids_are(kind, known)
    if found is not None:
        value = found if len(reference.kinds) == 1 else f"{kind}/{found}"
        fix = Fix(f"write {value}", (SetValue(reference.field, value),), safe=False)
        hint = f"did you mean `{value}`?"
    return Spot(f"`{field}`: there is no {kind} `{cut(record_id)}`", reference.field, help=hint, fix=fix)


def _found_as(record: Record, snapshot: Snapshot) -> str:
    """Returns the id by which references find the record: the one in its path, even if its `id` differs."""
    located = parse_path(snapshot.path(record))
    return located[1] if located is not None else record.id


def _where_ids_are(kind: str, known: list[str]) -> str | None:
    if 0 < len(known) <= FEW:
        return "one of " + ", ".join(f"`{record_id}`" for record_id in sorted(known)) + ", or add the record"
    return f"`itsm list {KINDS[kind].folder}` shows all of them; or add the record" if known else None


@record_check(TO_RETIRED)
def reference_to_retired(record: Record, ctx: Context) -> Iterator[Spot]:
    """Finds references from open or active records to retired records."""
    over = _OVER.get(record.KIND)
    if over is None or getattr(record, "state", None) in over:
        return
    if not any(_is_retired(ctx.snapshot, *target) for target in content(record).targets):
        return
    for reference in references(record):
        if reference.field[0] in ("timeline", "authors", "replaced_by", "verified", "post_incident_review"):
            continue
        kind, record_id = reference.target
        if _is_retired(ctx.snapshot, kind, record_id):
            yield Spot(f"{kind} `{record_id}` is retired", reference.field)


_OVER = {kind: frozenset({None, *table.final, "resolved", "fulfilled"}) for kind, table in LIFECYCLES.items()}
"""The states in which a record is no longer worked on."""


def _is_retired(snapshot: Snapshot, kind: str, record_id: str) -> bool:
    return KINDS[kind].has_slug and getattr(snapshot.get(kind, record_id), "state", None) == "retired"


@record_check(TO_ITSELF)
def reference_to_itself(record: Record, _: Context) -> Iterator[Spot]:
    """Finds references from a record to itself."""
    if (record.KIND, record.id) not in content(record).targets:
        return
    for reference in references(record):
        if reference.target == (record.KIND, record.id) and reference.field[0] != "authors":
            yield Spot("the record refers to itself", reference.field)


def _values(*fields: str) -> Callable[[Any], list[str]]:
    def look(record: Any) -> list[str]:
        found: list[str] = []
        for field in fields:
            value = getattr(record, field, None)
            found += [value] if isinstance(value, str) else list(value or ())
        return found

    return look


DIRECTED: dict[str, tuple[str, ...]] = {
    "incident": ("parent", "duplicate_of"),
    "change": ("depends_on",),
    "team": ("parents",),
    "article": ("replaced_by",),
}
"""Maps each kind to those of its fields that name records of the same kind and must not form a circle."""


@record_check(CYCLE, *DIRECTED)
def references_in_a_circle(record: Record, ctx: Context) -> Iterator[Spot]:
    """Finds circles of references, and reports each at every record in it."""
    for field in DIRECTED[record.KIND]:
        if not getattr(record, field):
            continue
        follow = _values(field)
        seen: set[str] = set()
        ahead = list(follow(record))
        while ahead:
            record_id = ahead.pop()
            if record_id == record.id:
                if record.id not in follow(record):  # a reference to itself has a finding of its own
                    yield Spot(f"`{field}` leads back to {record.id}", (field,))
                break
            if record_id not in seen:
                seen.add(record_id)
                target = ctx.snapshot.get(record.KIND, record_id)
                ahead += follow(target) if target is not None else []


@record_check(ASSIGNEE_OUTSIDE_TEAM, "incident", "problem", "request")
def assignee_outside_team(record: Any, ctx: Context) -> Iterator[Spot]:
    """Finds open tickets whose assignee is not a member of their team."""
    if record.state in LIFECYCLES[record.KIND].final:
        return
    person, team_id = record.current("assignee"), record.current("team")
    if person in (None, "nobody") or team_id is None:
        return
    team = ctx.snapshot.find(Team, team_id)
    if team is not None and person not in team.members:
        yield Spot(f"{person} is not a member of team {team_id}", ("timeline",))


RULES = (DANGLING, TO_RETIRED, TO_ITSELF, CYCLE, ASSIGNEE_OUTSIDE_TEAM)
