"""Turns records into frozen values, one module per type of page. Templates see nothing else of the records."""
