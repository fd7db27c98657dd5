"""The loop is woken from any thread, also at the moment in which it is closed."""

from __future__ import annotations

import threading

import numpy as np

import projector
from projector.server.connections.listener import Listener


def wake(listener: Listener, is_over: threading.Event, errors: list[OSError]) -> None:
    """Wake a loop until it is over."""
    try:
        while not is_over.is_set():
            listener.pull_trigger()
    except OSError as error:
        errors.append(error)


def test_a_loop_that_is_closed_is_not_woken() -> None:
    """Whoever wakes it later writes to no descriptor that may be somebody else's."""
    errors: list[OSError] = []
    for _ in range(20):
        server = projector.serve(np.zeros((3, 2), np.float32), port=0)
        is_over = threading.Event()
        arguments = (server._listener, is_over, errors)
        threads = [threading.Thread(target=wake, args=arguments) for _ in range(2)]
        for each in threads:
            each.start()
        server.close()
        assert not server._thread.is_alive()
        is_over.set()
        for each in threads:
            each.join()
    assert errors == []
