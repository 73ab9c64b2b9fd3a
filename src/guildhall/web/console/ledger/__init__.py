"""The benefits ledger on the console: what may be said of each pound, and the acts by which it comes to be. Start reading at `pages.py`."""
