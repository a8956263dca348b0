"""`itsm init`."""

from __future__ import annotations

from pathlib import Path

import click

from itsm_as_code.cli.options import start_of
from itsm_as_code.cli.output import note, show
from itsm_as_code.domain.errors import UsageFault

EPILOG = """\b
Examples:
  itsm init
  itsm init --name "Example Ltd" --service "Web shop" --time-zone Europe/Berlin
"""


@click.command("init", epilog=EPILOG)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--name", help="The name of the workspace; default: the folder's name.")
@click.option("--service", default="Website", show_default=True, help="The name of the first service.")
@click.option("--person", help="Your name; default: from Git.")
@click.option("--email", help="Your e-mail address; default: from Git.")
@click.option("--time-zone", default="UTC", show_default=True, metavar="ZONE", help="An IANA zone, e.g. Europe/Berlin.")
@click.option("--no-git", is_flag=True, help="Do not make a Git repository.")
@click.pass_context
def init_command(
    ctx: click.Context, folder: Path | None, name: str | None, service: str, person: str | None,
    email: str | None, time_zone: str, no_git: bool,
) -> None:  # fmt: skip
    """Make a workspace that passes its own check.

    It has a first service, SLA, calendar and team, policies, your record as a person, an article, a CI workflow,
    JSON Schemas and editor settings. Files that are there already are never overwritten.
    """
    from itsm_as_code.app.checkout.workspace import now
    from itsm_as_code.app.setup.init import InitRequest, identity_of, initialise

    root = (start_of(ctx) / (folder or Path())).resolve()
    known = identity_of(root if root.is_dir() else Path.cwd())
    person, email = person or (known and known[0]), email or (known and known[1])
    if not person or not email:
        raise UsageFault("a workspace needs a first person", hint="give --person and --email, or set user.name in Git")
    founding = InitRequest(name or root.name or "Workspace", service, person, email, time_zone)
    founded = initialise(root, founding, now(), git=not no_git)
    if founded.new_repository:
        show(f"made a Git repository in {root}")
    schemas = [path for path in founded.files if path.startswith("schemas/")]
    for path in founded.files:
        if path not in schemas:
            show(f"wrote {path}")
    show(f"wrote schemas/ ({len(schemas)} files for your editor)")
    if not ctx.obj["quiet"]:
        note("next: itsm check, then git add . && git commit")
