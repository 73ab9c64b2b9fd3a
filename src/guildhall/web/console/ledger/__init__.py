"""The benefits ledger on the console: what may be said of each amount, and the moves, claims and signatures. Start reading at `pages.py`."""
