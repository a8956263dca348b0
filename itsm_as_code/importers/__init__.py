"""Importers: other systems' exports in, records and a report of what was lost or guessed out. Values only."""
