"""Randomised trials of contacts: what is planned, whether it can see anything, and what came of it.

It never assigns anybody by itself and sees no words: the store draws the way of a conversation whose resident agreed. Start at `plan.py`.
"""
