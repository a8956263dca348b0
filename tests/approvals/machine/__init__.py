"""A machine that plays everybody who pushes, and a model that knows only what was promised."""
