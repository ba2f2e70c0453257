"""What the supervisor tells its workers: through memory that they share, never by disk."""

import struct
from mmap import mmap
from zlib import crc32

from pydantic import TypeAdapter

from api.web.readiness import PublishState

SIZE = 2**17
"""The most bytes that a state may take."""

_NUMBER = struct.Struct("<Q")
_HEAD = struct.Struct("<II")
_STATE = TypeAdapter(PublishState)
_GENERATION, _CURRENT, _SLOTS = 0, 8, 16


class SharedState:
    """A PublishState and a number, in memory made before the fork: one writes, all read.

    There is place for two states, and a number says which is current: the other one is written.
    """

    def __init__(self) -> None:
        self._memory = mmap(-1, _SLOTS + 2 * SIZE)
        self.tell(PublishState())

    def tell(self, state: PublishState) -> None:
        """Let the workers know. Raises ValueError where the state is larger than SIZE."""
        body = _STATE.dump_json(state)
        written = _HEAD.pack(len(body), crc32(body)) + body
        if len(written) > SIZE:
            raise ValueError(f"the state takes {len(written)} bytes of {SIZE}")
        other = 1 - self._number(_CURRENT)
        begin = _SLOTS + other * SIZE
        self._memory[begin : begin + len(written)] = written
        _NUMBER.pack_into(self._memory, _CURRENT, other)

    def state(self) -> PublishState:
        """Return what was told last."""
        while True:
            begin = _SLOTS + self._number(_CURRENT) * SIZE
            length, checksum = _HEAD.unpack_from(self._memory, begin)
            body = self._memory[begin + _HEAD.size : begin + _HEAD.size + length]
            if crc32(body) == checksum:  # or two were written meanwhile
                return _STATE.validate_json(body)

    def generation(self) -> int:
        """Return how often another file has taken the store's place."""
        return self._number(_GENERATION)

    def set_generation(self, number: int) -> None:
        """Let the workers open the store anew, where the number is another one."""
        _NUMBER.pack_into(self._memory, _GENERATION, number)

    def _number(self, begin: int) -> int:
        number: int = _NUMBER.unpack_from(self._memory, begin)[0]
        return number
