"""What all tests share: an environment and a home of their own, and the public data sets where they are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.environment import clean

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "default", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("default")


@pytest.fixture(scope="session", autouse=True)
def _environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the machine shows through, in fixtures of the session neither: this one is the first of them."""
    before, mask = dict(os.environ), os.umask(0o022)
    _become(clean(before, str(tmp_path_factory.getbasetemp())))
    yield
    _become(before)
    os.umask(mask)


def _become(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of public data sets beside the checkout; a test that needs it skips, or fails where it is a must."""
    folder = ROOT.parent / "shared" / "data"
    if folder.is_dir():
        return folder
    reason = "the public data sets are not beside this checkout (see CONTRIBUTING.md)"
    if os.environ.get("ITSM_REQUIRE_REAL_DATA"):
        pytest.fail(reason)
    pytest.skip(reason)
