"""What is said and asked on the phone, decided from council data alone. Start reading at `directed.py` and `open.py`; a call's common things are in `talk.py`."""
