"""Verifies acts that come from outside: signatures and forge reviews."""
