"""Makes a new workspace, and tells whether everything that `itsm` needs is in order."""
