"""Learning owns what the service learns from turns that did not help: content gaps, their lift, and phrases that two people release.

It never changes a page or a rule, never shows anybody's words, and never counts what it did not see. Start reading at `gathering.py`.
"""
