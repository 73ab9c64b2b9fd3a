"""SIP and RTP of our own over UDP: what a fresh machine answers calls with, with no other program. Start reading at `endpoint.py`."""
