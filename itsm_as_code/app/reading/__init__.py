"""Answers questions of people: lists, explanations, histories, clocks, and what waits for whom. Nothing is written."""
