"""The program of a process of the pool: ``python -m projector.jobs.executors.pool_worker``."""

from __future__ import annotations

import os
import queue
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from projector.errors import Cancelled, ProjectorError
from projector.jobs.executors.pool_messages import Call, Ended, Keep, Kept, Rows, Stop
from projector.jobs.executors.task_error import TaskError
from projector.machine.channel import Channel
from projector.machine.channel_process import standard_channel
from projector.machine.processors import at_most_processors
from projector.machine.shortages import machine_error

#: Seconds between two reports of rows.
REPORT_SECONDS = 0.2


class _Watch:
    """Sends the rows of one call, and ends it when the owner says so."""

    def __init__(self, number: int, send: Callable[[Rows], None], stopped: threading.Event) -> None:
        self._number, self._send, self._stopped = number, send, stopped
        self._done, self._next = 0, 0.0

    def rows(self, count: int) -> None:
        """Report rows."""
        if self._stopped.is_set():
            raise Cancelled
        self._done += count
        now = time.monotonic()
        if now >= self._next:
            self._next = now + REPORT_SECONDS
            self.report()

    def report(self) -> None:
        """Send how many rows are done."""
        self._send(Rows(self._number, self._done))


def main() -> None:
    """Serve calls, one after the other, until the owner closes the channel."""
    channel, _ = standard_channel(prints=True)
    calls: queue.Queue[Call] = queue.Queue()
    kept: dict[int, Any] = {}
    stopped = threading.Event()
    reader = threading.Thread(target=_read, args=(channel, calls, kept, stopped), daemon=True)
    reader.start()
    # The other processors are for the other processes.
    with at_most_processors(1):
        while True:
            call = calls.get()
            try:
                channel.send(_answer(call, kept, channel, stopped))
            except OSError:
                os._exit(0)


def _read(
    channel: Channel, calls: queue.Queue[Call], kept: dict[int, Any], stopped: threading.Event
) -> None:
    while True:
        try:
            message = channel.receive()
        except (EOFError, OSError):
            os._exit(0)
        if isinstance(message, Stop):
            stopped.set()
        elif isinstance(message, Keep):
            kept[message.number] = message.value
        else:
            calls.put(message)


def _answer(call: Call, kept: dict[int, Any], channel: Channel, stopped: threading.Event) -> Ended:
    args = [kept[each.number] if isinstance(each, Kept) else each for each in call.args]
    watch = _Watch(call.number, channel.send, stopped)
    try:
        result = call.work(watch, *args)
        watch.report()
        return Ended(call.number, result)
    except Exception as error:  # noqa: BLE001 - the border of a process: nothing may vanish here
        if not isinstance(error, ProjectorError) and machine_error(error) is None:
            traceback.print_exc()
        return Ended(call.number, error=TaskError.of(error, f"process {os.getpid()}"))


if __name__ == "__main__":
    main()
