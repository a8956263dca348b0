"""Builds the rules of a clock from a target: fills in the defaults and compiles the conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from itsm_as_code.domain.clocks.facts import clock_fields
from itsm_as_code.domain.clocks.phase import Phase
from itsm_as_code.domain.condition.compiled import Matcher, compile_condition
from itsm_as_code.domain.condition.fields import Value
from itsm_as_code.domain.condition.parse import parse_condition
from itsm_as_code.domain.condition.terms import Conjunction

if TYPE_CHECKING:
    from itsm_as_code.domain.kinds.sla import OnPriorityChange, OnReopen, PerPriority, Target

NEVER = "never"
_REMEMBERED = 1000
_OPENED: dict[str, Any] = {"state": {"set": True}}
_DONE: dict[str, Any] = {"state": ["resolved", "closed", "fulfilled", "rejected"]}
_ANSWERED: dict[str, Any] = {"any": [{"responded": True}, {"state": {"not": ["new", "submitted"]}}]}
_USUAL: dict[str, Any] = {
    "start": _OPENED,
    "stop": _DONE,
    "pause": {"state": "on_hold"},
    "cancel": {"state": "cancelled"},
    "repeat": NEVER,
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "response": {**_USUAL, "stop": _ANSWERED, "pause": NEVER},
    "resolution": _USUAL,
    "update": {**_USUAL, "start": {"responded": True}, "repeat": {"update": True}},
}
"""The default conditions of a target, by its name. Targets with a name of their own use those of `resolution`."""
CONDITIONS = ("start", "stop", "pause", "cancel", "repeat")


@dataclass(frozen=True, slots=True)
class ClockRules:
    """The rules of a clock: the conditions for its phases, and its durations. None is a condition that never holds."""

    name: str
    start: Matcher
    stop: Matcher
    pause: Matcher | None
    cancel: Matcher | None
    repeat: Matcher | None
    durations: PerPriority
    warn_at: tuple[int, ...]
    on_priority_change: OnPriorityChange
    on_reopen: OnReopen
    _reads: tuple[str, ...]
    """The names of the facts that decide the phase."""
    _phases: dict[tuple[Value, ...], tuple[bool, Phase]] = field(default_factory=dict, repr=False, compare=False)

    def phase_of(self, facts: Mapping[str, Value]) -> tuple[bool, Phase]:
        """Tells whether these facts start a clock, and which phase a started clock is in.

        Results are cached, because the tickets of a workspace have few different combinations of facts.
        """
        key = tuple([facts[name] for name in self._reads])
        known = self._phases.get(key)
        if known is None:
            known = self.start.holds(facts), self._phase(facts)
            if len(self._phases) < _REMEMBERED:
                self._phases[key] = known
        return known

    def _phase(self, facts: Mapping[str, Value]) -> Phase:
        if self.cancel is not None and self.cancel.holds(facts):
            return Phase.CANCELLED
        if self.stop.holds(facts):
            return Phase.STOPPED
        if self.pause is not None and self.pause.holds(facts):
            return Phase.PAUSED
        return Phase.RUNNING

    def tell(self, phase: Phase, facts: Mapping[str, Value]) -> str:
        """Says why a clock is in a phase: lists the facts that the condition reads."""
        matcher = {Phase.PAUSED: self.pause, Phase.STOPPED: self.stop, Phase.CANCELLED: self.cancel}.get(phase)
        names = sorted(matcher.fields) if matcher is not None else ["state"]
        if phase is Phase.PAUSED:
            names = list(dict.fromkeys((*names, "reason")))
        given = ((name, facts[name]) for name in names)
        return ", ".join(f"{name} {_say(value)}" for name, value in given if value not in (None, False))


def compile_target(name: str, target: Target) -> ClockRules:
    """Returns the rules of a target. Its name decides the defaults. Raises ConditionError if a condition is faulty."""
    found = {key: _matcher(condition) for key, condition in conditions_of(name, target)}
    start, stop = found["start"], found["stop"]
    if start is None or stop is None:
        raise ValueError("`start` and `stop` must be conditions")
    return ClockRules(
        name=name,
        start=start,
        stop=stop,
        pause=found["pause"],
        cancel=found["cancel"],
        repeat=found["repeat"],
        durations=target.duration,
        warn_at=target.warn_at,
        on_priority_change=target.on_priority_change,
        on_reopen=target.on_reopen,
        _reads=_read_by(start, stop, found["pause"], found["cancel"]),
    )


def _say(value: Value) -> str:
    return "yes" if value is True else str(value)


def _read_by(*matchers: Matcher | None) -> tuple[str, ...]:
    return tuple(sorted({name for matcher in matchers if matcher is not None for name in matcher.fields}))


def conditions_of(name: str, target: Target) -> Iterator[tuple[str, Conjunction | None]]:
    """Yields each of the five conditions with its key, defaults filled in. None means never."""
    for key in CONDITIONS:
        written = getattr(target, key)
        if written is None:
            written = _default(name, key)
        yield key, None if written == NEVER else written


@cache
def _default(name: str, key: str) -> Conjunction | str:
    written = DEFAULTS.get(name, _USUAL)[key]
    return NEVER if written == NEVER else parse_condition(written)


@cache
def _matcher(condition: Conjunction | None) -> Matcher | None:
    return None if condition is None else compile_condition(condition, clock_fields())
