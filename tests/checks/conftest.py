"""Tests of checks make repositories of their own, away from the machine's configuration."""

from tests.git.conftest import own_git_environment

__all__ = ["own_git_environment"]
