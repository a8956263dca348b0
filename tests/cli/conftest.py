"""Fixtures for tests that run the program as users do."""

from tests.cli.harness import desk

__all__ = ["desk"]
