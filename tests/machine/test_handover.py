"""A process fills arrays that another one maps without a copy."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import numpy as np
import pytest

from projector.machine import handover
from projector.machine.channel import PASSES_FILES, SocketChannel
from projector.machine.handover import empty_array, file_of
from projector.machine.private_map import owner_of

pytestmark = pytest.mark.skipif(not PASSES_FILES, reason="files cannot be passed here")


@pytest.fixture
def handing_over() -> Iterator[None]:
    handover.start_handing_over()
    yield
    handover._hands_over = False


def test_an_ordinary_process_gets_ordinary_arrays() -> None:
    assert owner_of(empty_array((1 << 20,), np.float32)) is None


def test_a_small_array_is_an_ordinary_one(handing_over: None) -> None:
    assert empty_array((3, 0), np.float32).shape == (3, 0)
    assert owner_of(empty_array((10,), np.float32)) is None


def test_the_other_end_maps_what_was_filled(handing_over: None) -> None:
    made = empty_array((1 << 10, 1 << 9), np.float32)
    made[:] = np.arange(made.size).reshape(made.shape)
    place = file_of(made[5:].reshape(-1).view(np.uint8).data)
    assert place is not None
    assert place[1] == 5 * made.shape[1] * 4
    one, other = map(SocketChannel, socket.socketpair())
    one.send({"whole": made, "part": made[7:], "copied": made + 1})
    found = other.receive(60)
    one.close()
    other.close()
    np.testing.assert_array_equal(found["whole"], made)
    np.testing.assert_array_equal(found["part"], made[7:])
    np.testing.assert_array_equal(found["copied"], made + 1)
    made[0, 0] = -1
    assert found["whole"][0, 0] == -1  # the same memory
    assert not found["whole"].flags.writeable
    assert owner_of(found["whole"]) is not None  # so that a worker can map it, too


def test_nothing_stays_open_when_the_array_is_gone(handing_over: None) -> None:
    before = len(os.listdir("/dev/fd"))
    made = empty_array((1 << 20,), np.float32)
    assert len(os.listdir("/dev/fd")) > before
    del made
    assert len(os.listdir("/dev/fd")) == before
    assert not handover._filled
