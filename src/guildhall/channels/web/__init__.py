"""The web channel: a Reply as safe HTML.

Owns what HTML a reply may become. Never answers a request itself. Start reading at `reply_html.py`.
"""
