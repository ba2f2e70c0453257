"""What is promised, as data."""
