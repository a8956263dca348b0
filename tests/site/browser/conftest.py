"""One real Chromium for all browser tests, which may reach our own server and files and nothing else."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from itsm_as_code.app.publishing.site import server
from itsm_as_code.app.publishing.site_folder import write_site
from tests.site.conftest import AT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REQUIRED = "ITSM_REQUIRE_BROWSER"
"""Set to 1, a missing browser fails the tests instead of skipping them."""

PATIENCE = 120_000
"""Milliseconds after which something hangs; a machine under load is no reason to fail."""

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def _missing(reason: str) -> NoReturn:
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{reason}, and {REQUIRED}=1 asks for it")
    pytest.skip(f"{reason}; {REQUIRED}=1 makes this a failure")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the system."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        _missing("there is no Chromium on the path")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed (extra `test`)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


class Served:
    """A site on localhost under a base path, and as files."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder

    def url(self, path: str) -> str:
        """Where a page is on the server."""
        return f"{self.address}{path}"

    def file(self, path: str) -> str:
        """Where a page is on the disk."""
        return (self.folder / path).as_uri()


@contextmanager
def serving(files: dict[str, bytes], folder: Path) -> Iterator[Served]:
    """Serves `files` under `/some/base/`."""
    write_site(folder, files)
    below = {f"some/base/{path}": content for path, content in files.items()}
    with server(below, 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield Served(f"http://127.0.0.1:{running.server_address[1]}/some/base/", folder)
        running.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def served(sites: dict[str, dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The small organisation's site for staff."""
    with serving(sites["staff"], tmp_path_factory.mktemp("served") / "site") as found:
        yield found


class Watch:
    """A page of the browser that notes what it must not do: foreign requests, violations, dialogs, errors."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("request", self._request)
        page.on("dialog", self._dialog)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("console", self._console)
        page.on("requestfailed", self._failed)
        page.add_init_script(
            "document.addEventListener('securitypolicyviolation', function (e) {"
            " console.error('violation: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample); });"
        )

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "file://", "data:")):
            self.faults.append(f"foreign: {request.url}")

    def _failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # leaving a page ends what it still loads
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _dialog(self, dialog: Any) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(message.text)


@pytest.fixture
def watch(browser: Browser) -> Iterator[Any]:
    """Makes watched pages with context options, on the site's clock; asserts that none did anything forbidden."""
    made = []

    def new(**options: Any) -> Watch:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.clock.set_fixed_time(AT)
        context.set_default_timeout(PATIENCE)
        made.append((context, Watch(context.new_page())))
        return made[-1][1]

    yield new
    faults = [fault for _, watched in made for fault in watched.faults]
    for context, _ in made:
        context.close()
    assert faults == []
