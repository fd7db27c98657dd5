from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.installing import install_example, write_fvecs


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the example plug-in is installed."""
    folder = tmp_path_factory.mktemp("site")
    install_example(folder)
    return folder


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    """A log directory with a file that only the example's format reads."""
    folder = tmp_path / "runs"
    folder.mkdir()
    write_fvecs(folder / "sift.fvecs")
    return folder
