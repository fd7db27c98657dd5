"""The floors of the building: every import runs downwards. See docs/architecture.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE, STATIC = ROOT / "projector", ROOT / "static" / "src"

#: Lowest floor first. Rooms on one floor do not know each other.
PYTHON_FLOORS = [
    {"errors", "rich_display", "typing"},
    {"plugins"},
    {"machine"},
    {"model"},
    {"loaders", "compute", "jobs", "writer"},
    {"api"},
    {"server"},
    {"notebook", "tensorboard"},
    {"__init__", "agents", "testing"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
STATIC_FLOORS = [
    {"model"},
    {"api", "store", "render"},
    {"panels"},
    {"app"},
    {"main", "notebook", "tensorboard"},
]
#: Styles and shaders are no code; every floor may bring its own.
NO_ROOMS = {"styles"}

#: The wings of each room, lowest first: folders, and files that stand alone. A wing knows those
#: before it; wings in one set do not know each other. A room that is not here has no order.
PYTHON_WINGS = {
    "plugins": [{"entry_points"}, {"registry"}],
    "agents": [{"picture"}, {"tools"}, {"protocol"}],
    "tensorboard": [
        {"foreign_pages", "log_directories"},
        {"mounted_page"},
        {"plugin"},
    ],
    "testing": [{"expectation"}, {"loaders", "methods", "panels"}, {"__init__"}],
    "loaders": [
        {"bounded_json", "naming", "versions"},
        {"remote"},
        {"safe_files"},
        {"file_bytes"},
        {"base"},
        {"in_reader", "own_files", "plugin_loader"},
        {"decoders", "tags"},
        {"formats"},
        {"companions", "partitioned"},
        {"logdir"},
        {"__init__"},
    ],
    "loaders/formats": [
        {"arrays", "hdf5", "models", "tensorflow", "text", "torch", "zarr"},
        {"anndata", "matlab", "tables"},
        {"databases", "pickles", "stores"},
        {"indexes"},
        {"compressed", "convertible"},
        {"unreadable"},
        {"registry"},
    ],
    "compute": [
        {"compiled", "method", "common_parameters", "point_set", "reporting"},
        {"neighbors", "plugin_method"},
        {"linear", "spectral"},
        {"initialization", "preprocess", "supervision"},
        {"tsne", "umap"},
        {"alignment", "density_grid", "landmarks", "quality"},
        {"change", "clusters", "health"},
        {"series"},
        {"precompile", "__init__"},
    ],
    "jobs/executors": [
        {"library_versions", "protocol", "task_error"},
        {"cluster_worker", "pool_messages", "reduction", "serial"},
        {"pool_worker"},
        {"cluster", "pool"},
        {"chosen"},
    ],
    "writer": [
        {"background", "event_records", "given_arrays", "ranks"},
        {"given_tables", "images"},
        {"step_log"},
        {"event_log"},
        {"writer"},
        {"callbacks"},
    ],
    "api": [
        {"table"},
        {
            "export",
            "leftovers",
            "mapped_rows",
            "methods",
            "nearest",
            "plan",
            "result_store",
            "saved_positions",
            "watch",
        },
        {"neighbors", "options", "panels"},
        {"without_effect"},
        {"memory_check", "projection_request"},
        {"partitioned"},
        {"clusters", "project", "quality"},
        {"change"},
        {"estimators", "worker_tasks"},
        {"session"},
    ],
}
STATIC_WINGS = {
    "model": [{"text"}, {"camera", "data"}, {"color"}, {"projection"}, {"view"}],
    "render": [
        {"scene"},
        {"input"},
        {"gpu"},
        {"overlay"},
        {"loop"},
        {"null-cloud", "webgl-cloud"},
        {"index"},
    ],
    "store": [
        {"state"},
        {"selectors"},
        {"requests", "undo", "write-back"},
        {"offered", "store"},
        {"actions", "derived", "handlers"},
        {"commands"},
    ],
    "panels": [
        {"context"},
        {"controls"},
        {"points", "quality", "steps", "tags"},
        {"appearance", "dialogs", "filter", "measures", "page", "projection", "runs", "table"},
        {"inspector", "plot"},
    ],
    "app": [{"browser", "report"}, {"data"}, {"view"}, {"page"}],
}
MAX_LINES = 500

PYTHON_FILES = sorted(PACKAGE.rglob("*.py"))
STATIC_FILES = sorted(path for end in ("*.ts", "*.tsx") for path in STATIC.rglob(end))


def room_of(path: Path, base: Path) -> str:
    return path.relative_to(base).parts[0].split(".")[0]


def floor_of(room: str, floors: list[set[str]]) -> int:
    for height, rooms in enumerate(floors):
        if room in rooms:
            return height
    pytest.fail(f"room {room!r} stands on no floor: add it here and in docs/architecture.md")


def python_imports(path: Path) -> Iterator[tuple[str, int]]:
    """Give (module, line) of everything a file takes from the package, wherever it stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write absolute imports"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == "projector":
                # A name that is no room belongs to the package's face.
                yield rest if _is_module(rest) else "__init__", node.lineno


def _is_module(dotted: str) -> bool:
    room = PACKAGE / dotted.partition(".")[0]
    return bool(dotted) and (room.is_dir() or room.with_suffix(".py").exists())


def static_imports(path: Path) -> Iterator[tuple[Path, int]]:
    """Give (target, line) of everything a TypeScript file imports from the tree."""
    text = path.read_text("utf-8")
    for match in re.finditer(r"""(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]*)['"]""", text):
        target = (path.parent / match[1]).resolve()
        if target.is_relative_to(STATIC):
            yield target, text.count("\n", 0, match.start()) + 1


def lines_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_python_imports_run_downwards(path: Path) -> None:
    room = room_of(path, PACKAGE)
    height = floor_of(room, PYTHON_FLOORS)
    for module, line in python_imports(path):
        target = module.split(".")[0]
        if target == room:
            continue
        below = floor_of(target, PYTHON_FLOORS) < height
        assert below, f"{path}:{line}: {room} imports {target}, which is not below it"


@pytest.mark.parametrize("path", STATIC_FILES, ids=lambda p: str(p.relative_to(STATIC)))
def test_static_imports_run_downwards(path: Path) -> None:
    room = room_of(path, STATIC)
    height = floor_of(room, STATIC_FLOORS)
    for target, line in static_imports(path):
        other = room_of(target, STATIC)
        if other != room and other not in NO_ROOMS:
            below = floor_of(other, STATIC_FLOORS) < height
            assert below, f"{path}:{line}: {room} imports {other}, which is not below it"


def test_panels_ask_the_store_and_nothing_else() -> None:
    found = [
        f"{path}:{line}: ask the store for it"
        for path in STATIC_FILES
        if room_of(path, STATIC) == "panels"
        for target, line in static_imports(path)
        if room_of(target, STATIC) not in {"panels", "store", "model"}
    ]
    assert found == []


def wing_of(path: Path, room: Path) -> str:
    return path.relative_to(room).parts[0].split(".")[0]


def wing_faults(
    base: Path, wings: dict[str, list[set[str]]], imports: dict[Path, list[tuple[Path, int]]]
) -> list[str]:
    """Say which imports inside a room run upwards or sideways, and which wings have no place."""
    faults: list[str] = []
    for name, order in wings.items():
        room = base / name
        height = {wing: at for at, level in enumerate(order) for wing in level}
        inside = [path for path in imports if path.is_relative_to(room)]
        faults += [
            f"{name}: {wing} has no place among the wings"
            for wing in sorted({wing_of(path, room) for path in inside} - set(height))
            # A room's own face may be empty.
            if wing != "__init__"
        ]
        for path in inside:
            for target, line in imports[path]:
                if not target.is_relative_to(room):
                    continue
                here, there = wing_of(path, room), wing_of(target, room)
                if here != there and height.get(there, 0) >= height.get(here, len(order)):
                    faults.append(f"{path}:{line}: {name}/{here} imports {there}, not below it")
    return faults


def python_targets(path: Path) -> list[tuple[Path, int]]:
    modules = {module_name(each): each for each in PYTHON_FILES}
    return [
        (modules[found], line)
        for imported, line in python_imports(path)
        if (found := nearest_module(imported, modules)) is not None
    ]


def static_targets(path: Path) -> list[tuple[Path, int]]:
    return list(static_imports(path))


def test_python_wings_keep_their_order() -> None:
    imports = {path: python_targets(path) for path in PYTHON_FILES}
    assert wing_faults(PACKAGE, PYTHON_WINGS, imports) == []


def test_static_wings_keep_their_order() -> None:
    imports = {path: static_targets(path) for path in STATIC_FILES}
    assert wing_faults(STATIC, STATIC_WINGS, imports) == []


def test_the_order_of_wings_is_really_held() -> None:
    room = PACKAGE / "room"
    imports = {
        room / "low" / "a.py": [(room / "high.py", 3)],
        room / "high.py": [],
        room / "x.py": [],
    }
    faults = wing_faults(PACKAGE, {"room": [{"low"}, {"high"}]}, imports)
    assert [fault.split(":")[0] for fault in faults] == ["room", str(room / "low" / "a.py")]


@pytest.mark.parametrize("path", PYTHON_FILES + STATIC_FILES, ids=lambda p: p.name)
def test_files_stay_short(path: Path) -> None:
    assert lines_of(path) <= MAX_LINES, f"{path}: split it along its ideas"


def test_there_is_no_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "shared_utils"}
    found = [
        path
        for base in (PACKAGE, STATIC)
        for path in base.rglob("*")
        if path.stem in drawers and "node_modules" not in path.parts
    ]
    assert not found, f"{found}: name a room after what is in it"


def test_no_python_modules_import_each_other_in_a_circle() -> None:
    modules = {module_name(path): path for path in PYTHON_FILES}
    graph = {
        name: {
            target
            for imported, _ in python_imports(path)
            if (target := nearest_module(imported, modules)) is not None and target != name
        }
        for name, path in modules.items()
    }
    assert circle_in(graph) is None, f"a circle: {circle_in(graph)}"


def test_no_static_modules_import_each_other_in_a_circle() -> None:
    files = {path.with_suffix(""): path for path in STATIC_FILES}
    graph: dict[str, set[str]] = {}
    for key, path in files.items():
        targets = {
            candidate
            for target, _ in static_imports(path)
            for candidate in (target, target / "index", target.with_suffix(""))
            if candidate in files and candidate != key
        }
        graph[str(key)] = {str(target) for target in targets}
    assert circle_in(graph) is None, f"a circle: {circle_in(graph)}"


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def nearest_module(imported: str, modules: dict[str, Path]) -> str | None:
    """Return the module that an imported dotted name lives in."""
    if imported == "__init__":
        return ""
    while imported:
        if imported in modules:
            return imported
        imported = imported.rpartition(".")[0]
    return None


def circle_in(graph: dict[str, set[str]]) -> list[str] | None:
    """Return one circle of the graph, or None."""
    done: set[str] = set()

    def walk(node: str, way: list[str]) -> list[str] | None:
        if node in way:
            return [*way[way.index(node) :], node]
        if node in done:
            return None
        for target in sorted(graph.get(node, ())):
            found = walk(target, [*way, node])
            if found:
                return found
        done.add(node)
        return None

    return next((found for node in graph if (found := walk(node, []))), None)


def test_the_circle_finder_finds_circles() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
    assert circle_in({"a": {"b", "c"}, "b": {"c"}, "c": set()}) is None
