"""Imports records from other systems."""
