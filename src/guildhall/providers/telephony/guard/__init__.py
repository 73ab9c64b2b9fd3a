"""The guard: a small process that outlives the gateway, and rings an adviser for every caller when it dies. Start reading at `guard.py`."""
