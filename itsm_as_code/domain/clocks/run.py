"""Runs a clock: walks once over a ticket's moments and counts working seconds. It is pure; `now` is an argument.

At each moment, `cancel` goes before `stop`, and `stop` before `pause`. A clock that has started stays started.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from itsm_as_code.domain.calendars.business_days import due_in_business_days
from itsm_as_code.domain.calendars.zone import at_epoch, epoch
from itsm_as_code.domain.clocks.legs import Leg
from itsm_as_code.domain.clocks.phase import Phase
from itsm_as_code.domain.clocks.status import ClockStatus, Cycle
from itsm_as_code.domain.instants import Duration, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from itsm_as_code.domain.calendars.open_times import OpenTimes
    from itsm_as_code.domain.clocks.facts import Moment
    from itsm_as_code.domain.clocks.rules import ClockRules

_ACTIVE = (Phase.RUNNING, Phase.PAUSED)


def run_clock(rules: ClockRules, hours: OpenTimes, moments: Sequence[Moment], now: datetime) -> ClockStatus:
    """Returns the status at `now` of a clock with these rules. `moments` are in order and not later than `now`."""
    walk = _Walk(rules, hours)
    for moment in moments:
        walk.step(moment)
    return ClockStatus(rules.name, hours.name, walk.finish(epoch(now)))


class _Walk:
    """The state of the clock during the walk. Instants and amounts are in seconds."""

    def __init__(self, rules: ClockRules, hours: OpenTimes) -> None:
        self.rules = rules
        self.hours = hours
        self.done: list[Cycle] = []
        self.phase: Phase | None = None
        self.moment: Moment
        self.started = self.since = self.elapsed = 0
        self.duration: Duration | None = None
        self.target: int | None = None
        self.priced: int | None = None
        """The last known target. `carry` needs it if a priority in between has no target."""
        self.named_due: int | None = None
        self.legs: list[Leg] = []

    def step(self, moment: Moment) -> None:
        """Applies the changes of one moment."""
        starts, phase = self.rules.phase_of(moment.facts)
        if self.phase is None:
            if starts:
                self._begin(moment, phase)
            return
        if not self._matters(moment, phase):
            return
        self._advance(moment.at)
        if self._ends_cycle(moment, phase):
            self._end(self.phase if self.phase not in _ACTIVE else Phase.STOPPED)
            self._begin(moment, phase)
            return
        reopened = self.phase not in _ACTIVE and phase in _ACTIVE
        if phase in _ACTIVE:
            self._reprice(moment, phase)
        if reopened or phase is Phase.PAUSED:
            self.named_due = None
        self.phase, self.moment = phase, moment

    def finish(self, now: int) -> tuple[Cycle, ...]:
        """Returns all cycles, the last one as it is at `now`."""
        if self.phase is not None:
            self._advance(now)
            self._end(self.phase)
        return tuple(self.done)

    def _matters(self, moment: Moment, phase: Phase) -> bool:
        """Tells whether the moment changes the clock. If not, the leg goes on, which keeps explanations short."""
        if phase is not self.phase or self._repeats(moment):
            return True
        if phase not in _ACTIVE:
            return False
        if phase is Phase.PAUSED and moment.facts["reason"] != self.moment.facts["reason"]:
            return True
        return self.rules.durations.for_priority(moment.facts["priority"]) != self.duration

    def _repeats(self, moment: Moment) -> bool:
        return self.rules.repeat is not None and self.rules.repeat.holds(moment.facts)

    def _ends_cycle(self, moment: Moment, phase: Phase) -> bool:
        if phase not in _ACTIVE:
            return False
        if self.phase not in _ACTIVE:
            return self.rules.on_reopen.value == "new_cycle"
        return self._repeats(moment)

    def _begin(self, moment: Moment, phase: Phase) -> None:
        self.phase, self.moment = phase, moment
        self.started = self.since = moment.at
        self.elapsed, self.legs, self.priced = 0, [], None
        self._price(moment)
        if phase is Phase.PAUSED:
            self.named_due = None

    def _price(self, moment: Moment) -> None:
        """Sets the target for the priority. Business days count from the start of the cycle."""
        self.duration = self.rules.durations.for_priority(moment.facts["priority"])
        self.target = self.named_due = None
        if self.duration is None:
            return
        if self.duration.unit is Unit.BUSINESS_DAYS:
            due = due_in_business_days(self.hours, at_epoch(self.started), self.duration.amount)
            self.named_due = epoch(due)
            self.target = self.hours.working_s(self.started, self.named_due)
        else:
            self.target = self.duration.seconds
        self.priced = self.target

    def _reprice(self, moment: Moment, phase: Phase) -> None:
        if self.rules.durations.for_priority(moment.facts["priority"]) == self.duration:
            return
        policy = self.rules.on_priority_change.value
        if policy == "restart" and moment.at > self.started:
            self._end(Phase.CANCELLED)
            self._begin(moment, phase)
            return
        before = self.priced
        self._price(moment)
        if policy == "carry" and before is not None and self.target is not None:
            self.elapsed = -(-self.elapsed * self.target // before)
        if self.legs and (policy == "carry" or any(leg.phase is not Phase.RUNNING for leg in self.legs)):
            self.named_due = None

    def _advance(self, until: int) -> None:
        """Lets time pass in the present phase until `until`."""
        if self.phase is None or until <= self.since:
            return
        promised = self.target is not None or self.rules.on_priority_change.value != "carry"
        running = self.phase is Phase.RUNNING and promised
        worked = self.hours.working_s(self.since, until) if running else 0
        self.legs.append(Leg(self.phase, self.since, until, self.elapsed, worked, self.target, self.moment, self.rules))
        self.elapsed += worked
        self.since = until

    def _end(self, phase: Phase) -> None:
        """Ends the cycle in the given phase and stores it."""
        self.done.append(
            Cycle(
                phase=phase,
                started=self.started,
                until=self.since,
                elapsed_seconds=self.elapsed,
                target_seconds=self.target,
                duration=self.duration,
                priority=self.moment.facts["priority"],
                named_due=self.named_due,
                legs=tuple(self.legs),
                one_target=self.rules.on_priority_change.value == "retroactive",
                warn_at=self.rules.warn_at,
                hours=self.hours,
            )
        )
