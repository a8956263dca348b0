"""Changes records: an intent becomes files, which are checked, written, and pushed."""
