"""Ours and the reference, on the same data, in the same run. `make bench` runs all of it; README.md says how to add one."""
