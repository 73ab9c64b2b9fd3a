"""Outside witnesses of the record, over HTTP."""
