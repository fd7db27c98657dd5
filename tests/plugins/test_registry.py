"""The registry: what it holds, when it loads, and that several threads may ask it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from projector.errors import ParameterError
from projector.plugins import registry as registry_module
from projector.plugins.entry_points import Plugin
from projector.plugins.registry import Registry, UnusableError

LOADED: list[str] = []


class FakePlugin(Plugin):
    """An entry point whose object is its target's text."""

    def load(self) -> Any:
        LOADED.append(self.name)
        if self.target.startswith("raise"):
            raise RuntimeError(f"{self.target}\non two lines")
        return self.target


def adopt(found: Any, plugin: Plugin) -> str:
    if found == "unusable":
        raise UnusableError("it is none")
    return f"{found} of {plugin.distribution}"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Registry[str]:
    LOADED.clear()
    plugins = [
        FakePlugin("method", name, package, "1.0", target)
        for name, package, target in (
            ("a", "one", "A"),
            ("bad", "one", "raise"),
            ("mine", "one", "M"),
            ("none", "one", "unusable"),
            ("a", "two", "A2"),
        )
    ]
    monkeypatch.setattr(registry_module, "find_plugins", lambda kind: tuple(plugins))
    return Registry("method", [("mine", "built in"), ("z", "last")], adopt)


def test_what_is_built_in_needs_no_plugin(made: Registry[str]) -> None:
    assert made["mine"] == "built in"
    assert made.built_in == ("built in", "last")
    assert "nothing" not in made
    assert repr(made) == "<methods: mine, z, a, bad, none>"
    assert LOADED == []


def test_one_is_loaded_once_when_it_is_asked_for(made: Registry[str]) -> None:
    assert made["a"] == "A of one"
    assert made["a"] == "A of one"
    assert LOADED == ["a"]


def test_iterating_leaves_out_what_cannot_be_used_and_says_why(made: Registry[str]) -> None:
    assert list(made) == ["mine", "z", "a"]
    assert list(made.values()) == ["built in", "last", "A of one"]
    assert len(made) == 3
    messages = {(f.plugin.name, f.plugin.distribution): f.message for f in made.failures()}
    assert messages.keys() == {("a", "two"), ("bad", "one"), ("mine", "one"), ("none", "one")}
    assert "(RuntimeError: raise on two lines)" in messages["bad", "one"]
    assert "projector itself has one of this name" in messages["mine", "one"]
    assert "one 1.0 has one of this name, too" in messages["a", "two"]
    assert LOADED.count("bad") == 1
    assert len(made.plugins()) == 5


def test_asking_for_a_broken_one_says_why(made: Registry[str]) -> None:
    with pytest.raises(
        ParameterError, match=r"plug-in none \(one 1.0\) cannot be used \(it is none"
    ):
        made.check("none")
    made.check("a")
    made.check("mine")
    made.check("nothing")
    with pytest.raises(KeyError):
        made["bad"]


def test_one_that_fails_later_is_left_out_from_then_on(made: Registry[str]) -> None:
    assert "a" in made
    plugin = made.plugin_of("a")
    assert plugin is not None
    made.fail(plugin, "KeyError: 'x'")
    assert "a" not in made
    assert made.plugin_of("mine") is None


def test_many_threads_load_each_once(made: Registry[str]) -> None:
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(list(made))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["mine", "z", "a"]] * 8
    assert sorted(LOADED) == ["a", "bad", "none"]
