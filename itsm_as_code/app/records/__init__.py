"""Finds records in a snapshot: by id, suffix or condition."""
