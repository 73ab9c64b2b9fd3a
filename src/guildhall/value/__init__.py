"""Measured: what a council's contacts came to, what a change made of it, and what may honestly be said. It reads records and never writes one.

Start reading at `ladder.py`, which says how a contact ended; `evaluation/effects.py` says what a change made of it.
"""
