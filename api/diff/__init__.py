"""What two states of the content differ in, and how that is told."""
