"""Calls that a supplier of telephony in the cloud has: it asks over the web what to do, and brings the sound over a websocket."""
