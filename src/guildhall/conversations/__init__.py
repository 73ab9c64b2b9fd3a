"""One turn: the only room that decides a turn's outcome, and the only one that carries values between the others.

Never talks to a database, model or page itself. Start reading at `pipeline.py`.
"""
