"""What we know: sources, their passages, and finding the passages that answer a question.

Owns ingest, the search index and the council's lexicon. Never writes an answer, calls the network or touches the database.
Start reading at `search.py` (asking) or `ingest.py` (filling).
"""
