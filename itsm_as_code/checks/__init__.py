"""Checks: one file per family, one pure function or rule per code; values in, findings out."""
