"""Briefs for advisers, scored on conversations of our own writing. Start reading at `__main__.py`."""
