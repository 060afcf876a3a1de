"""The lock of a worker process on Linux: what its machine code may ask of the system.

Two layers, each of which would do alone. *seccomp* lets through the few calls that decoding and
comparing need, none of which names a file, an address or another process; *Landlock* refuses every
file, port and foreign process to whatever should get past that. Neither can be undone. Both are
called through ctypes: the calls are numbers that never change (Linux' promise to programs).

References
----------
Linux, Documentation/userspace-api/seccomp_filter.rst, landlock.rst; linux/bpf_common.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from dataclasses import dataclass
from typing import Final

_PR_SET_NAME, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 15, 4, 38
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446
_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
_MACHINES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""As seccomp tells which machine a call is for: another one has other numbers."""
_FOREIGN_CALLS: Final = 0x40000000
"""From here on x86-64 has calls with short pointers (x32), of which none is needed."""

_NEEDED: Final = {
    # What decoders, OpenCV's threads and Python were seen to call, and what a clock may need.
    "x86_64": {
        "read": 0, "write": 1, "close": 3, "munmap": 11, "brk": 12, "rt_sigaction": 13,
        "rt_sigprocmask": 14, "rt_sigreturn": 15, "readv": 19, "writev": 20, "sched_yield": 24,
        "mremap": 25, "madvise": 28, "nanosleep": 35, "getpid": 39, "exit": 60, "gettimeofday": 96,
        "getrusage": 98, "getppid": 110, "sigaltstack": 131, "gettid": 186, "futex": 202,
        "sched_getaffinity": 204, "restart_syscall": 219, "clock_gettime": 228,
        "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231, "set_robust_list": 273,
        "getcpu": 309, "getrandom": 318, "rseq": 334,
    },
    "aarch64": {
        "close": 57, "read": 63, "write": 64, "readv": 65, "writev": 66, "exit": 93,
        "exit_group": 94, "futex": 98, "set_robust_list": 99, "nanosleep": 101,
        "clock_gettime": 113, "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123,
        "sched_yield": 124, "restart_syscall": 128, "sigaltstack": 132, "rt_sigaction": 134,
        "rt_sigprocmask": 135, "rt_sigreturn": 139, "getrusage": 165, "getcpu": 168,
        "gettimeofday": 169, "getpid": 172, "getppid": 173, "gettid": 178, "brk": 214,
        "munmap": 215, "mremap": 216, "madvise": 233, "getrandom": 278, "rseq": 293,
    },
}  # fmt: skip
_MAPPING: Final = {"x86_64": (9, 10), "aarch64": (222, 226)}
"""mmap and mprotect: pages may be anything but executable."""
_CLONE: Final = {"x86_64": 56, "aarch64": 220}
_PRCTL: Final = {"x86_64": 157, "aarch64": 167}
_CLONE3: Final = 435
_PROT_EXEC: Final = 0x4
_CLONE_THREAD: Final = 0x10000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000

_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 5: 16}
"""Kinds of access to files that Landlock knows, by the version of its interface."""


@dataclass(frozen=True, slots=True)
class Protection:
    """What holds a worker process.

    Attributes
    ----------
    seccomp : bool
        Whether calls of the system are restricted to those that are needed.
    landlock : int
        The version of Landlock's interface; 0 where the kernel has none.
    memory : bool
        Whether its address space is limited.
    """

    seccomp: bool = False
    landlock: int = 0
    memory: bool = False

    @property
    def contained(self) -> bool:
        """Whether machine code that took the process over would be held, too."""
        return self.seccomp

    @property
    def in_words(self) -> str:
        """What holds, as an administrator reads it in the log: "seccomp, Landlock 7, memory"."""
        names = (
            ("seccomp", self.seccomp),
            (f"Landlock {self.landlock}", self.landlock),
            ("memory limit", self.memory),
        )
        return ", ".join(name for name, holds in names if holds) or "the deadline alone"


def lock() -> tuple[bool, int]:
    """Lock this process, for good; it must have one thread by now, and all files that it needs.

    Returns
    -------
    bool, int
        Whether seccomp holds, and Landlock's version, 0 where there is none. Both are refused by
        some kernels and containers, and there is nothing of the kind but on Linux.
    """
    machine = os.uname().machine if sys.platform == "linux" else ""
    if machine not in _MACHINES:
        return False, 0
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False, 0
    landlock = _lock_files(libc)
    return _lock_calls(libc, machine), landlock


def hide_process() -> None:
    """Let no process of the same user read this one's memory or environment, nor trace it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _lock_files(libc: ctypes.CDLL) -> int:
    """Refuse every file, port and foreign process; the version of the interface, or 0."""
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return 0
    rights = max(bits for since, bits in _FILE_RIGHTS.items() if since <= version)
    ports, others = 0b11, 0b11  # to bind and connect; abstract sockets and signals
    words = [(1 << rights) - 1, ports, others][: 1 + (version >= 4) + (version >= 6)]
    rules = struct.pack(f"<{len(words)}Q", *words)
    descriptor = libc.syscall(_LANDLOCK_CREATE, rules, len(rules), 0)
    if descriptor < 0:
        return 0
    held = libc.syscall(_LANDLOCK_RESTRICT, descriptor, 0) == 0
    return int(version) if held else 0


def _lock_calls(libc: ctypes.CDLL, machine: str) -> bool:
    program = _program(machine)
    code = ctypes.create_string_buffer(program)
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    set_filter, all_threads = 1, 1
    # A number over 0 would be that of a thread which couldn't follow.
    return bool(libc.syscall(_SECCOMP[machine], set_filter, all_threads, header) == 0)


def _program(machine: str) -> bytes:
    """The filter, for the kernel's machine: eight bytes for each step.

    What isn't needed gets an error rather than the end of the process: decoders and libraries ask
    for much that they can do without, such as the number of processors.
    """
    refused = _REFUSE | errno.EPERM
    steps = [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, _MACHINES[machine]),
        (_ANSWER, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _FOREIGN_CALLS),
        (_ANSWER, 0, 0, refused),
    ]
    for number in _NEEDED[machine].values():
        steps += [(_EQUAL, 0, 1, number), (_ANSWER, 0, 0, _ALLOW)]
    for number in _MAPPING[machine]:
        steps += _if_argument(number, 2, (_ANY_BIT, _PROT_EXEC), yes=refused, no=_ALLOW)
    steps += _if_argument(_CLONE[machine], 0, (_ANY_BIT, _CLONE_THREAD), yes=_ALLOW, no=refused)
    steps += _if_argument(_PRCTL[machine], 0, (_EQUAL, _PR_SET_NAME), yes=_ALLOW, no=refused)
    # Its flags lie in memory, where a filter can't look; glibc then uses clone.
    steps += [(_EQUAL, 0, 1, _CLONE3), (_ANSWER, 0, 0, _REFUSE | errno.ENOSYS)]
    steps += [(_ANSWER, 0, 0, refused)]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


def _if_argument(
    number: int, argument: int, test: tuple[int, int], *, yes: int, no: int
) -> list[tuple[int, int, int, int]]:
    """Steps that answer a call by its argument's lower half; other calls go past them."""
    compare, value = test
    return [
        (_EQUAL, 0, 4, number),
        (_LOAD, 0, 0, _ARGUMENTS + 8 * argument),
        (compare, 0, 1, value),
        (_ANSWER, 0, 0, yes),
        (_ANSWER, 0, 0, no),
    ]
