"""What machine code that took a worker process over would try, through Python and through libc.

Each attack returns where it succeeds, and raises where it's refused. To see both columns, without
and with the lock: ``python -m tests.workers.attacks``, as a user that may do little or in a
container: what isn't refused is done.
"""

from __future__ import annotations

import _posixsubprocess
import ctypes
import mmap
import os
import platform
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.syscall.restype = ctypes.c_long
_NUMBERS = {
    "x86_64": {
        "open": 2, "openat": 257, "openat2": 437, "open_by_handle_at": 304,
        "stat": 4, "getdents": 78, "mkdir": 83, "unlinkat": 263, "renameat2": 316,
        "symlink": 88, "chmod": 90, "truncate": 76, "mount": 165, "chroot": 161,
        "socket": 41, "socketpair": 53, "sendto": 44, "fork": 57, "vfork": 58,
        "clone3": 435, "execve": 59, "execveat": 322, "ptrace": 101, "kill": 62,
        "tgkill": 234, "pidfd_open": 434, "process_vm_readv": 310,
        "process_vm_writev": 311, "memfd_create": 319, "io_uring_setup": 425,
        "bpf": 321, "userfaultfd": 323, "perf_event_open": 298, "keyctl": 250,
        "unshare": 272, "setns": 308, "setuid": 105, "prlimit64": 302, "shmget": 29,
        "msgget": 68, "personality": 135, "seccomp": 317, "reboot": 169,
        "init_module": 175, "ioctl": 16, "fcntl": 72, "dup": 32, "pipe2": 293,
        "inotify_init": 253, "timer_create": 222, "setpriority": 141, "x32 open": 0x40000002,
    },
    "aarch64": {
        "openat": 56, "openat2": 437, "getdents": 61, "unlinkat": 35,
        "renameat2": 276, "mount": 40, "chroot": 51, "socket": 198, "socketpair": 199,
        "sendto": 206, "clone3": 435, "execve": 221, "execveat": 281, "ptrace": 117,
        "kill": 129, "tgkill": 131, "pidfd_open": 434, "process_vm_readv": 270,
        "process_vm_writev": 271, "memfd_create": 279, "io_uring_setup": 425, "bpf": 280,
        "unshare": 97, "setns": 268, "setuid": 146, "prlimit64": 261, "shmget": 194,
        "personality": 92, "seccomp": 277, "ioctl": 29, "fcntl": 25, "dup": 23,
    },
}.get(platform.machine(), {})  # fmt: skip


def _call(number: int, *arguments: object) -> int:
    """A call of the system past all of libc's own; OSError if it's refused."""
    ctypes.set_errno(0)
    found: int = _LIBC.syscall(ctypes.c_long(number), *arguments)
    if found == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return found


def bare_call(name: str) -> int:
    """A call with arguments that mean nothing: a filter refuses it before they are looked at."""
    return _call(_NUMBERS[name], 0, 0, 0, 0, 0, 0)


def read_passwords(_: int) -> str:
    return Path("/etc/passwd").read_text()[:20]


def read_passwords_by_libc(_: int) -> int:
    return _call(_NUMBERS["openat"], -100, b"/etc/passwd", 0)


def read_servers_memory(server: int) -> int:
    return os.open(f"/proc/{server}/mem", os.O_RDWR)


def read_servers_environment(server: int) -> bytes:
    return Path(f"/proc/{server}/environ").read_bytes()


def copy_servers_memory(server: int) -> int:
    here = ctypes.create_string_buffer(16)
    vector = (ctypes.c_uint64 * 2)(ctypes.addressof(here), 16)
    return _call(_NUMBERS["process_vm_readv"], server, vector, 1, vector, 1, 0)


def write_file(_: int) -> int:
    return (Path(tempfile.gettempdir()) / f"attack {os.getpid()}").write_text("caught")


def list_files(_: int) -> list[str]:
    return os.listdir("/")[:1]  # noqa: PTH208


def talk(_: int) -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
    return "bound"


def fork(_: int) -> int:
    process = os.fork()
    if process == 0:
        os._exit(0)
    return process


def clone_a_process(_: int) -> int:
    process = _call(56 if platform.machine() == "x86_64" else 220, signal.SIGCHLD, 0, 0, 0, 0)
    if process == 0:
        os._exit(0)
    return process


def execute(_: int) -> None:
    os.execv("/bin/true", ["true"])  # noqa: S606


def start_program(_: int) -> None:
    subprocess.run(["/bin/true"], check=True)


def start_program_underneath(_: int) -> int:
    read, write = os.pipe()
    arguments: Any = (
        [b"true"], [b"/bin/true"], True, (write,), None, None, -1, -1, -1, -1, -1, -1, read, write,
        True, False, -1, None, None, None, -1, None, True,
    )  # fmt: skip
    return _posixsubprocess.fork_exec(*arguments)


def trace_server(server: int) -> int:
    attach = 16
    return _call(_NUMBERS["ptrace"], attach, server, 0, 0)


def end_server(server: int) -> None:
    os.kill(server, 0)


def run_own_code(_: int) -> str:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    return "mapped"


def make_code_of_data(_: int) -> int:
    page = mmap.mmap(-1, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    if _LIBC.mprotect(ctypes.c_void_p(address), 4096, 5):
        raise OSError(ctypes.get_errno(), "mprotect")
    return 0


def become_visible(_: int) -> int:
    """Let others read this process's memory again."""
    dumpable = 4
    if _LIBC.prctl(dumpable, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")
    return 0


def start_threads_without_end(_: int) -> int:
    for _turn in range(10_000):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    return 10_000


def take_memory(_: int) -> int:
    return len(bytearray(2 * 10**9))


ATTACKS: dict[str, Callable[[int], object]] = {
    attack.__name__: attack
    for attack in (
        *(read_passwords, read_passwords_by_libc, read_servers_memory, read_servers_environment),
        *(copy_servers_memory, write_file, list_files, talk, fork, clone_a_process, execute),
        *(start_program, start_program_underneath, trace_server, end_server, run_own_code),
        *(make_code_of_data, become_visible, start_threads_without_end, take_memory),
    )
}
CALLS = tuple(_NUMBERS)


def attempt(name: str, server: int) -> str:
    """What comes of an attack; "" if it succeeded."""
    try:
        if name in ATTACKS:
            ATTACKS[name](server)
        else:
            bare_call(name)
    except (OSError, MemoryError, RuntimeError) as error:
        return f"{type(error).__name__} {getattr(error, 'errno', '')}".strip()
    return ""


def main() -> None:
    """Print a table, each attack in a process of its own: without the lock, and with it."""
    from imgdiff.workers.confinement import give_up  # noqa: PLC0415

    print("| attack | not locked | locked |\n|---|---|---|")
    for name in ATTACKS:
        found = []
        for locked in (False, True):
            read, write = os.pipe()
            if os.fork() == 0:
                if locked:
                    give_up(700, keep=(read, write))
                os.write(write, (attempt(name, os.getppid()) or "DONE").encode())
                os._exit(0)
            os.close(write)
            found.append(os.read(read, 100).decode() or "ended the process")
            os.close(read)
        print(f"| {name.replace('_', ' ')} | {' | '.join(found)} |", flush=True)


if __name__ == "__main__":
    main()
