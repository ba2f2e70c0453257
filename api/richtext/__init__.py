"""Portable Text blocks, and the other forms that are rendered from them."""
