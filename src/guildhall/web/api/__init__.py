"""The versioned HTTP API: the same turn for programs, with a bearer token for each conversation.

Never does what the page may not. Start reading at `routes.py`.
"""
