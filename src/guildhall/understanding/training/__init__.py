"""Fitting the learned weights: signals, languages, and each council's router. Needs scipy; never runs in a turn.

Owns how weights are made from labelled lines. Never reads files or the clock. Start reading at `examples.py`.
"""
