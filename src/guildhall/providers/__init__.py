"""Everything outside the house, by kind: embeddings, models, websites, witnesses. The only place that knows a supplier's name.

Never decides anything. Start reading at `embeddings/minilm.py`.
"""
