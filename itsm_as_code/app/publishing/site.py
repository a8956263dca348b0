"""`itsm site`: makes a site of the workspace's records and SLA clocks, in a folder or on localhost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from itsm_as_code.app.publishing.sla_lines import sla_lines
from itsm_as_code.app.publishing.theme import theme_fault, theme_loader
from itsm_as_code.app.publishing.verifications import signed_verifications
from itsm_as_code.domain.errors import UsageFault
from itsm_as_code.resources import template_loader
from itsm_as_code.site.audience import VisibleRecords
from itsm_as_code.site.build import SiteOptions, build, newest_instant
from itsm_as_code.site.environment import SECURITY_POLICY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import BaseLoader

    from itsm_as_code.domain.kinds.types import Visibility
    from itsm_as_code.domain.snapshot import Snapshot
    from itsm_as_code.store.tree import Tree

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
}
"""The type for each suffix. Everything else is sent as plain text."""
_PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """What is to be published: for whom, for which instant (None: that of the newest record), under which address.

    With `live`, `at` is the real time, and readers are warned when the pages get older than was promised.
    """

    audience: Visibility
    at: datetime | None = None
    base_url: str | None = None
    live: bool = False


def publish(
    snapshot: Snapshot, workspace: Tree, publishing: PublishRequest, read: Callable[[str], bytes] | None = None
) -> dict[str, bytes]:
    """Returns the files of the site. `workspace` has the theme; `read` reads attachments.

    Raises CouldNotCheck if an SLA can't be computed: a site must not show a promise that nobody can check. Raises it
    too if the theme has a fault.
    """
    theme = theme_loader(workspace)
    at = publishing.at or newest_instant(VisibleRecords(snapshot, publishing.audience))
    options = SiteOptions(
        audience=publishing.audience,
        at=at,
        live=publishing.live,
        base_url=publishing.base_url,
        sla_lines=sla_lines(snapshot, at) if at is not None else {},
        verifications=signed_verifications(snapshot, at) if at is not None else {},
        read=read,
        sandboxed=theme is not None,
    )
    try:
        return build(snapshot, _loader(theme), options)
    except Exception as error:
        fault = theme_fault(error) if theme is not None else None
        if fault is None:
            raise
        raise fault from error


def _loader(theme: BaseLoader | None) -> BaseLoader:
    from jinja2 import ChoiceLoader

    ours = template_loader("site")
    return ChoiceLoader([theme, ours]) if theme is not None else ours


def links_left_out(snapshot: Snapshot) -> tuple[str, ...]:
    """Returns what lies below `attachments/` and is not a plain file. It is never published."""
    return tuple(each.path for each in snapshot.attachments() if not each.plain)


def server(files: Mapping[str, bytes], port: int) -> ThreadingHTTPServer:
    """Returns a server of `files` on localhost, ready for `serve_forever`. Raises UsageFault if the port is taken."""

    class Handler(_SiteHandler):
        site = files

    try:
        return ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError as error:
        raise UsageFault(f"port {port} is not free: {error.strerror}", hint="name another one with --port") from error


class _SiteHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from memory, with the headers that a web server should send too."""

    site: Mapping[str, bytes]

    def do_GET(self) -> None:
        """Sends the file at the path; for a folder, its index."""
        content = self._answer()
        self.wfile.write(content)

    def do_HEAD(self) -> None:
        """Sends the same without the content."""
        self._answer()

    def _answer(self) -> bytes:
        path = unquote(urlsplit(self.path).path).lstrip("/")
        path = f"{path}index.html" if not path or path.endswith("/") else path
        content = self.site.get(path)
        self.send_response(HTTPStatus.OK if content is not None else HTTPStatus.NOT_FOUND)
        body = content if content is not None else b"There is no such page.\n"
        kind = _TYPES.get(Path(path).suffix, _PLAIN) if content is not None else _PLAIN
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", f"{SECURITY_POLICY}; frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        return body

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Logs no requests: standard error is for what the user must know."""
