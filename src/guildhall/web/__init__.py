"""The web front doors: pages and routes by audience (resident, api, embed), and what guards them all.

Never decides what is said: it starts a turn and shows the reply. Start reading at `app.py`.
"""
