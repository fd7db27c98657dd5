"""File descriptors: how many this process may have open."""

from __future__ import annotations

import sys

#: Where a system names no limit, or one that no program needs: a child that closes every
#: descriptor it could have inherited would be busy for minutes.
_ENOUGH = 1 << 16
#: What `select` of Windows can wait for, the one limit there.
_WINDOWS = 512


def raise_descriptor_limit() -> int:
    """Raise the limit of open files as far as this process may, and return it.

    Returns
    -------
    int
        How many descriptors the process may have open, at most 65,536.
    """
    if sys.platform == "win32":
        return _WINDOWS
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return _ENOUGH if soft == resource.RLIM_INFINITY else min(soft, _ENOUGH)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):
        # Some systems (macOS) have a lower limit for all processes and do not say so.
        return soft
    return wanted
