"""The house for a phone gateway in another process: `TalksToHouse` over HTTP."""
