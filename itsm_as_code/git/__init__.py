"""All access to Git, through GitPython alone: revisions as trees, steps, history, publishing."""
