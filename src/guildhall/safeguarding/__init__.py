"""Who is told when somebody may be at risk, in which order, and how long they have to say that they have it in hand.

It never judges what was heard: rules do that, before. Start reading at `alerting.py`.
"""
