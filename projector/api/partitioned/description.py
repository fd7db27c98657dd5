"""The folder of a partitioned projection: what it is of, and whether it is complete."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from projector.api.partitioned.part_file import PartAbout, is_written, part_path
from projector.api.partitioned.sources import Sources
from projector.api.partitioned.tasks import LaidOut
from projector.api.result_store import result_key
from projector.compute.linear.components import PrincipalComponents
from projector.errors import ConflictError, LoadError
from projector.machine.atomic_write import atomic_write, remove_abandoned_parts
from projector.machine.shortages import saving
from projector.typing import AnyArray, Json

NAME, LANDMARKS_NAME, COMPONENTS_NAME = "projection.json", "landmarks.npz", "components.npz"
#: Raised when the same parameters would give other bytes.
VERSION = 1


@dataclass(frozen=True)
class ResultFolder:
    """Where a partitioned projection is written.

    Attributes
    ----------
    path : Path
    key : str
        Of everything that the positions depend on.
    about : mapping
        The same, for people and programs.
    """

    path: Path
    key: str
    about: Mapping[str, Json]

    @classmethod
    def of(cls, path: Path, sources: Sources, about: Mapping[str, Json]) -> ResultFolder:
        """Make the folder, or go on with one that was begun with the same settings.

        Raises
        ------
        ConflictError
            It has another projection.
        SaveError
            It cannot be written to.
        """
        key = result_key("partitioned", sources.content_hash, {**about, "written": VERSION})
        folder = cls(path, key, about)
        known = _read(path / NAME)
        if known is not None and known.get("key") != key:
            raise ConflictError(
                f"{path} has another projection: {_told(known, about)}. It would be replaced by "
                f"{_told(about, known)}. Name another folder, or delete this one."
            )
        with saving(path):
            path.mkdir(parents=True, exist_ok=True)
        remove_abandoned_parts(path)
        if known is None:
            folder.describe(sources, {}, is_complete=False)
        return folder

    def describe(self, sources: Sources, details: Mapping[str, Json], *, is_complete: bool) -> None:
        """Write the description of the whole."""
        text: dict[str, Any] = {
            "projector": "partitioned projection",
            "version": VERSION,
            "key": self.key,
            "is_complete": is_complete,
            "n_points": sources.n_points,
            "n_dims": sources.n_dims,
            **self.about,
            "parts": [
                {
                    "file": part_path(self.path, number).name,
                    "source": part.name,
                    "first_row": part.first_row,
                    "n_rows": part.n_rows,
                }
                for number, part in enumerate(sources.parts)
            ],
            "details": dict(details),
        }
        path = self.path / NAME
        with saving(path), atomic_write(path) as file:
            file.write(json.dumps(text, indent=1, ensure_ascii=False).encode())

    def part_about(self, sources: Sources, number: int) -> PartAbout:
        """Return what the file of a part says of itself."""
        part = sources.parts[number]
        return PartAbout(self.key, number, part.first_row, part.n_rows, part.fingerprint)

    def missing(self, sources: Sources) -> list[int]:
        """Return the numbers of the parts whose positions are not written yet."""
        return [
            number
            for number in range(len(sources.parts))
            if not is_written(part_path(self.path, number), self.part_about(sources, number))
        ]

    def save_landmarks(self, laid_out: LaidOut, details: Mapping[str, Json]) -> None:
        """Write the landmarks with their positions, so that other points can be placed later."""
        arrays: dict[str, AnyArray] = {
            "rows": laid_out.rows,
            "vectors": laid_out.vectors,
            "positions": laid_out.positions,
        }
        self._save(LANDMARKS_NAME, arrays, {"metric": laid_out.metric, "details": dict(details)})

    def load_landmarks(self) -> tuple[LaidOut, dict[str, Json]] | None:
        """Return the landmarks that were written for this projection, and their details."""
        found = self._load(LANDMARKS_NAME)
        if found is None:
            return None
        arrays, about = found
        return (
            LaidOut(arrays["rows"], arrays["vectors"], arrays["positions"], about["metric"]),
            dict(about["details"]),
        )

    def save_components(self, found: PrincipalComponents, n_left_out: int) -> None:
        """Write principal components, so that other points can be projected later."""
        arrays = {
            "mean": found.mean,
            "components": found.components,
            "explained_variance": found.explained_variance,
        }
        about: dict[str, Json] = {
            "total_variance": found.total_variance,
            "n_points": found.n_points,
            "exact": found.exact,
            "scale": found.scale,
        }
        self._save(COMPONENTS_NAME, arrays, {"about": about, "n_left_out": n_left_out})

    def load_components(self) -> tuple[PrincipalComponents, int] | None:
        """Return the components that were written for this projection, and the rows left out."""
        found = self._load(COMPONENTS_NAME)
        if found is None:
            return None
        arrays, about = found
        known: dict[str, Any] = {**arrays, **about["about"]}
        return PrincipalComponents(**known), int(about["n_left_out"])

    def _save(self, name: str, arrays: Mapping[str, AnyArray], about: Mapping[str, Json]) -> None:
        path = self.path / name
        text = json.dumps({"key": self.key, **about}).encode()
        with saving(path), atomic_write(path) as file:
            np.savez(file, allow_pickle=False, about=np.frombuffer(text, np.uint8), **arrays)

    def _load(self, name: str) -> tuple[dict[str, AnyArray], dict[str, Any]] | None:
        try:
            with (self.path / name).open("rb") as file, np.load(file, allow_pickle=False) as stored:
                arrays = {each: stored[each] for each in stored.files}
            about = json.loads(arrays.pop("about").tobytes())
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
            return None  # missing or damaged: computed again
        return (arrays, about) if about.get("key") == self.key else None


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise LoadError(
            path, f"cannot be read: {error}. Delete it, or name another folder."
        ) from None
    if not isinstance(found, dict):
        raise LoadError(path, "is no description of a projection. Name another folder.")
    return found


def _told(about: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return a projection's method, and the settings in which another one differs."""
    found, others = _settings(about), _settings(other)
    if found["method"] != others["method"]:
        return str(found["method"])
    said = [f"{name}={value}" for name, value in found.items() if others.get(name) != value]
    differs = f"with {', '.join(said)}" if said else "of other data or another version of projector"
    return f"{found['method']} {differs}"


def _settings(about: Mapping[str, Any]) -> dict[str, Any]:
    params = about.get("params")
    kept = {name: about.get(name) for name in ("method", "landmarks_by", "memory_limit")}
    return kept | (params if isinstance(params, dict) else {})
