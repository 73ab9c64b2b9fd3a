"""Accuracy from audited samples: which turns are drawn, which still need marks, and what the marks say. It decides and stores nothing.

Start reading at `sampling.py`, then `marking.py` and `estimating.py`.
"""
