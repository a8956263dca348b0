"""How fast the program is, as ratios on one machine: `python -m benchmarks`. No test is timed."""
