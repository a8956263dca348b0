"""Use cases, one file each: they open inputs, read the clock once, call the core and return a value."""
