"""Working time: calendars as records write them, compiled to sorted open stretches."""
