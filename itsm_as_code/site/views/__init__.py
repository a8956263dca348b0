"""The views: for each sort of page, what it shows as frozen values. Templates see nothing else of the records."""
