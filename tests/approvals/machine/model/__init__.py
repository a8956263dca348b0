"""What was promised about approvals, as rules over plain data. Nothing here imports what it judges."""
