"""Finds the SLAs that apply to a ticket, and computes the status of their clocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.open_times import OpenTimes, compile_calendar
from itsm_as_code.domain.calendars.zone import at_epoch
from itsm_as_code.domain.clocks.facts import CONTEXT_FIELDS, Moment, moments_of
from itsm_as_code.domain.clocks.rules import ClockRules, compile_target
from itsm_as_code.domain.clocks.run import run_clock
from itsm_as_code.domain.clocks.status import ClockStatus
from itsm_as_code.domain.condition.compiled import Explanation, Matcher, compile_condition
from itsm_as_code.domain.condition.fields import Fields, Value
from itsm_as_code.domain.condition.of_kind import RecordSubject, fields_of_kind
from itsm_as_code.domain.errors import CouldNotCheck

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.calendar import Calendar
    from itsm_as_code.domain.kinds.sla import Agreement, Sla, SlaVersion
    from itsm_as_code.domain.kinds.ticket import Ticket


@dataclass(frozen=True, slots=True)
class SlaStatus:
    """The clocks of one SLA for one ticket. `overlaps` names other SLAs of the same type that apply to it too."""

    sla: str
    agreement: Agreement
    effective_from: date
    clocks: tuple[ClockStatus, ...]
    overlaps: tuple[str, ...] = ()


class SlaBook:
    """The SLAs and calendars of a workspace, compiled once and used for many tickets.

    `context_fields` are the types of additional values that `applies_to` may name. `status` gets these values in
    `context`.
    """

    def __init__(
        self, slas: Iterable[Sla], calendars: Iterable[Calendar], context_fields: Fields = CONTEXT_FIELDS
    ) -> None:
        self._slas = sorted((sla for sla in slas if sla.state.value == "active"), key=lambda sla: sla.id)
        self._calendars = {calendar.id: calendar for calendar in calendars}
        self._context_fields = context_fields
        self._hours: dict[str | None, OpenTimes] = {}
        self._rules: dict[tuple[str, date], tuple[ClockRules, ...]] = {}
        self._selectors: dict[tuple[str, date, str], Matcher | None] = {}

    def status(
        self,
        ticket: Ticket,
        now: datetime,
        *,
        candidates: Collection[str] | None = None,
        context: Mapping[str, Value] | None = None,
    ) -> tuple[SlaStatus, ...]:
        """Returns the status at `now` of every SLA that applies to the ticket, sorted by id.

        `candidates` limits the SLAs to these ids, such as those of a service; None or empty means no limit.
        Raises CouldNotCheck if a calendar does not exist or a condition can't be decided.
        """
        moments = moments_of(ticket, now)
        opened = at_epoch(moments[0].at) if moments else ticket.opened_at
        subject = RecordSubject(ticket, {**_tracked(ticket, moments), **(context or {})})
        found = [
            SlaStatus(
                sla=sla.id,
                agreement=sla.agreement,
                effective_from=version.effective_from,
                clocks=self._clocks(sla, version, moments, now),
            )
            for sla in self._slas
            if not candidates or sla.id in candidates
            if (version := self._version(sla, opened)) is not None
            if ticket.KIND in version.kinds and self._applies(sla, version, ticket, subject)
        ]
        return tuple(_with_overlaps(status, found) for status in found)

    def hours(self, calendar: str | None) -> OpenTimes:
        """Returns the compiled calendar with this id, or 24x7 for None. Raises CouldNotCheck if there is none."""
        if calendar not in self._hours:
            if calendar is not None and calendar not in self._calendars:
                raise CouldNotCheck(f"there is no calendar {calendar}")
            self._hours[calendar] = compile_calendar(self._calendars[calendar] if calendar else None)
        return self._hours[calendar]

    def explain(self, sla: Sla, ticket: Ticket, context: Mapping[str, Value] | None = None) -> Explanation | None:
        """Explains which terms of the SLA's `applies_to` hold for a ticket.

        Returns None if the SLA has no such condition, or no version for the ticket.
        """
        version = self._version(sla, ticket.opened_at)
        selector = self._selector(sla, version, ticket) if version is not None else None
        return selector.explain(RecordSubject(ticket, context)) if selector is not None else None

    def _version(self, sla: Sla, opened: datetime) -> SlaVersion | None:
        """Returns the version in force when the ticket was opened, or None if it was opened before the first one."""
        for version in reversed(sla.versions):
            if version.effective_from <= self.hours(version.calendar).day_at(opened):
                return version
        return None

    def _applies(self, sla: Sla, version: SlaVersion, ticket: Ticket, subject: Mapping[str, Value]) -> bool:
        selector = self._selector(sla, version, ticket)
        return selector is None or selector.matches(subject)

    def _selector(self, sla: Sla, version: SlaVersion, ticket: Ticket) -> Matcher | None:
        if version.applies_to is None:
            return None
        key = (sla.id, version.effective_from, ticket.KIND)
        if key not in self._selectors:
            fields = {**fields_of_kind(type(ticket)), **self._context_fields}
            self._selectors[key] = compile_condition(version.applies_to, fields)
        return self._selectors[key]

    def _clocks(
        self, sla: Sla, version: SlaVersion, moments: tuple[Moment, ...], now: datetime
    ) -> tuple[ClockStatus, ...]:
        key = (sla.id, version.effective_from)
        if key not in self._rules:
            self._rules[key] = tuple(compile_target(name, each) for name, each in version.targets.items())
        hours = self.hours(version.calendar)
        return tuple(run_clock(rules, hours, moments, now) for rules in self._rules[key])


def _tracked(ticket: Ticket, moments: tuple[Moment, ...]) -> dict[str, Value]:
    """Returns the tracked fields at the last moment, which may be before the ticket's last entry."""
    facts = moments[-1].facts if moments else {}
    return {name: facts[name] for name in ticket.TRACKED_FIELDS if name in facts}


def _with_overlaps(status: SlaStatus, found: list[SlaStatus]) -> SlaStatus:
    names = {clock.target for clock in status.clocks}
    others = tuple(
        other.sla
        for other in found
        if other.sla != status.sla and other.agreement is status.agreement
        if names & {clock.target for clock in other.clocks}
    )
    return replace(status, overlaps=others) if others else status
