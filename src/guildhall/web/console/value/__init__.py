"""The value pages: what happened to contacts, computed from the record and from nothing else. Start reading at `front_door.py`."""
