"""Assurance owns the papers a council must be able to show: forms filled from the running system, each fact with its source.

It never makes a fact up, never answers for a person, and does no network or database I/O: bootstrap hands it what is live.
Start reading at `drafting.py`.
"""
