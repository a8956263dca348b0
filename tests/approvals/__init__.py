"""Approvals end to end: real keys, real pushes, a real bare repository with our hook."""
