"""The plug-in as TensorBoard calls it: with a context, over WSGI, below a route. No TensorBoard."""

from __future__ import annotations

import importlib
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from werkzeug.test import Client, TestResponse

from projector.api.session.session import Session
from projector.server import static_files
from projector.server.static_files import page_folder

PLUGIN = "projector.tensorboard.plugin"
ROUTE = "/data/plugin/projector_plus"

needs_page = pytest.mark.skipif(page_folder() is None, reason="the page is not built")


class FrontendMetadata(SimpleNamespace):
    """What a plug-in says of its tab."""


@pytest.fixture
def tensorboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give the plug-in's module over as much of TensorBoard as it needs; set its `VERSION`."""
    base, version = ModuleType("tensorboard.plugins.base_plugin"), ModuleType("tensorboard.version")
    base.TBPlugin = type("TBPlugin", (), {})  # type: ignore[attr-defined]
    base.FrontendMetadata = FrontendMetadata  # type: ignore[attr-defined]
    version.VERSION = "2.21.0"  # type: ignore[attr-defined]
    plugins, whole = ModuleType("tensorboard.plugins"), ModuleType("tensorboard")
    plugins.base_plugin, whole.version = base, version  # type: ignore[attr-defined]
    for each in (whole, plugins, base, version):
        monkeypatch.setitem(sys.modules, each.__name__, each)
    monkeypatch.delitem(sys.modules, PLUGIN, raising=False)
    yield importlib.import_module(PLUGIN)
    sys.modules.pop(PLUGIN, None)


Make = Callable[..., tuple[Any, Client]]


@pytest.fixture
def loaded(tensorboard: Any) -> Iterator[Make]:
    """Give a function that loads the plug-in, and a client of a program that has its routes."""
    made = []

    def make(logdir: str | Path, **flags: Any) -> tuple[Any, Client]:
        context = SimpleNamespace(logdir=str(logdir), flags=SimpleNamespace(**flags))
        plugin = tensorboard.ProjectorPlus(context)
        made.append(plugin)
        return plugin, Client(routed(plugin))

    yield make
    for plugin in made:
        plugin.mounted.close()


def routed(plugin: Any, prefix: str = "") -> Any:
    """Return a program that finds a plug-in's routes as TensorBoard does."""
    routes = {f"{ROUTE}{path}": app for path, app in plugin.get_plugin_apps().items()}

    def program(environ: dict[str, Any], start_response: Any) -> Any:
        assert environ["PATH_INFO"].startswith(prefix)
        environ["SCRIPT_NAME"] += prefix
        environ["PATH_INFO"] = path = environ["PATH_INFO"].removeprefix(prefix)
        path = path[:-1] if path.endswith("/") else path
        wide = [each[:-1] for each in routes if each.endswith("/*") and path.startswith(each[:-1])]
        app = routes[path] if path in routes else routes[f"{wide[0]}*"]
        return app(environ, start_response)

    return program


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    np.save(tmp_path / "vectors.npy", np.random.default_rng(0).normal(size=(40, 5)))
    return tmp_path


def session_of(plugin: Any) -> Any:
    return plugin.mounted.session


def keeps_the_rules(answer: TestResponse) -> bool:
    """Return whether TensorBoard's validator of answers would have nothing to say."""
    policy = answer.headers.get("Content-Security-Policy", "")
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return (
        answer.headers.get("X-Content-Type-Options") == "nosniff"
        and bool(answer.headers.get("Content-Type"))
        and (not is_page or "default-src" in policy)
    )


def sentence(answer: TestResponse) -> str:
    assert keeps_the_rules(answer)
    return answer.get_data(as_text=True).partition('<p role="alert">')[2].partition("</p>")[0]


def test_what_it_says_of_its_tab(loaded: Make, logdir: Path) -> None:
    plugin, _ = loaded(logdir)
    said = plugin.frontend_metadata()
    assert plugin.plugin_name == "projector_plus"
    assert said.tab_name == "Projector+"
    assert said.es_module_path in plugin.get_plugin_apps()


def test_whether_it_is_active_opens_nothing(loaded: Make, logdir: Path) -> None:
    plugin, _ = loaded(logdir)
    assert plugin.is_active()
    assert loaded("", logdir_spec="a:b")[0].is_active()
    assert not loaded("", logdir_spec="")[0].is_active()
    assert session_of(plugin) is None


@needs_page
def test_the_application_is_below_the_route(loaded: Make, logdir: Path) -> None:
    plugin, client = loaded(logdir)
    for path, kind in (("/page/", "text/html"), ("/tab.js", "text/javascript")):
        answer = client.get(ROUTE + path, buffered=True)
        assert answer.status_code == 200
        assert keeps_the_rules(answer)
        assert answer.mimetype == kind
    session_of(plugin).wait()
    listing = client.get(f"{ROUTE}/page/api/v1/log")
    assert keeps_the_rules(listing)
    assert [each["name"] for each in json.loads(listing.data)["entries"]] == ["vectors"]
    again = client.get(
        f"{ROUTE}/page/api/v1/log", headers={"If-None-Match": listing.headers["ETag"]}
    )
    assert again.status_code == 304
    assert keeps_the_rules(again)


def test_a_prefix_is_part_of_its_root(loaded: Make, logdir: Path) -> None:
    plugin, _ = loaded(logdir)
    client = Client(routed(plugin, "/some/where"))
    answer = client.get(f"/some/where{ROUTE}/page?x=1")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/some/where{ROUTE}/page/?x=1")


def test_a_path_prefix_may_be_called_as_our_own(loaded: Make, logdir: Path) -> None:
    plugin, _ = loaded(logdir)
    answer = Client(routed(plugin, "/page")).get(f"/page{ROUTE}/page/api/v1/log")
    assert answer.status_code == 200


def test_any_host_is_answered_and_no_foreign_page(loaded: Make, logdir: Path) -> None:
    _, client = loaded(logdir)
    assert client.get(f"{ROUTE}/page/api/v1/log", headers={"Host": "gpu7"}).status_code == 200
    for path in ("/page/api/v1/demo", "/reload"):
        foreign = client.post(ROUTE + path, headers={"Origin": "http://evil.example"})
        assert foreign.status_code == 403
        assert sentence(foreign)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({}, False),
        ({"host": None, "bind_all": False}, False),
        ({"host": "127.0.0.1"}, False),
        ({"host": "gpu7"}, True),
        ({"bind_all": True}, True),
    ],
)
def test_what_others_can_reach_is_read_only(
    loaded: Make, logdir: Path, flags: dict[str, Any], expected: bool
) -> None:
    _, client = loaded(logdir, **flags)
    demo = client.post(f"{ROUTE}/page/api/v1/demo")
    assert (demo.status_code == 403) is expected
    if expected:
        assert "read-only" in json.loads(demo.data)["error"]["message"]


def test_what_is_missing_is_one_sentence_as_long_as_it_is_missing(
    loaded: Make, tmp_path: Path
) -> None:
    place = tmp_path / "later"
    plugin, client = loaded(place)
    missing = client.get(f"{ROUTE}/page/")
    assert missing.status_code == 503
    assert sentence(missing) == "later: No such file or directory. Give a path that exists."
    place.mkdir()
    assert client.get(f"{ROUTE}/page/api/v1/log").status_code == 200
    assert session_of(plugin) is not None


@pytest.mark.parametrize(
    ("logdir", "expected"),
    [("gs://bucket", "directories of this machine"), ("", "has no log directory")],
)
def test_what_cannot_be_read_is_one_sentence(loaded: Make, logdir: str, expected: str) -> None:
    assert expected in sentence(loaded(logdir)[1].get(f"{ROUTE}/page/"))


def test_an_error_of_ours_is_one_sentence_and_in_the_log(
    loaded: Make, logdir: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("out of <order>")

    monkeypatch.setattr(Session, "__init__", fail)
    with caplog.at_level(logging.ERROR, "projector"):
        told = sentence(loaded(logdir)[1].get(f"{ROUTE}/page/"))
    assert told == "Projector+ could not be opened (RuntimeError: out of &lt;order&gt;)."
    assert "out of <order>" in caplog.text


def test_a_page_that_was_not_built_is_one_sentence(
    loaded: Make, logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_files, "page_folder", lambda: None)
    monkeypatch.chdir(logdir)
    answer = loaded(logdir)[1].get(f"{ROUTE}/tab.js")
    assert keeps_the_rules(answer)
    assert answer.mimetype == "text/javascript"
    assert "The page for TensorBoard has not been built" in answer.get_data(as_text=True)


def test_a_tensorboard_that_is_too_old_is_told_so(
    tensorboard: Any, loaded: Make, logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tensorboard.version, "VERSION", "2.9.1")
    told = sentence(loaded(logdir)[1].get(f"{ROUTE}/page/"))
    assert told.startswith("Projector+ needs TensorBoard 2.18 or later. Found 2.9.1.")
    assert tensorboard.too_old("2.18.0") is None
    assert tensorboard.too_old("3.0.0a1") is None


def test_a_reload_reads_the_directory_again(loaded: Make, logdir: Path) -> None:
    plugin, client = loaded(logdir)
    assert client.post(f"{ROUTE}/reload").status_code == 200, "nobody has opened it yet"
    assert session_of(plugin) is None
    client.get(f"{ROUTE}/page/api/v1/log")
    session_of(plugin).wait()
    np.save(logdir / "second.npy", np.eye(9, 4))
    reloaded = client.post(f"{ROUTE}/reload")
    assert reloaded.status_code == 200
    assert keeps_the_rules(reloaded)
    names = {each.name for each in session_of(plugin).listing_now.entries}
    assert names == {"vectors", "second"}


def test_those_who_ask_first_share_one_session(
    loaded: Make, logdir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin, _ = loaded(logdir)
    n_made, make = [], Session.__init__

    def counted(*given: Any, **named: Any) -> None:
        n_made.append(1)
        make(*given, **named)

    monkeypatch.setattr(Session, "__init__", counted)
    asks = [
        threading.Thread(target=Client(routed(plugin)).get, args=(f"{ROUTE}/page/api/v1/log",))
        for _ in range(6)
    ]
    for each in asks:
        each.start()
    for each in asks:
        each.join()
    assert len(n_made) == 1


def test_several_directories_are_groups(loaded: Make, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        np.save(tmp_path / name / "vectors.npy", np.eye(9, 4))
    plugin, client = loaded("", logdir_spec=f"old:{tmp_path}/a,{tmp_path}/b")
    client.get(f"{ROUTE}/page/api/v1/log")
    runs = {each.run.partition("/")[0] for each in session_of(plugin).listing.entries}
    assert runs == {"old", "b"}


def test_nothing_of_tensorboard_is_imported_without_it() -> None:
    script = (
        "import sys, projector, projector.cli, projector.server.application\n"
        "import projector.tensorboard.mounted_page\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'tensorboard']\n"
        "assert 'projector.api.session.session' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_routes_import_nothing_large_before_the_tab_is_opened() -> None:
    script = (
        "import sys, projector.tensorboard.mounted_page\n"
        "large = {'numpy', 'flask', 'numba', 'pyarrow', 'scipy', 'faiss'} & set(sys.modules)\n"
        "assert not large, large\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
