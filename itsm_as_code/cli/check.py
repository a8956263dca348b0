"""`itsm check`."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.options import at_option, clock, format_option, start_of, style_of, workspace_of
from itsm_as_code.domain.errors import Exit, UsageFault
from itsm_as_code.domain.rule import Severity

if TYPE_CHECKING:
    from itsm_as_code.app.check import Report
    from itsm_as_code.app.workspace import Workspace

EPILOG = """\b
Examples:
  itsm check
  itsm check --base origin/main --format github
"""


@click.command("check", epilog=EPILOG)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--base", metavar="REV", help="Check the step from this revision to the head.")
@click.option("--head", metavar="REV", help="The head of the step; default HEAD.")
@click.option(
    "--pre-receive", metavar="REF", help="In a server's hook: judge the push of this ref from standard input."
)
@click.option("--folder", metavar="PATH", help="With --pre-receive: the workspace's folder in the repository.")
@click.option("--history", is_flag=True, help="Audit: judge every step of the protected branch again.")
@click.option("--since", metavar="REV", help="With --history: begin after this step.")
@click.option(
    "--anchor", metavar="COMMIT", help="With --pre-receive or --history: the first commit, the root of trust."
)
@click.option(
    "--fail-on", type=click.Choice([level.value for level in Severity]), default=Severity.ERROR.value,
    show_default=True, help="From which severity on the exit code is 1.",
)  # fmt: skip
@format_option("text", "json", "github")
@at_option
@click.pass_context
def check_command(
    ctx: click.Context, files: tuple[str, ...], base: str | None, head: str | None, pre_receive: str | None,
    folder: str | None, history: bool, since: str | None, anchor: str | None, fail_on: str, output: str,
    at: datetime | None,
) -> int:  # fmt: skip
    """Check the workspace, some files, a step, or all of history.

    Checking never writes. Exit code 0 means that everything was looked at and nothing was found at or
    above --fail-on.
    """
    if pre_receive is not None:
        return _receive(ctx, pre_receive, anchor, folder, clock(at))
    workspace = workspace_of(ctx, settings_may_fail=True)
    if history:
        _require_alone(files, base)
        return _audit(ctx, workspace, since, head, anchor, clock(at), output)
    if since is not None or anchor is not None or folder is not None:
        raise UsageFault("--since and --anchor go with --history, --folder with --pre-receive")
    report = _report(workspace, files, base, head, clock(at))
    failed = any(finding.severity.rank <= Severity(fail_on).rank for finding in report.findings)
    _show(ctx, workspace, report, output, base, failed=failed)
    return Exit.FINDINGS if failed else Exit.CLEAN


def _require_alone(files: tuple[str, ...], base: str | None) -> None:
    if files or base is not None:
        raise UsageFault(
            "an audit looks at every step of the protected branch",
            hint="leave out the files and --base; --since says where to begin",
        )


def _audit(
    ctx: click.Context, workspace: Workspace, since: str | None, head: str | None, anchor: str | None, at: datetime,
    output: str,
) -> int:  # fmt: skip
    """Every step again; 0 where each passed or was ratified and no review is overdue."""
    from itsm_as_code.app.approvals.audit import audit
    from itsm_as_code.render import audit as render

    found = audit(workspace, since, head, anchor, at)
    if output == "json":
        click.echo(render.as_json(found))
        return Exit.CLEAN if found.clean else Exit.FINDINGS
    if output == "github":
        from itsm_as_code.render.github import annotate

        for line in annotate(tuple(fault.finding for fault in found.standing), frozenset(), ""):
            click.echo(line)
    for line in render.as_text(found, style_of(ctx)):
        click.echo(line)
    return Exit.CLEAN if found.clean else Exit.FINDINGS


def _receive(ctx: click.Context, protected: str, anchor: str | None, folder: str | None, at: datetime) -> int:
    """As a pre-receive hook: what is not judged and found clean does not pass."""
    import sys

    from itsm_as_code.app.lane import judge_push, parse_updates
    from itsm_as_code.render import findings as render

    updates = parse_updates(sys.stdin)
    report = judge_push(start_of(ctx).resolve(), updates, protected, anchor, at, os.environ, folder)
    if report is None:
        return Exit.CLEAN
    fixer = f"itsm fix --base origin/{protected.removeprefix('refs/heads/')}"
    for line in render.as_text(report.findings, report.sources, style_of(ctx), fixer=fixer):
        click.echo(line)
    click.echo(render.summary(report.findings, report.evaluated, len(report.suppressed), report.scope))
    failed = any(finding.severity is Severity.ERROR for finding in report.findings)
    return Exit.FINDINGS if failed else Exit.CLEAN


def _report(workspace: Workspace, files: tuple[str, ...], base: str | None, head: str | None, at: datetime) -> Report:
    from itsm_as_code.app import check

    if base is not None:
        from itsm_as_code.app.check_step import check_step

        if files:
            raise UsageFault("a step is checked as a whole", hint="leave out the files, or leave out --base")
        return check_step(workspace, base, head, at)
    if head is not None:
        raise UsageFault("--head goes with --base")
    return check.check_files(workspace, files, at) if files else check.check_workspace(workspace, at)


def _show(
    ctx: click.Context, workspace: Workspace, report: Report, output: str, base: str | None, *, failed: bool
) -> None:
    from itsm_as_code.app.check import relative_to_user
    from itsm_as_code.render import findings as render

    sentence = render.summary(report.findings, report.evaluated, len(report.suppressed), report.scope)
    if output == "json":
        status = "findings" if failed else "clean"
        click.echo(render.as_json(report.findings, report.evaluated, report.suppressed, report.scope, status))
        return
    if output == "github":
        _annotate(report, sentence)
    else:
        style = style_of(ctx)
        fixer = f"itsm fix --base {base}" if base is not None else "itsm fix"
        for line in render.as_text(
            report.findings, report.sources, style, lambda path: relative_to_user(workspace, path), fixer
        ):
            click.echo(line)
        click.echo(sentence)
    for note in report.notes:
        click.echo(f"note: {note}", err=True)


def _annotate(report: Report, sentence: str) -> None:
    from itsm_as_code.render.github import annotate, job_summary

    for line in annotate(report.findings, report.changed, report.prefix):
        click.echo(line)
    click.echo(sentence)
    target = os.environ.get("GITHUB_STEP_SUMMARY")
    if target:
        with Path(target).open("a", encoding="utf-8") as summary:
            summary.write(job_summary(report.findings, sentence))
