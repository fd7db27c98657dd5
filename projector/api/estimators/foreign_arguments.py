"""Arguments that scikit-learn, umap-learn and openTSNE have and these estimators do not."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from projector.errors import ParameterError, UnknownNameError
from projector.model.arguments import shown


@dataclass(frozen=True)
class Foreign:
    """An argument of another library.

    Attributes
    ----------
    reason : str
        Why it is not here, as a sentence.
    same : tuple
        Values with which the other library does what is done here: they are taken.
    is_harmless : bool
        Whether any other value changes time or memory alone, so that a warning is enough.
    """

    reason: str
    same: tuple[Any, ...] = (None,)
    is_harmless: bool = False


def _free(reason: str, *same: Any) -> Foreign:
    return Foreign(reason, (None, *same), is_harmless=True)


_COMMON = {
    "n_jobs": _free("All processors are used, and the result does not depend on them.", -1),
    "verbose": _free("Nothing is printed; progress= takes a function.", False, 0),
    "metric_params": Foreign("No metric here has parameters.", (None, {})),
    "metric_kwds": Foreign("No metric here has parameters.", (None, {})),
}
PCA_ARGUMENTS: Mapping[str, Foreign] = {
    **_COMMON,
    "copy": _free("The data is never changed.", True, False),
    "svd_solver": _free(
        "The decomposition is exact up to 4,096 points or dimensions, and randomized above.",
        "auto",
        "full",
        "covariance_eigh",
        "arpack",
        "randomized",
    ),
    "tol": _free("No solver here has a tolerance.", 0.0),
    "iterated_power": _free("The randomized solver always takes 6 passes.", "auto"),
    "n_oversamples": _free("The randomized solver always takes 16 more directions.", 10, 16),
    "power_iteration_normalizer": _free("The randomized solver normalizes by QR.", "auto", "QR"),
}
TSNE_ARGUMENTS: Mapping[str, Foreign] = {
    **_COMMON,
    "n_iter_without_progress": _free("All steps are taken.", 300),
    "min_grad_norm": _free("All steps are taken.", 1e-7),
    "method": _free("The repulsion is interpolated, or exact for few points.", "barnes_hut"),
    "angle": _free("It belongs to Barnes-Hut trees, which are not used.", 0.5),
    "theta": _free("It belongs to Barnes-Hut trees, which are not used.", 0.5),
    "n_interpolation_points": _free("The grid is chosen by the extent of the layout.", 3),
    "min_num_intervals": _free("The grid is chosen by the extent of the layout.", 50),
    "ints_in_interval": _free("The grid is chosen by the extent of the layout.", 1),
    "neighbors": _free(
        "Neighbors are exact, or searched with a measured recall.", "auto", "exact", "approx"
    ),
    "negative_gradient_method": _free(
        "The repulsion is interpolated, or exact for few points.", "auto", "fft", "interpolation"
    ),
    "early_exaggeration_iter": Foreign(
        "Early exaggeration lasts a third of all steps, at most 250.", (None, 250, "auto")
    ),
    "dof": Foreign("The kernel has one degree of freedom, as in van der Maaten's t-SNE.", (1,)),
    "initial_momentum": Foreign("The momentum is 0.8 throughout.", (0.8,)),
    "final_momentum": Foreign("The momentum is 0.8 throughout.", (0.8,)),
    "max_grad_norm": Foreign("Steps are limited instead, to a length of 5."),
    "max_step_norm": Foreign("Steps are limited to a length of 5.", (5,)),
    "callbacks": Foreign("progress= takes a function and is given the positions."),
    "callbacks_every_iters": _free("progress= takes a function.", 50),
}
UMAP_ARGUMENTS: Mapping[str, Foreign] = {
    "n_jobs": _COMMON["n_jobs"],
    "verbose": _COMMON["verbose"],
    "transform_queue_size": _free("Neighbors of new points are exact.", 4.0),
    "tqdm_kwds": _free("progress= takes a function."),
    "target_metric_kwds": Foreign("No target metric here has parameters.", (None, {})),
    "transform_seed": _free("Placing new points draws no random numbers.", 42),
    "transform_mode": Foreign("Points are placed in the projection.", ("embedding",)),
    "output_dens": Foreign("Densities are not returned.", (False,)),
    "precomputed_knn": Foreign(
        "Neighbors are found by projector, once for each dataset.", (None, (None, None, None))
    ),
}


Init = TypeVar("Init", bound=Callable[..., None])


def takes_foreign(known: Mapping[str, Foreign]) -> Callable[[Init], Init]:
    """Let a constructor be called with arguments of other libraries, too.

    They are no parameters of the estimator: its signature and `get_params` have only its own.

    Raises
    ------
    ParameterError
        When it is called: an argument that would give another result.
    UnknownNameError
        An argument that no library has.
    """

    def wrap(init: Init) -> Init:
        own = [name for name in inspect.signature(init).parameters if name != "self"]

        @functools.wraps(init)
        def taking(self: Any, *args: Any, **given: Any) -> None:
            owner = type(self).__name__
            for name in [name for name in given if name not in own]:
                _check(owner, known, name, given.pop(name), own)
            init(self, *args, **given)

        return cast("Init", taking)

    return wrap


def _check(
    owner: str, known: Mapping[str, Foreign], name: str, value: Any, own: Iterable[str]
) -> None:
    """Take what changes nothing, warn of what changes only time, and refuse everything else."""
    if name not in known:
        raise UnknownNameError(f"argument of {owner}", name, own)
    foreign = known[name]
    if any(type(value) is type(each) and value == each for each in foreign.same):
        return
    if isinstance(value, int | float) and not isinstance(value, bool) and value in foreign.same:
        return
    if not foreign.is_harmless:
        raise ParameterError(f"{owner} does not take {name}={shown(value)}. {foreign.reason}")
    warnings.warn(f"{owner} ignores {name}. {foreign.reason}", UserWarning, stacklevel=4)
