"""Serving: a supervisor, its workers, and the processes that publish and watch beside them."""
