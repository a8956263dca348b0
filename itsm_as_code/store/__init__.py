"""Files to records and back: trees, the strict reader, the comment-keeping editor, the canonical layout."""
