"""Search, measured beside Haystack and LlamaIndex doing the same job on the same data in one run. Start at `__main__.py`."""
