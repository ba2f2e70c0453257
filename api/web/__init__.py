"""From the store to HTTP."""
