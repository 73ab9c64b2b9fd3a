"""Reads pages from files: Markdown, HTML, PDF, Word, and passages that are ready. Never fetches anything. Start reading at `folder.py`."""
