"""Handed over: queues, opening hours, callbacks with a reference, and what a person needs to take over.

Never answers a resident and never stores anything itself. Start reading at `hours.py`.
"""
