"""Audited samples on the console: draw one, mark it turn by turn, read what it says."""
