"""What holds for every test."""

import os

from hypothesis import settings

# Times are for benchmarks; and in CI the same examples are tried each time.
settings.register_profile("keypoint", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("keypoint")
