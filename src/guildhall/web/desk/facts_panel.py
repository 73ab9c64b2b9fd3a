"""How the request stands: reference, queue, since when."""

from guildhall.web.desk.panel import Panel

PANEL = Panel("facts", "This request", "facts.html", starts_open=True, live=True)
