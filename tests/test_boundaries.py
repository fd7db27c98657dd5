"""What a room may not do: the right column of docs/architecture.md, as far as code can tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import PACKAGE, PYTHON_FILES, ROOT, STATIC, STATIC_FILES

#: Modules that put a thread, a process or a file into whatever imports them.
THREADS = {"threading", "multiprocessing", "concurrent", "subprocess"}
FILES = {"tempfile", "shutil", "mmap", "os", "glob"}
HTTP = {"flask", "werkzeug", "waitress", "http", "socket", "urllib.request", "requests"}
NUMERICS = {"numpy", "scipy", "numba", "faiss", "sklearn"}

#: Room: the modules it may not import, at the top of a file or inside a function.
MAY_NOT_IMPORT: dict[str, set[str]] = {
    "errors": THREADS | FILES | HTTP | NUMERICS,
    "model": THREADS | FILES | HTTP,
    "loaders": THREADS - {"threading"}
    | HTTP
    | {"numba", "faiss", "sklearn", "torch", "tensorflow"},
    # os: the environment and the number of processors.
    "compute": THREADS | FILES - {"os"} | HTTP,
    "jobs": HTTP | {"projector.model.dataset", "projector.model.projection"},
    # What a training imports must be small, and must not pull in the training's own libraries.
    "writer": THREADS - {"threading"}
    | HTTP
    | NUMERICS - {"numpy"}
    | {"torch", "tensorflow", "jax", "pandas"},
    "api": HTTP,
    "server": NUMERICS - {"numpy"} | {"projector.compute"},
    # The page in a cell: no port, no socket.
    "notebook": NUMERICS | HTTP,
    # The page in TensorBoard's tab, over TensorBoard's own server.
    "tensorboard": NUMERICS | HTTP,
    "cli": NUMERICS | HTTP,
    "commands": NUMERICS | HTTP,
}

#: Room: the built-in functions and methods it may not call.
MAY_NOT_CALL: dict[str, set[str]] = {
    "model": {"open", "print", "read_bytes", "read_text", "write_bytes", "write_text", "memmap"},
    "compute": {"open", "print", "read_bytes", "read_text", "write_bytes", "write_text", "memmap"},
    "loaders": {"print", "read_bytes", "write_bytes", "write_text", "eval", "exec"},
    "jobs": {"print", "eval", "exec"},
    "writer": {"print", "eval", "exec"},
    "api": {"print", "eval", "exec"},
    "server": {"eval", "exec"},
}

#: Files whose purpose is what their room may not do otherwise.
EXCEPTIONS: dict[str, set[str]] = {
    # Images are opened by Pillow, from bytes in memory.
    "model/sprite.py": {"open"},
    # Only where a training with torch calls it.
    "writer/callbacks/torch_layers.py": {"torch"},
}

#: The one file of each room through which foreign files are opened, and by which calls.
OPENERS = {"open", "fdopen", "read_bytes", "memmap", "fromfile"}
LOADERS_THAT_OPEN = {
    "loaders/safe_files.py",
    "loaders/remote/block_file.py",  # the blocks of a remote object, in the cache
    "loaders/remote/owners_mirror.py",  # the same, in the reader process
    "loaders/remote/stand_ins.py",  # makes the files that nobody reads
    "loaders/remote/mirror.py",  # `open` of a block cache
    "loaders/tags/writing.py",  # writes the sidecar
    "loaders/companions/sprites.py",  # Pillow, from bytes in memory
    "loaders/decoders/compression.py",  # what it unpacks, in the temporary directory
    "loaders/decoders/zip_archive.py",  # members of an archive that is open
}


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def called(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id, node.lineno
            elif isinstance(node.func, ast.Attribute):
                yield node.func.attr, node.lineno


def is_within(module: str, forbidden: set[str]) -> bool:
    return any(module == each or module.startswith(f"{each}.") for each in forbidden)


def import_faults(source: str, forbidden: set[str]) -> list[str]:
    found = {(module, line) for module, line in imported(ast.parse(source))}
    return [f"line {n}: imports {m}" for m, n in sorted(found) if is_within(m, forbidden)]


def call_faults(source: str, forbidden: set[str]) -> list[str]:
    return [f"line {n}: calls {c}" for c, n in called(ast.parse(source)) if c in forbidden]


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].split(".")[0]


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", PYTHON_FILES, ids=name)
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    forbidden = MAY_NOT_IMPORT.get(room(path), set()) - EXCEPTIONS.get(name(path), set())
    assert import_faults(path.read_text("utf-8"), forbidden) == []


@pytest.mark.parametrize("path", PYTHON_FILES, ids=name)
def test_a_room_calls_only_what_it_may(path: Path) -> None:
    forbidden = MAY_NOT_CALL.get(room(path), set()) - EXCEPTIONS.get(name(path), set())
    assert call_faults(path.read_text("utf-8"), forbidden) == []


def test_loaders_open_files_in_few_places() -> None:
    found = {
        name(path)
        for path in PYTHON_FILES
        if room(path) == "loaders" and call_faults(path.read_text("utf-8"), OPENERS)
    }
    assert found <= LOADERS_THAT_OPEN, "open files through loaders/safe_files.py"


#: Calls by which a file, or a descriptor of one, is read past the door.
PAST_THE_DOOR = {"fileno", "fstat", "preadv", "pread", "sendfile", "mmap", "map_file", "copy_range"}
#: The door itself, what stands below it, and what reads files of our own.
AT_THE_DOOR = {
    "loaders/safe_files.py",
    "loaders/file_bytes.py",
    "loaders/remote/block_file.py",
    "loaders/remote/open_file.py",
    "loaders/tags/writing.py",  # what it writes
}
#: Libraries that open files themselves: who calls them takes the file from the door.
OPENED_BY_LIBRARIES = {"File": "open_regular", "connect": "whole_path"}


def test_loaders_read_files_through_one_door() -> None:
    """What stands for a remote object is a hole: who reads past the door gets zeros."""
    for path in PYTHON_FILES:
        if room(path) != "loaders":
            continue
        source = path.read_text("utf-8")
        if name(path) not in AT_THE_DOOR:
            assert call_faults(source, PAST_THE_DOOR) == [], f"{path}: read through safe_files.py"
        for call, door in OPENED_BY_LIBRARIES.items():
            is_ours = call == "File" and "h5py.File(" not in source
            if call_faults(source, {call}) and not is_ours and "OWNER.connect" not in source:
                assert door in source, f"{path}: {call} opens a file; take it from {door}"


def test_the_door_knows_of_what_is_elsewhere() -> None:
    source = (PACKAGE / "loaders/safe_files.py").read_text("utf-8")
    tree = ast.parse(source)
    opening = {
        function.name
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        and call_faults(ast.unparse(function), {"open_without_links", "open_in", "_descriptor"})
    }
    asking = {
        function.name
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        and call_faults(ast.unparse(function), {"opener_of", "is_mirrored"})
    }
    assert opening - asking == {"_descriptor"}


def test_flask_is_known_in_the_server_alone() -> None:
    found = {
        room(path)
        for path in PYTHON_FILES
        if import_faults(path.read_text("utf-8"), {"flask", "waitress", "werkzeug"})
    }
    assert found == {"server"}


#: What only one room of the page may do: a pattern, and the rooms that may.
ONLY: dict[str, tuple[str, set[str]]] = {
    "talk to the server": (
        r"(?<![.\w])(?<!async )fetch\(|\bnew (?:EventSource|XMLHttpRequest|WebSocket)\b",
        # The script in TensorBoard's tab is around the page and has none of its rooms.
        {"api", "tensorboard"},
    ),
    "use WebGL": (r"getContext\(\s*[\"']webgl", {"render"}),
    "keep something in the browser": (
        r"\b(?:localStorage|sessionStorage|indexedDB)\b",
        {"app", "tensorboard"},
    ),
    "know the document": (
        r"\b(?:document|window)\.\w",
        {"api", "app", "main", "notebook", "panels", "render", "tensorboard"},
    ),
}
#: A variable of a module is state outside of the store, and shared by everything on the page.
MODULE_STATE = re.compile(r"^(?:export )?let \w", re.MULTILINE)


def code_of(path: Path) -> str:
    """Return a file without its comments, which may speak of anything."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"(?m)(?<![:\"'])//.*$", "", text)


def static_room(path: Path) -> str:
    return path.relative_to(STATIC).parts[0].split(".")[0]


@pytest.mark.parametrize("purpose", ONLY)
def test_a_room_of_the_page_does_only_what_it_may(purpose: str) -> None:
    pattern, rooms = ONLY[purpose]
    found = [
        f"{path.relative_to(STATIC)}: {match[0]}"
        for path in STATIC_FILES
        if static_room(path) not in rooms
        for match in re.finditer(pattern, code_of(path))
    ]
    assert found == [], f"only {', '.join(sorted(rooms))} may {purpose}"


def test_no_module_of_the_page_has_state_of_its_own() -> None:
    found = [path.name for path in STATIC_FILES if MODULE_STATE.search(code_of(path))]
    assert found == []


def test_panels_ask_the_store_and_not_the_server() -> None:
    found = [
        str(path.relative_to(STATIC))
        for path in STATIC_FILES
        if static_room(path) == "panels" and re.search(r"from \"(?:\.\./)+api/", path.read_text())
    ]
    assert found == []


def test_these_tests_see_what_they_look_for() -> None:
    source = "import threading\ndef f():\n    from flask import g\n    return open('x')\n"
    assert import_faults(source, THREADS | HTTP) == [
        "line 3: imports flask",
        "line 3: imports flask.g",
        "line 1: imports threading",
    ]
    assert call_faults(source, {"open"}) == ["line 4: calls open"]
    assert MODULE_STATE.search("let uploaded = 0;")
    assert re.search(ONLY["talk to the server"][0], "await fetch(url)")


MAP = re.compile(r"^\| (?P<change>[^|]+) \| (?P<places>[^|]*`[^|]+) \|", re.MULTILINE)


def test_the_map_of_changes_leads_to_places_that_exist() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    section = page.split("## I want to change", 1)[1].split("\n## ", 1)[0]
    rows = list(MAP.finditer(section))
    assert len(rows) >= 20
    for row in rows:
        places = re.findall(r"`([^`]+)`", row["places"])
        for place in places:
            if "/" in place and "<" not in place and not place.startswith("/"):
                base, _, _ = place.partition("::")
                assert (ROOT / base).exists(), f"{row['change']}: {place}"
