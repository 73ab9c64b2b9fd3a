"""Turning texts into vectors: MiniLM in this process, or any server that speaks the OpenAI `/embeddings` shape.

Never stores a vector and never ranks. Start reading at `minilm.py`.
"""
