"""Layouts of UMAP and t-SNE that advance one round at a time, for all steps in lockstep."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Protocol

import numpy as np

from projector.compute.common_parameters import number, whole
from projector.compute.neighbors.graph import graph_of
from projector.compute.series.members import Member
from projector.compute.tsne import tsne
from projector.compute.tsne.affinities import joint_probabilities
from projector.compute.tsne.descent import Descent
from projector.compute.umap import umap
from projector.compute.umap.curve import fit_curve
from projector.compute.umap.fuzzy_graph import fuzzy_graph
from projector.model.parameters import Value
from projector.model.progress import ProgressCallback
from projector.typing import AnyArray


class StepLayout(Protocol):
    """The layout of one step."""

    #: Rounds in all.
    n_rounds: int

    def advance(self, positions: AnyArray, done: int, progress: ProgressCallback) -> AnyArray:
        """Return the positions after one more round; `positions` may be moved in place."""
        ...

    def strength(self, done: int, tether: float) -> float:
        """Return how strongly the tether pulls after that round."""
        ...


class UmapStep:
    """UMAP of one step; all steps draw the same random numbers."""

    def __init__(
        self, member: Member, params: Mapping[str, Value], progress: ProgressCallback
    ) -> None:
        n_points = len(member.vectors)
        needed = umap.neighbors_needed(params, n_points)
        near = graph_of(member.vectors, needed, member.graph, random_state=0, progress=progress)
        #: The weights of its edges; taken away when the start has been found.
        self.graph = fuzzy_graph(near)
        self._curve = fit_curve(number(params["min_dist"]), number(params["spread"]))
        self._params = params
        self.n_rounds = umap.n_epochs_of(params["n_epochs"], n_points)
        self._layout: umap.Layout | None = None

    def begin(self, n_rounds: int) -> None:
        """Take the edges for so many epochs, and let go of the graph."""
        self.n_rounds = n_rounds
        self._layout = umap.Layout.of(self.graph, n_rounds, self._curve, self._params)
        del self.graph

    def advance(self, positions: AnyArray, done: int, progress: ProgressCallback) -> AnyArray:
        """Move all points by one epoch."""
        assert self._layout is not None, "begin comes first"
        if len(positions) > 1:
            self._layout.move(positions, done + 1, progress)
        return positions

    def strength(self, done: int, tether: float) -> float:
        """Return the tether times the learning rate of the epoch."""
        left = 1 - done / self.n_rounds
        return float(tether * number(self._params["learning_rate"]) * left**umap.DECAY)


class TsneStep:
    """t-SNE of one step."""

    def __init__(
        self, member: Member, params: Mapping[str, Value], progress: ProgressCallback
    ) -> None:
        n_points = len(member.vectors)
        needed = tsne.neighbors_needed(params, n_points)
        near = graph_of(member.vectors, needed, member.graph, random_state=0, progress=progress)
        most = max(1.0, (n_points - 1) / 3)
        used = sorted({max(1.0, min(each, most)) for each in tsne.perplexities(params)})
        self.graph = joint_probabilities(near, used, progress=progress)
        self._params = params
        self.n_rounds = whole(params["n_iter"])
        self._descent: Descent | None = None

    def begin(self, positions: AnyArray) -> None:
        """Take the affinities, and let go of the graph."""
        self._descent = Descent(self.graph, positions, workers=os.cpu_count() or 1)
        del self.graph

    def advance(self, positions: AnyArray, done: int, progress: ProgressCallback) -> AnyArray:
        """Take one step of the descent; the momentum goes on."""
        del progress
        assert self._descent is not None, "begin comes first"
        exaggeration = self._exaggeration(done)
        self._descent.positions = positions
        if len(positions) > 1:
            self._descent.step(
                exaggeration=exaggeration,
                learning_rate=self._rate(exaggeration),
                momentum=tsne.MOMENTUM,
            )
        return self._descent.positions

    def strength(self, done: int, tether: float) -> float:
        """Return the tether times exaggeration and rate over 4 n: a quarter of it by default."""
        exaggeration = self._exaggeration(done)
        assert self._descent is not None, "begin comes first"
        n_points = max(1, len(self._descent.positions))
        return tether * exaggeration * self._rate(exaggeration) / (4 * n_points)

    def _exaggeration(self, done: int) -> float:
        is_early = done < min(tsne.EARLY_STEPS, self.n_rounds // 3)
        return number(self._params["early_exaggeration" if is_early else "exaggeration"])

    def _rate(self, exaggeration: float) -> float:
        assert self._descent is not None, "begin comes first"
        asked = self._params["learning_rate"]
        return len(self._descent.positions) / exaggeration if asked is None else number(asked)


def scaled(positions: AnyArray, extent: float, random_state: int) -> AnyArray:
    """Return positions centered, scaled to an extent, with noise that parts duplicates."""
    centered = positions - positions.mean(axis=0, dtype=np.float64)
    largest = float(np.abs(centered).max(initial=0))
    if largest > 0:
        centered *= extent / largest
    noise = np.random.default_rng(random_state).standard_normal(positions.shape, np.float32)
    return np.asarray(centered, np.float32) + noise * np.float32(1e-5 * extent)
