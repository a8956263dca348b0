"""Worlds with keys, as all tests of this room have them."""

from tests.app.approvals.worlds import keys, local, local_once, memory

__all__ = ["keys", "local", "local_once", "memory"]
