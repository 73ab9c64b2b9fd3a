"""Scored question sets with gates. Stochastic checks live here, never in `tests/`."""
