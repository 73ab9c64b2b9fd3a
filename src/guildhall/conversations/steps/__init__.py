"""The steps of a turn, one verb a file. Each is pure but for the ports it is handed. Read them in the order of `pipeline.py`."""
