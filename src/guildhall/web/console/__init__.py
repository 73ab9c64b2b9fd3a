"""The board's console: pages for the roles that govern the service, under `/console`.

It never changes a rule or a record by itself: pages show what the rooms say, and acts go through the rooms. A page is one module and one
template, listed in `sections.py` with the roles that may read it. Start reading at `section.py`.
"""
