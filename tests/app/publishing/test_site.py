"""Publishing a workspace: SLA clocks from the engine, a theme of one's own, a server on localhost."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from itsm_as_code.app.publishing.site import PublishRequest, publish, server
from itsm_as_code.domain.errors import CouldNotCheck, UsageFault
from itsm_as_code.domain.kinds.types import Visibility
from itsm_as_code.store.worktree import WorkTree
from tests.app.publishing.test_sla_lines import AT, FAULT, GOLD
from tests.site.memory import MemorySnapshot, make


def test_a_site_does_not_show_promises_that_can_not_be_computed(tmp_path: Path) -> None:
    lost = make("sla", "lost", name="Lost", versions=[{"effective_from": "2026-01-01", "calendar": "nowhere"}])
    with pytest.raises(CouldNotCheck, match="nowhere"):
        publish(MemorySnapshot(lost, FAULT), WorkTree(tmp_path), PublishRequest(Visibility.STAFF, AT))


def test_clocks_are_on_the_ticket_page(tmp_path: Path) -> None:
    files = publish(MemorySnapshot(GOLD, FAULT), WorkTree(tmp_path), PublishRequest(Visibility.STAFF, AT))
    assert b"At risk" in files["incidents/INC-20261101-AAAA1/index.html"]


def test_a_theme_takes_the_place_of_our_templates_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "theme" / "static").mkdir(parents=True)
    (tmp_path / "theme" / "about.html").write_text(
        "{% extends 'base.html' %}{% block main %}<h1>Ours</h1>{% endblock %}"
    )
    (tmp_path / "theme" / "static" / "site.css").write_text("body { color: red }")
    files = publish(MemorySnapshot(), WorkTree(tmp_path), PublishRequest(Visibility.STAFF, AT))
    assert b"<h1>Ours</h1>" in files["about/index.html"]
    assert [content for path, content in files.items() if path.endswith(".css")] == [b"body { color: red }"]


def test_the_address_is_used_for_canonical_links_alone(tmp_path: Path) -> None:
    snapshot = MemorySnapshot()
    plain = publish(snapshot, WorkTree(tmp_path), PublishRequest(Visibility.STAFF, AT))
    full = publish(snapshot, WorkTree(tmp_path), PublishRequest(Visibility.STAFF, AT, "https://help.example/it/"))
    line = b'<link rel="canonical" href="https://help.example/it/about/index.html">\n'
    assert full["about/index.html"].replace(line, b"") == plain["about/index.html"]


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a running server of two files."""
    with server({"index.html": b"home", "a/index.html": b"deep"}, 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running.server_address[1]
        running.shutdown()
        thread.join()


def ask(port: int, path: str, method: str = "GET") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path)
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/", 200, b"home"),
        ("/a/", 200, b"deep"),
        ("/a/index.html?x=1", 200, b"deep"),
        ("/%61/index.html", 200, b"deep"),
        ("/b", 404, b"There is no such page.\n"),
        ("/../../etc/passwd", 404, b"There is no such page.\n"),
        ("/%2e%2e/etc/passwd", 404, b"There is no such page.\n"),
    ],
)
def test_the_server_answers_with_pages_of_the_site_and_nothing_else(
    port: int, path: str, status: int, body: bytes
) -> None:
    answer = ask(port, path)
    assert (answer.status, answer.body) == (status, body)  # type: ignore[attr-defined]


def test_the_server_sends_the_headers_that_a_site_needs(port: int) -> None:
    answer = ask(port, "/", "HEAD")
    assert answer.body == b""  # type: ignore[attr-defined]
    assert "frame-ancestors 'none'" in (answer.getheader("Content-Security-Policy") or "")
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Content-Type") == "text/html; charset=utf-8"


def test_a_port_that_is_taken_is_wrong_usage(port: int) -> None:
    with pytest.raises(UsageFault, match="not free"):
        server({}, port)
