"""Everything outside the house, by kind: models, embeddings, websites … each an adapter of a room's port.

Never decides anything about a turn. Start reading at `embeddings/minilm.py`.
"""
