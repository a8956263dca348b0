"""`itsm init`."""

from __future__ import annotations

from pathlib import Path

import click

from itsm_as_code.cli.options import clock, start_of
from itsm_as_code.domain.errors import UsageFault

EPILOG = """\b
Examples:
  itsm init
  itsm init --name "Example Ltd" --service "Web shop" --time-zone Europe/Berlin
"""


@click.command("init", epilog=EPILOG)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--name", help="What the workspace is called; default the folder's name.")
@click.option("--service", default="Website", show_default=True, help="The name of the first service.")
@click.option("--person", help="Your name; default from Git.")
@click.option("--email", help="Your address; default from Git.")
@click.option("--time-zone", default="UTC", show_default=True, metavar="ZONE", help="An IANA zone, e.g. Europe/Berlin.")
@click.option("--no-git", is_flag=True, help="Do not make a Git repository.")
@click.pass_context
def init_command(
    ctx: click.Context, folder: Path | None, name: str | None, service: str, person: str | None,
    email: str | None, time_zone: str, no_git: bool,
) -> None:  # fmt: skip
    """Make a workspace that passes its own check.

    It has a first service, SLA, calendar, team, policies, your person, an article, a CI workflow,
    JSON Schemas and editor settings. Nothing that is there already is overwritten.
    """
    from itsm_as_code.app.initialise import Founding, identity_of, initialise

    root = (start_of(ctx) / (folder or Path())).resolve()
    known = identity_of(root if root.is_dir() else Path.cwd())
    person, email = person or (known and known[0]), email or (known and known[1])
    if not person or not email:
        raise UsageFault("nobody to be the first person", hint="give --person and --email, or set user.name in Git")
    founding = Founding(name or root.name or "Workspace", service, person, email, time_zone)
    founded = initialise(root, founding, clock(None), git=not no_git)
    if founded.new_repository:
        click.echo(f"made a Git repository in {root}")
    schemas = [path for path in founded.files if path.startswith("schemas/")]
    for path in founded.files:
        if path not in schemas:
            click.echo(f"wrote {path}")
    click.echo(f"wrote schemas/ ({len(schemas)} files for your editor)")
    if not ctx.obj["quiet"]:
        click.echo("next: itsm check, then git add . && git commit", err=True)
