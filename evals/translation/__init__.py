"""How many true translations the desk shows, and how many false ones it finds out. Start reading at `__main__.py`."""
