"""Doubles of speech services as real servers on loopback, and the conformance suite of everything that hears or speaks."""
