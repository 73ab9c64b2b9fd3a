"""The one script tag that puts the resident's page on a council's own site.

Owns the launcher. Never shows a conversation itself: the frame does. Start reading at `routes.py`.
"""
