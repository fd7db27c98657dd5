"""What the package imports is what it declares: nothing missing, nothing carried along unused."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# What a callback is for is what the training that uses it runs on: its own module imports that,
# and nothing else of the package. What an extra brings is imported where it alone is used.
OPTIONAL = {
    "projector/agents/protocol.py": {"mcp", "mcp_types"},
    "projector/agents/tools.py": {"pydantic"},
    "projector/jobs/executors/cluster.py": {"distributed"},
    "projector/jobs/executors/cluster_worker.py": {"distributed"},
    "projector/loaders/remote/file_system.py": {"fsspec"},
    "projector/notebook/still.py": {"IPython"},
    "projector/notebook/widget.py": {"anywidget", "traitlets"},
    "projector/tensorboard/plugin.py": {"tensorboard"},
    "projector/writer/callbacks/keras.py": {"keras"},
    "projector/writer/callbacks/lightning.py": {"lightning", "pytorch_lightning"},
    "projector/writer/callbacks/torch_layers.py": {"torch"},
    "projector/writer/callbacks/trainer.py": {"transformers"},
}
# Parts of a declared dependency that come as packages of their own, versioned with it.
PART_OF = {"werkzeug": "flask"}


def distribution_name(requirement: str) -> str:
    """Return the normalized name at the start of a requirement."""
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


class _WhatRuns(ast.NodeTransformer):
    """Leaves out what only type checkers see: it need not be installed."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node.orelse
        return self.generic_visit(node)


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(_WhatRuns().visit(ast.parse(path.read_text("utf-8")))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module.partition(".")[0]


DECLARED = {distribution_name(line) for line in PROJECT["dependencies"]}


def imported_packages() -> set[str]:
    """Return the package of every import in `projector`, also of those inside functions."""
    modules = {
        name
        for path in (ROOT / "projector").rglob("*.py")
        for name in imported_modules(path)
        if name not in OPTIONAL.get(path.relative_to(ROOT).as_posix(), ())
    }
    providers = packages_distributions()
    packages = {
        distribution_name(providers.get(module, [module])[0])
        for module in modules - sys.stdlib_module_names - {"projector"}
    }
    return {PART_OF.get(package, package) for package in packages}


def test_everything_imported_is_declared() -> None:
    assert imported_packages() - DECLARED == set()


def test_everything_declared_is_imported() -> None:
    assert DECLARED - imported_packages() == set()


def test_every_dependency_has_a_lower_bound() -> None:
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    for line in [*PROJECT["dependencies"], *extras]:
        assert re.fullmatch(r"[\w.-]+(\[[\w,]+\])?>=[\d.]+", line), line
