"""Child processes: forked from a process with one thread, and never left behind by it."""

import ctypes
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

_PR_SET_PDEATHSIG = 1
"""Which signal the kernel sends to a process when its parent dies (prctl(2), Linux)."""
_KEPT = (signal.SIGINT, signal.SIGHUP)
"""What a terminal sends to a whole group of processes: the parent decides what comes of it."""

_log = logging.getLogger(__name__)


def fork(run: Callable[[], None], *, orphaned: signal.Signals) -> int:
    """Run a function in a child process, and return the child's pid.

    The child ends with 0 when the function returns, with 1 when it raises. It gets the signal
    `orphaned` should this process die first. SIGTERM ends it by SystemExit, so that what it has
    open is closed; SIGINT and SIGHUP it does not hear.
    """
    parent = os.getpid()
    _flush()  # or both would write what is left
    # A signal that came before the child has handlers of its own would be taken for the parent's.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        pid = os.fork()
        if not pid:
            _live(run, parent, orphaned)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid


def ended(pid: int) -> str | None:
    """Tell how a child ended: in words, empty for the exit code 0; None while it lives."""
    found, status = os.waitpid(pid, os.WNOHANG)
    if not found:
        return None
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with {code}" if code else ""


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal to a child that may have ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _live(run: Callable[[], None], parent: int, orphaned: signal.Signals) -> None:
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        for number in _KEPT:
            signal.signal(number, signal.SIG_IGN)
        _end_with(parent, orphaned)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        run()
        code = 0
    except SystemExit:
        code = 0
    except BaseException:  # noqa: BLE001 - it must not go on as a second parent
        _log.exception("a process of the server failed")
    finally:
        _flush()
        os._exit(code)


def _end_with(parent: int, orphaned: signal.Signals) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, orphaned.value)
    if os.getppid() != parent:  # it died before the kernel knew
        raise SystemExit


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # closed, or nobody reads it any more
            stream.flush()
