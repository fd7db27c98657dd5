"""The state file ``checkpoint``: only a missing checkpoint is worth a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from projector.loaders.base import Tensor
from projector.loaders.formats.tensorflow.state_file import TensorFlowState
from tests.loaders.writers import file_with, write


@pytest.mark.parametrize(
    ("named", "missing"),
    [
        ("model.ckpt-7", False),
        ("/home/else/where/model.ckpt-7", False),
        ("C:\\\\runs\\\\model.ckpt-7", False),
        ("old.ckpt-?????-of-00002", False),
        ("old.ckpt", True),
        ("model.ckpt-8", True),
        ("../model.ckpt-8", True),
        ("", False),
    ],
)
def test_a_missing_checkpoint_is_a_warning(tmp_path: Path, named: str, missing: bool) -> None:
    write(tmp_path / "model.ckpt-7.index")
    write(tmp_path / "old.ckpt-00000-of-00002")
    file = file_with(tmp_path / "checkpoint", f'model_checkpoint_path: "{named}"\n')
    assert TensorFlowState().sniff(file)
    found = TensorFlowState().list(file)
    assert found.tensors == ()
    assert [problem.severity for problem in found.problems] == ["warning"] * missing
    assert all("is not in this folder" in problem.message for problem in found.problems)


def test_a_mistake_has_its_place(tmp_path: Path) -> None:
    file = file_with(tmp_path / "checkpoint", 'model_checkpoint_path: "x\n')
    (problem,) = TensorFlowState().list(file).problems
    assert problem.message.startswith("line 1, column 24: found a string that does not end")


def test_other_files_are_not_state_files(tmp_path: Path) -> None:
    assert not TensorFlowState().sniff(file_with(tmp_path / "checkpoint", b"anything"))
    named = file_with(tmp_path / "other", 'model_checkpoint_path: "x"')
    assert not TensorFlowState().sniff(named)
    with pytest.raises(NotImplementedError):
        TensorFlowState().load(named, Tensor("", "x", (1, 1), "float32"))
