"""`propose`, `approve`, `refuse`, `withdraw`: signs one act on exactly the content that was shown."""
