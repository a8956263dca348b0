"""Decides by the rules of base whether a gate is open, given the acts of people. All of it is pure."""
