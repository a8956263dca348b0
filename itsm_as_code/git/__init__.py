"""All access to Git goes through this package and through GitPython: revisions as trees, steps, history, publishing."""
