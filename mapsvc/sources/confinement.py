"""What a process gives up before it looks at an untrusted file: memory, time, files, the network, and other files.

Linux keeps all of these promises; `confine` returns, in words, those that could not be kept where it runs.
"""

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterable, Iterator

MAX_MEMORY = 1024 * 1024 * 1024
MAX_CPU_S = 60
MAX_FILES = 64
MAX_OUTPUT = 512 * 1024 * 1024

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
# Landlock, see landlock(7): the numbers are the same on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
# What each version of the interface can forbid: everything that can be done with files, TCP, and signals to others.
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
_NET_RIGHTS, _SCOPES = 0b11, 0b11


def confine(readable: Iterable[str]) -> list[str]:
    """Give up all that is not needed for parsing one file; there is no way back.

    Parameters
    ----------
    readable : iterable of str
        The files and folders that may still be opened, for reading.

    Returns
    -------
    list of str
        What this process could still do, because the system has no means against it.
    """
    kept = [] if _limit_resources() else ["use memory, time and disk without limit"]
    if not sys.platform.startswith("linux"):
        return [*kept, "reach the network", "open other files"]
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # Without rights over the machine, a network of one's own needs users of one's own.
    if libc.unshare(_CLONE_NEWNET) and libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
        kept.append("reach the network")
    if not _lock_files(libc, readable):
        kept.append("open other files")
    return kept


def _limit_resources() -> bool:
    try:
        import resource  # noqa: PLC0415 – there is none on Windows
    except ImportError:
        return False
    limits = (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_CPU, MAX_CPU_S),
        (resource.RLIMIT_NOFILE, MAX_FILES),
        (resource.RLIMIT_FSIZE, MAX_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    )
    try:
        for kind, most in limits:
            ceiling = resource.getrlimit(kind)[1]
            value = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
            resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):
        return False
    return True


def _lock_files(libc: ctypes.CDLL, readable: Iterable[str]) -> bool:
    """Allow nothing but reading of `readable`; False where the kernel has no Landlock."""
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    handled = (
        _FILE_RIGHTS[min(version, 3)],
        _NET_RIGHTS if version >= 4 else 0,
        _SCOPES if version >= 6 else 0,
    )
    rules = (ctypes.c_uint64 * 3)(*handled)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            with _opened(path) as descriptor:
                if descriptor >= 0:
                    _allow(libc, ruleset, path, descriptor)
        return not libc.syscall(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, descriptor: int) -> None:
    rights = _READ_FILE | _READ_DIR if os.path.isdir(path) else _READ_FILE  # noqa: PTH112
    rule = rights.to_bytes(8, sys.byteorder) + descriptor.to_bytes(4, sys.byteorder)
    libc.syscall(_ADD_RULE, ruleset, 1, ctypes.c_char_p(rule), 0)


@contextlib.contextmanager
def _opened(path: str) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        yield -1
        return
    try:
        yield descriptor
    finally:
        os.close(descriptor)
