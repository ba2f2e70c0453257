"""Files on disk become Documents; the only place that reads the content folder."""
