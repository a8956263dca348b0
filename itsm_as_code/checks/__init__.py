"""Holds the checks, one module per family. Each check is a pure function: it gets records and yields findings."""
