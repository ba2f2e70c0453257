"""The preview: a process of its own that shows drafts, other instants, and where a text stands."""
