"""Someone speaks: words in, as an Utterance, and a Reply out, as a page or a voice can give it.

Never decides and never stores. Start reading at `web/reply_html.py`.
"""
