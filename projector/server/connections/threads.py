"""The threads that answer, made when there is something for them to do."""

from __future__ import annotations

from typing import Any

from waitress.task import ThreadedTaskDispatcher

_FIRST = 8


class Threads(ThreadedTaskDispatcher):
    """waitress's threads, at most so many, made as they are needed.

    Parameters
    ----------
    most : int
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.set_thread_count(min(_FIRST, most))

    def add_task(self, task: Any) -> None:
        """Let a thread take this task as soon as one can."""
        with self.lock:
            self.queue.append(task)
            self.queue_cv.notify()
            n_threads = len(self.threads)
            idle = n_threads - self.stop_count - self.active_count
            grow = len(self.queue) > idle and n_threads < self._most and self.stop_count == 0
        if grow:
            # Only the thread of the sockets and those that answer add tasks: one too many, made by
            # two at once, would stay below the most by `min`.
            self.set_thread_count(min(n_threads + 1, self._most))
