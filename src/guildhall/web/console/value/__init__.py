"""The pages of value: what became of contacts, computed from the record and from nothing else. Start reading at `front_door.py`."""
