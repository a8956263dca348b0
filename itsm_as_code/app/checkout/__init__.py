"""Finds what a command works on: the workspace, its clone, the protected branch, and the person."""
