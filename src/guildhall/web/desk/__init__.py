"""The advisers' desk: pages under `/desk` where people answer residents.

It decides nothing by itself: who has a conversation, and what was sent, are transactions of the stores. Every page works by forms and
links; `desk.js` only keeps it fresh. What stands beside a conversation is listed in `panels.py`. Start reading at `conversation.py`.
"""
