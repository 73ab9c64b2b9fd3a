"""Senders of text messages and e-mail. They never decide whether something may be sent, and never log what or to whom.

Start reading at `local_outbox.py`.
"""
