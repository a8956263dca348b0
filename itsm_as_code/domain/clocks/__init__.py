"""Computes SLA clocks: the status of a ticket's targets from its timeline and a calendar, with the explanation."""
