"""Language models of outside suppliers, behind the answers room's `WritesText` port.

Never sees words that were not redacted, and is never believed. Start reading at `openai_compatible.py`.
"""
