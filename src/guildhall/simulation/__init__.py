"""A council's residents and advisers, made up: who comes when, what they ask, how long they wait, and what the desk does for them.

Never answers anything and never measures: every word goes through the real turn and every act through the real stores, by `ports.py`, and
nothing here tunes a model. Start reading at `running.py`.
"""
