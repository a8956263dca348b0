"""Loaded by every Python that runs on another clock (`make test-ahead`): fixes how it sleeps, how threads take turns.

libfaketime shifts the end of an absolute sleep even where it leaves the monotonic clock alone, so that `time.sleep`
fails with "Invalid argument" or sleeps for years. Waiting for nothing to become readable is not touched by it. It also
touches the wait of a thread for its turn, at which Python has aborted; so what a pool is given is done at once.
"""

import concurrent.futures
import select
import time
from collections.abc import Callable
from typing import Any, SupportsIndex


class _AtOnce(concurrent.futures.Executor):
    """A pool without threads."""

    def __init__(self, max_workers: int | None = None) -> None:
        del max_workers

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> concurrent.futures.Future[Any]:
        """Calls the function before it returns its future."""
        done: concurrent.futures.Future[Any] = concurrent.futures.Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # whoever asks for the result gets it, as from a thread
            done.set_exception(error)
        return done


def _sleep(seconds: float | SupportsIndex, /) -> None:
    if float(seconds) < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], float(seconds))


time.sleep = _sleep
concurrent.futures.ThreadPoolExecutor = _AtOnce  # type: ignore[assignment,misc]
