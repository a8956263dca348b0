"""`itsm check`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
from click.core import ParameterSource

from itsm_as_code.cli.options import at_option, checkout_of, format_option, start_of
from itsm_as_code.cli.output import note, put, screen, show, tell_clock
from itsm_as_code.domain.errors import CouldNotCheck, Exit, UsageFault
from itsm_as_code.domain.rule import Severity
from itsm_as_code.domain.wording import listed

if TYPE_CHECKING:
    from itsm_as_code.app.checking.push_gate import Update
    from itsm_as_code.app.checking.report import Report
    from itsm_as_code.app.checkout.checkout import Checkout
    from itsm_as_code.domain.approval.audit import Audit

EPILOG = """\b
Examples:
  itsm check
  itsm check --base origin/main --format github
"""


@dataclass(frozen=True, slots=True)
class _Checked:
    """What was checked, with what a format needs to tell it. `base` is None unless it is a step."""

    checkout: Checkout
    report: Report
    base: str | None
    failed: bool

    @property
    def sentence(self) -> str:
        from itsm_as_code.render.findings import summary

        return summary(self.report.findings, self.report.evaluated, len(self.report.suppressed), self.report.scope)


def _report_text(checked: _Checked) -> None:
    from itsm_as_code.app.checking.report import relative_to_user
    from itsm_as_code.render.findings import as_text

    report, checkout = checked.report, checked.checkout
    fixer = f"itsm fix --base {checked.base}" if checked.base is not None else "itsm fix"
    shorten = partial(relative_to_user, checkout.root, checkout.start)
    for line in as_text(report.findings, report.sources, shorten, fixer, screen().width):
        show(line)
    show(checked.sentence)


def _report_json(checked: _Checked) -> None:
    from itsm_as_code.render.findings import as_json

    report, status = checked.report, "findings" if checked.failed else "clean"
    at = checked.checkout.now
    put(as_json(report.findings, report.evaluated, report.suppressed, report.scope, at, status))


def _report_github(checked: _Checked) -> None:
    from itsm_as_code.render.github import annotate, job_summary

    report = checked.report
    for line in annotate(report.findings, report.changed, report.prefix):
        put(line)
    show(checked.sentence)
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        with Path(target).open("a", encoding="utf-8") as summary:
            summary.write(job_summary(report.findings, checked.sentence))


def _audit_text(found: Audit) -> None:
    from itsm_as_code.render.audit import as_text

    show(*as_text(found))


def _audit_json(found: Audit) -> None:
    from itsm_as_code.render.audit import as_json

    put(as_json(found))


def _audit_github(found: Audit) -> None:
    from itsm_as_code.render.audit import resting_notice
    from itsm_as_code.render.github import annotate, notice

    for line in annotate(tuple(fault.finding for fault in found.open_faults), prefix=found.prefix):
        put(line)
    resting = resting_notice(found)
    if resting is not None:
        put(notice("Look at what they let through", resting))
    _audit_text(found)


class _Format(NamedTuple):
    """How a format tells what a check found, and what an audit found."""

    report: Callable[[_Checked], None]
    audit: Callable[[Audit], None]


FORMATS = {
    "text": _Format(_report_text, _audit_text),
    "json": _Format(_report_json, _audit_json),
    "github": _Format(_report_github, _audit_github),
}
"""One row makes a format whole. The first is the default."""


_BESIDE_HOOK = ("--anchor", "--folder", "--word", "--at")
_OF_HOOK = {"pre_receive", *(option.removeprefix("--") for option in _BESIDE_HOOK)}


@click.command("check", epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--base", metavar="REV", help="Check the step from this revision to the head.")
@click.option("--head", metavar="REV", help="The head of the step; default HEAD.")
@click.option(
    "--pre-receive", metavar="REF", help="In a server's hook: judge the push of this ref from standard input."
)
@click.option("--folder", metavar="PATH", help="With --pre-receive: the workspace's folder in the repository.")
@click.option(
    "--word", metavar="WORD", help="With --pre-receive: what to say, alone on standard output, if the push may land."
)
@click.option("--history", is_flag=True, help="Audit: judge every step of the protected branch again.")
@click.option("--since", metavar="REV", help="With --history: begin after this step.")
@click.option(
    "--anchor", metavar="COMMIT", help="With --pre-receive or --history: the first commit, the root of trust."
)
@click.option(
    "--fail-on", type=click.Choice([level.value for level in Severity]), default=Severity.ERROR.value,
    show_default=True, help="The lowest severity for which the exit code is 1.",
)  # fmt: skip
@format_option(*FORMATS)
@at_option
@click.pass_context
def check_command(
    ctx: click.Context, files: tuple[str, ...], base: str | None, head: str | None, pre_receive: str | None,
    folder: str | None, word: str | None, history: bool, since: str | None, anchor: str | None, fail_on: str,
    output: str, at: datetime | None,
) -> int:  # fmt: skip
    """Check the workspace, some files, a step, or all of history.

    Checking never writes. Exit code 0 means that everything was checked and nothing was found at or above
    --fail-on.
    """
    if pre_receive is not None:
        _require_options_of_hook(ctx)
        return _receive(ctx, pre_receive, anchor, folder, word, at)
    if folder is not None or word is not None:
        raise UsageFault("--folder and --word go with --pre-receive")
    checkout = checkout_of(ctx, at, settings_may_fail=True)
    if history:
        _require_alone(files, base)
        return _audit(checkout, since, head, anchor, output)
    if since is not None or anchor is not None:
        raise UsageFault("--since and --anchor go with --history")
    report = _report(checkout, files, base, head)
    failed = any(finding.severity.rank <= Severity(fail_on).rank for finding in report.findings)
    FORMATS[output].report(_Checked(checkout, report, base, failed))
    _add_notes(report)
    tell_clock(at if base is None else None)  # the note on a step says it
    return Exit.FINDINGS if failed else Exit.CLEAN


def _require_options_of_hook(ctx: click.Context) -> None:
    """Raises for options that a hook would pass over. Whoever wrote them expects a stricter answer, or another one."""
    given = {name for name in ctx.params if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    if given - _OF_HOOK:
        raise UsageFault("a push is judged as a whole", hint=f"beside --pre-receive only {listed(_BESIDE_HOOK)} count")


def _require_alone(files: tuple[str, ...], base: str | None) -> None:
    if files or base is not None:
        raise UsageFault(
            "an audit judges every step of the protected branch",
            hint="leave out the files and --base; --since says where to begin",
        )


def _audit(
    checkout: Checkout, since: str | None, head: str | None, anchor: str | None,
    output: str,
) -> int:  # fmt: skip
    """Judges every step again. Returns 0 if each has passed or was ratified and no review is overdue."""
    from itsm_as_code.app.checking.audit import audit

    found = audit(checkout, since, head, anchor)
    FORMATS[output].audit(found)
    return Exit.CLEAN if found.clean else Exit.FINDINGS


def _receive(
    ctx: click.Context, protected: str, anchor: str | None, folder: str | None, word: str | None, at: datetime | None
) -> int:
    """Runs as a pre-receive hook. A push passes only if it was judged and found clean, and the hook was told the word
    that it waits for. People read the rest on standard error then."""
    from itsm_as_code.app.checking.push_gate import judge_push
    from itsm_as_code.app.checkout.workspace import now
    from itsm_as_code.render import findings as render

    clock = at or now()
    report = judge_push(start_of(ctx).resolve(), _updates(), protected, anchor, clock, os.environ, folder)
    if report is not None:
        fixer, err = f"itsm fix --base origin/{protected.removeprefix('refs/heads/')}", word is not None
        told = render.as_text(report.findings, report.sources, fixer=fixer, width=screen(err=err).width)
        sentence = render.summary(report.findings, report.evaluated, len(report.suppressed), report.scope)
        show(*told, sentence, err=err)
        _add_notes(report)
        tell_clock(clock)
        if any(finding.severity is Severity.ERROR for finding in report.findings):
            return Exit.FINDINGS
    if not word:
        raise CouldNotCheck(
            "this hook is of an older form: it does not wait for the word by which a push passes",
            hint="generate the hook again: itsm generate server-hook",
        )
    put(word)
    return Exit.CLEAN


def _updates() -> list[Update]:
    """Returns the updates of a push from standard input. Names of refs are bytes, and may hold what ends a line
    elsewhere."""
    from itsm_as_code.app.checking.push_gate import parse_updates

    given = sys.stdin.buffer.read() if sys.stdin is not None else b""
    *lines, rest = given.decode("utf-8", "surrogateescape").split("\n")
    if rest:
        raise CouldNotCheck("the list of updates was cut off", hint="push again")
    return parse_updates(lines)


def _add_notes(report: Report) -> None:
    for words in report.notes:
        note(f"note: {words}")


def _report(checkout: Checkout, files: tuple[str, ...], base: str | None, head: str | None) -> Report:
    from itsm_as_code.app.checking.files import check_files
    from itsm_as_code.app.checking.whole import check_workspace

    if base is not None:
        from itsm_as_code.app.checking.step import check_step

        if files:
            raise UsageFault("a step is checked as a whole", hint="leave out the files, or leave out --base")
        return check_step(checkout, base, head)
    if head is not None:
        raise UsageFault("--head goes with --base")
    return check_files(checkout, files) if files else check_workspace(checkout)
