"""REF: what records say of one another must be there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import starmap
from typing import TYPE_CHECKING, Any

from itsm_as_code.checks.registry import Context, record_check, rule
from itsm_as_code.domain.edit import Fix, SetValue
from itsm_as_code.domain.finding import Spot, cut, dotted
from itsm_as_code.domain.ids import parse_path
from itsm_as_code.domain.kinds import KINDS
from itsm_as_code.domain.lifecycle import LIFECYCLES
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.shape import Reference, references, targets
from itsm_as_code.domain.suggest import nearest

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.base import Record
    from itsm_as_code.domain.snapshot import Snapshot

FEW = 8
"""As many ids as a hint can name."""

DANGLING = rule(
    "REF001", "dangling-reference",
    why="Whoever follows it at 3 a.m. finds nothing.",
    fix="Correct the id, or add the record it names in the same pull request.",
)  # fmt: skip
TO_RETIRED = rule(
    "REF002", "reference-to-retired",
    severity=Severity.WARNING,
    why="Work that is still open should not rest on something that is no longer in force.",
    fix="Refer to what took its place.",
)  # fmt: skip
TO_ITSELF = rule(
    "REF003", "reference-to-itself",
    why="A record can't be its own parent, duplicate or dependency.",
    fix="Remove the reference or name the record that was meant.",
)  # fmt: skip
CYCLE = rule(
    "REF004", "references-in-a-circle",
    why="In a circle of parents, duplicates or dependencies nothing comes first, and membership never ends.",
    fix="Remove one of the references on the circle.",
)  # fmt: skip
ASSIGNEE_OUTSIDE_TEAM = rule(
    "REF005", "assignee-outside-team",
    severity=Severity.NOTICE,
    why="The team's queue and the assignee's should show the same tickets.",
    fix="Assign somebody of the team, or move the ticket to the assignee's team.",
)  # fmt: skip


@record_check(DANGLING)
def dangling_reference(record: Record, ctx: Context) -> Iterator[Spot]:
    """References to records that are not there."""
    if all(starmap(ctx.snapshot.exists, targets(record))):
        return
    for reference in references(record):
        kind, record_id = reference.target
        # Acts travel on their own: one may name another that has landed, in a branch that lacks it yet.
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
    """The id by which references find the record: its file's name, whatever it says of itself."""
    located = parse_path(snapshot.path(record))
    return located[1] if located is not None else record.id


def _where_ids_are(kind: str, known: list[str]) -> str | None:
    if 0 < len(known) <= FEW:
        return "one of " + ", ".join(f"`{record_id}`" for record_id in sorted(known)) + ", or add the record"
    return f"`itsm list {KINDS[kind].folder}` shows what there is; or add the record" if known else None


@record_check(TO_RETIRED)
def reference_to_retired(record: Record, ctx: Context) -> Iterator[Spot]:
    """References from records in force or open to records that are retired."""
    table = LIFECYCLES.get(record.KIND)
    if table is None or getattr(record, "state", None) in (None, *table.final, "resolved", "fulfilled"):
        return
    for reference in references(record):
        if reference.field[0] in ("timeline", "authors", "replaced_by", "verified", "post_incident_review"):
            continue
        kind, record_id = reference.target
        if KINDS[kind].has_slug and getattr(ctx.snapshot.get(kind, record_id), "state", None) == "retired":
            yield Spot(f"{kind} `{record_id}` is retired", reference.field)


@record_check(TO_ITSELF)
def reference_to_itself(record: Record, _: Context) -> Iterator[Spot]:
    """References whose target is the record that holds them."""
    if (record.KIND, record.id) not in targets(record):
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


_DIRECTED: dict[str, tuple[str, ...]] = {
    "incident": ("parent", "duplicate_of"),
    "change": ("depends_on",),
    "team": ("parents",),
    "article": ("replaced_by",),
}


@record_check(CYCLE, *_DIRECTED)
def references_in_a_circle(record: Record, ctx: Context) -> Iterator[Spot]:
    """Circles of references that must have a direction, reported at each record on the circle."""
    for field in _DIRECTED[record.KIND]:
        follow = _values(field)
        if not follow(record):
            continue
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
    """Open tickets whose assignee is not a member of their team."""
    person, team_id = record.current("assignee"), record.current("team")
    if person in (None, "nobody") or team_id is None or record.state in LIFECYCLES[record.KIND].final:
        return
    team: Any = ctx.snapshot.get("team", team_id)
    if team is not None and person not in team.members:
        yield Spot(f"{person} is not a member of team {team_id}", ("timeline",))


RULES = (DANGLING, TO_RETIRED, TO_ITSELF, CYCLE, ASSIGNEE_OUTSIDE_TEAM)
