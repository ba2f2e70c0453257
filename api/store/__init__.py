"""The content by revision, and every way of reading it."""
