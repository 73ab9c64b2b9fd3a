"""Recorded: what the append-only record holds, how words are encrypted, and how a conversation is read back.

Never decides, never changes what was recorded. Start reading at `sealing.py`.
"""
