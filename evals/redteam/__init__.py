"""The red team: attacks of our own writing through the whole turn, and a count of what must never happen. Start reading at `__main__.py`."""
