"""Randomised trials of contacts: the plan, the difference that it could find, and the result.

It assigns nobody and sees no words. The store draws the way of a conversation whose resident agreed. Start reading at `plan.py`.
"""
