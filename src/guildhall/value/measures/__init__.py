"""Measures as plain definitions: what is counted, by which formula, with which window, and what a council changed.

It never holds a figure; `storage` computes them. Start reading at `views.py`, then `formula.py` and `book.py`.
"""
