"""Evaluates which gates a step passes, and whether people have approved that. It uses trees, snapshots and a clock, but
never a checkout."""
