from __future__ import annotations

import pytest

from projector.errors import ParameterError
from projector.tensorboard.log_directories import log_directories


@pytest.mark.parametrize(
    ("logdir", "spec", "expected"),
    [
        ("/runs", None, ("/runs",)),
        # The only directory is taken as it is.
        ("/runs,old:b", None, ("/runs,old:b",)),
        (None, "/a,/b", ("/a", "/b")),
        (None, "mine:/a,/b", ("mine=/a", "/b")),
        # A name cannot begin with a slash.
        (None, "/a:b/c", ("/a:b/c",)),
        (None, "mine:/a:b", ("mine=/a:b",)),
        (None, "/a,,", ("/a",)),
        (None, None, ()),
        ("", "", ()),
    ],
)
def test_the_flags_are_divided_as_tensorboard_divides_them(
    logdir: str | None, spec: str | None, expected: tuple[str, ...]
) -> None:
    assert log_directories(logdir, spec) == expected


def test_paths_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.chdir("/")
    assert log_directories("~/runs", None) == ("/home/ada/runs",)
    assert log_directories(None, "a:runs") == ("a=/runs",)


@pytest.mark.parametrize(
    ("logdir", "spec"), [("gs://bucket/runs", None), (None, "mine:s3://bucket/runs")]
)
def test_another_machine_is_named_in_a_sentence(logdir: str | None, spec: str | None) -> None:
    with pytest.raises(ParameterError, match=r"directories of this machine.*://bucket/runs"):
        log_directories(logdir, spec)
