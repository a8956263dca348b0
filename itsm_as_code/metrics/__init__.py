"""Figures: snapshots in, numbers with their record ids out. Pure."""
