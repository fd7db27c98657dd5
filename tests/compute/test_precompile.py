"""After warming up, no run compiles anything."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from projector.compute import METHODS, MethodInput
from projector.compute.clusters.find import find_clusters
from projector.compute.neighbors import search as neighbors
from projector.compute.precompile import warm_up, warm_up_clusters, warm_up_metrics
from projector.compute.quality.scores import measure_quality
from projector.model.parameters import resolve
from projector.model.progress import Progress
from projector.model.sparse_rows import SparseRows, as_held
from tests.compute.series.known import laid_out, members_of


def test_no_run_compiles_what_was_warmed_up() -> None:
    from projector.compute.change import kernels as change_kernels
    from projector.compute.clusters import kernels as cluster_kernels
    from projector.compute.neighbors import descent as neighbors_descent
    from projector.compute.neighbors import scan as neighbors_scan
    from projector.compute.neighbors import select as neighbors_select
    from projector.compute.neighbors import sparse_kernels
    from projector.compute.quality import kernels as quality_kernels
    from projector.compute.series import kernels as series_kernels
    from projector.compute.tsne import kernels as tsne_kernels
    from projector.compute.umap import layout as umap_layout

    calls: list[Progress] = []
    warm_up(progress=calls.append)
    assert calls[-1].fraction == 1
    warm_up_clusters()
    warm_up_metrics()
    kernels = [
        umap_layout.move_points,
        tsne_kernels.attract,
        tsne_kernels.repel_exactly,
        tsne_kernels.spread_charges,
        tsne_kernels.gather_forces,
        quality_kernels.count_nearer,
        neighbors_select.keep_smallest,
        neighbors_descent.keep_nearest,
        neighbors_descent.rank_again,
        neighbors_descent.link_back,
        neighbors_descent.mark_new,
        neighbors_descent.join_neighbors,
        change_kernels.find_kept,
        neighbors_scan.keep_nearest_of,
        sparse_kernels.nearest_sparse,
        sparse_kernels.rank_sparse,
        cluster_kernels.mark_edges,
        cluster_kernels.spanning_forest,
        cluster_kernels.tops,
        cluster_kernels.link_dendrogram,
        cluster_kernels.leaf_places,
        cluster_kernels.condense,
        series_kernels.pull_together,
    ]
    before = [len(each.signatures) for each in kernels]  # type: ignore[attr-defined]
    assert min(before) >= 1

    vectors = np.random.default_rng(0).normal(size=(1100, 6)).astype(np.float32)
    for name, given in {"umap": {"n_epochs": 2}, "tsne": {"n_iter": 2}}.items():
        for n_components in (2, 3):
            params = resolve(
                METHODS[name].parameters, {**given, "n_components": n_components}, owner=name
            )
            outcome = METHODS[name].run(MethodInput(vectors, params))
    measure_quality(vectors, outcome.positions)
    for metric in ("canberra", "hamming", "manhattan", "cosine"):
        neighbors.find_neighbors(vectors, 15, metric=metric)
    neighbors.find_neighbors(as_held(SparseRows.of(csr_array(vectors > 1))), 15, metric="cosine")
    graph = neighbors.find_neighbors(vectors, 15)
    find_clusters(vectors, graph, min_cluster_size=10, min_samples=5, n_levels=2)
    members = members_of([vectors, np.ascontiguousarray(vectors[:, ::-1])])
    laid_out(members, n_epochs=2)
    few, work = neighbors.EXACT_POINTS, neighbors.EXACT_WORK
    try:
        neighbors.EXACT_POINTS, neighbors.EXACT_WORK = 10, 0
        neighbors.find_neighbors(vectors, 5)
    finally:
        neighbors.EXACT_POINTS, neighbors.EXACT_WORK = few, work
    assert [len(each.signatures) for each in kernels] == before  # type: ignore[attr-defined]
