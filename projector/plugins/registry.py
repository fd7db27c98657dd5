"""What there is of one kind by name: the built-in ones, then those of plug-ins."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeVar

from projector.errors import ParameterError
from projector.plugins.entry_points import Kind, Plugin, find_plugins

Thing = TypeVar("Thing")

_LONGEST_REASON = 240


@dataclass(frozen=True)
class Failure:
    """A plug-in that cannot be used, and why.

    Attributes
    ----------
    plugin : Plugin
    message : str
        One sentence that names it, and one that says what to do.
    """

    plugin: Plugin
    message: str


class UnusableError(Exception):
    """What a plug-in brings is not what its kind needs; the message says what is missing."""


class Registry(MutableMapping[str, Thing]):
    """Everything of one kind by name. A plug-in is imported when it is first asked for.

    Iterating imports all of them; those that cannot be used are left out, and `failures` says why.
    Safe to use from several threads.

    Parameters
    ----------
    kind : {"loader", "method", "panel"}
    built_in : iterable of pairs
        Name and thing, in their order.
    adopt : callable
        Returns what is registered for the object of a plug-in, or raises `UnusableError`.
    """

    def __init__(
        self,
        kind: Kind,
        built_in: Iterable[tuple[str, Thing]],
        adopt: Callable[[Any, Plugin], Thing],
    ) -> None:
        self._kind = kind
        self._adopt = adopt
        self._built_in = dict(built_in)
        self._lock = threading.RLock()
        self._listed: dict[str, Plugin] | None = None
        self._loaded: dict[str, Thing] = {}
        self._loading: set[str] = set()
        self._failures: dict[Plugin, Failure] = {}

    @property
    def built_in(self) -> tuple[Thing, ...]:
        """Those that are part of projector."""
        return tuple(self._built_in.values())

    def plugins(self) -> tuple[Plugin, ...]:
        """Return the plug-ins by name, whether they can be used or not; nothing is imported."""
        with self._lock:
            return tuple(sorted({*self._known().values(), *self._failures}))

    def plugin_of(self, name: str) -> Plugin | None:
        """Return the plug-in that brings what has this name; None for what is built in."""
        with self._lock:
            return None if name in self._built_in else self._known().get(name)

    def failures(self) -> tuple[Failure, ...]:
        """Return the plug-ins that were tried and cannot be used."""
        with self._lock:
            self._known()
            return tuple(self._failures[plugin] for plugin in sorted(self._failures))

    def check(self, name: str) -> None:
        """Raise `ParameterError` if a plug-in brings what has this name, and cannot be used."""
        plugin = self.plugin_of(name)
        if plugin is not None and name not in self and plugin in self._failures:
            raise ParameterError(self._failures[plugin].message)

    def fail(self, plugin: Plugin, reason: str) -> None:
        """Leave a plug-in out from now on, because of what it did."""
        with self._lock:
            self._loaded.pop(plugin.name, None)
            self._failures[plugin] = _failure(plugin, reason)

    def __getitem__(self, name: str) -> Thing:
        with self._lock:
            if name in self._built_in:
                return self._built_in[name]
            if name not in self._loaded:
                self._load(name)
            return self._loaded[name]

    def __setitem__(self, name: str, thing: Thing) -> None:
        """Register something for this process alone: worker processes do not know it."""
        with self._lock:
            self._built_in[name] = thing

    def __delitem__(self, name: str) -> None:
        with self._lock:
            del self._built_in[name]

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            names = [*self._built_in, *(name for name in self._known() if name in self)]
        return iter(dict.fromkeys(names))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        with self._lock:
            names = ", ".join(dict.fromkeys([*self._built_in, *self._known()]))
        return f"<{self._kind}s: {names}>"

    def _known(self) -> dict[str, Plugin]:
        """Return the plug-ins that may be loaded, by name."""
        if self._listed is None:
            self._listed = {}
            for plugin in find_plugins(self._kind):
                first = self._listed.get(plugin.name)
                if plugin.name in self._built_in:
                    self._refuse_name(plugin, "projector itself has one of this name")
                elif first is not None:
                    self._refuse_name(plugin, f"{first.origin} has one of this name, too")
                else:
                    self._listed[plugin.name] = plugin
        return self._listed

    def _refuse_name(self, plugin: Plugin, why: str) -> None:
        self._failures[plugin] = Failure(
            plugin,
            f"The {self._kind} plug-in {plugin} is left out: {why}. Uninstall one of them.",
        )

    def _load(self, name: str) -> None:
        """Import a plug-in; raise KeyError where there is none that can be used."""
        plugin = self._known()[name]
        if plugin in self._failures or name in self._loading:
            raise KeyError(name)
        self._loading.add(name)
        try:
            self._loaded[name] = self._adopt(plugin.load(), plugin)
        except UnusableError as error:
            self._failures[plugin] = _failure(plugin, str(error), _is_another_version())
        except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code may raise anything
            self._failures[plugin] = _failure(plugin, reason_of(error), _advice(error))
        finally:
            self._loading.discard(name)
        if name not in self._loaded:
            raise KeyError(name)


def reason_of(error: BaseException) -> str:
    """Return what foreign code raised, in one line."""
    text = " ".join(str(error).split()) or "without a message"
    return f"{type(error).__name__}: {text}"[:_LONGEST_REASON]


def _failure(plugin: Plugin, reason: str, advice: str = "") -> Failure:
    advice = advice or "Report it to the authors of the plug-in, or uninstall it."
    message = f"The {plugin.kind} plug-in {plugin} cannot be used ({reason}). {advice}"
    return Failure(plugin, message)


def _advice(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and not _is_ours(error.name):
        return f"Install the package {str(error.name).partition('.')[0]!r}, which it needs."
    # What it takes from projector has another name or other arguments here.
    return _is_another_version() if isinstance(error, ImportError | TypeError) else ""


def _is_ours(module: str | None) -> bool:
    return (module or "").partition(".")[0] == "projector"


def _is_another_version() -> str:
    try:
        own = version("projector")
    except PackageNotFoundError:
        own = "unknown"
    return f"It may be made for another version of projector; this is {own}. Update both."
