"""IT service management as code: one Git repository is the system of record."""

__version__ = "0.1.0"
