"""Interrupting what compares large pictures."""

from __future__ import annotations

import signal

import pytest

from imgdiff.cli.compare_large import stoppable
from imgdiff.errors import Cancelled


def test_who_interrupts_libvips_is_heard() -> None:
    ordinary = signal.getsignal(signal.SIGINT)
    with stoppable() as stopped:
        assert not stopped()
        signal.raise_signal(signal.SIGINT)
        assert stopped()
        assert signal.getsignal(signal.SIGINT) is ordinary  # for the second time
    with pytest.raises(KeyboardInterrupt), stoppable():
        raise Cancelled
    assert signal.getsignal(signal.SIGINT) is ordinary


def test_who_runs_in_the_background_is_not_interrupted() -> None:
    ordinary = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stoppable() as stopped:
            signal.raise_signal(signal.SIGINT)
            assert not stopped()
    finally:
        signal.signal(signal.SIGINT, ordinary)
