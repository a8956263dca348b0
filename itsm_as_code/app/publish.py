"""`itsm site`: the workspace's records and SLA clocks become a site, in a folder or on localhost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from itsm_as_code.app.sla_lines import sla_lines
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

THEME = "theme"
"""The folder of a workspace whose templates and static files take the place of ours."""

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
"""By suffix; everything else is sent as plain text."""
_PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Publishing:
    """What is to be published: for whom, as of when (None: the newest record), under which address.

    `live`: `at` is the real time, and readers are warned when the pages get older than was promised.
    """

    audience: Visibility
    at: datetime | None = None
    base_url: str | None = None
    live: bool = False


def publish(
    snapshot: Snapshot, root: Path, publishing: Publishing, read: Callable[[str], bytes] | None = None
) -> dict[str, bytes]:
    """The files of the site. `root` is the workspace's folder, for its theme; `read` reads its attachments.

    Raises CouldNotCheck where an SLA can't be computed: a site must not show a promise that nobody keeps.
    """
    at = publishing.at or newest_instant(VisibleRecords(snapshot, publishing.audience))
    options = SiteOptions(
        audience=publishing.audience,
        at=at,
        live=publishing.live,
        base_url=publishing.base_url,
        sla_lines=sla_lines(snapshot, at) if at is not None else {},
        read=read,
    )
    return build(snapshot, _loader(root), options)


def _loader(root: Path) -> BaseLoader:
    from jinja2 import ChoiceLoader, FileSystemLoader

    ours = template_loader("site")
    theme = root / THEME
    return ChoiceLoader([FileSystemLoader(theme), ours]) if theme.is_dir() else ours


def server(files: Mapping[str, bytes], port: int) -> ThreadingHTTPServer:
    """A server of `files` on localhost, ready for `serve_forever`. Raises UsageFault where the port is taken."""

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
        """The file at the path; a folder stands for its index."""
        content = self._answer()
        self.wfile.write(content)

    def do_HEAD(self) -> None:
        """The same without the content."""
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
        """Requests are not logged: standard error is for what the user must know."""
