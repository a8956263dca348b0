"""Holds the domain: records, ids, time and rules. It is pure: it reads no files, no Git, no clock and no terminal."""
