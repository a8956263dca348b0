"""Reads exports of other systems. Each importer returns records and a report of what was lost or guessed; it writes
nothing."""
