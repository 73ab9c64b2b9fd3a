"""Measured: what happened to a council's contacts, what difference a change made, and what may honestly be said about it.

It reads records and never writes one. Start reading at `ladder.py`, which says how a contact ended; `evaluation/effects.py` says what
difference a change made.
"""
