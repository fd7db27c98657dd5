"""A loader that a plug-in brings: whatever it does, it costs no more than the file it looks at.

It lists and loads in the reader process, which may die; what it returns is checked there; and what
it raises becomes an error of that file. Only `sniff` runs in the process that lists: a plug-in
that fails there is left out from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from projector.errors import LoadError
from projector.loaders.base import (
    File,
    Found,
    Loaded,
    Loader,
    Operation,
    Operations,
    Tensor,
)
from projector.machine.memory import is_lack_of_memory
from projector.plugins.entry_points import Plugin
from projector.plugins.registry import UnusableError, reason_of

_BOTH: Operations = ("list", "load")


class PluginLoader:
    """A plug-in's loader, made safe to call. Another process imports the plug-in itself.

    Parameters
    ----------
    loader : Loader
        What the plug-in brings.
    plugin : Plugin
    on_failure : callable, optional
        Called with the plug-in and a reason when `sniff` raised what it must not.
    """

    def __init__(
        self,
        loader: Loader,
        plugin: Plugin,
        on_failure: Callable[[Plugin, str], object] | None = None,
    ) -> None:
        self._loader = loader
        self._on_failure = on_failure
        self._is_left_out = False
        self.plugin = plugin
        self.name = loader.name
        self.title = loader.title
        self.extensions = tuple(loader.extensions)
        self.gives = str(getattr(loader, "gives", ""))
        #: Names of loaders that are asked after this one.
        self.before = tuple(getattr(loader, "before", ()))
        #: A plug-in may say that it needs no process of its own, or other files of the folder.
        self.native: Operations = tuple(getattr(loader, "native", _BOTH))
        self.reads_siblings = bool(getattr(loader, "reads_siblings", False))

    def __reduce__(self) -> tuple[Any, ...]:
        return _in_another_process, (self.plugin,)

    def sniff(self, file: File) -> bool:
        """Return whether the file is of this format; see `Loader.sniff`."""
        if self._is_left_out:
            return False
        try:
            return bool(self._loader.sniff(file))
        except LoadError:
            raise
        except Exception as error:
            # No fault of the file, which another loader may read.
            if is_lack_of_memory(error):
                raise
            self._is_left_out = True
            if self._on_failure is not None:
                self._on_failure(self.plugin, f"{reason_of(error)}, at {file.name}")
            return False

    def list(self, file: File) -> Found:
        """List the tensors; see `Loader.list`."""
        found = self._call("list", file)
        if not isinstance(found, Found):
            raise self._wrong(file, "list", f"expected a Found, got {type(found).__name__}")
        for tensor in found.tensors:
            if not _is_sound(tensor):
                raise self._wrong(file, "list", f"{tensor!r:.80} is no sound Tensor")
        return found

    def load(self, file: File, tensor: Tensor) -> Loaded:
        """Read one tensor; see `Loader.load`."""
        loaded = self._call("load", file, tensor)
        if not isinstance(loaded, Loaded):
            raise self._wrong(file, "load", f"expected a Loaded, got {type(loaded).__name__}")
        values: Any = loaded.values
        if not isinstance(values, np.ndarray) or values.shape != tensor.shape:
            shape = getattr(values, "shape", type(values).__name__)
            raise self._wrong(file, "load", f"listed {tensor.shape}, got {shape}")
        return loaded

    def _call(self, operation: Operation, file: File, *tensor: Tensor) -> Any:
        try:
            return getattr(self._loader, operation)(file, *tensor)
        except LoadError:
            raise
        except Exception as error:
            if is_lack_of_memory(error):
                raise
            raise self._wrong(file, operation, reason_of(error)) from error

    def _wrong(self, file: File, operation: Operation, what: str) -> LoadError:
        return LoadError(
            file.path,
            f"cannot be read: the plug-in {self.plugin} failed to {operation} it ({what}). Report "
            "this to the authors of the plug-in.",
        )


def plugin_loader(
    found: Any, plugin: Plugin, on_failure: Callable[[Plugin, str], object] | None = None
) -> PluginLoader:
    """Return the loader that an entry point names: an object, or a class that makes one.

    Raises
    ------
    UnusableError
        It is no loader, or has another name than its entry point.
    """
    loader = found() if isinstance(found, type) else found
    lacking = [
        name
        for name in ("name", "title", "extensions", "sniff", "list", "load")
        if not hasattr(loader, name)
    ]
    if lacking:
        raise UnusableError(f"{plugin.target} is no loader: it has no {', '.join(lacking)}")
    if loader.name != plugin.name:
        raise UnusableError(
            f"the loader calls itself {loader.name!r}, and its entry point is {plugin.name!r}"
        )
    return PluginLoader(loader, plugin, on_failure)


def _in_another_process(plugin: Plugin) -> PluginLoader:
    return plugin_loader(plugin.load(), plugin)


def _is_sound(tensor: Any) -> bool:
    if not isinstance(tensor, Tensor):
        return False
    texts: tuple[Any, ...] = (tensor.key, tensor.name, tensor.dtype)
    shape: Any = tensor.shape
    sizes = shape if isinstance(shape, tuple) else (None,)
    return all(isinstance(each, str) for each in texts) and all(
        isinstance(size, int) and size >= 0 for size in sizes
    )
