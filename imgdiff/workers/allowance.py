"""How much a worker process may take."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass, field
from typing import Final, Self

from imgdiff.environment import whole_number

_TRAVELLING: Final = struct.Struct("<IId")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one process, and one task, may take.

    Attributes
    ----------
    memory : int
        MB of address space for pictures.
    seconds : float
        For a task, once it has begun.
    threads : int
        By default as many as there are processors.
    """

    memory: int
    seconds: float
    threads: int = field(default_factory=lambda: os.cpu_count() or 1)

    @classmethod
    def from_environment(cls, memory: int, seconds: int, *, threads: int | None = None) -> Self:
        """With what IMGDIFF_WORKER_MB and IMGDIFF_DEADLINE_SECONDS say (docs/hosting.md)."""
        return cls(
            whole_number("IMGDIFF_WORKER_MB", memory, low=100),
            whole_number("IMGDIFF_DEADLINE_SECONDS", seconds),
            threads or os.cpu_count() or 1,
        )

    def packed(self) -> bytes:
        """As it is sent to a template."""
        return _TRAVELLING.pack(self.memory, self.threads, self.seconds)

    @classmethod
    def unpacked(cls, data: bytes) -> Self:
        """From what was sent."""
        memory, threads, seconds = _TRAVELLING.unpack(data)
        return cls(memory, seconds, threads)
