"""Randomised trials of contacts: the plan, the difference that it could find, and the result.

It never assigns anybody by itself and sees no words: the store draws the way of a conversation whose resident agreed. Start at `plan.py`.
"""
