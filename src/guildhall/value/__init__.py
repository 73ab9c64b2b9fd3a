"""Measured: what a council's contacts came to, what a change made of it, and what may honestly be said. It reads records and never writes one.

Start reading at `evaluation/effects.py`.
"""
