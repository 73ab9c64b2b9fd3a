"""Owns how members of staff come in and go out: links, identities, sessions, and the roles that a claim gives.
It never shows a page, sends anything or decides what a role may do; those who hold the pages declare that.
Start reading at `entrance.py`.
"""
