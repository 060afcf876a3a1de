"""An executor that does all at once, in this process: for where a worker is around it already."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from imgdiff.errors import ImgdiffError


class InlineExecutor(Executor):
    """Tasks are done as soon as they are submitted; errors that aren't a user's end the program."""

    in_flight = 1

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call a function."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except ImgdiffError as error:
            future.set_exception(error)
        return future
