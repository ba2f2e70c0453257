"""How long to wait until something that has failed is tried again."""

STEADY_SECONDS = 5.0
"""What has gone on for so long has not failed again."""


class Pauses:
    """No pause after what ran for a while; a growing one after what fails again and again."""

    def __init__(self, first: float = 0.25, longest: float = 30.0) -> None:
        self.until = 0.0
        self._first = first
        self._longest = longest
        self._began = 0.0
        self._row = 0

    def began(self, now: float) -> None:
        """Note that it was started."""
        self._began = now

    def died(self, now: float) -> None:
        """Note that it has failed, and how long to wait: `until`."""
        self._row = 0 if now - self._began >= STEADY_SECONDS else self._row + 1
        pause = self._first * 2 ** min(self._row - 2, 16) if self._row > 1 else 0.0
        self.until = now + min(pause, self._longest)
