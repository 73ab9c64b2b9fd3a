"""Guildhall: one AI operating model for a council. Start reading at `conversations/pipeline.py`."""

__version__ = "0.1.0"
