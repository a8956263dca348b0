"""The command line turns options into the call of a use case, renders its value, and chooses the exit code. Each
command has its own file."""
