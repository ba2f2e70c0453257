"""Answers that were given, kept in memory until a publish touches what they show."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

from api.web.responses import EVERYTHING, Coded

CACHE_BYTES = 64 * 2**20
MOST_NAMES = 10_000
"""How many names of what was touched are remembered."""
_OVERHEAD = 2_048
"""What a kept answer takes beside its body: its headers, the entry itself."""

Target = tuple[str, bytes]
"""What a request asks for: its path, decoded, and its query as it was sent."""


@dataclass(slots=True)
class _Answer:
    """An answer, the names of what it shows, and the last revision at which it was right."""

    coded: Coded
    shows: Collection[str]
    number: int

    @property
    def size(self) -> int:
        return _OVERHEAD + len(self.coded.body)


class Kept:
    """The answers at the current revision, by target and coding; those in use stay, up to a bound.

    What a publish has touched is noted by name, and an answer looked at when it is asked for again:
    a publish takes no time for those that are kept.
    """

    def __init__(self, capacity: int = CACHE_BYTES) -> None:
        self._capacity = capacity
        self._answers: OrderedDict[tuple[Target, str | None], _Answer] = OrderedDict()
        self._size = 0
        self._number = 0
        self._known_from = 0
        """Since which revision all that was touched is known."""
        self._touched: dict[str, int] = {}
        """The newest revision that touched what a name stands for."""

    def turn(self, number: int, touched: Collection[str] | None) -> None:
        """Go on to a revision; `touched` are the names of what it changes, None: perhaps all."""
        self._number = number
        if touched is None or len(self._touched) + len(touched) > MOST_NAMES:
            self._known_from = number
            self._touched.clear()
            return
        self._touched.update(dict.fromkeys((*touched, EVERYTHING), number))

    def get(self, target: Target, coding: str | None) -> Coded | None:
        """Return the answer to a target in a coding, None where none is kept that is right."""
        key = target, coding
        answer = self._answers.get(key)
        if answer is None:
            return None
        if answer.number != self._number and not self._is_right(answer):
            self._drop(key)
            return None
        self._answers.move_to_end(key)
        return answer.coded

    def put(self, target: Target, coding: str, coded: Coded, shows: Collection[str]) -> None:
        """Keep an answer of the current revision, by the names of what it shows."""
        answer = _Answer(coded, shows, self._number)
        if answer.size > self._capacity:
            return
        key = target, coding
        if key in self._answers:
            self._drop(key)
        self._answers[key] = answer
        self._size += answer.size
        while self._size > self._capacity:
            self._drop(next(iter(self._answers)))

    def clear(self) -> None:
        """Forget all answers."""
        self._answers.clear()
        self._size = 0

    def _is_right(self, answer: _Answer) -> bool:
        """Tell whether nothing that an answer shows was touched since it was right."""
        since = answer.number
        if since < self._known_from or any(
            self._touched.get(name, 0) > since for name in answer.shows
        ):
            return False
        answer.number = self._number
        return True

    def _drop(self, key: tuple[Target, str | None]) -> None:
        self._size -= self._answers.pop(key).size
