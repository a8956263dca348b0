"""Turns values into text: findings and tables as text, JSON and forge annotations."""
