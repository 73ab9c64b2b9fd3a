"""THE WORDS: the frozen values every room speaks in.

Owns the nouns of the service. Never does I/O and imports nothing of ours. Start reading at `turns.py`.
"""
