"""May we, must we: rules in packs, the pure function that judges a turn by them, and what two packs would do differently.

Never calls a model, reads a clock or acts. Start reading at `evaluate.py`, then `compare.py` and `replay.py`.
"""
