"""How well the turn does on questions with known answers: the lines, the predictions and the measures with their intervals.

Never trains anything and never keeps what it was shown. Start reading at `measures.py`.
"""
