"""The command line: options in, use case called, value rendered, exit code out. One file per command."""
