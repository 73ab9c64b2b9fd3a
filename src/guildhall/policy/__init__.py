"""May we, must we: rules in packs, and the pure function that judges a turn by them.

Never calls a model, reads a clock or acts. Start reading at `evaluate.py`.
"""
