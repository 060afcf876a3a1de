"""Dask distributed as the executor: the workers of a cluster that exists already.

The scheduler keeps account of every task: those of a worker that dies are begun again on another,
at most as often as its setting ``distributed.scheduler.allowed-failures`` says (3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imgdiff.batch.pairing import FilePair
from imgdiff.environment import limit_threads
from imgdiff.errors import ImgdiffError, WorkError
from imgdiff.load import read_file
from imgdiff.workers.worker_pool import IN_FLIGHT

if TYPE_CHECKING:
    from distributed import Client

_TIMEOUT = 10
"""Seconds in which a scheduler must answer."""


class Cluster(Executor):
    """Dask's executor, which takes a file along where no path leads to it."""

    def __init__(self, executor: Executor, in_flight: int, *, sends_files: bool) -> None:
        self.in_flight = in_flight
        self.sends_files = sends_files
        self._executor = executor

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a function called on one of the workers."""
        return self._executor.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let go of what is left to do; the cluster itself goes on."""
        self._executor.shutdown(wait=wait, cancel_futures=cancel_futures)


@contextmanager
def cluster(address: str, pairs: Sequence[FilePair]) -> Iterator[Cluster]:
    """Connect to a scheduler.

    Parameters
    ----------
    address : str
        Such as ``tcp://scheduler:8786``.
    pairs : sequence of FilePair
        Paths are sent if all workers see the same content behind the first one; otherwise the
        files are read here and sent along.

    Yields
    ------
    Cluster
        An executor for `compare_pairs`.

    Raises
    ------
    WorkError
        Dask isn't installed, or no scheduler or worker answers.
    """
    try:
        import dask  # noqa: PLC0415 (an extra)
        from distributed import Client  # noqa: PLC0415
    except ImportError:
        raise WorkError(
            "Dask is needed for this, but it isn't installed: install imgdiff-app[cluster]."
        ) from None
    try:
        client = Client(address, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise WorkError(
            f"A Dask scheduler is expected at {address}, but none answers: check the address."
        ) from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise WorkError(f"The Dask scheduler at {address} has no workers: start some first.")
        client.run(limit_threads, 1)
        # Dask warns of large tasks, lest a whole data set be sent to and fro; ours are two files.
        quiet = dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GiB"})
        with quiet, client.get_executor(pure=False) as executor:
            yield Cluster(executor, IN_FLIGHT * threads, sends_files=not _all_see(client, pairs))


def _all_see(client: Client, pairs: Sequence[FilePair]) -> bool:
    """Whether every worker finds the first file as it is here."""
    files = (file for pair in pairs for file in (pair.before, pair.after))
    first = next((file for file in files if isinstance(file, Path)), None)
    if first is None:
        return True
    path = first.absolute()
    seen = client.run(_digest, path)
    return all(digest == _digest(path) for digest in seen.values())


def _digest(path: Path) -> str:
    """Of a file's content; empty if it can't be read."""
    try:
        return hashlib.sha256(read_file(path)).hexdigest()
    except ImgdiffError:
        return ""
