"""Says for every material field of a standard change how its change model bounds it, or why it is free.

What a model does not allow is not allowed. `BOUND`, `FREE` and `FORM` together name every material field of a change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, time, timedelta
from typing import TYPE_CHECKING

from itsm_as_code.domain.approval.affected import affected_services, affected_tiers
from itsm_as_code.domain.approval.directory import directory_of
from itsm_as_code.domain.calendars.open_times import compile_calendar
from itsm_as_code.domain.errors import ItsmError
from itsm_as_code.domain.kinds.calendar import Calendar
from itsm_as_code.domain.kinds.change import RiskLevel
from itsm_as_code.domain.kinds.person import Person
from itsm_as_code.domain.kinds.service import Service
from itsm_as_code.domain.kinds.team import Team
from itsm_as_code.domain.kinds.types import Visibility
from itsm_as_code.domain.risk import assess

if TYPE_CHECKING:
    from datetime import datetime

    from itsm_as_code.domain.kinds.change import Change, Window
    from itsm_as_code.domain.kinds.change_model import ChangeModel
    from itsm_as_code.domain.snapshot import Snapshot

LONGEST = timedelta(hours=24)
"""How long a window may be if the model does not say."""
_OPENNESS = (Visibility.IT, Visibility.STAFF, Visibility.PUBLIC)

Bound = Callable[["Change", "ChangeModel", "Snapshot"], Iterator[str]]
"""Yields, in sentences, what a change has in a field that its model on base does not allow."""


def faults_of_bounds(change: Change, model: ChangeModel, base: Snapshot) -> Iterator[str]:
    """Yields what a change carries that its model does not allow."""
    from itsm_as_code.domain.shape import material_keys

    for bound in dict.fromkeys(BOUND.values()):
        yield from bound(change, model, base)
    undecided = material_keys(type(change)) - {*BOUND, *FREE, *FORM}
    for name in sorted(undecided & change.model_fields_set):
        yield f"{_the(model)} does not say whether its changes may have `{name}`"


def _the(model: ChangeModel) -> str:
    return f"the change model {model.id}"


def _service(change: Change, model: ChangeModel, base: Snapshot) -> Iterator[str]:
    """The service and what else is affected are those of the model. A model that names no services is for all."""
    if not model.services:
        return
    if change.service not in model.services:
        yield f"{_the(model)} is not for service {change.service}"
    for ref, service in affected_services(change, base):
        if service not in model.services:
            of = f" of service {service}" if ref.startswith("asset/") and service is not None else ""
            yield f"{_the(model)} is not for {ref}{of}, which the change affects"


def _plan(change: Change, model: ChangeModel, _: Snapshot) -> Iterator[str]:
    """The plan is the model's. A change that writes one writes the same."""
    if change.plan is not None and change.plan != model.plan:
        yield f"the plan differs from {_the(model)}: leave out `plan` to use the plan of the model"


def _risk(change: Change, model: ChangeModel, base: Snapshot) -> Iterator[str]:
    """The risk is no higher than what was accepted with the model."""
    service = base.find(Service, change.service)
    found = assess(change, service.tier if service is not None else None, affected_tiers(change, base))
    levels = tuple(RiskLevel)
    if levels.index(found.level) > levels.index(model.risk):
        why = ", ".join(found.reasons)
        yield f"{_the(model)} accepts {model.risk} risk, and this change has {found.level} risk: {why}"


def _window(change: Change, model: ChangeModel, base: Snapshot) -> Iterator[str]:
    """The window is no longer than the model allows, within its hours, and within its life."""
    window, bounds = change.window, model.window
    if window is None:
        yield f"{_the(model)} needs the change to have a window"
        return
    longest = bounds.longest if bounds is not None else None
    if window.end - window.start > (longest.as_timedelta() if longest is not None else LONGEST):
        yield f"{_the(model)} allows windows of at most {longest or '24h'}: shorten the window"
    if bounds is not None and bounds.hours is not None:
        yield from _hours(window, model, bounds.hours, base)
    if model.valid_until is not None and _last_day(window) > model.valid_until.toordinal():
        yield f"{_the(model)} is valid until {model.valid_until}, but the window ends later"


def _hours(window: Window, model: ChangeModel, name: str, base: Snapshot) -> Iterator[str]:
    """The whole window lies in the hours of a calendar."""
    calendar = base.find(Calendar, name)
    if calendar is None or calendar.state != "active":
        yield f"{_the(model)} names the calendar {name}, which is not in force on base"
        return
    try:
        open_seconds = compile_calendar(calendar).working_seconds(window.start, window.end)
    except (ItsmError, ValueError) as error:
        yield f"{_the(model)} names the calendar {name}, whose hours can't be computed: {error}"
        return
    if timedelta(seconds=open_seconds) < window.end - window.start:
        yield f"{_the(model)} allows windows only in the hours of calendar {name}: itsm calendar shows them"


def _last_day(window: Window) -> int:
    """Returns the ordinal of the last day in UTC that the window includes. The end itself is not part of the window."""
    end: datetime = window.end.astimezone(UTC)
    return end.toordinal() - (1 if end.time() == time.min else 0)


def _outage(change: Change, model: ChangeModel, _: Snapshot) -> Iterator[str]:
    """Nobody notices the change, or for no longer than the model allows."""
    outage, most = change.outage, model.outage
    if outage is None or not (outage.expected or outage.minutes is not None):
        return
    if most is None:
        yield f"{_the(model)} allows no outage"
    elif outage.minutes is None or outage.minutes > most.minutes:
        yield f"{_the(model)} allows an outage of at most {most.minutes} minutes: write them in `outage.minutes`"


def _scope(change: Change, model: ChangeModel, _: Snapshot) -> Iterator[str]:
    """What is deployed are commits of the model's repositories."""
    scope = change.scope
    if scope is None or not (scope.commits or scope.repositories):
        return
    if model.scope is None:
        yield f"{_the(model)} allows no commits or repositories in `scope`"
        return
    allowed = model.scope.repositories
    others = [each for each in scope.repositories if each not in allowed]
    if others:
        yield f"{_the(model)} allows only commits of {', '.join(allowed)}, not of {', '.join(others)}"
    if not scope.repositories:
        yield f"{_the(model)} needs `scope.repositories` to say which repository the commits are of"


def _carried_out_by(change: Change, model: ChangeModel, base: Snapshot) -> Iterator[str]:
    """One of the model's teams carries the change out, by default the team that owns the service."""
    if change.team is None and change.implementer is None:
        return
    service = base.find(Service, change.service)
    teams = model.teams or ((service.owner,) if service is not None else ())
    whose = f"{_the(model)} is for {', '.join(teams) or 'no team'} to carry out"
    if change.team is not None and change.team not in teams:
        yield f"{whose}, not for team {change.team}"
    if change.implementer is not None:
        members = directory_of(base.all(Person), base.all(Team)).teams
        if not any(change.implementer in members.get(team, ()) for team in teams):
            yield f"{whose}, and {change.implementer} is not a member"


def _visibility(change: Change, model: ChangeModel, _: Snapshot) -> Iterator[str]:
    """The change is shown to no more people than the model."""
    if _OPENNESS.index(change.visibility) > _OPENNESS.index(model.visibility):
        yield f"{_the(model)} has visibility {model.visibility}, so its changes can't have {change.visibility}"


def _retrospective(change: Change, model: ChangeModel, _: Snapshot) -> Iterator[str]:
    """What was done already was not approved in advance."""
    if change.retrospective is not None:
        yield f"{_the(model)} approves work in advance: record what was done already as a normal change"


def _custom(change: Change, model: ChangeModel, base: Snapshot) -> Iterator[str]:
    """Of the workspace's own fields it has those that every change has, and those that nobody approves."""
    declared = base.settings.custom_fields.get("change", {})
    for name in change.custom:
        if name not in declared or (declared[name].material and not declared[name].required):
            way_out = "make it required or not material in itsm.yaml, or leave it out"
            yield f"{_the(model)} does not allow `custom.{name}`: {way_out}"


BOUND: Mapping[str, Bound] = {
    "service": _service,
    "affects": _service,
    "plan": _plan,
    "risk": _risk,
    "window": _window,
    "outage": _outage,
    "scope": _scope,
    "team": _carried_out_by,
    "implementer": _carried_out_by,
    "visibility": _visibility,
    "retrospective": _retrospective,
    "custom": _custom,
}
"""Maps each field that the model bounds to what looks at it."""

FREE: Mapping[str, str] = {
    "title": "It says what is special about this one time. Nobody acts on it.",
    "reason": "It says why the change is made this time. Nobody acts on it.",
    "requester": "Who asked for it gets no right by that.",
    "depends_on": "Other changes can only make it wait.",
    "incident": "It says what the change fixes. It has no say in whether the model allows the change.",
    "problem": "It says what the change fixes. It has no say in whether the model allows the change.",
    "freeze_exception": "It only asks: the people whom the freeze names decide.",
}
"""Maps each field that a standard change may fill in freely to the reason."""

FORM = ("id", "kind", "schema", "revision", "type", "model", "imported")
"""Fields that say which record this is, and of which model. Other rules say what they must be."""
