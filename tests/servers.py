"""Real servers: the command in a process of its own, asked over sockets, and watched from outside.

Every wait is bounded.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, Any

from tests.raw import Answer, ClosedError, Wire, ask, request, socket_address
from tests.support import REPOSITORY

PATIENCE = 20.0
"""Seconds after which something does not happen any more."""


def until[T](true: Callable[[], T], patience: float = PATIENCE) -> T:
    """Return what a function returns, once that is true."""
    end = time.monotonic() + patience
    while not (found := true()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
    return found
