"""Reads records from files and writes them: trees, strict reader, editor that keeps comments, canonical layout."""
