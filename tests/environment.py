"""The environment that tests run in. It is chosen here: what the machine, its user or a Git hook has set stays outside.

Kept is what a process needs to run at all, the time zone (every test holds in any), and what asks something of the
tests themselves. A process that a test starts inherits nothing else: no locale, no colour wish, no width of a window,
no setting of Python or Git, no agent with keys.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

KEPT = frozenset({"PATH", "TMPDIR", "LD_LIBRARY_PATH", "TZ", "MUTANT_UNDER_TEST"})
KEPT_PREFIXES = ("ITSM_REQUIRE_", "ITSM_ACCEPT_", "PYTEST_", "PLAYWRIGHT_")
ANOTHER_CLOCK = frozenset(
    {"LD_PRELOAD", "FAKETIME", "FAKETIME_SHARED", "FAKETIME_DONT_FAKE_MONOTONIC", "NO_FAKE_STAT", "PYTHONPATH"}
)
"""What hands another clock on to every process, where the tests are run under one (see tests/ahead)."""

GIT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Ana Example",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana Example",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
}


def clock_of(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of an environment that hand its clock on; none where it is the machine's."""
    if "FAKETIME" not in environment:
        return {}
    return {name: value for name, value in environment.items() if name in ANOTHER_CLOCK}


def clean(environment: Mapping[str, str], home: str) -> dict[str, str]:
    """What is left of an environment for tests, with a home, a language and an identity for Git."""
    kept = {name: value for name, value in environment.items() if name in KEPT or name.startswith(KEPT_PREFIXES)}
    return kept | clock_of(environment) | GIT | {"HOME": home, "LANG": "C.UTF-8"}


def on_the_machines_clock(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without another clock: libfaketime takes the first free descriptor, and shall not take a closed
    standard stream, over which a program would then write into the clock of all."""
    return {name: value for name, value in environment.items() if name not in ANOTHER_CLOCK}
