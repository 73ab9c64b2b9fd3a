"""What next: workshops, the register of opportunities, how they are scored, and which of them to do.

It never decides. People accept, merge, score and choose, and every overruling keeps its reason. Start reading at `register.py`.
"""
