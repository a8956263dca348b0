"""Computes working time: compiles the calendars that records hold into sorted periods of open time."""
