"""Recorded: what the append-only record holds, how it is made tamper-evident, how words are encrypted, and how both are checked.

Never decides, never changes what was recorded. Start reading at `log_record.py`; `sealing.py` for the words.
"""
