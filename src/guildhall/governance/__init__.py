"""The life of a rule change: proposed, tested, replayed, watched, signed, in force, and taken back when it misbehaves.

Never judges a turn (that is `policy`) and never puts anything in force that was not signed, except a tightening in an emergency.
Start reading at `life.py`.
"""
