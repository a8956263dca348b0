"""Builds the static site: the records of a snapshot → view models → {path: bytes}. It opens no files and reads no
clock."""
