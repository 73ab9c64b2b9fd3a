"""Audited samples on the console: draw a sample, mark it turn by turn, and read the results."""
