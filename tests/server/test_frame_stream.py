"""The stream of frames: what is sent, in how many components, and that nothing is sent twice."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from projector.jobs.job import Frame
from projector.model.projection import Projection
from projector.server.frame_stream import Part, frame_stream, joint_stream
from tests.server.client_calls import read_frames

RNG = np.random.default_rng(0)
EARLY, LATE = (RNG.normal(size=(5, 3)).astype(np.float32) for _ in range(2))


class Work:
    """A computation that gives some frames, and then its result."""

    def __init__(self, frames: list[Any], result: Any) -> None:
        self.frames = [
            Frame(number, number + 1, 0.5, each.shape, each.tobytes())
            for number, each in enumerate(frames)
        ]
        self.result = result
        self.job = self
        self.is_streamed = True

    def snapshot(self) -> SimpleNamespace:
        return SimpleNamespace(ended=not self.frames, done=9)

    def next_frame(self, after: int, seconds: float) -> Frame:
        return self.frames.pop(0)

    def projection(self) -> Projection | None:
        return None if self.result is None else Projection(self.result, "pca", {}, {})


def sent(frames: list[Any], result: Any, dims: int) -> list[dict[str, Any]]:
    work: Any = Work(frames, result)
    return list(read_frames(b"".join(frame_stream(work, dims, lambda _: None))))


@pytest.mark.parametrize("dims", [2, 3])
def test_frames_have_as_many_components_as_are_asked_for(dims: int) -> None:
    early, late = sent([EARLY], LATE, dims)
    for frame, positions, flags in ((early, EARLY, 0), (late, LATE, 1)):
        assert frame["payload"] == positions[:, :dims].tobytes()
        assert (frame["dims"], frame["flags"]) == (dims, flags)


def test_two_components_are_two_whatever_is_asked_for() -> None:
    assert [frame["dims"] for frame in sent([EARLY[:, :2]], LATE[:, :2], 3)] == [2, 2]


@pytest.mark.parametrize("dims", [2, 3])
def test_a_result_that_was_shown_is_not_sent_again(dims: int) -> None:
    _, first, last = sent([LATE, EARLY], EARLY, dims)
    assert first["payload"] == EARLY[:, :dims].tobytes()
    assert (last["payload"], last["flags"], last["done"]) == (b"", 1 | 4, 9)
    turned = EARLY * np.array([1, 1, -1], np.float32)
    assert sent([EARLY], turned, dims)[1]["flags"] == (5 if dims == 2 else 1)


def test_frames_of_another_step_of_the_series_are_not_sent() -> None:
    work: Any = Work([EARLY, EARLY], LATE)
    work.is_streamed = False
    (last,) = read_frames(b"".join(frame_stream(work, 2, lambda _: None)))
    assert (last["payload"], last["flags"]) == (LATE[:, :2].tobytes(), 1)


def test_work_without_a_result_ends_so() -> None:
    assert [frame["flags"] for frame in sent([EARLY], None, 3)] == [0, 3]
    assert [frame["flags"] for frame in sent([], None, 3)] == [3]


@pytest.mark.parametrize("n_frames", [0, 1, 3])
def test_the_first_frame_is_told_once_when_it_was_taken(n_frames: int) -> None:
    taken: list[bytes] = []
    told: list[int] = []
    work: Any = Work([EARLY] * n_frames, LATE)
    frames = frame_stream(work, 2, lambda _: None, on_first=lambda: told.append(len(taken)))
    taken.extend(frames)
    assert told == [1]


def joint(parts: list[Part], leaves: list[Any] | None = None) -> list[tuple[int, dict[str, Any]]]:
    """Return the frames of a joint stream, each with the number of its part."""
    heard: list[Any] = [] if leaves is None else leaves
    found = []
    for chunk in joint_stream(parts, heard.append):
        number = int.from_bytes(chunk[:4], "little")
        (frame,) = read_frames(chunk[4:])
        found.append((number, frame))
    return found


class Watched(Work):
    """The same, which can be waited for together with others."""

    @contextlib.contextmanager
    def watched(self, event: threading.Event) -> Iterator[None]:
        yield


def test_frames_of_several_projections_take_turns() -> None:
    first: Any = Watched([EARLY, LATE], LATE)
    second: Any = Watched([EARLY], None)
    found = joint([Part(first, 2), Part(second, 3), Part(None, 2)])
    assert [(number, frame["flags"]) for number, frame in found] == [
        (0, 0),
        (1, 0),
        (2, 3),
        (0, 0),
        (1, 3),
        (0, 5),
    ]
    of = {number: [f["payload"] for n, f in found if n == number] for number in range(3)}
    assert of[0] == [EARLY[:, :2].tobytes(), LATE[:, :2].tobytes(), b""]
    assert of[1] == [EARLY.tobytes(), b""]
    assert of[2] == [b""]


def test_each_part_tells_when_it_was_drawn_first() -> None:
    told: list[str] = []
    running: Any = Watched([EARLY, LATE], LATE)
    ended: Any = Watched([], LATE)
    joint(
        [
            Part(running, 2, lambda: told.append("a")),
            Part(ended, 2, lambda: told.append("b")),
        ]
    )
    assert sorted(told) == ["a", "b"]


def test_a_joint_stream_ends_when_its_reader_leaves() -> None:
    class Endless(Watched):
        def next_frame(self, after: int, seconds: float) -> Frame:
            return self.frames[0]

    leave: list[Any] = []
    endless: Any = Endless([EARLY], LATE)
    stream = joint_stream([Part(endless, 2)], leave.append)
    next(stream)
    leave[0]()
    assert list(stream) == []
