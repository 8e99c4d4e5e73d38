"""The scorecard of trust and the long fault, race and attack programs behind it. `make trust`; README.md says how."""
