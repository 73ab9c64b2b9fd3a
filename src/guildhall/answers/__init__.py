"""Answered: compose from passages, cite, check that every fact is supported, and the approved wording.

Never searches, never decides whether an answer may be given. Start reading at `verify.py`.
"""
