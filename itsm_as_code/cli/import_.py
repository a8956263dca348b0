"""`itsm import`: records from ServiceNow, cState or a folder of Markdown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from itsm_as_code.cli.options import at_option, checkout_of, dry_run_option, format_option, start_of
from itsm_as_code.cli.output import note, put, show
from itsm_as_code.domain.errors import Exit

if TYPE_CHECKING:
    from itsm_as_code.app.importing.import_records import ImportResult

EPILOG = """\b
Examples:
  itsm import servicenow incidents.csv --timezone UTC --dry-run
  itsm import cstate ../status --create --timezone UTC
"""


@click.group("import", epilog=EPILOG)
def import_command() -> None:
    """Import records from ServiceNow, cState or Markdown.

    Importing the same file again changes nothing; a later export adds only what is new. A report says, field by
    field, what was dropped, guessed or cleaned.
    """


def _shared(command: Any) -> Any:
    """Adds the options that all sources take."""
    for option in (
        at_option,
        format_option("text", "json"),
        dry_run_option,
        click.option(
            "--write-mapping", type=click.Path(path_type=Path), metavar="FILE",
            help="Write the mapping in effect to this file, with the words that nothing maps yet.",
        ),
        click.option(
            "--mapping", type=click.Path(path_type=Path), metavar="FILE",
            help="A YAML file that maps their words to ours.",
        ),
        click.option("--system", "name", metavar="NAME", help="A name for this source, if you have two of its type."),
        click.option("--create", is_flag=True, help="Make records for people, teams and services that match none."),
        click.pass_context,
    ):  # fmt: skip
        command = option(command)
    return command


def _stamped(command: Any) -> Any:
    """Adds the options of sources with times."""
    zone = click.option("--timezone", metavar="ZONE", help="Zone of times without offset, e.g. Europe/Lisbon or UTC.")
    order = click.option("--dayfirst/--monthfirst", default=None, help="Whether 3/4/2016 is in April or in March.")
    return zone(order(command))


@import_command.command("servicenow", epilog="""\b
Examples:
  itsm import servicenow incident_event_log.csv --timezone Europe/Lisbon --dayfirst
  itsm import servicenow incidents.json --timezone UTC --create --dry-run
""")  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--owner", metavar="TEAM", help="The team that owns services made by --create.")
@_stamped
@_shared
def servicenow_command(
    ctx: click.Context, file: Path, owner: str | None, timezone: str | None, dayfirst: bool | None, **rest: Any
) -> int:
    """Import incidents: an event log (a row per update) or an export (a row per incident), CSV or JSON."""
    return _run(ctx, "servicenow", file, rest, owner=owner, time_zone=timezone, dayfirst=dayfirst)


@import_command.command("cstate", epilog="""\b
Examples:
  itsm import cstate ../status --create --owner platform
  itsm import cstate ../status --timezone UTC --dry-run
""")  # fmt: skip
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--owner", metavar="TEAM", help="The team that owns services made by --create.")
@_stamped
@_shared
def cstate_command(
    ctx: click.Context, folder: Path, owner: str | None, timezone: str | None, dayfirst: bool | None, **rest: Any
) -> int:
    """Import the incidents and services of a cState status page."""
    return _run(ctx, "cstate", folder, rest, owner=owner, time_zone=timezone, dayfirst=dayfirst)


@import_command.command("markdown", epilog="""\b
Examples:
  itsm import markdown ../runbooks --owner team/platform
  itsm import markdown docs --type how_to --state draft --dry-run
""")  # fmt: skip
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--owner", metavar="OWNER", help="Who keeps the articles up to date: team/… or person/….")
@click.option(
    "--type", "article_type", default="runbook", show_default=True, help="What the articles are.",
    type=click.Choice(["how_to", "faq", "runbook", "reference", "policy", "announcement"]),
)  # fmt: skip
@click.option(
    "--state", "article_state", default="published", show_default=True, help="The state of the new articles.",
    type=click.Choice(["published", "draft"]),
)  # fmt: skip
@_shared
def markdown_command(
    ctx: click.Context, folder: Path, owner: str | None, article_type: str, article_state: str, **rest: Any
) -> int:
    """Import a folder of Markdown (Hugo, MkDocs, docsify or none) as knowledge articles."""
    return _run(ctx, "markdown", folder, rest, owner=owner, article_type=article_type, article_state=article_state)


def _run(ctx: click.Context, system: str, path: Path, shared: dict[str, Any], **own: Any) -> int:
    from itsm_as_code.app.importing.import_records import ImportSource, import_records, write_mapping

    start = start_of(ctx)
    mapping = start / shared["mapping"] if shared["mapping"] is not None else None
    source = ImportSource(system, start / path, mapping=mapping, name=shared["name"], create=shared["create"], **own)
    brought = import_records(checkout_of(ctx, shared["at"]), source, dry_run=shared["dry_run"])
    if shared["write_mapping"] is not None:
        write_mapping(start / shared["write_mapping"], brought.mapping)
    _show(brought, shared["output"], dry_run=shared["dry_run"])
    return Exit.CLEAN


def _show(brought: ImportResult, output: str, *, dry_run: bool) -> None:
    from itsm_as_code.render import loss

    if output == "json":
        put(loss.as_json(brought.loss, brought.counts, brought.kept, dry_run=dry_run))
        return
    show(*loss.as_text(brought.loss, brought.counts, brought.kept, dry_run=dry_run))
    if brought.written:
        note("next: itsm check")
