"""Reading a website, politely and within walls: sitemap first, robots honoured, only hosts that were allowed, never a private address.

Never decides what is kept. Start reading at `crawler.py`.
"""
