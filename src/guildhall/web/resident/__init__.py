"""Pages for residents: ask, read the reply, reach a person, print, leave quickly.

Works without JavaScript; never shows a conversation without its cookie. Start reading at `routes.py`.
"""
