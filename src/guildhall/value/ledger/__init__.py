"""The benefits ledger: what each benefit is, its stage, who signed it, and what may be said of its money. It decides and stores nothing.

Start reading at `benefit.py`, then `stages.py`.
"""
