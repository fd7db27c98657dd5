"""Signals end a program as Ctrl-C does, unless they are ignored."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest

from projector.machine.endings import end_as_by_ctrl_c

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

PROGRAM = """
import signal, sys, time
from projector.machine.endings import end_as_by_ctrl_c
signal.signal(signal.SIGHUP, signal.SIG_IGN)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)  # a shell's background jobs ignore it
end_as_by_ctrl_c()
try:
    print("ready", flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    print("ending", flush=True)
    sys.stdin.readline()  # until further signals have come
    print("ended", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT])
def test_a_signal_is_an_interrupt_once(number: signal.Signals) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGHUP)  # ignored, as nohup has it
        process.send_signal(number)
        assert process.stdout.readline() == "ending\n"
        for other in (signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP):
            process.send_signal(other)
        process.stdin.write("go on\n")
        process.stdin.flush()
        assert process.stdout.readline() == "ended\n"
        assert process.wait(60) == 0


def test_only_the_main_thread_has_signals() -> None:
    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=end_as_by_ctrl_c)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGTERM) == before
