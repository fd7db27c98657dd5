"""Which log directories TensorBoard shows, as its flags name them."""

from __future__ import annotations

import os
import re

from projector.errors import ParameterError

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*://")


def log_directories(logdir: str | None, spec: str | None) -> tuple[str, ...]:
    """Return what `--logdir` or `--logdir_spec` names, as a session takes it.

    Parameters
    ----------
    logdir : str or None
        One directory.
    spec : str or None
        Several of them, separated by commas, each with or without a name: ``"mine:runs/a,b"``.

    Returns
    -------
    tuple of str
        One path, or several as ``"NAME=PATH"`` and ``"PATH"``; empty if TensorBoard has none.

    Raises
    ------
    ParameterError
        One of them is no directory of this machine.
    """
    # TensorBoard takes the only directory as it is: a comma may be part of its name.
    named = [("", logdir)] if logdir else [_named(each) for each in (spec or "").split(",")]
    named = [(name, path) for name, path in named if path]
    for _, path in named:
        if _REMOTE.match(path):
            raise ParameterError(
                f"Projector+ reads directories of this machine. Got {path}. Copy it here, or "
                "mount it, and start TensorBoard on the copy."
            )
    whole = [(name, os.path.abspath(os.path.expanduser(path))) for name, path in named]
    return tuple(f"{name}={path}" if name else path for name, path in whole)


def _named(spec: str) -> tuple[str, str]:
    """Return name and path of one part of `--logdir_spec`, as TensorBoard divides it."""
    name, colon, path = spec.partition(":")
    has_name = colon and name and not spec.startswith("/") and not _REMOTE.match(spec)
    if not has_name or os.path.splitdrive(spec)[0]:
        return "", spec
    return name, path
