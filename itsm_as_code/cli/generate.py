"""`itsm generate schemas|docs`."""

from __future__ import annotations

import click

from itsm_as_code.cli.options import checkout_of
from itsm_as_code.cli.output import show
from itsm_as_code.domain.errors import Exit

EPILOG = """\b
Examples:
  itsm generate schemas
  itsm generate server-hook > /srv/git/itsm.git/hooks/pre-receive
"""


@click.command("generate", epilog=EPILOG)
@click.argument("what", type=click.Choice(["schemas", "docs", "server-hook"]))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a file is stale.")
@click.pass_context
def generate_command(ctx: click.Context, what: str, only_check: bool) -> int:
    """Write schemas or reference documents, or print a server's hook.

    The JSON Schemas are those of this workspace. The server's hook, `pre-receive`, judges every push to the
    protected branch, pins the workspace's first commit, and refuses every push that it can't judge.
    """
    from itsm_as_code.app.publishing import generated_files as generate

    if what == "server-hook":
        _server_hook(ctx)
        return Exit.CLEAN
    checkout = checkout_of(ctx)
    settings = checkout.here.settings
    if what == "schemas":
        files = generate.schemas(settings)
    else:
        from itsm_as_code.cli.reference import commands_page

        files = generate.documents(commands_page(_all_commands(ctx)))
    generated = generate.compare(checkout.root, files)
    if not only_check:
        generate.write(checkout.root, generated)  # before anything is said to be written
    for path in generated.stale:
        show(f"{'stale' if only_check else 'wrote'} {path}")
    return Exit.FINDINGS if only_check and generated.stale else Exit.CLEAN


def _server_hook(ctx: click.Context) -> None:
    import sys

    from itsm_as_code.app.publishing.generated_files import require_isolated, server_hook

    require_isolated(sys.executable)
    click.echo(server_hook(checkout_of(ctx), sys.executable), nl=False)


def _all_commands(ctx: click.Context) -> click.Group:
    group = ctx.find_root().command
    assert isinstance(group, click.Group)
    return group
