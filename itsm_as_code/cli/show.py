"""`itsm show`."""

from __future__ import annotations

from datetime import datetime

import click

from itsm_as_code.cli.completion import complete_refs
from itsm_as_code.cli.options import at_option, checkout_of, format_option
from itsm_as_code.cli.output import note, put, show
from itsm_as_code.domain.errors import UsageFault

EPILOG = """\b
Examples:
  itsm show 7K3Q9
  itsm show 7K3Q9 --format json --proof > proof.json
"""


@click.command("show", epilog=EPILOG)
@click.argument("ref", shell_complete=complete_refs)
@format_option("text", "json")
@click.option("--proof", is_flag=True, help="With json: everything that is needed to check its approval offline.")
@at_option
@click.pass_context
def show_command(ctx: click.Context, ref: str, output: str, proof: bool, at: datetime | None) -> None:
    """Show a record. REF is an id, the end of a ticket's id, a slug, or kind/slug.

    With --proof, REF may also be `workspace` (itsm.yaml) or `workflows`. Content that has landed is judged as it was
    then; --at is the clock for content that has not. docs/approval-format.md describes the document and how to
    check it.
    """
    if proof:
        _show_proof(ctx, ref, output, at)
        return
    if at is not None:
        raise UsageFault("--at goes with --proof", hint=f"itsm show {ref}")
    from itsm_as_code.app.reading.list_and_show import shown
    from itsm_as_code.render import record

    found = shown(checkout_of(ctx), ref)
    if output == "json":
        put(record.as_json(found.data, found.derived))
        return
    show(*record.as_text(found.data, found.heading, found.state))
    note(f"  file: {found.path}")


def _show_proof(ctx: click.Context, ref: str, output: str, at: datetime | None) -> None:
    if output != "json":
        raise UsageFault("a proof is a JSON document", hint=f"itsm show {ref} --format json --proof")
    from itsm_as_code.app.reading.proof import proof
    from itsm_as_code.render.proof import as_json

    put(as_json(proof(checkout_of(ctx, at), ref)))
