"""`itsm check`: finds what is wrong with a workspace, some files, a step, a push, or a history."""
