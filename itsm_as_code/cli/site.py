"""`itsm site build` and `itsm site serve`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from itsm_as_code.cli.options import InstantType, checkout_of, start_of
from itsm_as_code.cli.output import note, show
from itsm_as_code.domain.errors import Exit

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

AUDIENCES = ("public", "staff", "it")
"""The values of `domain.kinds.types.Visibility`, which costs too much to import for `--help`."""

EPILOG = """\b
Examples:
  itsm site build --out site
  itsm site serve --audience it
"""
BUILD_EPILOG = """\b
Examples:
  itsm site build --live
  itsm site build --audience public --out public --at 2026-11-20T10:30:00Z
"""
SERVE_EPILOG = """\b
Examples:
  itsm site serve
  itsm site serve --audience it --port 8080
"""


def _what_to_publish(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that say what is published."""
    for option in (
        click.option("--base-url", metavar="URL", help="The site's address; default: as in itsm.yaml."),
        click.option("--at", type=InstantType(), metavar="INSTANT",
                     help="The instant that the site shows; default: that of the newest record."),
        click.option("--live", is_flag=True,
                     help="Show the present time; pages warn readers when they are older than site.status_promise."),
        click.option("--audience", type=click.Choice(AUDIENCES), default="staff", show_default=True,
                     help="The readers; each audience also sees what the ones before it see."),
    ):  # fmt: skip
        command = option(command)
    return command


_READERS = {"public": "the public", "staff": "staff", "it": "all of IT"}


@click.group("site", epilog=EPILOG)
def site_command() -> None:
    """Build the static site, or look at it on localhost."""


@site_command.command("build", epilog=BUILD_EPILOG)
@click.option("--out", type=click.Path(path_type=Path), default="site", show_default=True, help="The folder to fill.")
@_what_to_publish
@click.pass_context
def build_command(
    ctx: click.Context, out: Path, audience: str, live: bool, at: datetime | None, base_url: str | None
) -> int:  # fmt: skip
    """Write the site into a folder.

    Only files that differ are written; pages of records that are gone are removed. A folder with files
    that itsm did not write is left alone. The exit code is 3 if records could not be read, so that they are missing.
    """
    from itsm_as_code.app.publishing.site_folder import write_site

    files, notes, whole = _files(ctx, audience, at, base_url, live=live)
    folder = start_of(ctx) / out
    done = write_site(folder, files)
    show(f"{folder / 'index.html'}")
    words = (
        f"{done.written} files written, {done.unchanged} unchanged, {done.removed} removed, for {_READERS[audience]}"
    )
    note(words)
    for each in notes:
        note(f"note: {each}")
    return Exit.CLEAN if whole else Exit.COULD_NOT_CHECK


@site_command.command("serve", epilog=SERVE_EPILOG)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="The port; 0 for any.")
@_what_to_publish
@click.pass_context
def serve_command(
    ctx: click.Context, port: int, audience: str, live: bool, at: datetime | None, base_url: str | None
) -> int:
    """Serve the site on localhost until Ctrl-C. Nothing is written."""
    from itsm_as_code.app.publishing.site import server

    files, notes, _ = _files(ctx, audience, at, base_url, live=live)
    for each in notes:
        note(f"note: {each}")
    with server(files, port) as running:
        show(f"http://127.0.0.1:{running.server_address[1]}/")
        note("Press Ctrl-C to stop it.")
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            note("")
    return Exit.CLEAN


def _files(
    ctx: click.Context, audience: str, at: datetime | None, base_url: str | None, *, live: bool
) -> tuple[dict[str, bytes], list[str], bool]:
    """Returns the site's files, notes for the user on what is missing, and whether all records could be read."""
    from itsm_as_code.app.publishing.site import PublishRequest, links_left_out, publish
    from itsm_as_code.domain.kinds.types import Visibility

    checkout = checkout_of(ctx, at)
    snapshot = checkout.here
    misplaced = snapshot.load_all()
    site = snapshot.settings.site
    publishing = PublishRequest(Visibility(audience), checkout.now if live else at, base_url or site.base_url, live)
    files = publish(snapshot, checkout.files, publishing, snapshot.tree.read)
    unread = len(misplaced) + sum(loaded.record is None for _, loaded in snapshot.loaded())
    files_not_read = "1 file" if unread == 1 else f"{unread} files"
    notes = [f"{files_not_read} could not be read: not on the site; `itsm check` says why"] if unread else []
    notes += [f"{path} is no plain file: not on the site" for path in links_left_out(snapshot)]
    if Visibility(audience) not in site.audiences:
        notes.append(f"itsm.yaml does not list {audience} under site.audiences")
    return files, notes, not unread
