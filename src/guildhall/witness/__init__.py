"""A witness: a small program of its own, run by somebody else, that cosigns a council's record only while it grows and never changes.

Never knows what is recorded, and never signs a shorter or another tree. Start reading at `judging.py`.
"""
