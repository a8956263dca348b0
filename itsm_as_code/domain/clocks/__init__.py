"""SLA clocks: from a ticket's timeline, a target and a compiled calendar to a status that explains itself."""
