"""Writes the site, and files that are generated."""
