"""Fits the curve of UMAP to min_dist and spread."""

from __future__ import annotations

import numpy as np

from projector.errors import ParameterError

#: Points the curve is fitted on, and rounds of the fit, which needs some ten.
N_SAMPLES, ROUNDS = 300, 100
#: Largest logarithm of a: the layout computes in float32, and multiplies it by squares.
LARGEST_LOG = 60.0


def fit_curve(min_dist: float, spread: float) -> tuple[float, float]:
    """Return a and b of 1 / (1 + a x^(2b)), nearest to UMAP's target curve.

    Parameters
    ----------
    min_dist : float, 0 <= min_dist <= spread
        Up to this distance points count as together.
    spread : float, > 0
        From there the target falls off as exp(-(x - min_dist) / spread).

    Raises
    ------
    ParameterError
        `min_dist` above `spread`.

    Notes
    -----
    McInnes, Healy and Melville 2018, "UMAP", definition 11. Least squares by
    Levenberg-Marquardt over log a and log b from a = b = 1, as the reference does with scipy,
    whose optimizer is slow to load. In units of `spread` the target depends on
    min_dist / spread alone, so that every spread is fitted as well as 1.
    """
    if min_dist > spread:
        raise ParameterError(
            f"min_dist must be at most spread. Got min_dist {min_dist:g} and spread {spread:g}."
        )
    x = np.linspace(0, 3, N_SAMPLES)
    target = np.where(x < min_dist / spread, 1.0, np.exp(-(x - min_dist / spread)))
    # At x = 0 the curve is 1 whatever a and b, and the logarithm has no value.
    log_x, target = 2 * np.log(x[1:]), target[1:]
    found, damping = np.zeros(2), 1e-2
    curve, slope = _curve_and_slope(found, log_x)
    for _ in range(ROUNDS):
        residual = target - curve
        normal = slope.T @ slope
        step = np.linalg.solve(normal + damping * np.diag(normal.diagonal()), slope.T @ residual)
        tried, tried_slope = _curve_and_slope(found + step, log_x)
        if ((target - tried) ** 2).sum() < (residual**2).sum():
            found, curve, slope, damping = found + step, tried, tried_slope, damping / 5
        else:
            damping *= 5
        if np.abs(step).max() < 1e-10:
            break
    # a u^2b of u = x / spread is a spread^-2b x^2b.
    log_a, b = float(found[0]), float(np.exp(found[1]))
    log_a -= 2 * b * float(np.log(spread))
    return float(np.exp(np.clip(log_a, -LARGEST_LOG, LARGEST_LOG))), b


def _curve_and_slope(log_ab: np.ndarray, log_x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    power = np.exp(np.clip(log_ab[0] + np.exp(log_ab[1]) * log_x, -700, 700))
    curve = 1 / (1 + power)
    by_log_a = -power * curve**2
    return curve, np.stack([by_log_a, by_log_a * np.exp(log_ab[1]) * log_x], axis=1)
