"""Calls from outside: what carries sound and keys between a caller and the call session. Start reading at `sip/endpoint.py`."""
