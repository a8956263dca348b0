"""A lane of its own for every attack."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.lane import make_lane
from tests.git.builder import RepoBuilder


@pytest.fixture
def lane(tmp_path: Path) -> RepoBuilder:
    """A repository on the branch `proposal`, which has left `main` but for nothing yet."""
    return make_lane(tmp_path / "lane")
