"""Documents become entries, links and representations."""
